#include "weft/threading/lock_state.h"

#include <algorithm>

#include "weft/platform/backoff.h"
#include "weft/platform/bit_mutex.h"
#include "weft/platform/cpu.h"

namespace weft::threading {
namespace {

using runtime::Clock;
using runtime::Time;
using runtime::WaitList;

constexpr std::chrono::milliseconds kLongEnough{1};

// Nobody takes the lock while it is handed over, which takes as long as the other thread takes to
// wake: on a loaded machine, milliseconds. At most one part in so many of the time is spent so.
constexpr int kShare = 8;

}  // namespace

struct LockState::Applicant : WaitList::Waiter {
  Time since{};
  Time handed_over{};      // the next two are set by who chooses it
  bool is_owner = false;   // it has the lock; else it only may try to take it
  bool is_chosen = false;  // guarded by kListed: it is off the list and will be taken
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
  if (!spin_.is_due()) return false;
  const bool taken = platform::try_with_backoff([&] { return take_as(coming); });
  spin_.learn(taken);
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
      WaitList::sleep(applicant, deadline, waiting, stoppable);
    } catch (...) {
      if (take_or_withdraw(applicant)) give();
      throw;
    }
    if (!applicant.taken()) return take_or_withdraw(applicant);
    if (applicant.is_owner) {
      handed_over_to(applicant);
      return true;
    }
    if (look(kComing)) return true;
  }
}

void LockState::lock_list() noexcept { platform::lock_bit(state_, kListed); }

// What the state is to be when the list's mutex is unlocked.
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
  // The releasing thread is about to mark it taken.
  WaitList::await_release(applicant);
  if (applicant.is_owner) return true;
  lock_list();
  return take_or_leave(kComing);
}

// With the list's mutex, which it unlocks.
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
  if (!waiters_.empty()) {  // it may have left meanwhile
    const Time now = Clock::now();
    const bool hands_over = is_to_be_handed_over(now);
    next = &static_cast<Applicant&>(waiters_.unlink_first());
    next->is_chosen = true;
    next->is_owner = hands_over;
    next->handed_over = now;
  }
  // With the lock and the list nobody else changes the state. This is the last that the caller
  // touches: as soon as the waiter knows, the lock may be gone.
  std::uint32_t state = waiters_.empty() ? 0 : kWaiters;
  if (next != nullptr) state |= next->is_owner ? kHeld : kComing;
  state_.store(state, std::memory_order_release);
  if (next != nullptr) WaitList::wake(WaitList::release(*next, sequence));
}

void LockState::handed_over_to(const Applicant& applicant) noexcept {
  const Time now = Clock::now();
  const auto took = now - applicant.handed_over;
  next_handing_over_.store(now + std::max<Clock::duration>(kLongEnough, kShare * took),
                           std::memory_order_relaxed);
}

}  // namespace weft::threading
