#pragma once

#include <charconv>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>

namespace weft::demos {

template <std::integral Number>
std::string to_text(Number value) {
  char buffer[24];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value);
  return {buffer, end.ptr};
}

/// The shortest text that reads back as the same number: "0.1", "20".
std::string to_text(double value);

/// With so many digits after the point.
std::string to_text(double value, int digits);

/// As the first, but never with an exponent: "1000000", "0.25".
std::string to_decimal(double value);

/// The number that a text stands for: digits, with or without a sign, a fraction, an exponent, and
/// blanks around it. The page reads numbers by the same grammar (web/src/app/parameters.ts);
/// tests/numbers.json is the table that both are tested by.
std::optional<double> parse_number(std::string_view text);

}  // namespace weft::demos
