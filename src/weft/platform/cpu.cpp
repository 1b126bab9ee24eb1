#include "weft/platform/cpu.h"

#include <algorithm>
#include <thread>

namespace weft::platform {

std::uint32_t cpu_count() noexcept {
  static const std::uint32_t count = std::max(1U, std::thread::hardware_concurrency());
  return count;
}

}  // namespace weft::platform
