#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "weft/platform/cpu.h"
#include "weft/runtime/internal/thread_state.h"

namespace weft::runtime {

/// Adaptive spin-then-park. Parking and being woken costs 10 µs and more, and the awaited event
/// often comes sooner; but a spin is wasted when the other thread is not running. The outcome of
/// past spins decides how often to spin: a quarter as often after a failure, down to one wait in
/// 64; twice as often after a success. So spinning stays on if it succeeds in two of three cases.
///
/// A spin takes at least 25 µs (with 1000 polls): longer than the wake-up of a thread on which the
/// event depends. Were it shorter, two threads that hand something to and fro would keep parking in
/// turns.
///
/// kPolls: how often the condition is polled.
template <int kPolls>
class BasicSpin {
 public:
  /// Polls `ready` until it returns true; returns false if the caller should park instead.
  template <class Ready>
  bool until(Ready ready) noexcept {
    if (ready()) return true;
    if (!should_spin()) return false;
    for (int i = 0; i < kPolls; ++i) {
      platform::cpu_pause();
      if (ready()) {
        record_outcome(true);
        return true;
      }
    }
    record_outcome(false);
    return false;
  }

  /// Should the caller spin this time? For callers with a spin loop of their own.
  bool should_spin() noexcept {
    if (platform::cpu_count() == 1) return false;
    // The thread that will end the wait may need the GIL, or its turn by the scheduler.
    if (session_thread != nullptr && session_thread->scheduler != nullptr) return false;
    // Concurrent updates may be lost, which only blurs the heuristic.
    const std::uint32_t waits = waits_.load(std::memory_order_relaxed) + 1;
    const bool spins = waits >= interval_.load(std::memory_order_relaxed);
    waits_.store(spins ? 0 : waits, std::memory_order_relaxed);
    return spins;
  }

  /// Records whether a spin succeeded.
  void record_outcome(bool succeeded) noexcept {
    const std::uint32_t before = interval_.load(std::memory_order_relaxed);
    interval_.store(succeeded ? std::max(1U, before / 2) : std::min(kMaxInterval, before * 4),
                    std::memory_order_relaxed);
  }

 private:
  static constexpr std::uint32_t kMaxInterval = 64;

  std::atomic<std::uint32_t> interval_{1};  // one spin per that many waits
  std::atomic<std::uint32_t> waits_{0};     // since the last spin
};

using Spin = BasicSpin<1000>;

}  // namespace weft::runtime
