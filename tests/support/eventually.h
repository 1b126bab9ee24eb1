#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <thread>

#include "support/scheduled.h"
#include "weft/runtime/park.h"

namespace weft::test {

/// Longer than anything here takes unless it hangs.
inline constexpr std::chrono::seconds kLongEnough{20};

/// The clock that waits are measured with: the standard library's, not Weft's, unless time is virtual. In
/// WebAssembly both read the same source, and round it differently by up to half a microsecond.
inline std::chrono::nanoseconds test_clock() {
  if (scheduled()) return runtime::Clock::now().time_since_epoch();
#ifdef __EMSCRIPTEN__
  return platform::clock_now();
#else
  return std::chrono::steady_clock::now().time_since_epoch();
#endif
}

/// As a sleep, also in a run that was stopped.
inline void pause_scheduled(std::chrono::nanoseconds duration) {
  const std::atomic<std::uint32_t> unwoken{0};
  const runtime::Deadline deadline = runtime::deadline_after(duration);
  while (runtime::park(unwoken, 0, deadline, {trace::Reason::sleep}, runtime::Stoppable::no)) {
  }
}

/// Looks again and again until `predicate()` holds. Returns false after `kLongEnough`.
template <class Predicate>
bool eventually(Predicate predicate) {
  constexpr std::chrono::microseconds kPause{50};
  const auto deadline = test_clock() + kLongEnough;
  while (!predicate()) {
    if (test_clock() > deadline) return false;
    if (scheduled()) {
      pause_scheduled(kPause);
    } else {
      std::this_thread::sleep_for(kPause);
    }
  }
  return true;
}

/// How long `action()` took, for bounds from below: a wait must not end too early.
template <class Action>
std::chrono::nanoseconds time_of(Action action) {
  const auto start = test_clock();
  action();
  return test_clock() - start;
}

}  // namespace weft::test
