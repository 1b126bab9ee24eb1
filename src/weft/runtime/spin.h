#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "weft/platform/cpu.h"
#include "weft/runtime/thread_state.h"

namespace weft::runtime {

/// Adaptive spin-then-park. Parking and being woken costs 10 µs and more, and the awaited event
/// often comes sooner; but a spin is wasted when the other thread is not running. The outcome of
/// past spins decides how often to spin: after a spin that failed a quarter as often, down to one
/// wait in 64; after one that succeeded twice as often. So spinning stays on if it succeeds in two
/// of three cases.
///
/// A spin takes at least 25 µs (with 1000 looks): longer than the wake-up of a thread on which the
/// event depends. Were it shorter, two threads that hand something to and fro would keep parking in
/// turns.
///
/// kLooks: how often the condition is polled.
template <int kLooks>
class BasicSpin {
 public:
  /// Polls `ready` until it returns true; returns false if the caller should park instead.
  template <class Ready>
  bool until(Ready ready) noexcept {
    if (ready()) return true;
    if (!is_due()) return false;
    for (int i = 0; i < kLooks; ++i) {
      platform::cpu_pause();
      if (ready()) {
        learn(true);
        return true;
      }
    }
    learn(false);
    return false;
  }

  /// Should the caller spin this time? For callers with a spin loop of their own.
  bool is_due() noexcept {
    if (platform::cpu_count() == 1) return false;
    // The thread that will end the wait may need the GIL, or its turn by the scheduler.
    if (plugged != nullptr && plugged->scheduler != nullptr) return false;
    // Concurrent updates may be lost, which only blurs the heuristic.
    const std::uint32_t turn = turn_.load(std::memory_order_relaxed) + 1;
    const bool due = turn >= of_.load(std::memory_order_relaxed);
    turn_.store(due ? 0 : turn, std::memory_order_relaxed);
    return due;
  }

  /// Records whether a spin succeeded.
  void learn(bool paid) noexcept {
    const std::uint32_t of = of_.load(std::memory_order_relaxed);
    of_.store(paid ? std::max(1U, of / 2) : std::min(kSeldom, of * 4), std::memory_order_relaxed);
  }

 private:
  static constexpr std::uint32_t kSeldom = 64;

  std::atomic<std::uint32_t> of_{1};  // spins in one of so many waits
  std::atomic<std::uint32_t> turn_{0};
};

using Spin = BasicSpin<1000>;

}  // namespace weft::runtime
