#pragma once

#include <mutex>

#include "weft/platform/mutex.h"
#include "weft/runtime/wait_list.h"

namespace weft::queue {

/// Where threads wait for a change of what a mutex guards, first come first served. Like a
/// condition variable, but opening it for nobody costs one comparison.
class Gate {
 public:
  using Guard = std::unique_lock<platform::Mutex>;
  using Sleeper = runtime::WaitList::Sleeper;

  /// Lets go of the mutex, blocks until let through or until the deadline, takes the mutex again.
  /// Returns false if the deadline passed. The caller looks again in either case. Throws Stopped,
  /// with the mutex held.
  bool wait(Guard& guard, const runtime::Deadline& deadline, runtime::Waiting waiting) {
    return waiters_.wait_without(guard, deadline, waiting);
  }

  /// With the mutex held: lets the first waiter through. What it returns is to be woken once the
  /// mutex is free.
  /// `sequence`: of the record of what it waited for.
  Sleeper let_one_through(std::uint32_t sequence) noexcept {
    return waiters_.empty() ? nullptr : waiters_.take_first(sequence);
  }

  /// With the mutex held: lets everybody through, at once.
  void let_all_through(std::uint32_t sequence) noexcept {
    while (!waiters_.empty()) runtime::WaitList::wake(waiters_.take_first(sequence));
  }

  static void wake(Sleeper sleeper) noexcept { runtime::WaitList::wake(sleeper); }

 private:
  runtime::WaitList waiters_;  // guarded by the mutex
};

}  // namespace weft::queue
