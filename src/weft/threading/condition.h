#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>

#include "weft/platform/mutex.h"
#include "weft/runtime/wait_queue.h"
#include "weft/threading/lock.h"
#include "weft/threading/rlock.h"

namespace weft::threading {

/// A condition variable, together with its lock. Waiters are notified in FIFO order; there are no
/// spurious wake-ups.
/// Python: https://docs.python.org/3/library/threading.html#condition-objects
///
/// | the lock is             | wait                             | notify       |
/// | ----------------------- | -------------------------------- | ------------ |
/// | held by the caller      | releases, blocks, reacquires     | wakes        |
/// | not held by the caller  | RuntimeError                     | RuntimeError |
///
/// (A Lock does not record its owner, as in Python: over a Lock it is enough that some thread holds
/// it. A notifier that does not own the Lock itself wakes a waiter all the same, but risks a lost
/// wake-up: its notification may precede a wait that is just about to begin.)
/// Destroying a condition on which a thread waits aborts the program with a message.
///
/// Example:
///     Condition condition;
///     std::vector<int> items;
///     Thread producer([&] {
///       const Guard guard(condition);
///       items.push_back(1);
///       condition.notify();
///     });
///     producer.start();
///     const Guard guard(condition);
///     condition.wait_for([&] { return !items.empty(); });
class Condition {
 public:
  using Options = ObjectOptions;

  /// A condition that owns its lock, an RLock, which is recorded if the condition is.
  explicit Condition(Options options = {});
  explicit Condition(Name auto name) : Condition(Options{.name = std::move(name)}) {}
  /// A condition that uses `lock`, which must outlive it.
  explicit Condition(Lock& lock, Options options = {})
      : lock_(&lock), object_(trace::ObjectType::condition, std::move(options)) {}
  explicit Condition(RLock& lock, Options options = {})
      : lock_(&lock), object_(trace::ObjectType::condition, std::move(options)) {}
  Condition(Lock& lock, Name auto name) : Condition(lock, Options{.name = std::move(name)}) {}
  Condition(RLock& lock, Name auto name) : Condition(lock, Options{.name = std::move(name)}) {}
  Condition(const Condition&) = delete;
  Condition& operator=(const Condition&) = delete;

  /// Forwards to the lock's acquire() and release().
  bool acquire(bool blocking = true, runtime::Timeout timeout = std::nullopt,
               runtime::Where where = runtime::Where::current());
  void release();

  // BasicLockable and Lockable, for std::lock_guard and std::unique_lock.
  void lock() { acquire(true, std::nullopt, runtime::Where()); }
  bool try_lock() { return acquire(false); }
  void unlock() { release(); }

  /// Releases the lock, at whatever recursion depth the caller holds it, blocks until notified or
  /// until `timeout` has expired (a negative one counts as 0), and reacquires the lock to the same
  /// depth. Returns true if notified, false on timeout. Throws RuntimeError if the lock is not
  /// held, and Stopped, with the lock held, if the run is stopped.
  bool wait(runtime::Timeout timeout = std::nullopt,
            runtime::Where where = runtime::Where::current());

  /// Blocks until `predicate()` returns true, as `while (!predicate()) wait();` does. Returns its
  /// last value, which is false only if `timeout` expired.
  template <class Predicate>
  bool wait_for(Predicate predicate, runtime::Timeout timeout = std::nullopt,
                runtime::Where where = runtime::Where::current()) {
    const runtime::Deadline deadline = runtime::deadline_after(timeout);
    while (!predicate()) {
      if (!wait_until(deadline, where)) return predicate();
    }
    return true;
  }

  /// Notifies the `n` longest waiting threads, or all of them; not remembered if none waits. Does
  /// not release the lock. Throws RuntimeError if the lock is not held.
  void notify(std::uint32_t n = 1, runtime::Where where = runtime::Where::current());
  void notify_all(runtime::Where where = runtime::Where::current());

  runtime::Object& object() noexcept { return object_; }

 private:
  bool is_held() const;
  // Not analysed, as WaitQueue::wait() is called without mutex_.
  bool wait_until(runtime::Deadline deadline, runtime::Where where) WEFT_NO_THREAD_SAFETY_ANALYSIS;

  void enqueue(runtime::WaitQueue::Waiter& waiter) noexcept;
  bool dequeue(runtime::WaitQueue::Waiter& waiter) noexcept;  // true if the waiter was notified
  void wake(std::uint32_t n, const runtime::Where& where) noexcept;

  std::unique_ptr<RLock> own_lock_;
  const std::variant<Lock*, RLock*> lock_;
  platform::Mutex mutex_;
  runtime::WaitQueue waiters_ WEFT_GUARDED_BY(mutex_);  // not by lock_: a notifier need not own it
  std::atomic<bool> has_waiters_{false};                // written under mutex_
  runtime::Object object_{trace::ObjectType::condition};
};

}  // namespace weft::threading
