#include "demos/kit/number.h"

#include <cstdio>

namespace weft::demos {

std::string to_text(double value, int digits) {
  char buffer[64];
  const int length = std::snprintf(buffer, sizeof buffer, "%.*f", digits, value);
  return {buffer, static_cast<std::size_t>(length)};
}

std::string to_decimal(double value) {
  char buffer[400];  // the largest numbers have 309 digits
  const auto end =
      std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed);
  return {buffer, end.ptr};
}

}  // namespace weft::demos
