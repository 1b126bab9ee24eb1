#include "weft/threading/limits.h"

#include <string>

#include "weft/platform/thread.h"

namespace weft::threading {

std::size_t stack_size(std::optional<std::size_t> size) {
  const std::size_t before = platform::stack_size();
  if (!size) return before;
  const bool is_allowed = *size == 0 || *size >= kSmallestStack;
  if (!is_allowed || !platform::set_stack_size(*size)) {
    throw ValueError("size not valid: " + std::to_string(*size) + " bytes");
  }
  return before;
}

}  // namespace weft::threading
