#pragma once

#include <atomic>
#include <cstdint>

#include "weft/runtime/park.h"
#include "weft/runtime/spin.h"

namespace weft::runtime {

/// Threads that wait for the same thing, first come first served. The list belongs to a primitive,
/// whose lock guards it; each waiter lives on the stack of its thread.
///
/// To wait: `wait_without` the guard that holds the lock; or, where that does not do, add a waiter
/// under the lock, let go of the lock, `wait`, take the lock, `remove`.
/// To wake: `take_first` under the lock, and then or later `wake` what it returned.
class WaitList {
 public:
  class Waiter {
   public:
    /// True once somebody has taken the waiter out: what it waited for is there.
    bool taken() const noexcept { return state_.load(std::memory_order_acquire) == kTaken; }

   private:
    friend class WaitList;
    std::atomic<std::uint32_t> state_{kLooking};
    std::atomic<std::uint64_t> taken_by_{0};  // as trace::waker
    Waiter* next_ = nullptr;
    Waiter* previous_ = nullptr;
  };

  WaitList() = default;
  WaitList(const WaitList&) = delete;
  WaitList& operator=(const WaitList&) = delete;
  /// Ends the program, with a message, if a thread waits, which would go on in memory that is gone; unless
  /// the program is ending already.
  ~WaitList() {
    if (!empty()) destroyed_while_waited_for();
  }

  /// A word on which a thread sleeps; null if it does not sleep.
  using Sleeper = const std::atomic<std::uint32_t>*;

  bool empty() const noexcept { return first_ == nullptr; }

  /// How many wait, but `most` if they are more.
  std::uint32_t count(std::uint32_t most) const noexcept {
    std::uint32_t count = 0;
    for (const Waiter* each = first_; each != nullptr && count < most; each = each->next_) ++count;
    return count;
  }

  /// The one whose turn is next; there must be one. For primitives that tell their waiters apart.
  Waiter& first() noexcept { return *first_; }

  void add(Waiter& waiter) noexcept {
    waiter.previous_ = last_;
    (last_ != nullptr ? last_->next_ : first_) = &waiter;
    last_ = &waiter;
  }

  /// For one that has its turn already.
  void add_first(Waiter& waiter) noexcept {
    waiter.next_ = first_;
    (first_ != nullptr ? first_->previous_ : last_) = &waiter;
    first_ = &waiter;
  }

  /// Takes the first waiter out of the list, which must not be empty. The waiter may be gone as
  /// soon as the lock is free; the address that is returned is good for `wake` all the same.
  /// `sequence`: of the record on the object by which the wait is over; 0 if it is by none.
  Sleeper take_first(std::uint32_t sequence = 0) noexcept {
    return release(unlink_first(), sequence);
  }

  /// The two halves of that, for who has to free the lock in between. The first one needs the lock;
  /// from then on the waiter must not `remove` itself, but wait to be taken.
  Waiter& unlink_first() noexcept {
    Waiter& waiter = *first_;
    unlink(waiter);
    return waiter;
  }
  static Sleeper release(Waiter& waiter, std::uint32_t sequence = 0) noexcept {
    if (plugged != nullptr) [[unlikely]] sign(waiter, sequence);
    const bool asleep = waiter.state_.exchange(kTaken, std::memory_order_acq_rel) == kAsleep;
    return asleep ? &waiter.state_ : nullptr;
  }

  static void wake(Sleeper sleeper) noexcept {
    if (sleeper != nullptr) runtime::wake(*sleeper, 1);
  }

  /// With the lock held by `guard`: lets go of it, blocks until taken or until the deadline has
  /// passed, and takes it again. Returns false if nobody has taken the waiter. Throws Stopped, with
  /// the lock held.
  template <class Guard>
  bool wait_without(Guard& guard, const Deadline& deadline, Waiting waiting) {
    Waiter waiter;
    return wait_without(guard, waiter, deadline, waiting);
  }

  /// As above, with a waiter that says more about who waits.
  template <class Guard>
  bool wait_without(Guard& guard, Waiter& waiter, const Deadline& deadline, Waiting waiting) {
    const Enlisted enlisted(*this, waiter);
    {
      const Unlocked unlocked(guard);
      wait(waiter, deadline, waiting);
    }
    return waiter.taken();
  }

  /// Without the lock: blocks until the waiter is taken or the deadline has passed. Throws Stopped.
  void wait(Waiter& waiter, const Deadline& deadline, Waiting waiting) {
    if (!spin_.until([&] { return waiter.taken(); })) sleep(waiter, deadline, waiting);
  }

  /// As `wait`, for who has looked long enough already.
  static void sleep(Waiter& waiter, const Deadline& deadline, Waiting waiting,
                    Stoppable stoppable = Stoppable::yes) {
    std::uint32_t looking = kLooking;
    if (!waiter.state_.compare_exchange_strong(looking, kAsleep, std::memory_order_acq_rel)) return;
    waiting.ended_by = &waiter.taken_by_;
    while (!waiter.taken() && park(waiter.state_, kAsleep, deadline, waiting, stoppable)) {
    }
  }

  /// For a waiter that another thread has unlinked and is about to `release`, without a point in
  /// between: returns once it is taken. A few instructions, unless that thread is preempted.
  static void await_release(Waiter& waiter) noexcept;

  /// Takes the waiter out if nobody has; returns whether somebody had. Before the waiter dies.
  bool remove(Waiter& waiter) noexcept {
    if (waiter.taken()) return true;
    unlink(waiter);
    return false;
  }

 private:
  static void sign(Waiter& waiter, std::uint32_t sequence) noexcept;
  static void destroyed_while_waited_for() noexcept;

  static constexpr std::uint32_t kLooking = 0;
  static constexpr std::uint32_t kAsleep = 1;
  static constexpr std::uint32_t kTaken = 2;

  struct Enlisted {
    Enlisted(WaitList& list_, Waiter& waiter_) noexcept : list(list_), waiter(waiter_) {
      list.add(waiter);
    }
    ~Enlisted() { list.remove(waiter); }
    WaitList& list;
    Waiter& waiter;
  };

  template <class Guard>
  struct Unlocked {
    explicit Unlocked(Guard& guard_) : guard(guard_) { guard.unlock(); }
    ~Unlocked() { guard.lock(); }
    Guard& guard;
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
