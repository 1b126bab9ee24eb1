#pragma once

#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <variant>

namespace weft::demos {

/// The values of a demo's parameters, all of them there and within their bounds.
class Params {
 public:
  using Value = std::variant<std::int64_t, double, bool, std::string>;

  explicit Params(std::map<std::string, Value> values) : values_(std::move(values)) {}

  /// A choice's value is its text. Asking for a name or a type that the demo did not declare is a
  /// mistake in the demo: std::logic_error.
  std::int64_t integer(const std::string& name) const { return get<std::int64_t>(name); }
  double real(const std::string& name) const { return get<double>(name); }
  bool boolean(const std::string& name) const { return get<bool>(name); }
  const std::string& choice(const std::string& name) const { return get<std::string>(name); }
  /// An integer that counts something.
  std::size_t count(const std::string& name) const {
    return static_cast<std::size_t>(integer(name));
  }

  const std::map<std::string, Value>& values() const noexcept { return values_; }

 private:
  template <class T>
  const T& get(const std::string& name) const {
    const auto found = values_.find(name);
    if (found == values_.end() || !std::holds_alternative<T>(found->second)) {
      throw std::logic_error("the demo declares no such parameter: " + name);
    }
    return std::get<T>(found->second);
  }

  std::map<std::string, Value> values_;
};

}  // namespace weft::demos
