#include "weft/platform/clock.h"

// In library.js. One call into JavaScript; a third of the cost of emscripten_get_now(), which reads
// performance.timeOrigin each time.
extern "C" double weft_clock_now();

namespace weft::platform {

std::chrono::nanoseconds clock_now() noexcept {
  return std::chrono::nanoseconds(static_cast<std::int64_t>(weft_clock_now() * 1e6));
}

}  // namespace weft::platform
