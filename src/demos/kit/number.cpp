#include "demos/kit/number.h"

#include <cstdio>

namespace weft::demos {

std::string to_text(double value, int digits) {
  char buffer[64];
  const int length = std::snprintf(buffer, sizeof buffer, "%.*f", digits, value);
  return {buffer, static_cast<std::size_t>(length)};
}

}  // namespace weft::demos
