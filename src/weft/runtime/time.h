#pragma once

#include <chrono>
#include <concepts>
#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>

#include "weft/errors.h"
#include "weft/platform/clock.h"
#include "weft/runtime/internal/session_thread.h"

namespace weft::runtime {

/// The clock of all deadlines: that of the calling thread's session, which may be virtual, else the
/// system's. Monotonic; its epoch is unspecified.
///
/// Example:
///     const Clock::time_point begin = Clock::now();
///     work();
///     use(Clock::now() - begin);
struct Clock {
  using duration = std::chrono::nanoseconds;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<Clock>;
  static constexpr bool is_steady = true;

  static time_point now() noexcept {
    if (session_thread != nullptr) [[unlikely]]
      return now_of(*session_thread);
    return time_point(platform::clock_now());
  }

 private:
  static time_point now_of(const ThreadState& thread) noexcept;
};

using Time = Clock::time_point;

/// How long to wait; none: without limit, as Python's `timeout=None`.
///
/// Constructed from any duration of whole nanoseconds. One of more than TIMEOUT_MAX is an
/// OverflowError, where a plain conversion to nanoseconds would overflow unnoticed; one that is too
/// far below 0 stays negative.
///
/// Example:
///     threading::Event ready;
///     ready.wait(Timeout(1ms));   // false
class Timeout : public std::optional<std::chrono::nanoseconds> {
  using Base = std::optional<std::chrono::nanoseconds>;

 public:
  constexpr Timeout() noexcept = default;
  // NOLINTBEGIN(google-explicit-constructor): what is given as a timeout
  constexpr Timeout(std::nullopt_t) noexcept {}
  constexpr Timeout(Base timeout) noexcept : Base(timeout) {}
  template <class Rep, class Period>
    requires std::is_convertible_v<std::chrono::duration<Rep, Period>, std::chrono::nanoseconds>
  constexpr Timeout(std::chrono::duration<Rep, Period> timeout) : Base(in_nanoseconds(timeout)) {}
  // NOLINTEND(google-explicit-constructor)

  // A template, as there is no conversion then: a duration compares with an optional already.
  template <std::same_as<Timeout> T>
  friend constexpr bool operator==(const T& a, const T& b) noexcept {
    return static_cast<const Base&>(a) == static_cast<const Base&>(b);
  }

 private:
  template <class Rep, class Period>
  static constexpr std::chrono::nanoseconds in_nanoseconds(
      std::chrono::duration<Rep, Period> timeout) {
    using std::chrono::nanoseconds;
    if constexpr (std::integral<Rep>) {
      // In the coarser unit, in which the limits are numbers, too.
      using Coarse = std::chrono::duration<std::int64_t, Period>;
      constexpr auto kMost = std::chrono::duration_cast<Coarse>(nanoseconds::max()).count();
      constexpr auto kLeast = std::chrono::duration_cast<Coarse>(nanoseconds::min()).count();
      if (std::cmp_greater(timeout.count(), kMost)) {
        throw OverflowError("timeout value is too large");
      }
      if (std::cmp_less(timeout.count(), kLeast)) return nanoseconds::min();
    }
    return timeout;
  }
};

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
