#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace weft::demos {

/// A part of a line: a text or a number. It is good for as long as the text is that it was made from.
class Part {
 public:
  template <class Words>
    requires std::convertible_to<const Words&, std::string_view>
  Part(const Words& text) : value_(std::string_view(text)) {}
  template <std::floating_point Number>
  Part(Number number) : value_(static_cast<double>(number)) {}
  template <std::signed_integral Number>
  Part(Number number) : value_(static_cast<std::int64_t>(number)) {}
  template <std::unsigned_integral Number>
    requires(!std::same_as<Number, bool>)
  Part(Number number) : value_(static_cast<std::uint64_t>(number)) {}

  void append_to(std::string& line) const;

 private:
  std::variant<std::string_view, std::int64_t, std::uint64_t, double> value_;
};

}  // namespace weft::demos
