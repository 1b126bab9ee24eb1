#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "weft/platform/cpu.h"

namespace weft::runtime {

/// Looking for a while before sleeping: a sleep and its wake-up cost some ten microseconds, and what
/// is waited for often comes sooner. How long is learned: spinning that did not pay is halved, as
/// when the other side is not running, and comes back as soon as it pays.
///
/// `kCost` is that of a look, in looks at a word of one's own memory.
template <std::int32_t kCost = 1>
class BasicSpin {
 public:
  /// Calls `ready` until it returns true, or until it is better to sleep: returns false.
  template <class Ready>
  bool until(Ready ready) noexcept {
    if (platform::cpu_count() == 1) return ready();
    const std::int32_t budget = budget_.load(std::memory_order_relaxed);
    for (std::int32_t i = 0; i < budget; ++i) {
      if (ready()) {
        budget_.store(std::min(kMost, budget + kMost / 8), std::memory_order_relaxed);
        return true;
      }
      platform::cpu_pause();
    }
    budget_.store(std::max(kLeast, budget / 2), std::memory_order_relaxed);
    return ready();
  }

 private:
#ifdef __EMSCRIPTEN__
  static constexpr std::int32_t kMost = 8000 / kCost;  // there is no pause: about 16 µs
#else
  static constexpr std::int32_t kMost = 400;  // pauses of some 40 ns: about 16 µs
#endif
  // Never nothing: else it could not be noticed that spinning would pay again.
  static constexpr std::int32_t kLeast = kMost / 64;

  std::atomic<std::int32_t> budget_{kMost / 4};
};

using Spin = BasicSpin<>;

#ifdef __EMSCRIPTEN__
/// Looks at the shared memory, each of which is a call into JavaScript.
using SharedSpin = BasicSpin<8>;
#else
using SharedSpin = BasicSpin<>;
#endif

}  // namespace weft::runtime
