#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "weft/platform/mutex.h"
#include "weft/platform/watched_mutex.h"
#include "weft/queue/internal/end_wait_queue.h"
#include "weft/queue/internal/slot_flags.h"
#include "weft/runtime/park.h"
#include "weft/runtime/time.h"

namespace weft::queue {

/// One end of a queue, back (put) or front (get): its lock, the number of operations done there,
/// and the threads that wait to do one. With a lock per end, producers and consumers run
/// concurrently, as in the two-lock queue of Michael and Scott (1996). Each operation advances its
/// end by one.
///
/// An end may advance while it has capacity credit: the count of `other` plus `initial_credit`
/// minus its own count, that is free slots at the back, items at the front. In a small bounded
/// queue the credit is read from per-slot flags (SlotFlags). Otherwise an end caches the limit of
/// its count (`credit_limit_`) and reloads the other end's count only once the cached credit is
/// used up, as that costs a cache-line transfer (cached indices, as in rigtorp's SPSCQueue).
///
/// Fairness: an arriving thread that finds credit barges ahead of waiters, as strict FIFO order
/// would cost a context switch per item. Starvation is bounded: a waiter that is woken, finds no
/// credit and has waited for 1 ms claims the next operation for itself (`claimed_by_`).
class QueueEnd {
 public:
  /// `initial_credit`: how far this end may be ahead of `other`, that is the capacity at the back
  /// and 0 at the front. `mutex` guards the wait queues of both ends.
  QueueEnd(QueueEnd& other, std::size_t initial_credit, const SlotFlags& flags,
           platform::Mutex& mutex) noexcept
      : initial_credit_(initial_credit),
        credit_limit_(initial_credit),
        other_(other),
        flags_(flags),
        mutex_(mutex),
        wait_queue_(other.lock_) {}
  QueueEnd(const QueueEnd&) = delete;
  QueueEnd& operator=(const QueueEnd&) = delete;

  /// Number of operations done at this end.
  std::size_t count() const noexcept { return count_.load(std::memory_order_acquire); }
  /// The capacity credit: number of operations possible now. May be stale on return.
  std::size_t credit() const noexcept { return other_.count() + initial_credit_ - count(); }

  /// Scoped lock of the end. Its release wakes one waiter of the other end, if there is credit for
  /// it; and, if this guard was itself woken, the next waiter of this end (chained wake-up).
  class WEFT_SCOPED_CAPABILITY Guard {
   public:
    explicit Guard(QueueEnd& end) noexcept WEFT_ACQUIRE(end.lock_) : end_(end) {
      end_.lock_.lock();
    }
    ~Guard() WEFT_RELEASE() {
      if (has_spun_ || !end_.lock_.try_unlock_fast()) [[unlikely]]
        finish();
    }
    Guard(const Guard&) = delete;
    Guard& operator=(const Guard&) = delete;

    /// True if there is credit that no other guard has claimed.
    bool has_credit() noexcept {
      holds_end();
      if (end_.flags_) return end_.next_slot_is_ready() && !end_.is_claimed_by_other(this);
      const std::size_t mine = end_.count_.load(std::memory_order_relaxed);
      return mine != end_.credit_limit_ || has_credit_now(mine);
    }

    /// Advances the end by one, with release semantics: the operation happens before the one at the
    /// other end that uses the credit. `sequence`: of the operation's trace record.
    void advance(std::uint32_t sequence) noexcept {
      if (sequence != 0) [[unlikely]]
        sequence_ = sequence;
      const std::size_t mine = end_.count_.load(std::memory_order_relaxed);
      end_.count_.store(mine + 1, std::memory_order_release);
      // In this order: a consumer that sees the slot filled also sees it counted, so that its
      // task_done() does not find the count too low.
      if (end_.flags_) end_.set_next_flag();
    }

    /// Uses up all credit. Requires that the caller holds the other end as well.
    void advance_all() noexcept;

    /// Releases the end, spins for credit (first call) or parks until woken or until the deadline
    /// (later calls), and reacquires the end. Returns false if the deadline passed. The caller
    /// re-checks has_credit() in either case. Throws Stopped, with the end held.
    bool wait(const runtime::Deadline& deadline, const runtime::Waiting& waiting);

   private:
    struct Registration;
    struct Unlocked;

    // A guard exists only while it holds the end; its users need not repeat that.
    void holds_end() const noexcept WEFT_ASSERT_CAPABILITY(end_.lock_) {}

    bool has_credit_now(std::size_t mine) noexcept WEFT_REQUIRES(end_.lock_);
    void spin() noexcept;
    void claim_if_starved() noexcept WEFT_REQUIRES(end_.lock_);
    void unlock_and_wake() noexcept;
    void finish() noexcept;

    QueueEnd& end_;
    bool has_spun_ = false;       // its release takes the slow path
    bool was_woken_ = false;      // it enqueues at the head if it has to wait again
    bool owes_wake_up_ = false;   // it was woken and has to wake the next waiter of this end
    std::uint32_t sequence_ = 0;  // of its operation's record
    runtime::Time since_{};       // when it began to park
  };

  /// Requires the mutex.
  bool has_waiters() const noexcept { return !wait_queue_.empty(); }

  /// Wakes all waiters of this end and cancels a claim, for a shutdown. Requires both ends and the
  /// mutex.
  void notify_all(std::uint32_t sequence) noexcept WEFT_REQUIRES(lock_);

 private:
  bool is_claimed_by_other(const Guard* guard) const noexcept WEFT_REQUIRES(lock_) {
    return claimed_by_ != nullptr && claimed_by_ != guard;
  }

  // With flags: whether this end's next slot is filled (front) or free (back).
  bool next_slot_is_ready() const noexcept {
    const std::uint32_t wanted = initial_credit_ == 0 ? SlotFlags::kFilled : SlotFlags::kFree;
    return flags_[slot_.load(std::memory_order_relaxed)].load(std::memory_order_acquire) == wanted;
  }
  void set_next_flag() noexcept {
    const std::uint32_t slot = slot_.load(std::memory_order_relaxed);
    flags_[slot].store(initial_credit_ == 0 ? SlotFlags::kFree : SlotFlags::kFilled,
                       std::memory_order_release);
    slot_.store(flags_.after(slot), std::memory_order_relaxed);
  }

  void drop_claim() noexcept WEFT_REQUIRES(lock_) {
    claimed_by_ = nullptr;
    credit_limit_ = other_.count() + initial_credit_;
  }

  static constexpr std::size_t kCacheLine = 64;

  // The fields that each operation uses share one cache line.
  alignas(kCacheLine) platform::WatchedMutex lock_;
  std::atomic<std::uint32_t> slot_{0};  // with flags: index of the next slot; written under lock_
  std::atomic<std::size_t> count_{0};
  const std::size_t initial_credit_;
  // Without flags: cached, possibly stale value of other_'s count plus initial_credit_. There is
  // credit while count_ has not reached it. Not refreshed during a claim, so that every other guard
  // takes the slow path.
  std::size_t credit_limit_ WEFT_GUARDED_BY(lock_);
  QueueEnd& other_;
  // The guard that has claimed the next operation.
  const Guard* claimed_by_ WEFT_GUARDED_BY(lock_) = nullptr;
  const SlotFlags flags_;
  alignas(kCacheLine) platform::Mutex& mutex_;
  EndWaitQueue wait_queue_;  // guarded by mutex_, which is one and the same of both ends
};

}  // namespace weft::queue
