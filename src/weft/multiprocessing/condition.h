#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <variant>

#include "weft/ipc/shared_object_view.h"
#include "weft/multiprocessing/archive.h"
#include "weft/multiprocessing/lock.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"

namespace weft::multiprocessing {

/// A condition variable between processes, together with its lock. Waiters are notified in FIFO
/// order. A value with reference semantics: copies, also those sent to another process, refer to
/// the same condition and lock. It is allocated in the shared memory at the first use or send.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.Condition
///
/// | the lock is            | wait                         | notify         |
/// | ---------------------- | ---------------------------- | -------------- |
/// | held by the caller     | releases, blocks, reacquires | wakes          |
/// | not held by the caller | AssertionError               | AssertionError |
///
/// (A Lock records only the process that owns it: over a Lock it is enough that the calling process
/// holds it.)
///
/// If a process dies while it holds the lock, every waiter acquires the lock in turn and gets
/// AbandonedError. If a process dies that was notified and had not returned from wait(), its
/// notification is passed on to the next waiter.
///
/// Example:
///     inline const Entry prepare("Condition.prepare", [](Condition condition, Value<int> ready) {
///       const threading::Guard guard(condition);
///       ready.set(1);
///       condition.notify();
///     });
///     Condition condition;
///     Value<int> ready(0);
///     Process process(prepare, condition, ready);
///     process.start();
///     const threading::Guard guard(condition);
///     condition.wait_for([&] { return ready.get() == 1; });
class Condition {
 public:
  using Options = ObjectOptions;

  /// A condition that owns its lock, an RLock, which is recorded if the condition is.
  explicit Condition(Options options = {})
      : Condition(RLock({.recorded = options.recorded}), std::move(options)) {}
  explicit Condition(Name auto name) : Condition(Options{.name = std::move(name)}) {}
  explicit Condition(const Lock& lock, Options options = {})
      : Condition(std::variant<Lock, RLock>(lock), std::move(options)) {}
  explicit Condition(const RLock& lock, Options options = {})
      : Condition(std::variant<Lock, RLock>(lock), std::move(options)) {}
  Condition(const Lock& lock, Name auto name) : Condition(lock, Options{.name = std::move(name)}) {}
  Condition(const RLock& lock, Name auto name)
      : Condition(lock, Options{.name = std::move(name)}) {}

  /// Forwards to the lock's acquire() and release().
  bool acquire(bool block = true, runtime::Timeout timeout = std::nullopt,
               runtime::Where where = runtime::Where::current()) {
    return process_lock()->acquire(block, timeout, where);
  }
  void release() { process_lock()->release(); }

  // BasicLockable and Lockable, for std::lock_guard and std::unique_lock.
  void lock() { acquire(true, std::nullopt, runtime::Where()); }
  bool try_lock() { return acquire(false); }
  void unlock() { release(); }

  /// Releases the lock, at whatever recursion depth the caller holds it, blocks until notified or
  /// until `timeout` has expired (a negative one counts as 0), and reacquires the lock to the same
  /// depth. Returns true if notified, false on timeout. Throws AssertionError if the lock is not
  /// held, RuntimeError if 127 threads wait already (both before it is released); AbandonedError,
  /// or Stopped if the run is stopped, with the lock held.
  bool wait(runtime::Timeout timeout = std::nullopt,
            runtime::Where where = runtime::Where::current()) {
    return wait_until(runtime::deadline_after(timeout), where);
  }

  /// Waits until `predicate()`, evaluated with the lock held, is true. Returns its last value:
  /// false only if `timeout` has expired. Throws as wait().
  template <class Predicate>
  bool wait_for(Predicate predicate, runtime::Timeout timeout = std::nullopt,
                runtime::Where where = runtime::Where::current()) {
    const runtime::Deadline deadline = runtime::deadline_after(timeout);
    while (!predicate()) {
      if (!wait_until(deadline, where)) return predicate();
    }
    return true;
  }

  /// Wakes the `n` longest waiting threads, or all if they are fewer; without a waiter it has no
  /// effect. Does not block. Throws AssertionError if the lock is not held.
  void notify(std::uint32_t n = 1);
  void notify_all() { notify(std::numeric_limits<std::uint32_t>::max()); }

  friend bool operator==(const Condition&, const Condition&) noexcept = default;
  friend void serialise(Archive& archive, Condition& condition) {
    ipc::serialise_view(archive, condition.state_, ipc::ObjectKind::condition);
    archive(condition.lock_);
  }

 private:
  struct State : ipc::SharedObjectView {
    explicit State(ipc::ObjectHandle held)
        : SharedObjectView(std::move(held), trace::ObjectType::condition) {}
  };

  Condition(std::variant<Lock, RLock> lock, Options options);

  ipc::Lazy<ProcessLock>& process_lock() {
    return *std::visit([](AnyLock& lock) { return lock.state_; }, lock_);
  }
  bool wait_until(runtime::Deadline deadline, runtime::Where where);

  std::variant<Lock, RLock> lock_;
  std::shared_ptr<ipc::Lazy<State>> state_;
};

}  // namespace weft::multiprocessing
