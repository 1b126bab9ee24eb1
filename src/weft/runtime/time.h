#pragma once

#include <chrono>
#include <optional>

#include "weft/errors.h"
#include "weft/platform/clock.h"
#include "weft/runtime/session_thread.h"

namespace weft::runtime {

/// The clock that all deadlines are read from: the calling thread's session's, which may be virtual,
/// else the system's. Monotonic; its zero has no meaning.
struct Clock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<Clock>;
  static constexpr bool is_steady = true;

  static time_point now() noexcept {
    if (plugged != nullptr) [[unlikely]] return now_of(*plugged);
    return time_point(platform::clock_now());
  }

 private:
  static time_point now_of(const ThreadState& thread) noexcept;
};

using Time = Clock::time_point;

/// How long to wait; none means for ever, as Python's `timeout=None`.
using Timeout = std::optional<std::chrono::nanoseconds>;

/// When to stop waiting; none means never.
using Deadline = std::optional<Time>;

/// A negative timeout is as good as 0: the difference of a deadline and the clock must not overflow.
inline Deadline deadline_after(Timeout timeout) {
  if (!timeout) return std::nullopt;
  const Time now = Clock::now();
  if (timeout->count() <= 0) return now;
  // A timeout beyond the clock's range is as good as none.
  if (*timeout > Time::max() - now) return std::nullopt;
  return now + *timeout;
}

/// As `deadline_after`, but a negative timeout is a ValueError, as it is for Python's queues.
inline Deadline deadline_after_non_negative(Timeout timeout) {
  if (timeout && timeout->count() < 0) {
    throw ValueError("'timeout' must be a non-negative number");
  }
  return deadline_after(timeout);
}

}  // namespace weft::runtime
