#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

/// What a demo has declared, as its body names it. Only Declarations makes these: a body that
/// misspells a name, or takes one thing for another, does not compile.
namespace weft::demos {

class Declarations;

template <class Kind>
class Declared {
 public:
  std::string_view name() const noexcept { return name_; }

 private:
  friend class Declarations;
  explicit Declared(std::string_view name) noexcept : name_(name) {}

  std::string_view name_;  // a literal
};

// Parameters, by the type of the value.
using Integer = Declared<std::int64_t>;
using Real = Declared<double>;
using Boolean = Declared<bool>;
using Choice = Declared<std::string>;

using Result = Declared<struct ResultEntry>;
using Check = Declared<struct CheckEntry>;
using Sample = Declared<struct SampleEntry>;

template <std::size_t columns>
struct Columns {};
template <std::size_t columns>
using Table = Declared<Columns<columns>>;

}  // namespace weft::demos
