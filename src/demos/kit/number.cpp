#include "demos/kit/number.h"

#include <algorithm>
#include <cmath>
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

constexpr std::string_view blanks = " \t\n\v\f\r";

/// Reads a text from its start.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  bool take_any_of(std::string_view characters) {
    if (rest_.empty() || characters.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }

  /// Returns how many digits there were.
  std::size_t take_digits() {
    const std::size_t before = rest_.size();
    while (take_any_of("0123456789")) {
    }
    return before - rest_.size();
  }

  bool is_at_end() const { return rest_.empty(); }

 private:
  std::string_view rest_;
};

bool is_decimal(std::string_view text) {
  Scanner scanner(text);
  scanner.take_any_of("+-");
  std::size_t digits = scanner.take_digits();
  if (scanner.take_any_of(".")) digits += scanner.take_digits();
  if (digits == 0) return false;
  if (scanner.take_any_of("eE")) {
    scanner.take_any_of("+-");
    if (scanner.take_digits() == 0) return false;
  }
  return scanner.is_at_end();
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
  const int fraction =
      last == std::string::npos || last < point ? 0 : static_cast<int>(last - point);
  return print("%.*f", std::max(0, fraction - std::atoi(text.c_str() + exponent + 1)), value);
}

std::optional<double> parse_number(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(blanks), text.size()));
  text = text.substr(0, text.find_last_not_of(blanks) + 1);
  if (!is_decimal(text)) return std::nullopt;
  // strtod instead of std::from_chars, which libc++ does not have for floating point; it takes more
  // than a decimal.
  const double number = std::strtod(std::string(text).c_str(), nullptr);
  if (!std::isfinite(number)) return std::nullopt;
  return number;
}

}  // namespace weft::demos
