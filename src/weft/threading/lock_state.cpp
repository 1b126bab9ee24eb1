#include "weft/threading/lock_state.h"

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
constexpr std::chrono::milliseconds kLongEnough{1};

// During a handoff the lock is held by a thread that does not run yet; its wake-up latency can be
// milliseconds on a loaded machine. After a handoff that took t there is none for kShare * t, so
// that handoffs cost at most about one part in kShare of the time.
constexpr int kShare = 8;

}  // namespace

struct LockState::Applicant : WaitQueue::Waiter {
  Time since{};            // when its wait began
  Time handed_over{};      // when it was dequeued; this and the next are written by the releaser
  bool is_owner = false;   // the lock was handed off to it; else it has to compete for the lock
  bool is_chosen = false;  // guarded by kListed: dequeued; the releaser is about to mark it taken
};

bool LockState::take_as(std::uint32_t coming) noexcept {
  std::uint32_t state = state_.load(std::memory_order_relaxed);
  while ((state & kHeld) == 0) {
    if (state_.compare_exchange_weak(state, (state | kHeld) & ~coming, std::memory_order_acquire,
                                     std::memory_order_relaxed)) {
      return true;
    }
  }
  return false;
}

bool LockState::look(std::uint32_t coming) noexcept {
  if (take_as(coming)) return true;
  if (!spin_.should_spin()) return false;
  const bool taken = platform::try_with_backoff([&] { return take_as(coming); });
  spin_.record_outcome(taken);
  return taken;
}

bool LockState::take(const runtime::Deadline& deadline, const runtime::Waiting& waiting,
                     runtime::Stoppable stoppable) {
  if (look(0)) return true;
  const Time since = Clock::now();
  for (std::uint32_t coming = 0;; coming = kComing) {
    Applicant applicant;
    applicant.since = since;
    if (take_or_enlist(applicant, coming)) return true;
    try {
      WaitQueue::sleep(applicant, deadline, waiting, stoppable);
    } catch (...) {
      if (take_or_withdraw(applicant)) give();
      throw;
    }
    if (!applicant.released()) return take_or_withdraw(applicant);
    if (applicant.is_owner) {
      handed_over_to(applicant);
      return true;
    }
    if (look(kComing)) return true;
  }
}

void LockState::lock_list() noexcept { platform::lock_bit(state_, kListed); }

// The lock word after the list's lock is released: kListed cleared, kWaiters up to date.
std::uint32_t LockState::without_list(std::uint32_t state) const noexcept {
  state &= ~(kListed | kWaiters);
  return waiters_.empty() ? state : state | kWaiters;
}

bool LockState::take_or_enlist(Applicant& applicant, std::uint32_t coming) noexcept {
  lock_list();
  std::uint32_t state = state_.load(std::memory_order_relaxed);
  for (;;) {
    if ((state & kHeld) == 0) {
      if (state_.compare_exchange_weak(state, (without_list(state) | kHeld) & ~coming,
                                       std::memory_order_acq_rel, std::memory_order_relaxed)) {
        return true;
      }
      continue;
    }
    if (coming != 0) {
      waiters_.add_first(applicant);
    } else {
      waiters_.add(applicant);
    }
    if (state_.compare_exchange_strong(state, without_list(state) & ~coming,
                                       std::memory_order_release, std::memory_order_relaxed)) {
      return false;
    }
    waiters_.remove(applicant);
  }
}

bool LockState::take_or_withdraw(Applicant& applicant) noexcept {
  lock_list();
  if (!applicant.is_chosen) {
    waiters_.remove(applicant);
    return take_or_leave(0);
  }
  state_.fetch_and(~kListed, std::memory_order_release);
  // Dequeued concurrently: the releaser is about to mark the waiter taken, and accesses it until
  // then.
  WaitQueue::await_release(applicant);
  if (applicant.is_owner) return true;
  lock_list();
  return take_or_leave(kComing);
}

// Requires the list's lock and releases it. Acquires the lock if it is free; the caller then owns
// it.
bool LockState::take_or_leave(std::uint32_t coming) noexcept {
  std::uint32_t state = state_.load(std::memory_order_relaxed);
  while (!state_.compare_exchange_weak(state, (without_list(state) | kHeld) & ~coming,
                                       std::memory_order_acq_rel, std::memory_order_relaxed)) {
  }
  return (state & kHeld) == 0;
}

bool LockState::is_to_be_handed_over(Time now) noexcept {
  const auto& first = static_cast<const Applicant&>(waiters_.first());
  return now - first.since >= kLongEnough && now >= next_handing_over_.load(std::memory_order_relaxed);
}

void LockState::give_to_who_waits(std::uint32_t sequence) noexcept {
  for (;;) {
    std::uint32_t state = state_.load(std::memory_order_relaxed);
    if (must_wake(state)) break;
    if (state_.compare_exchange_weak(state, state & ~kHeld, std::memory_order_release,
                                     std::memory_order_relaxed)) {
      return;
    }
  }
  lock_list();
  Applicant* next = nullptr;
  if (!waiters_.empty()) {  // the last waiter may have timed out in the meantime
    const Time now = Clock::now();
    const bool hands_over = is_to_be_handed_over(now);
    next = &static_cast<Applicant&>(waiters_.unlink_first());
    next->is_chosen = true;
    next->is_owner = hands_over;
    next->handed_over = now;
  }
  // A plain store suffices: no other thread changes the word while kHeld and kListed are both set.
  // It is the last access to *this: after it another thread may acquire, release and destroy the
  // lock.
  std::uint32_t state = waiters_.empty() ? 0 : kWaiters;
  if (next != nullptr) state |= next->is_owner ? kHeld : kComing;
  state_.store(state, std::memory_order_release);
  if (next != nullptr) WaitQueue::wake(WaitQueue::release(*next, sequence));
}

void LockState::handed_over_to(const Applicant& applicant) noexcept {
  const Time now = Clock::now();
  const auto took = now - applicant.handed_over;
  next_handing_over_.store(now + std::max<Clock::duration>(kLongEnough, kShare * took),
                           std::memory_order_relaxed);
}

}  // namespace weft::threading
