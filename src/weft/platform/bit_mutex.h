#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "weft/platform/cpu.h"
#include "weft/platform/futex.h"

namespace weft::platform {

/// Takes one bit of a word as a mutex, to be held for a few instructions; the other bits are somebody
/// else's and may change meanwhile. Whoever clears the bit wakes nobody: one that waits for long, as
/// who has the bit was interrupted, naps.
inline void lock_bit(std::atomic<std::uint32_t>& word, std::uint32_t bit) noexcept {
  constexpr int kPauses = 100;
  constexpr std::chrono::microseconds kNap{50};
  for (int i = 0;; ++i) {
    std::uint32_t state = word.load(std::memory_order_relaxed);
    if ((state & bit) != 0) {
      if (i < kPauses) {
        cpu_pause();
      } else {
        futex_wait(word, state, kNap);
      }
    } else if (word.compare_exchange_weak(state, state | bit, std::memory_order_acquire,
                                          std::memory_order_relaxed)) {
      return;
    }
  }
}

}  // namespace weft::platform
