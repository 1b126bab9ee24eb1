#pragma once

#include <atomic>
#include <cstdint>

#include "weft/platform/backoff.h"
#include "weft/platform/critical_section.h"
#include "weft/platform/futex.h"

namespace weft::platform {

/// As Mutex; but whoever lets go of it learns whether somebody waits for what it guards to change.
/// That costs nothing, as it is told by the word that the mutex consists of.
///
/// What was done before an unlock() that finds nobody watching happens before what follows the next
/// watch(): either the one who lets go sees who waits, or the one who waits sees what was done.
class WatchedMutex {
 public:
  void lock() noexcept {
    std::uint32_t free = 0;
    if (!state_.compare_exchange_strong(free, kHeld, std::memory_order_acquire,
                                        std::memory_order_relaxed)) {
      lock_contended();
    }
    enter_critical_section();
  }

  /// Unlocks it and returns true, unless somebody watches or waits for the mutex.
  bool unlock_unnoticed() noexcept {
    std::uint32_t held = kHeld;
    leave_critical_section();
    if (state_.compare_exchange_strong(held, 0, std::memory_order_release,
                                       std::memory_order_relaxed)) {
      return true;
    }
    enter_critical_section();
    return false;
  }

  /// Unlocks it and returns true; or returns false if somebody watches, unless `knowing` that. Who
  /// watches goes on watching.
  bool unlock(bool knowing) noexcept {
    std::uint32_t state = state_.load(std::memory_order_relaxed);
    do {
      if ((state & kWatched) != 0 && !knowing) return false;
    } while (!state_.compare_exchange_weak(state, state & kWatched, std::memory_order_release,
                                           std::memory_order_relaxed));
    leave_critical_section();
    if ((state & kContended) != 0) futex_wake(state_, 1);
    return true;
  }

  bool watched() const noexcept {
    return (state_.load(std::memory_order_relaxed) & kWatched) != 0;
  }
  /// Without the mutex.
  void watch() noexcept { state_.fetch_or(kWatched, std::memory_order_acq_rel); }
  void unwatch() noexcept { state_.fetch_and(~kWatched, std::memory_order_relaxed); }

 private:
  static constexpr std::uint32_t kHeld = 1;
  static constexpr std::uint32_t kContended = 2;  // somebody may sleep until it is unlocked
  static constexpr std::uint32_t kWatched = 4;

  bool take_if_free(std::uint32_t as) noexcept {
    std::uint32_t state = state_.load(std::memory_order_relaxed);
    return (state & kHeld) == 0 &&
           state_.compare_exchange_strong(state, state | as, std::memory_order_acquire,
                                          std::memory_order_relaxed);
  }

  [[gnu::noinline]] void lock_contended() noexcept {
    if (take_if_free(kHeld)) return;  // it was but watched
    if (try_with_backoff([this] { return take_if_free(kHeld); })) return;
    // Others may sleep as well, so who has slept leaves the mark.
    while (!take_if_free(kHeld | kContended)) {
      std::uint32_t state = state_.load(std::memory_order_relaxed);
      if ((state & kHeld) == 0) continue;
      if ((state & kContended) != 0 ||
          state_.compare_exchange_strong(state, state | kContended, std::memory_order_relaxed)) {
        futex_wait(state_, state | kContended);
      }
    }
  }

  std::atomic<std::uint32_t> state_{0};
};

}  // namespace weft::platform
