#pragma once

#include <chrono>
#include <cstddef>
#include <optional>

#include "weft/errors.h"
#include "weft/runtime/time.h"

namespace weft::threading {

/// The longest timeout: some 292 years, all that nanoseconds in 64 bits can count. As it reaches
/// beyond the end of the clock, a wait of that length never times out. A longer one, which only a
/// coarser unit can express, is an OverflowError of the call, before it has any effect.
/// Python: https://docs.python.org/3/library/threading.html#threading.TIMEOUT_MAX
///
/// Example:
///     Lock lock;
///     lock.acquire(true, TIMEOUT_MAX);
///     lock.acquire(true, std::chrono::years(300));   // throws OverflowError
inline constexpr std::chrono::nanoseconds TIMEOUT_MAX = std::chrono::nanoseconds::max();

/// The smallest stack, in bytes, that stack_size() accepts: 32 KiB, as in Python.
inline constexpr std::size_t kSmallestStack = 32768;

/// Returns the stack size, in bytes, of the threads that are started from now on; 0 means the
/// system's default. With `size`, sets it for the threads that the process starts later, workers of
/// executors included, and returns the previous one. Never blocks.
///
/// Throws ValueError if `size` is neither 0 nor at least kSmallestStack, or if the system refuses
/// it; then nothing changes. In WebAssembly, where threads run on pooled workers whose stacks
/// exist already (256 KiB each), it returns 0, and any valid `size` throws RuntimeError, as in
/// Python where the system has no such setting. A stack too large for the memory left makes
/// Thread::start() throw RuntimeError.
/// Python: https://docs.python.org/3/library/threading.html#threading.stack_size
///
/// Example:
///     const std::size_t before = stack_size(16 << 20);
///     Thread deep(work);
///     deep.start();
///     stack_size(before);
std::size_t stack_size(std::optional<std::size_t> size = std::nullopt);

}  // namespace weft::threading
