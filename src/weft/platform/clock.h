#pragma once

#include <chrono>

namespace weft::platform {

/// Monotonic time that is the same for every thread and every process of a run. Natively
/// CLOCK_MONOTONIC. In WebAssembly `performance.timeOrigin + performance.now()`, whose resolution
/// is 5 to 20 µs even on a cross-origin isolated page; threads' clocks differ by at most one step.
std::chrono::nanoseconds clock_now() noexcept;

}  // namespace weft::platform
