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

/// One side of a queue, where items are put or got: how often that was done, and who waits to do it.
/// The two sides work at the same time. In a queue of few places they tell each other at the marks of
/// these what was done; else each remembers how far the other one was when it last looked, so that it
/// looks seldom, as that line of memory has to come from another processor.
///
/// Whoever finds that the side can be passed passes it, even if others wait: if it were always their
/// turn, each item would cost a change of threads. But nobody waits for ever: one that finds nothing
/// when it is woken, and has waited for longer than a millisecond, claims what comes next for itself.
class Side {
 public:
  /// Can be passed `lead` times more often than `other`: 0 is for the side where items are got. `mutex`
  /// guards the waiters of both sides.
  Side(Side& other, std::size_t lead, const Marks& marks, platform::Mutex& mutex) noexcept
      : lead_(lead), seen_(lead), other_(other), marks_(marks), mutex_(mutex), doorway_(other.end_) {}
  Side(const Side&) = delete;
  Side& operator=(const Side&) = delete;

  /// How often it was passed so far.
  std::size_t passed() const noexcept { return passed_.load(std::memory_order_acquire); }
  /// How much more often it can be passed; a hint.
  std::size_t amount() const noexcept { return other_.passed() + lead_ - passed(); }

  /// Has the side for itself. Whoever leaves lets one thread of the other side go on that waits for
  /// what was done; and the next one of its own side, if it has waited itself.
  class Visit {
   public:
    explicit Visit(Side& side) noexcept : side_(side) { side_.end_.lock(); }
    ~Visit() {
      if (has_looked_ || !side_.end_.unlock_unnoticed()) [[unlikely]] leave_for_good();
    }
    Visit(const Visit&) = delete;
    Visit& operator=(const Visit&) = delete;

    /// True if the side can be passed.
    bool can_pass() noexcept {
      if (side_.marks_) return side_.next_can_be_passed() && !side_.is_claimed_by_other(this);
      const std::size_t mine = side_.passed_.load(std::memory_order_relaxed);
      return mine != side_.seen_ || can_pass_now(mine);
    }

    /// Passes it: what was done before happens before what follows at the other side. `sequence`: of the
    /// record of that.
    void pass(std::uint32_t sequence) noexcept {
      if (sequence != 0) [[unlikely]] passed_by_ = sequence;
      const std::size_t mine = side_.passed_.load(std::memory_order_relaxed);
      side_.passed_.store(mine + 1, std::memory_order_release);
      // Afterwards: whoever goes by the mark finds it counted, as task_done() has to.
      if (side_.marks_) side_.mark_next();
    }

    /// Passes it as often as it can be passed, while nobody is at the other side.
    void pass_all() noexcept;

    /// Leaves, looks for a while whether the side can be passed, later blocks until let through or
    /// until the deadline, and comes back. Returns false if the deadline passed. The caller looks
    /// again in either case. Throws Stopped, when back.
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
    bool has_looked_ = false;
    bool has_had_turn_ = false;  // it was let through, and found nothing
    bool let_through_ = false;   // and lets the next one follow
    std::uint32_t passed_by_ = 0;  // the record
    runtime::Time since_{};      // has waited
  };

  /// With the mutex held.
  bool has_waiters() const noexcept { return !doorway_.empty(); }

  /// With both sides and the mutex held: lets everybody through who waits, as it is for the last time.
  void let_all_through(std::uint32_t sequence) noexcept;

 private:
  bool is_claimed_by_other(const Visit* visit) const noexcept {
    return claimed_by_ != nullptr && claimed_by_ != visit;
  }

  // With marks: about the place that is the next one of this side.
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

  // What is used each time lies in one line of memory.
  alignas(kCacheLine) platform::WatchedMutex end_;
  std::atomic<std::uint32_t> place_{0};  // which one is next; changes with end_ held
  std::atomic<std::size_t> passed_{0};
  const std::size_t lead_;
  std::size_t seen_;  // how often it can be passed at least; guarded by end_, as is the next but one
  Side& other_;
  const Visit* claimed_by_ = nullptr;
  const Marks marks_;
  alignas(kCacheLine) platform::Mutex& mutex_;
  Doorway doorway_;
};

}  // namespace weft::queue
