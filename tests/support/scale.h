#pragma once

#include <algorithm>

#include "support/scheduled.h"
#include "weft/platform/cpu.h"
#include "weft/platform/sanitizers.h"

/// How much a test does. Sanitizers and WebAssembly are slower by a known factor; a test that does
/// less there takes about as long everywhere.
namespace weft::test {

#if WEFT_TSAN
inline constexpr int kSlowdown = 12;
#elif WEFT_ASAN
inline constexpr int kSlowdown = 4;
#elif defined(__EMSCRIPTEN__)
inline constexpr int kSlowdown = 5;
#else
inline constexpr int kSlowdown = 1;
#endif

/// Under a controlled scheduler each switch between threads is a futex, and no two threads run at once:
/// a tenth is enough there.
inline int rounds(int natively) {
  return std::max(1, natively / kSlowdown / (scheduled() ? 10 : 1));
}

/// More threads than processors, so that they are interrupted everywhere; fewer than a process in
/// a browser may have.
inline int many_threads() { return std::clamp(4 * static_cast<int>(platform::cpu_count()), 8, 32); }

}  // namespace weft::test
