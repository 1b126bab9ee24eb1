#include "weft/platform/type_name.h"

#include <optional>
#include <string_view>

// Demangles names without templates only: __cxa_demangle, which handles all, would be a fifteenth
// of the program that a page loads.
namespace weft::platform {
namespace {

bool take(std::string_view& rest, std::string_view prefix) {
  if (!rest.starts_with(prefix)) return false;
  rest.remove_prefix(prefix.size());
  return true;
}

/// "St", or "5queue": a length and that many characters.
std::optional<std::string_view> take_component(std::string_view& rest) {
  if (take(rest, "St")) return "std";
  std::size_t length = 0;
  while (!rest.empty() && rest.front() >= '0' && rest.front() <= '9') {
    length = 10 * length + static_cast<std::size_t>(rest.front() - '0');
    rest.remove_prefix(1);
  }
  if (length == 0 || length > rest.size()) return std::nullopt;
  const std::string_view component = rest.substr(0, length);
  rest.remove_prefix(length);
  return component.starts_with("_GLOBAL__N") ? "(anonymous namespace)" : component;
}

}  // namespace

std::string type_name(const std::type_info& type) {
  std::string_view rest = type.name();
  const bool is_nested = take(rest, "N");
  const std::string_view end = is_nested ? "E" : "";
  std::string name;
  while (rest != end) {
    const auto component = take_component(rest);
    if (!component) return type.name();
    (name += name.empty() ? "" : "::") += *component;
  }
  return name;
}

}  // namespace weft::platform
