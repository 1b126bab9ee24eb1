#pragma once

#include <chrono>
#include <optional>

#include "weft/errors.h"
#include "weft/platform/clock.h"
#include "weft/runtime/session_thread.h"

namespace weft::runtime {

/// The clock of all deadlines: that of the calling thread's session, which may be virtual, else the
/// system's. Monotonic; its epoch is unspecified.
struct Clock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<Clock>;
  static constexpr bool is_steady = true;

  static time_point now() noexcept {
    if (session_thread != nullptr) [[unlikely]] return now_of(*session_thread);
    return time_point(platform::clock_now());
  }

 private:
  static time_point now_of(const ThreadState& thread) noexcept;
};

using Time = Clock::time_point;

/// How long to wait; none: without limit, as Python's `timeout=None`.
using Timeout = std::optional<std::chrono::nanoseconds>;

/// When to stop waiting; none: never.
using Deadline = std::optional<Time>;

/// The deadline for a timeout from now. A negative timeout counts as 0, so that the difference of
/// deadline and clock cannot overflow.
inline Deadline deadline_after(Timeout timeout) {
  if (!timeout) return std::nullopt;
  const Time now = Clock::now();
  if (timeout->count() <= 0) return now;
  // A timeout beyond the clock's range is unlimited.
  if (*timeout > Time::max() - now) return std::nullopt;
  return now + *timeout;
}

/// As `deadline_after`, but throws ValueError for a negative timeout, as Python's queues do.
inline Deadline deadline_after_non_negative(Timeout timeout) {
  if (timeout && timeout->count() < 0) {
    throw ValueError("'timeout' must be a non-negative number");
  }
  return deadline_after(timeout);
}

}  // namespace weft::runtime
