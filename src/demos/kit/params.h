#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace weft::demos {

/// The values of a demo's parameters, all of them there and within their bounds.
class Params {
 public:
  using Value = std::variant<std::int64_t, double, bool, std::string>;

  using Values = std::map<std::string, Value, std::less<>>;

  explicit Params(Values values) : values_(std::move(values)) {}

  /// A choice's value is its text. Asking for a name or a type that the demo did not declare is a
  /// mistake in the demo: std::logic_error.
  std::int64_t integer(std::string_view name) const { return get<std::int64_t>(name); }
  double real(std::string_view name) const { return get<double>(name); }
  bool boolean(std::string_view name) const { return get<bool>(name); }
  const std::string& choice(std::string_view name) const { return get<std::string>(name); }
  /// An integer that counts something.
  std::size_t count(std::string_view name) const { return static_cast<std::size_t>(integer(name)); }

  const Values& values() const noexcept { return values_; }

 private:
  template <class T>
  const T& get(std::string_view name) const {
    const auto found = values_.find(name);
    if (found == values_.end() || !std::holds_alternative<T>(found->second)) {
      throw std::logic_error("the demo declares no such parameter: " + std::string(name));
    }
    return std::get<T>(found->second);
  }

  Values values_;
};

}  // namespace weft::demos
