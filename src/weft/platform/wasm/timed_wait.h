#pragma once

#include <chrono>

#include "weft/platform/clock.h"

namespace weft::platform {

/// Calls `wait(remaining)`, which returns false on timeout, until it returns true or `timeout` has passed
/// by clock_now(). An engine measures the timeout of a wait by a finer clock than it shows to a program,
/// so that a wait can end up to a step of clock_now() before its deadline.
template <class Wait>
bool wait_until_timeout(std::chrono::nanoseconds timeout, Wait wait) {
  const std::chrono::nanoseconds start = clock_now();
  for (auto remaining = timeout; remaining.count() > 0;
       remaining = timeout - (clock_now() - start)) {
    if (wait(remaining)) return true;
  }
  return false;
}

}  // namespace weft::platform
