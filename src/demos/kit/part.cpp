#include "demos/kit/part.h"

#include <type_traits>

#include "demos/kit/number.h"

namespace weft::demos {

void Part::append_to(std::string& line) const {
  std::visit(
      [&line](auto value) {
        if constexpr (std::is_same_v<decltype(value), std::string_view>) {
          line += value;
        } else {
          line += to_text(value);
        }
      },
      value_);
}

}  // namespace weft::demos
