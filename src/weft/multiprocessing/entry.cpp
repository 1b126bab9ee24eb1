#include "weft/multiprocessing/entry.h"

#include <unordered_map>

#include "weft/errors.h"

namespace weft::multiprocessing {
namespace {

// The registry. Unsynchronised: it is modified only before main() begins and after it has returned.
// Never destroyed: static entries unregister during static destruction.
std::unordered_map<std::string, const EntryBase*>& entries() {
  static auto* const all = new std::unordered_map<std::string, const EntryBase*>;
  return *all;
}

}  // namespace

EntryBase::EntryBase(std::string name) : name_(std::move(name)) {
  if (!entries().emplace(name_, this).second) {
    throw RuntimeError("there are two entries named '" + name_ + "'");
  }
}

EntryBase::~EntryBase() { entries().erase(name_); }

const EntryBase& find_entry(const std::string& name) {
  const auto found = entries().find(name);
  if (found == entries().end()) {
    throw RuntimeError("this program has no entry named '" + name + "'");
  }
  return *found->second;
}

}  // namespace weft::multiprocessing
