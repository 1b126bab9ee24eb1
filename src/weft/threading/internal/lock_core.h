#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "weft/runtime/internal/spin.h"
#include "weft/runtime/park.h"
#include "weft/runtime/time.h"
#include "weft/runtime/wait_queue.h"

namespace weft::threading {

/// The lock word and wait queue of Lock and RLock: a barging lock with eventual fairness, as
/// WebKit's WTF::Lock and parking_lot's.
///
/// A thread that finds the lock free acquires it, even if others wait (barging): strict FIFO order
/// would cost a context switch per acquisition (lock convoy). A release wakes at most one waiter,
/// the designated waker (nsync, abseil), which competes with arriving threads. Starvation is
/// bounded: once the first waiter has waited for 1 ms, a release hands the lock off to it directly,
/// subject to a rate limit (kShare). Contended acquisition is adaptive: spin with backoff, then
/// park.
class LockCore {
 public:
  bool is_held() const noexcept { return (state_.load(std::memory_order_relaxed) & kHeld) != 0; }

  bool try_acquire() noexcept {
    std::uint32_t state = state_.load(std::memory_order_relaxed);
    while ((state & kHeld) == 0) {
      if (state_.compare_exchange_weak(state, state | kHeld, std::memory_order_acquire,
                                       std::memory_order_relaxed)) {
        return true;
      }
    }
    return false;
  }

  /// Blocks until acquired and returns true; returns false if the deadline passed. Throws Stopped.
  bool acquire(const runtime::Deadline& deadline, const runtime::Waiting& waiting,
               runtime::Stoppable stoppable);

  /// Releases the lock, which must be held. Another thread may acquire, release and destroy it
  /// before this returns: nothing of it is accessed after the lock word is released. `sequence`: of
  /// the release's trace record.
  void release(std::uint32_t sequence = 0) noexcept {
    std::uint32_t state = state_.load(std::memory_order_relaxed);
    if (must_wake(state) ||
        !state_.compare_exchange_strong(state, state & ~kHeld, std::memory_order_release,
                                        std::memory_order_relaxed)) [[unlikely]] {
      release_to_waiter(sequence);
    }
  }

 private:
  struct Waiter;

  static constexpr std::uint32_t kHeld = 1;
  // A designated waker was woken and has neither acquired the lock nor queued again: while it is
  // set, releases wake nobody.
  static constexpr std::uint32_t kDesignatedWaker = 2;
  static constexpr std::uint32_t kHasWaiters = 4;       // the wait queue is not empty
  static constexpr std::uint32_t kWaitQueueLocked = 8;  // spin lock that guards the wait queue

  static bool must_wake(std::uint32_t state) noexcept {
    return (state & (kHasWaiters | kDesignatedWaker)) == kHasWaiters;
  }

  // `waker_bit`: kDesignatedWaker if the caller is the designated waker, which then clears that
  // bit; else 0.
  bool try_acquire_as(std::uint32_t waker_bit) noexcept;
  bool spin_acquire(std::uint32_t waker_bit) noexcept;
  void lock_wait_queue() noexcept;
  std::uint32_t without_queue_lock(std::uint32_t state) const noexcept;
  bool acquire_or_enqueue(Waiter& waiter, std::uint32_t waker_bit) noexcept;
  bool acquire_or_dequeue(Waiter& waiter) noexcept;
  bool acquire_if_free(std::uint32_t waker_bit) noexcept;
  void release_to_waiter(std::uint32_t sequence) noexcept;
  bool should_hand_off(runtime::Time now) noexcept;
  void on_handoff(const Waiter& waiter) noexcept;

  std::atomic<std::uint32_t> state_{0};
  runtime::Spin spin_;
  runtime::WaitQueue waiters_;  // guarded by kWaitQueueLocked
  // Earliest time of the next handoff. Accessed by the owner; atomic because a thread that does not
  // own the lock may release it, at the same time as the owner accesses this.
  std::atomic<runtime::Time> next_handoff_{runtime::Time()};
};

}  // namespace weft::threading
