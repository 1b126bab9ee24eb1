#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "weft/runtime/park.h"
#include "weft/runtime/spin.h"
#include "weft/runtime/time.h"
#include "weft/runtime/wait_list.h"

namespace weft::threading {

/// What Lock and RLock have in common: one thread at a time has it.
///
/// Whoever comes while it is free takes it, even if others wait, as a lock that always went to the
/// one who waits longest would cost a change of threads each time. But nobody waits for ever: one
/// thread at a time is woken when it becomes free, and one that has waited for longer than a
/// millisecond has it handed over.
class LockState {
 public:
  bool is_held() const noexcept { return (state_.load(std::memory_order_relaxed) & kHeld) != 0; }

  bool take_if_free() noexcept {
    std::uint32_t state = state_.load(std::memory_order_relaxed);
    while ((state & kHeld) == 0) {
      if (state_.compare_exchange_weak(state, state | kHeld, std::memory_order_acquire,
                                       std::memory_order_relaxed)) {
        return true;
      }
    }
    return false;
  }

  /// Blocks until the caller has it; returns false if the deadline passed. Throws Stopped.
  bool take(const runtime::Deadline& deadline, const runtime::Waiting& waiting,
            runtime::Stoppable stoppable);

  /// It must be held. Another thread may take it at once, give it back and destroy it. `sequence`: of the
  /// record of that.
  void give(std::uint32_t sequence = 0) noexcept {
    std::uint32_t state = state_.load(std::memory_order_relaxed);
    if (must_wake(state) ||
        !state_.compare_exchange_strong(state, state & ~kHeld, std::memory_order_release,
                                        std::memory_order_relaxed)) [[unlikely]] {
      give_to_who_waits(sequence);
    }
  }

 private:
  struct Applicant;

  static constexpr std::uint32_t kHeld = 1;
  static constexpr std::uint32_t kComing = 2;   // one was woken and has not looked yet
  static constexpr std::uint32_t kWaiters = 4;  // there is one on the list
  static constexpr std::uint32_t kListed = 8;   // the list's mutex

  static bool must_wake(std::uint32_t state) noexcept {
    return (state & (kWaiters | kComing)) == kWaiters;
  }

  bool take_as(std::uint32_t coming) noexcept;
  bool look(std::uint32_t coming) noexcept;
  void lock_list() noexcept;
  std::uint32_t without_list(std::uint32_t state) const noexcept;
  bool take_or_enlist(Applicant& applicant, std::uint32_t coming) noexcept;
  bool take_or_withdraw(Applicant& applicant) noexcept;
  bool take_or_leave(std::uint32_t coming) noexcept;
  void give_to_who_waits(std::uint32_t sequence) noexcept;
  bool is_to_be_handed_over(runtime::Time now) noexcept;
  void handed_over_to(const Applicant& applicant) noexcept;

  std::atomic<std::uint32_t> state_{0};
  runtime::Spin spin_;
  runtime::WaitList waiters_;          // guarded by kListed
  // The owner's; there may be two for a moment when a thread releases the lock of another one.
  std::atomic<runtime::Time> next_handing_over_{runtime::Time()};
};

}  // namespace weft::threading
