#pragma once

#include <atomic>
#include <cstdint>

#include "weft/platform/thread_annotations.h"
#include "weft/runtime/internal/spin.h"
#include "weft/runtime/park.h"

namespace weft::runtime {

/// A FIFO wait queue, an intrusive doubly linked list. It belongs to a primitive, whose lock guards
/// it; each waiter lives on the stack of its thread (as in nsync and abseil's Mutex).
///
/// To wait: `wait_without` the lock. Or, step by step: `add` a waiter under
/// the lock, release the lock, `wait`, acquire the lock, `remove`.
/// To wake: `release_first` under the lock, then, with or without it, `wake` what that returned.
///
/// A waiter's state: kSpinning (spinning, or about to park) → kParked → kReleased (by a waker,
/// which has unlinked it); or kSpinning → kReleased, which saves the wake-up.
///
/// Example:
///     // A gate that lets the thread pass that has waited longest.
///     class Gate {
///      public:
///       void wait() {
///         const platform::LockGuard lock(mutex_);
///         ++waiting_;
///         waiters_.wait_without(mutex_, std::nullopt, {trace::Reason::event});
///       }
///       bool pass_one() {
///         const platform::LockGuard lock(mutex_);
///         if (waiters_.empty()) return false;
///         WaitQueue::wake(waiters_.release_first());
///         return true;
///       }
///
///      private:
///       platform::Mutex mutex_;
///       WaitQueue waiters_;
///       int waiting_ = 0;
///     };
///     Gate gate;
///     threading::Thread thread([&] { gate.wait(); });
///     thread.start();
///     while (!gate.pass_one()) yield_hint();
class WaitQueue {
 public:
  class Waiter {
   public:
    /// True once a waker has released the waiter: the wait is over.
    bool released() const noexcept { return state_.load(std::memory_order_acquire) == kReleased; }

   private:
    friend class WaitQueue;
    std::atomic<std::uint32_t> state_{kSpinning};
    std::atomic<std::uint64_t> released_by_{0};  // thread and record of the waker, as trace::waker
    Waiter* next_ = nullptr;
    Waiter* previous_ = nullptr;
  };

  WaitQueue() = default;
  WaitQueue(const WaitQueue&) = delete;
  WaitQueue& operator=(const WaitQueue&) = delete;
  /// Aborts with a message if a thread still waits, as it would go on in freed memory; unless the
  /// process is ending already.
  ~WaitQueue() {
    if (!empty()) destroyed_with_waiters();
  }

  /// The futex word of a parked waiter; null if the waiter is not parked and needs no wake-up.
  using Sleeper = const std::atomic<std::uint32_t>*;

  bool empty() const noexcept { return first_ == nullptr; }

  /// The number of waiters, at most `most`. Linear in the result.
  std::uint32_t count(std::uint32_t most) const noexcept {
    std::uint32_t count = 0;
    for (const Waiter* each = first_; each != nullptr && count < most; each = each->next_) ++count;
    return count;
  }

  /// The waiter at the head; the queue must not be empty. For primitives that distinguish waiters.
  Waiter& first() noexcept { return *first_; }

  void add(Waiter& waiter) noexcept {
    waiter.previous_ = last_;
    (last_ != nullptr ? last_->next_ : first_) = &waiter;
    last_ = &waiter;
  }

  /// Inserts at the head: for a waiter that was selected before and has to wait once more.
  void add_first(Waiter& waiter) noexcept {
    waiter.next_ = first_;
    (first_ != nullptr ? first_->previous_ : last_) = &waiter;
    first_ = &waiter;
  }

  /// Dequeues and releases the waiter at the head; the queue must not be empty. The waiter's memory
  /// may be gone as soon as the lock is released; the returned address is valid for `wake` all the
  /// same. `sequence`: of the record that ends the wait; 0 if none does.
  Sleeper release_first(std::uint32_t sequence = 0) noexcept {
    return release(unlink_first(), sequence);
  }

  /// The two halves of `release_first`, for a waker that releases the lock in between.
  /// `unlink_first` needs the lock; from then on the waiter must not `remove` itself but
  /// `await_release`.
  Waiter& unlink_first() noexcept {
    Waiter& waiter = *first_;
    unlink(waiter);
    return waiter;
  }
  static Sleeper release(Waiter& waiter, std::uint32_t sequence = 0) noexcept {
    if (session_thread != nullptr) [[unlikely]]
      store_waker(waiter, sequence);
    const bool parked = waiter.state_.exchange(kReleased, std::memory_order_acq_rel) == kParked;
    return parked ? &waiter.state_ : nullptr;
  }

