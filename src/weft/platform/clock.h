#pragma once

#include <chrono>

namespace weft::platform {

/// Monotonic time that every thread and every process of a run agrees on. Natively
/// CLOCK_MONOTONIC; in WebAssembly `performance.timeOrigin + performance.now()`, whose steps are
/// 5 to 20 µs even on an isolated page, and which threads agree on to within one step.
std::chrono::nanoseconds clock_now() noexcept;

}  // namespace weft::platform
