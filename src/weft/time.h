#pragma once

#include <chrono>
#include <type_traits>

#include "weft/errors.h"
#include "weft/runtime/park.h"
#include "weft/runtime/time.h"

/// Python's module time, as far as it concerns threads.
namespace weft::time {

/// Blocks the calling thread for at least `duration`; 0 is a scheduling point only. A fraction of a
/// nanosecond is rounded up. In a session with virtual time it is virtual. Throws ValueError if
/// `duration` is negative or not a number, OverflowError if it is more than threading::TIMEOUT_MAX,
/// and Stopped if the run is stopped.
/// Python: https://docs.python.org/3/library/time.html#time.sleep
///
/// Example:
///     time::sleep(0.5ms);
template <class Rep, class Period>
void sleep(std::chrono::duration<Rep, Period> duration) {
  using std::chrono::nanoseconds;
  if (!(duration >= duration.zero())) throw ValueError("sleep length must be non-negative");
  if constexpr (std::is_floating_point_v<Rep>) {
    constexpr std::chrono::duration<Rep, std::nano> kLimit(9.2e18);  // below 2^63
    if (duration > kLimit) throw OverflowError("timeout value is too large");
    runtime::sleep_for(std::chrono::ceil<nanoseconds>(duration));
  } else {
    runtime::sleep_for(*runtime::Timeout(duration));
  }
}

/// The session's clock, which waits and deadlines are measured by: monotonic, since an unspecified
/// moment. Only differences have a meaning. Never blocks.
/// Python: https://docs.python.org/3/library/time.html#time.monotonic
inline std::chrono::nanoseconds monotonic() noexcept {
  return runtime::Clock::now().time_since_epoch();
}

}  // namespace weft::time
