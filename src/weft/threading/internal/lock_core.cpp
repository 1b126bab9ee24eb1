#include "weft/threading/internal/lock_core.h"

#include <algorithm>

#include "weft/platform/backoff.h"
#include "weft/platform/bit_mutex.h"
#include "weft/platform/cpu.h"

namespace weft::threading {
namespace {

using runtime::Clock;
using runtime::Time;
using runtime::WaitQueue;

// Time waited after which the lock is handed off.
constexpr std::chrono::milliseconds kFairnessBound{1};

// During a handoff the lock is held by a thread that does not run yet; its wake-up latency can be
// milliseconds on a loaded machine. After a handoff that took t there is none for kShare * t, so
// that handoffs cost at most about one part in kShare of the time.
constexpr int kShare = 8;

}  // namespace

struct LockCore::Waiter : WaitQueue::Waiter {
  Time since{};           // when its wait began
  Time dequeued_at{};     // when it was dequeued; this and the next are written by the releaser
  bool is_owner = false;  // the lock was handed off to it; else it has to compete for the lock
  // Guarded by kWaitQueueLocked: the releaser has dequeued it and is about to release it.
  bool is_dequeued = false;
};

bool LockCore::try_acquire_as(std::uint32_t waker_bit) noexcept {
  std::uint32_t state = state_.load(std::memory_order_relaxed);
  while ((state & kHeld) == 0) {
    if (state_.compare_exchange_weak(state, (state | kHeld) & ~waker_bit, std::memory_order_acquire,
                                     std::memory_order_relaxed)) {
      return true;
    }
  }
  return false;
}

bool LockCore::spin_acquire(std::uint32_t waker_bit) noexcept {
  if (try_acquire_as(waker_bit)) return true;
  if (!spin_.should_spin()) return false;
  const bool acquired = platform::try_with_backoff([&] { return try_acquire_as(waker_bit); });
  spin_.record_outcome(acquired);
  return acquired;
}

bool LockCore::acquire(const runtime::Deadline& deadline, const runtime::Waiting& waiting,
                       runtime::Stoppable stoppable) {
  if (spin_acquire(0)) return true;
  const Time since = Clock::now();
  for (std::uint32_t waker_bit = 0;; waker_bit = kDesignatedWaker) {
    Waiter waiter;
    waiter.since = since;
    if (acquire_or_enqueue(waiter, waker_bit)) return true;
    try {
      WaitQueue::sleep(waiter, deadline, waiting, stoppable);
    } catch (...) {
      if (acquire_or_dequeue(waiter)) release();
      throw;
    }
    if (!waiter.released()) return acquire_or_dequeue(waiter);
    if (waiter.is_owner) {
      on_handoff(waiter);
      return true;
    }
    if (spin_acquire(kDesignatedWaker)) return true;
  }
}

void LockCore::lock_wait_queue() noexcept { platform::lock_bit(state_, kWaitQueueLocked); }

// The lock word after the queue's lock is released: kWaitQueueLocked cleared, kHasWaiters up to
// date.
std::uint32_t LockCore::without_queue_lock(std::uint32_t state) const noexcept {
  state &= ~(kWaitQueueLocked | kHasWaiters);
  return waiters_.empty() ? state : state | kHasWaiters;
}

bool LockCore::acquire_or_enqueue(Waiter& waiter, std::uint32_t waker_bit) noexcept {
  lock_wait_queue();
  std::uint32_t state = state_.load(std::memory_order_relaxed);
  for (;;) {
    if ((state & kHeld) == 0) {
      if (state_.compare_exchange_weak(state, (without_queue_lock(state) | kHeld) & ~waker_bit,
                                       std::memory_order_acq_rel, std::memory_order_relaxed)) {
        return true;
      }
      continue;
    }
    if (waker_bit != 0) {
      waiters_.add_first(waiter);
    } else {
      waiters_.add(waiter);
    }
    if (state_.compare_exchange_strong(state, without_queue_lock(state) & ~waker_bit,
                                       std::memory_order_release, std::memory_order_relaxed)) {
      return false;
    }
    waiters_.remove(waiter);
  }
}

bool LockCore::acquire_or_dequeue(Waiter& waiter) noexcept {
  lock_wait_queue();
  if (!waiter.is_dequeued) {
    waiters_.remove(waiter);
    return acquire_if_free(0);
  }
  state_.fetch_and(~kWaitQueueLocked, std::memory_order_release);
  // Dequeued concurrently: the releaser is about to release the waiter and accesses it until then.
  WaitQueue::await_release(waiter);
  if (waiter.is_owner) return true;
  lock_wait_queue();
  return acquire_if_free(kDesignatedWaker);
}

// Requires the queue's lock and releases it. Acquires the lock if it is free; returns whether it
// did.
bool LockCore::acquire_if_free(std::uint32_t waker_bit) noexcept {
  std::uint32_t state = state_.load(std::memory_order_relaxed);
  while (!state_.compare_exchange_weak(state, (without_queue_lock(state) | kHeld) & ~waker_bit,
                                       std::memory_order_acq_rel, std::memory_order_relaxed)) {
  }
  return (state & kHeld) == 0;
}

bool LockCore::should_hand_off(Time now) noexcept {
  const auto& first = static_cast<const Waiter&>(waiters_.first());
  return now - first.since >= kFairnessBound &&
         now >= next_handoff_.load(std::memory_order_relaxed);
}

void LockCore::release_to_waiter(std::uint32_t sequence) noexcept {
  for (;;) {
    std::uint32_t state = state_.load(std::memory_order_relaxed);
    if (must_wake(state)) break;
    if (state_.compare_exchange_weak(state, state & ~kHeld, std::memory_order_release,
                                     std::memory_order_relaxed)) {
      return;
    }
  }
  lock_wait_queue();
  Waiter* next = nullptr;
  if (!waiters_.empty()) {  // the last waiter may have timed out in the meantime
    const Time now = Clock::now();
    const bool hands_off = should_hand_off(now);
    next = &static_cast<Waiter&>(waiters_.unlink_first());
    next->is_dequeued = true;
    next->is_owner = hands_off;
    next->dequeued_at = now;
  }
  // A plain store suffices: no other thread changes the word while kHeld and kWaitQueueLocked are
  // both set. It is the last access to *this: after it another thread may acquire, release and
  // destroy the lock.
  std::uint32_t state = waiters_.empty() ? 0 : kHasWaiters;
  if (next != nullptr) state |= next->is_owner ? kHeld : kDesignatedWaker;
  state_.store(state, std::memory_order_release);
  if (next != nullptr) WaitQueue::wake(WaitQueue::release(*next, sequence));
}

void LockCore::on_handoff(const Waiter& waiter) noexcept {
  const Time now = Clock::now();
  const auto took = now - waiter.dequeued_at;
  next_handoff_.store(now + std::max<Clock::duration>(kFairnessBound, kShare * took),
                      std::memory_order_relaxed);
}

}  // namespace weft::threading
