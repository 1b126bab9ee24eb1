#include "weft/platform/clock.h"

#include <ctime>

namespace weft::platform {

std::chrono::nanoseconds clock_now() noexcept {
  timespec now{};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return std::chrono::seconds(now.tv_sec) + std::chrono::nanoseconds(now.tv_nsec);
}

}  // namespace weft::platform
