#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>

#include "weft/platform/cpu.h"
#include "weft/runtime/thread_state.h"

namespace weft::runtime {

/// Looking for a while before sleeping: a sleep and its wake-up cost ten microseconds and more, and
/// what is waited for often comes sooner. Whether that pays is learned: after a time that was spent
/// for nothing, as when the other side is not running, it is done a quarter as often, down to one of
/// 64 times; after one that paid twice as often. So it has to pay two times of three.
///
/// It takes some 25 µs: longer than it takes a thread to wake that is needed before what is waited
/// for comes. If it were shorter, two that hand something to and fro would never get out of sleeping
/// in turns.
template <int kLooks>
class BasicSpin {
 public:
  /// Calls `ready` until it returns true, or until it is better to sleep: returns false.
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

  /// For who looks in another way: whether to look at all this time.
  bool is_due() noexcept {
    if (platform::cpu_count() == 1) return false;
    // The thread that is waited for may need the GIL, or its turn.
    if (plugged != nullptr && plugged->scheduler != nullptr) return false;
    // Threads that do this at the same time may count wrong, which does no harm.
    const std::uint32_t turn = turn_.load(std::memory_order_relaxed) + 1;
    const bool due = turn >= of_.load(std::memory_order_relaxed);
    turn_.store(due ? 0 : turn, std::memory_order_relaxed);
    return due;
  }

  /// Looking did pay, or did not.
  void learn(bool paid) noexcept {
    const std::uint32_t of = of_.load(std::memory_order_relaxed);
    of_.store(paid ? std::max(1U, of / 2) : std::min(kSeldom, of * 4), std::memory_order_relaxed);
  }

 private:
  static constexpr std::uint32_t kSeldom = 64;

  std::atomic<std::uint32_t> of_{1};  // it is done one of so many times
  std::atomic<std::uint32_t> turn_{0};
};

using Spin = BasicSpin<1000>;

}  // namespace weft::runtime
