#pragma once

#include <atomic>
#include <cstdint>

#include "weft/platform/backoff.h"
#include "weft/platform/critical_section.h"
#include "weft/platform/futex.h"
#include "weft/platform/thread_annotations.h"

namespace weft::platform {

/// A Mutex whose lock word has one more bit, "watched": a thread waits, or is about to, for a
/// change of the guarded state. The release reads the bit in the atomic operation that it needs
/// anyway, so the owner learns of waiters at no extra cost.
///
/// Ordering: the release and watch() are read-modify-write operations on the same word, hence
/// totally ordered. Either the release comes after the watch() and reports it, or it comes before,
/// and what the owner did happens before what follows the watch(): no wake-up is lost.
///
/// Clang's thread safety analysis has no annotation for a conditional release: it takes the mutex
/// for held after try_unlock_fast() and unlock_unless_watched().
class WEFT_CAPABILITY("mutex") WatchedMutex {
 public:
  void lock() noexcept WEFT_ACQUIRE() {
    std::uint32_t free = 0;
    if (!state_.compare_exchange_strong(free, kHeld, std::memory_order_acquire,
                                        std::memory_order_relaxed)) {
      lock_contended();
    }
    enter_critical_section();
  }

  /// Fast path: releases the mutex and returns true if it is neither watched nor contended; else
  /// keeps it and returns false.
  bool try_unlock_fast() noexcept {
    std::uint32_t held = kHeld;
    leave_critical_section();
    if (state_.compare_exchange_strong(held, 0, std::memory_order_release,
                                       std::memory_order_relaxed)) {
      return true;
    }
    enter_critical_section();
    return false;
  }

  /// Releases the mutex and returns true if it is not watched; else keeps it and returns false.
  bool unlock_unless_watched() noexcept {
    std::uint32_t state = state_.load(std::memory_order_relaxed);
    do {
      if ((state & kWatched) != 0) return false;
    } while (!state_.compare_exchange_weak(state, 0, std::memory_order_release,
                                           std::memory_order_relaxed));
    released_from(state);
    return true;
  }

  /// Releases the mutex. A watched bit stays set.
  void unlock_even_if_watched() noexcept WEFT_RELEASE() {
    std::uint32_t state = state_.load(std::memory_order_relaxed);
    while (!state_.compare_exchange_weak(state, state & kWatched, std::memory_order_release,
                                         std::memory_order_relaxed)) {
    }
    released_from(state);
  }

  bool watched() const noexcept { return (state_.load(std::memory_order_relaxed) & kWatched) != 0; }
  /// Sets the watched bit; may be called without holding the mutex.
  void watch() noexcept { state_.fetch_or(kWatched, std::memory_order_acq_rel); }
  void unwatch() noexcept { state_.fetch_and(~kWatched, std::memory_order_relaxed); }

 private:
  static constexpr std::uint32_t kHeld = 1;
  static constexpr std::uint32_t kContended = 2;  // a waiter may be blocked on the futex
  static constexpr std::uint32_t kWatched = 4;

  bool try_acquire(std::uint32_t as) noexcept {
    std::uint32_t state = state_.load(std::memory_order_relaxed);
    return (state & kHeld) == 0 &&
           state_.compare_exchange_strong(state, state | as, std::memory_order_acquire,
                                          std::memory_order_relaxed);
  }

  void released_from(std::uint32_t state) noexcept {
    leave_critical_section();
    if ((state & kContended) != 0) futex_wake(state_, 1);
  }

  [[gnu::noinline]] void lock_contended() noexcept {
    if (try_acquire(kHeld)) return;  // it was free, but watched
    if (try_with_backoff([this] { return try_acquire(kHeld); })) return;
    // Other waiters may be blocked as well, so a thread that has blocked acquires with kContended
    // set.
    while (!try_acquire(kHeld | kContended)) {
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
