#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "weft/platform/cpu.h"
#include "weft/platform/futex.h"

namespace weft::platform {

/// Acquires one bit of a word as a spin lock that is held for a few instructions; the other bits
/// have other uses and may change meanwhile. Clearing the bit is the release. It wakes no waiter:
/// after some spinning, as when the owner was preempted, a waiter polls with timed waits
/// (kPollInterval).
inline void lock_bit(std::atomic<std::uint32_t>& word, std::uint32_t bit) noexcept {
  constexpr int kPauses = 100;
  constexpr std::chrono::microseconds kPollInterval{50};
  for (int i = 0;; ++i) {
    std::uint32_t state = word.load(std::memory_order_relaxed);
    if ((state & bit) != 0) {
      if (i < kPauses) {
        cpu_pause();
      } else {
        futex_wait(word, state, kPollInterval);
      }
    } else if (word.compare_exchange_weak(state, state | bit, std::memory_order_acquire,
                                          std::memory_order_relaxed)) {
      return;
    }
  }
}

}  // namespace weft::platform
