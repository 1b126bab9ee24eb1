#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "weft/platform/mutex.h"
#include "weft/platform/watched_mutex.h"
#include "weft/queue/doorway.h"
#include "weft/queue/marks.h"
#include "weft/runtime/park.h"
#include "weft/runtime/time.h"

namespace weft::queue {

/// One end of a queue, back (put) or front (get): its lock, the number of operations done there,
/// and the threads that wait to do one. With a lock per end, producers and consumers run
/// concurrently, as in the two-lock queue of Michael and Scott (1996). To "pass" the end is to do
/// one operation there: the end advances by one.
///
/// Each end may advance while it has capacity credit: `other`'s count plus `lead` minus its own
/// count, that is free slots at the back, items at the front. In a small bounded queue the credit
/// is read from per-slot flags (Marks); otherwise an end caches the limit (`seen_`) and reloads the
/// other end's count only when the cached credit is used up, as that costs a cache-line transfer
/// (cached indices, as in rigtorp's SPSCQueue).
///
/// Fairness: an arriving thread that finds credit barges ahead of waiters, as strict FIFO order
/// would cost a context switch per item. Starvation is bounded: a waiter that is woken, finds no
/// credit and has waited for 1 ms claims the next operation for itself (`claimed_by_`).
class Side {
 public:
  /// `lead`: how far this end may be ahead of `other`, which is the capacity at the back and 0 at
  /// the front. `mutex` guards the wait lists of both ends.
  Side(Side& other, std::size_t lead, const Marks& marks, platform::Mutex& mutex) noexcept
      : lead_(lead), seen_(lead), other_(other), marks_(marks), mutex_(mutex), doorway_(other.end_) {}
  Side(const Side&) = delete;
  Side& operator=(const Side&) = delete;

  /// Number of operations done at this end.
  std::size_t passed() const noexcept { return passed_.load(std::memory_order_acquire); }
  /// The capacity credit: number of operations possible now. May be stale on return.
  std::size_t amount() const noexcept { return other_.passed() + lead_ - passed(); }

  /// Scoped lock of the end. Its release wakes one waiter of the other end, if there is credit for
  /// it; and, if this visit was itself woken, the next waiter of this end (chained wake-up).
  class Visit {
   public:
    explicit Visit(Side& side) noexcept : side_(side) { side_.end_.lock(); }
    ~Visit() {
      if (has_looked_ || !side_.end_.try_unlock_fast()) [[unlikely]] leave_for_good();
    }
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;

    /// True if there is credit that no other visit has claimed.
    bool can_pass() noexcept {
      if (side_.marks_) return side_.next_can_be_passed() && !side_.is_claimed_by_other(this);
      const std::size_t mine = side_.passed_.load(std::memory_order_relaxed);
      return mine != side_.seen_ || can_pass_now(mine);
    }

    /// Advances the end by one, with release semantics: the operation happens before the one at the
    /// other end that uses the credit. `sequence`: of the operation's trace record.
    void pass(std::uint32_t sequence) noexcept {
      if (sequence != 0) [[unlikely]] passed_by_ = sequence;
      const std::size_t mine = side_.passed_.load(std::memory_order_relaxed);
      side_.passed_.store(mine + 1, std::memory_order_release);
      // In this order: a consumer that sees the slot filled also sees it counted, so that its
      // task_done() does not find the count too low.
      if (side_.marks_) side_.mark_next();
    }

    /// Uses up all credit. Requires that the caller holds the other end as well.
    void pass_all() noexcept;

    /// Releases the end, spins for credit (first call) or parks until woken or until the deadline
    /// (later calls), and reacquires the end. Returns false if the deadline passed. The caller
    /// re-checks can_pass() in either case. Throws Stopped, with the end held.
    bool wait(const runtime::Deadline& deadline, const runtime::Waiting& waiting);

   private:
    struct Waits;
    struct Away;

    bool can_pass_now(std::size_t mine) noexcept;
    void look() noexcept;
    void claim_after_long() noexcept;
    void leave() noexcept;
    void leave_for_good() noexcept;

    Side& side_;
    bool has_looked_ = false;    // has spun: its release takes the slow path
    bool has_had_turn_ = false;  // was woken before: queues at the head if it has to wait again
    bool let_through_ = false;   // was woken, and has to wake the next waiter of this end
    std::uint32_t passed_by_ = 0;  // sequence number of its operation's record
    runtime::Time since_{};      // when it began to park
  };

  /// Requires the mutex.
  bool has_waiters() const noexcept { return !doorway_.empty(); }

  /// Wakes all waiters of this end and cancels a claim, for a shutdown. Requires both ends and the
  /// mutex.
  void let_all_through(std::uint32_t sequence) noexcept;

 private:
  bool is_claimed_by_other(const Visit* visit) const noexcept {
    return claimed_by_ != nullptr && claimed_by_ != visit;
  }

  // With marks: whether this end's next slot is filled (front) or free (back).
  bool next_can_be_passed() const noexcept {
    const std::uint32_t wanted = lead_ == 0 ? Marks::kFilled : Marks::kFree;
    return marks_[place_.load(std::memory_order_relaxed)].load(std::memory_order_acquire) == wanted;
  }
  void mark_next() noexcept {
    const std::uint32_t place = place_.load(std::memory_order_relaxed);
    marks_[place].store(lead_ == 0 ? Marks::kFree : Marks::kFilled, std::memory_order_release);
    place_.store(marks_.after(place), std::memory_order_relaxed);
  }

  void drop_claim() noexcept {
    claimed_by_ = nullptr;
    seen_ = other_.passed() + lead_;
  }

  static constexpr std::size_t kCacheLine = 64;

  // The fields that each operation uses share one cache line.
  alignas(kCacheLine) platform::WatchedMutex end_;
  std::atomic<std::uint32_t> place_{0};  // with marks: index of the next slot; written under end_
  std::atomic<std::size_t> passed_{0};
  const std::size_t lead_;
  // Without marks: cached, possibly stale value of other_'s count plus lead_; there is credit while
  // passed_ has not reached it. Not refreshed during a claim, so that every other visit takes the
  // slow path. Guarded by end_, as is claimed_by_.
  std::size_t seen_;
  Side& other_;
  const Visit* claimed_by_ = nullptr;  // the visit that has claimed the next operation
  const Marks marks_;
  alignas(kCacheLine) platform::Mutex& mutex_;
  Doorway doorway_;
};

}  // namespace weft::queue
