#include "demos/kit/number.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace weft::demos {
namespace {

// printf instead of std::to_chars, whose tables would be a fifth of the program that the page loads.
std::string print(const char* format, int precision, double value) {
  const auto length = static_cast<std::size_t>(std::snprintf(nullptr, 0, format, precision, value));
  std::string text(length + 1, '\0');
  std::snprintf(text.data(), text.size(), format, precision, value);
  text.pop_back();
  return text;
}

// The fewest digits that read back as the value; 17 always do, and 15 are always right.
std::string shortest(const char* format, int before, double value) {
  for (int digits = 15; digits < 17; ++digits) {
    std::string text = print(format, digits - before, value);
    if (std::strtod(text.c_str(), nullptr) == value) return text;
  }
  return print(format, 17 - before, value);
}

}  // namespace

std::string to_text(double value) { return shortest("%.*g", 0, value); }

std::string to_text(double value, int digits) { return print("%.*f", digits, value); }

std::string to_decimal(double value) {
  const std::string text = shortest("%.*e", 1, value);
  const std::size_t exponent = text.find('e');
  if (exponent == std::string::npos) return text;  // not finite
  const std::size_t last = text.find_last_not_of("0.", exponent - 1);
  const std::size_t point = text.find('.');
  const int fraction = last == std::string::npos || last < point ? 0 : static_cast<int>(last - point);
  return print("%.*f", std::max(0, fraction - std::atoi(text.c_str() + exponent + 1)), value);
}

}  // namespace weft::demos
