#include "playground/process/entry_point.h"

#include <cstdio>
#include <map>
#include <utility>

namespace weft::playground {
namespace {

constexpr int kNoSuchEntryPoint = 2;

std::map<std::string, EntryPoint::Body>& all() {
  static std::map<std::string, EntryPoint::Body> entry_points;
  return entry_points;
}

}  // namespace

EntryPoint::EntryPoint(std::string name, Body body) { all().emplace(std::move(name), body); }

int enter(const std::vector<std::string>& lines) {
  const std::string name = lines.empty() ? std::string() : lines[0];
  const auto found = all().find(name);
  if (found == all().end()) {
    std::fprintf(stderr, "weft: unknown entry point '%s'\n", name.c_str());
    return kNoSuchEntryPoint;
  }
  return found->second({lines.begin() + 1, lines.end()});
}

}  // namespace weft::playground
