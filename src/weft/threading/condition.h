#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "weft/platform/mutex.h"
#include "weft/runtime/wait_list.h"
#include "weft/threading/lock.h"
#include "weft/threading/rlock.h"

namespace weft::threading {

/// Lets threads that hold a lock wait until another thread tells them that something changed.
/// Waiters are woken in the order in which they came.
/// Python: https://docs.python.org/3/library/threading.html#condition-objects
///
/// | the lock is             | wait                             | notify       |
/// | ----------------------- | -------------------------------- | ------------ |
/// | held by the caller      | releases it, blocks, takes it    | wakes        |
/// | not held by the caller  | RuntimeError                     | RuntimeError |
///
/// (A Lock does not know its owner, as in Python: there it only must be held by some thread. A
/// notification by a thread that does not hold it wakes a waiter, too, but may come just before a
/// waiter that is about to wait: then it is lost.)
/// Destroying a condition that is waited for ends the program with a message.
///
/// Example:
///     const Guard guard(condition);
///     condition.wait_for([&] { return !items.empty(); });
class Condition {
 public:
  /// Owns its lock, an RLock.
  Condition();
  /// As before; views show the condition under `name`.
  explicit Condition(std::string name);
  /// Uses `lock`, which must outlive the condition.
  explicit Condition(Lock& lock) noexcept : lock_(&lock) {}
  explicit Condition(RLock& lock) noexcept : lock_(&lock) {}
  Condition(Lock& lock, std::string name) : lock_(&lock) { object_.set_name(std::move(name)); }
  Condition(RLock& lock, std::string name) : lock_(&lock) { object_.set_name(std::move(name)); }
  Condition(const Condition&) = delete;
  Condition& operator=(const Condition&) = delete;

  /// As the lock's.
  bool acquire(bool blocking = true, runtime::Timeout timeout = std::nullopt,
               runtime::Where where = runtime::Where::current());
  void release();

  // The names that std::lock_guard and std::unique_lock call.
  void lock() { acquire(true, std::nullopt, runtime::Where()); }
  bool try_lock() { return acquire(false); }
  void unlock() { release(); }

  /// Releases the lock, however often the caller holds it, blocks until notified or until `timeout`
  /// has passed (a negative one only looks), takes the lock again as often. Returns false if the
  /// time ran out. Throws RuntimeError if the lock is not held.
  bool wait(runtime::Timeout timeout = std::nullopt,
            runtime::Where where = runtime::Where::current());

  /// Waits until `predicate()` holds; returns its last value, which is false only if the time ran
  /// out.
  template <class Predicate>
  bool wait_for(Predicate predicate, runtime::Timeout timeout = std::nullopt,
                runtime::Where where = runtime::Where::current()) {
    const runtime::Deadline deadline = runtime::deadline_after(timeout);
    while (!predicate()) {
      if (!wait_until(deadline, where)) return predicate();
    }
    return true;
  }

  /// Wakes the `n` threads that have waited longest; a notification without a waiter is lost.
  /// Throws RuntimeError if the lock is not held.
  void notify(std::uint32_t n = 1, runtime::Where where = runtime::Where::current());
  void notify_all(runtime::Where where = runtime::Where::current());

  runtime::Object& object() noexcept { return object_; }

 private:
  bool is_held() const;
  bool wait_until(runtime::Deadline deadline, runtime::Where where);

  void enlist(runtime::WaitList::Waiter& waiter) noexcept;
  bool withdraw(runtime::WaitList::Waiter& waiter) noexcept;  // true if it was notified
  void wake(std::uint32_t n, const runtime::Where& where) noexcept;

  std::unique_ptr<RLock> own_lock_;
  const std::variant<Lock*, RLock*> lock_;
  platform::Mutex mutex_;
  runtime::WaitList waiters_;             // guarded by mutex_: a notifier need not own a plain Lock
  std::atomic<bool> has_waiters_{false};  // changes under mutex_
  runtime::Object object_{trace::ObjectType::condition};
};

}  // namespace weft::threading
