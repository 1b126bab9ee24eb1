#pragma once

#include "weft/platform/mutex.h"
#include "weft/runtime/wait_queue.h"

namespace weft::queue {

/// A FIFO condition variable for state that a mutex guards; the same mutex guards it, too. A
/// notification without waiters costs one comparison.
class ConditionQueue {
 public:
  using Sleeper = runtime::WaitQueue::Sleeper;

  /// Releases the mutex, blocks until notified or until the deadline, reacquires the mutex. Returns
  /// false if the deadline passed. The caller re-checks its predicate in either case. Throws
  /// Stopped, with the mutex held.
  bool wait(platform::Mutex& mutex, const runtime::Deadline& deadline, runtime::Waiting waiting)
      WEFT_REQUIRES(mutex) {
    return waiters_.wait_without(mutex, deadline, waiting);
  }

  /// Notify one: dequeues the first waiter. Requires the mutex; the caller wakes the result after
  /// releasing it. `sequence`: of the trace record of the change waited for.
  Sleeper notify_one(std::uint32_t sequence) noexcept {
    return waiters_.empty() ? nullptr : waiters_.release_first(sequence);
  }

  /// Notify all: dequeues and wakes all waiters. Requires the mutex.
  void notify_all(std::uint32_t sequence) noexcept {
    while (!waiters_.empty()) runtime::WaitQueue::wake(waiters_.release_first(sequence));
  }

  static void wake(Sleeper sleeper) noexcept { runtime::WaitQueue::wake(sleeper); }

 private:
  runtime::WaitQueue waiters_;
};

}  // namespace weft::queue
