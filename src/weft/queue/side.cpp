#include "weft/queue/side.h"

#include <chrono>
#include <mutex>

namespace weft::queue {
namespace {

// Time parked after which a waiter may claim the next operation.
constexpr std::chrono::milliseconds kLong{1};

}  // namespace

/// Scoped registration in the wait list.
struct Side::Visit::Waits {
  explicit Waits(Visit& visit_) noexcept : visit(visit_) {
    // Not ahead of the visit that has a claim: the two would wake each other alternately.
    const bool first = visit.has_had_turn_ && !visit.side_.is_claimed_by_other(&visit);
    const std::lock_guard guard(visit.side_.mutex_);
    visit.side_.doorway_.add(waiter, first);
  }
  ~Waits() {
    const std::lock_guard guard(visit.side_.mutex_);
    if (visit.side_.doorway_.remove(waiter)) visit.let_through_ = visit.has_had_turn_ = true;
  }
  Waits(const Waits&) = delete;
  Waits& operator=(const Waits&) = delete;

  Visit& visit;
  Doorway::Waiter waiter;
};

/// Scoped release of the end: the reverse of a lock guard.
struct Side::Visit::Away {
  explicit Away(Visit& visit_) noexcept : visit(visit_) {
    if (visit.let_through_ || !visit.side_.end_.try_unlock_fast()) visit.leave();
  }
  ~Away() { visit.side_.end_.lock(); }
  Away(const Away&) = delete;
  Away& operator=(const Away&) = delete;

  Visit& visit;
};

bool Side::Visit::can_pass_now(std::size_t mine) noexcept {
  if (side_.is_claimed_by_other(this)) return false;
  const std::size_t often = side_.other_.passed() + side_.lead_;
  if (side_.claimed_by_ == nullptr) side_.seen_ = often;
  return mine != often;
}

void Side::Visit::pass_all() noexcept {
  side_.seen_ = side_.other_.passed() + side_.lead_;
  side_.passed_.store(side_.seen_, std::memory_order_release);
  if (side_.marks_) {
    while (side_.next_can_be_passed()) side_.mark_next();
  }
}

void Side::Visit::look() noexcept {
  has_looked_ = true;
  const Away away(*this);
  if (side_.marks_) {
    side_.doorway_.look([this] { return side_.next_can_be_passed(); });
  } else {
    side_.doorway_.look_for_many([this] { return side_.amount(); },
                                 side_.lead_ + side_.other_.lead_);
  }
}

bool Side::Visit::wait(const runtime::Deadline& deadline, const runtime::Waiting& waiting) {
  if (!has_looked_ || side_.claimed_by_ == this) {
    const bool is_first_time = !has_looked_;
    look();
    // If its claim is gone, a shutdown cancelled it: the caller has to re-check.
    if (is_first_time || side_.claimed_by_ != this || can_pass()) return true;
  }
  if (since_ == runtime::Time()) since_ = runtime::Clock::now();
  bool let_through = false;
  {
    Waits waits(*this);
    // Re-check after registering, to avoid a lost wake-up: an operation at the other end either is
    // visible here, or its unlock finds the watched bit and wakes the waiter.
    if (can_pass()) return true;
    {
      const Away away(*this);
      runtime::WaitQueue::sleep(waits.waiter, deadline, waiting);
    }
    let_through = waits.waiter.released();
  }
  if (let_through && !can_pass()) claim_after_long();
  return let_through;
}

void Side::Visit::claim_after_long() noexcept {
  if (side_.claimed_by_ != nullptr || runtime::Clock::now() - since_ < kLong) return;
  side_.claimed_by_ = this;
}

void Side::Visit::leave_for_good() noexcept {
  if (side_.claimed_by_ == this) {
    side_.drop_claim();
    let_through_ = true;
  }
  leave();
}

void Side::let_all_through(std::uint32_t sequence) noexcept {
  drop_claim();
  doorway_.let_all_through(sequence);
}

void Side::Visit::leave() noexcept {
  Doorway::Sleeper here = nullptr;
  Doorway::Sleeper there = nullptr;
  if (let_through_) {
    let_through_ = false;
    const std::lock_guard guard(side_.mutex_);
    here = side_.doorway_.let_one_through(side_.amount(), 0);
  }
  Side& other = side_.other_;
  if (!side_.end_.unlock_unless_watched()) {
    {
      const std::lock_guard guard(side_.mutex_);
      there = other.doorway_.let_one_through(other.amount(), passed_by_);
    }
    side_.end_.unlock_even_if_watched();
  }
  runtime::WaitQueue::wake(there);
  runtime::WaitQueue::wake(here);
}

}  // namespace weft::queue
