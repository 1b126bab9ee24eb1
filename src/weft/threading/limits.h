#pragma once

#include <chrono>

#include "weft/errors.h"
#include "weft/runtime/time.h"

namespace weft::threading {

/// The longest timeout: some 292 years, all that nanoseconds in 64 bits can count. As it reaches
/// beyond the end of the clock, a wait of that length never times out. A longer one, which only a
/// coarser unit can express, is an OverflowError of the call, before it has any effect.
/// Python: https://docs.python.org/3/library/threading.html#threading.TIMEOUT_MAX
///
/// Example:
///     lock.acquire(true, TIMEOUT_MAX);
///     lock.acquire(true, std::chrono::years(300));  // OverflowError
inline constexpr std::chrono::nanoseconds TIMEOUT_MAX = std::chrono::nanoseconds::max();

}  // namespace weft::threading
