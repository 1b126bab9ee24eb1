#pragma once

#include <atomic>
#include <cstdint>

#include "weft/platform/backoff.h"
#include "weft/platform/critical_section.h"
#include "weft/platform/futex.h"

namespace weft::platform {

/// Guards the inside of a primitive for a few instructions. It is not a scheduling point: nobody
/// may park, call user code or throw away the processor while holding it. Works with
/// std::lock_guard.
class Mutex {
 public:
  void lock() noexcept {
    if (!take_if_free()) lock_contended();
    enter_critical_section();
  }

  bool try_lock() noexcept {
    const bool taken = take_if_free();
    if (taken) enter_critical_section();
    return taken;
  }

  void unlock() noexcept {
    leave_critical_section();
    if (state_.exchange(kFree, std::memory_order_release) == kContended) futex_wake(state_, 1);
  }

 private:
  // Drepper, "Futexes Are Tricky", mutex 3: kContended says that somebody may sleep.
  static constexpr std::uint32_t kFree = 0;
  static constexpr std::uint32_t kHeld = 1;
  static constexpr std::uint32_t kContended = 2;

  bool take_if_free() noexcept {
    std::uint32_t expected = kFree;
    return state_.compare_exchange_strong(expected, kHeld, std::memory_order_acquire,
                                          std::memory_order_relaxed);
  }

  void lock_contended() noexcept {
    const auto try_it = [this] {
      return state_.load(std::memory_order_relaxed) == kFree && take_if_free();
    };
    if (try_with_backoff(try_it)) return;
    while (state_.exchange(kContended, std::memory_order_acquire) != kFree) {
      futex_wait(state_, kContended);
    }
  }

  std::atomic<std::uint32_t> state_{kFree};
};

}  // namespace weft::platform
