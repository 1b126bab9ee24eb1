#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "weft/runtime/wait_list.h"
#include "weft/threading/lock.h"

namespace weft::threading {

/// Lets threads that hold a lock wait until another thread tells them that something changed.
/// Waiters are woken in the order in which they came.
/// Python: https://docs.python.org/3/library/threading.html#condition-objects
///
/// Example:
///     const std::lock_guard guard(condition);
///     condition.wait_for([&] { return !items.empty(); });
class Condition {
 public:
  /// Owns its lock. (Python's owns an RLock.)
  Condition();
  /// Uses `lock`, which must outlive the condition.
  explicit Condition(Lock& lock) noexcept : lock_(lock) {}
  Condition(const Condition&) = delete;
  Condition& operator=(const Condition&) = delete;

  bool acquire(bool blocking = true, runtime::Timeout timeout = std::nullopt) {
    return lock_.acquire(blocking, timeout);
  }
  void release() { lock_.release(); }
  void lock() { lock_.lock(); }
  bool try_lock() { return lock_.try_lock(); }
  void unlock() { lock_.unlock(); }

  /// Releases the lock, blocks until notified or until `timeout` has passed, takes the lock again.
  /// Returns false if the time ran out. Throws RuntimeError if the lock is not held.
  bool wait(runtime::Timeout timeout = std::nullopt);

  /// Waits until `predicate()` holds; returns its last value, which is false only if the time ran
  /// out.
  template <class Predicate>
  bool wait_for(Predicate predicate, runtime::Timeout timeout = std::nullopt) {
    const runtime::Deadline deadline = runtime::deadline_after(timeout);
    while (!predicate()) {
      if (!wait_until(deadline)) return predicate();
    }
    return true;
  }

  /// Wakes the `n` threads that have waited longest; a notification without a waiter is lost.
  /// Throws RuntimeError if the lock is not held.
  void notify(std::uint32_t n = 1);
  void notify_all();

  runtime::Object& object() noexcept { return object_; }

 private:
  bool wait_until(runtime::Deadline deadline);

  std::unique_ptr<Lock> own_lock_;
  Lock& lock_;
  runtime::WaitList waiters_;  // guarded by lock_
  runtime::Object object_{trace::ObjectType::condition};
};

}  // namespace weft::threading
