#include "weft/queue/internal/queue_end.h"

#include <chrono>

namespace weft::queue {
namespace {

// Time parked after which a waiter may claim the next operation.
constexpr std::chrono::milliseconds kFairnessBound{1};

}  // namespace

/// Scoped registration in the wait queue.
struct QueueEnd::Guard::Registration {
  explicit Registration(Guard& guard_) noexcept : guard(guard_) {
    // Not ahead of the guard that has a claim: the two would wake each other alternately.
    const bool first = guard.was_woken_ && !guard.end_.is_claimed_by_other(&guard);
    const platform::LockGuard lock(guard.end_.mutex_);
    guard.end_.wait_queue_.add(waiter, first);
  }
  ~Registration() {
    const platform::LockGuard lock(guard.end_.mutex_);
    if (guard.end_.wait_queue_.remove(waiter)) guard.owes_wake_up_ = guard.was_woken_ = true;
  }
  Registration(const Registration&) = delete;
  Registration& operator=(const Registration&) = delete;

  Guard& guard;
  EndWaitQueue::Waiter waiter;
};

/// Scoped release of the end: the reverse of a lock guard.
struct QueueEnd::Guard::Unlocked {
  explicit Unlocked(Guard& guard_) noexcept : guard(guard_) {
    if (guard.owes_wake_up_ || !guard.end_.lock_.try_unlock_fast()) guard.unlock_and_wake();
  }
  ~Unlocked() { guard.end_.lock_.lock(); }
  Unlocked(const Unlocked&) = delete;
  Unlocked& operator=(const Unlocked&) = delete;

  Guard& guard;
};

bool QueueEnd::Guard::has_credit_now(std::size_t mine) noexcept {
  if (end_.is_claimed_by_other(this)) return false;
  const std::size_t limit = end_.other_.count() + end_.initial_credit_;
  if (end_.claimed_by_ == nullptr) end_.credit_limit_ = limit;
  return mine != limit;
}

void QueueEnd::Guard::advance_all() noexcept {
  holds_end();
  end_.credit_limit_ = end_.other_.count() + end_.initial_credit_;
  end_.count_.store(end_.credit_limit_, std::memory_order_release);
  if (end_.flags_) {
    while (end_.next_slot_is_ready()) end_.set_next_flag();
  }
}

void QueueEnd::Guard::spin() noexcept {
  has_spun_ = true;
  const Unlocked unlocked(*this);
  if (end_.flags_) {
    end_.wait_queue_.spin([this] { return end_.next_slot_is_ready(); });
  } else {
    end_.wait_queue_.spin_for_batch([this] { return end_.credit(); },
                                    end_.initial_credit_ + end_.other_.initial_credit_);
  }
}

bool QueueEnd::Guard::wait(const runtime::Deadline& deadline, const runtime::Waiting& waiting) {
  holds_end();
  if (!has_spun_ || end_.claimed_by_ == this) {
    const bool is_first_time = !has_spun_;
    spin();
    // If its claim is gone, a shutdown cancelled it: the caller has to re-check.
    if (is_first_time || end_.claimed_by_ != this || has_credit()) return true;
  }
  if (since_ == runtime::Time()) since_ = runtime::Clock::now();
  bool was_woken = false;
  {
    Registration registration(*this);
    // Re-check after registering, to avoid a lost wake-up: an operation at the other end either is
    // visible here, or its unlock finds the watched bit and wakes the waiter.
    if (has_credit()) return true;
    {
      const Unlocked unlocked(*this);
      runtime::WaitQueue::sleep(registration.waiter, deadline, waiting);
    }
    was_woken = registration.waiter.released();
  }
  if (was_woken && !has_credit()) claim_if_starved();
  return was_woken;
}

void QueueEnd::Guard::claim_if_starved() noexcept {
  if (end_.claimed_by_ != nullptr || runtime::Clock::now() - since_ < kFairnessBound) return;
  end_.claimed_by_ = this;
}

void QueueEnd::Guard::finish() noexcept {
  holds_end();
  if (end_.claimed_by_ == this) {
    end_.drop_claim();
    owes_wake_up_ = true;
  }
  unlock_and_wake();
}

void QueueEnd::notify_all(std::uint32_t sequence) noexcept {
  drop_claim();
  wait_queue_.notify_all(sequence);
}

void QueueEnd::Guard::unlock_and_wake() noexcept {
  holds_end();
  EndWaitQueue::Sleeper here = nullptr;
  EndWaitQueue::Sleeper there = nullptr;
  if (owes_wake_up_) {
    owes_wake_up_ = false;
    const platform::LockGuard lock(end_.mutex_);
    here = end_.wait_queue_.notify_one(end_.credit(), 0);
  }
  QueueEnd& other = end_.other_;
  if (!end_.lock_.unlock_unless_watched()) {
    {
      const platform::LockGuard lock(end_.mutex_);
      there = other.wait_queue_.notify_one(other.credit(), sequence_);
    }
    end_.lock_.unlock_even_if_watched();
  }
  runtime::WaitQueue::wake(there);
  runtime::WaitQueue::wake(here);
}

}  // namespace weft::queue