  static void wake(Sleeper sleeper) noexcept {
    if (sleeper != nullptr) runtime::wake(*sleeper, 1);
  }

  /// Called with the lock held: releases it, blocks until released by a waker or until the
  /// deadline, and re-acquires it. Returns false on timeout. Throws Stopped, with the lock
  /// held.
  template <class Mutex>
  bool wait_without(Mutex& mutex, const Deadline& deadline, Waiting waiting) WEFT_REQUIRES(mutex) {
    Waiter waiter;
    return wait_without(mutex, waiter, deadline, waiting);
  }

  /// As above, with a waiter of a derived class, in which the primitive keeps more about the
  /// request.
  template <class Mutex>
  bool wait_without(Mutex& mutex, Waiter& waiter, const Deadline& deadline, Waiting waiting)
      WEFT_REQUIRES(mutex) {
    const Enqueued enqueued(*this, waiter);
    {
      const Unlocked<Mutex> unlocked(mutex);
      wait(waiter, deadline, waiting);
    }
    return waiter.released();
  }

  /// Called without the lock: blocks until the waiter is released or the deadline has passed; spins
  /// adaptively, then parks. Throws Stopped.
  void wait(Waiter& waiter, const Deadline& deadline, Waiting waiting) {
    if (!spin_.until([&] { return waiter.released(); })) sleep(waiter, deadline, waiting);
  }

  /// As `wait`, without spinning.
  static void sleep(Waiter& waiter, const Deadline& deadline, Waiting waiting,
                    Stoppable stoppable = Stoppable::yes) {
    std::uint32_t spinning = kSpinning;
    if (!waiter.state_.compare_exchange_strong(spinning, kParked, std::memory_order_acq_rel))
      return;
    waiting.ended_by = &waiter.released_by_;
    while (!waiter.released() && park(waiter.state_, kParked, deadline, waiting, stoppable)) {
    }
  }

  /// For a waiter that another thread has unlinked and is about to `release`, without a scheduling
  /// point in between. Blocks until that; a few instructions, unless that thread is preempted.
  static void await_release(Waiter& waiter) noexcept;

  /// Unlinks the waiter unless a waker has; returns true if a waker has. To be called under the
  /// lock before the waiter is destroyed.
  bool remove(Waiter& waiter) noexcept {
    if (waiter.released()) return true;
    unlink(waiter);
    return false;
  }

 private:
  // Stores the waker in the waiter, for the trace.
  static void store_waker(Waiter& waiter, std::uint32_t sequence) noexcept;
  static void destroyed_with_waiters() noexcept;

  static constexpr std::uint32_t kSpinning = 0;  // spinning, or about to park
  static constexpr std::uint32_t kParked = 1;    // parked on the state
  static constexpr std::uint32_t kReleased = 2;  // released by a waker

  struct Enqueued {
    Enqueued(WaitQueue& queue_, Waiter& waiter_) noexcept : queue(queue_), waiter(waiter_) {
      queue.add(waiter);
    }
    ~Enqueued() { queue.remove(waiter); }
    WaitQueue& queue;
    Waiter& waiter;
  };

  // The reverse of a lock guard. Of a destructor, RELEASE means the reverse of what the constructor
  // does.
  template <class Mutex>
  struct WEFT_SCOPED_CAPABILITY Unlocked {
    explicit Unlocked(Mutex& mutex_) WEFT_RELEASE(mutex_) : mutex(mutex_) { mutex.unlock(); }
    ~Unlocked() WEFT_RELEASE() { mutex.lock(); }
    Mutex& mutex;
  };

  void unlink(Waiter& waiter) noexcept {
    (waiter.previous_ != nullptr ? waiter.previous_->next_ : first_) = waiter.next_;
    (waiter.next_ != nullptr ? waiter.next_->previous_ : last_) = waiter.previous_;
  }

  Waiter* first_ = nullptr;
  Waiter* last_ = nullptr;
  Spin spin_;
};

}  // namespace weft::runtime
