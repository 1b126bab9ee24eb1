#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <variant>

#include "demos/kit/declared.h"

namespace weft::demos {

/// The values of a demo's parameters, all of them there and within their bounds.
class Params {
 public:
  using Value = std::variant<std::int64_t, double, bool, std::string>;

  using Values = std::map<std::string, Value, std::less<>>;

  explicit Params(Values values) : values_(std::move(values)) {}

  /// The value of a parameter of this demo; a choice's is its text.
  template <class T>
    requires(std::same_as<T, std::int64_t> || std::same_as<T, double> || std::same_as<T, bool> ||
             std::same_as<T, std::string>)
  const T& operator[](const Declared<T>& parameter) const {
    return std::get<T>(values_.find(parameter.name())->second);
  }
  /// An integer that counts something.
  std::size_t count(const Integer& parameter) const {
    return static_cast<std::size_t>((*this)[parameter]);
  }

  const Values& values() const noexcept { return values_; }

 private:
  Values values_;
};

}  // namespace weft::demos
