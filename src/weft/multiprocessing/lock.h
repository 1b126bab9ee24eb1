#pragma once

#include <memory>
#include <string>
#include <utility>

#include "weft/multiprocessing/archive.h"
#include "weft/multiprocessing/errors.h"
#include "weft/multiprocessing/internal/process_lock.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"

namespace weft::multiprocessing {

/// Common base of Lock and RLock. A value with reference semantics: copies, also those sent to
/// another process, refer to the same lock. The lock is allocated in the shared memory at the first
/// use or send, which throws RuntimeError if there is no room for it.
///
/// As with a robust mutex (EOWNERDEAD), the lock is abandoned if a process ends while it holds it:
/// current and later acquirers get AbandonedError, which names the lock and the process, until
/// recover(). (In Python they block forever.)
class AnyLock {
 public:
  /// Blocks until the lock is acquired and returns true; returns false at once if it is held and
  /// `block` is false, or when `timeout` expires (one of 0 or less does not block; it is ignored
  /// unless `block`). Throws AbandonedError; Stopped if the run is stopped.
  bool acquire(bool block = true, runtime::Timeout timeout = std::nullopt,
               runtime::Where where = runtime::Where::current()) {
    return (*state_)->acquire(block, timeout, where);
  }

  /// True if a thread of any process holds the lock; may be stale on return.
  bool locked() const { return (*state_)->locked(); }

  /// Makes an abandoned lock usable again (pthread_mutex_consistent); has no effect on any other.
  /// To be called after the data that the lock guards has been repaired. Python has no counterpart.
  void recover() { (*state_)->recover(); }

  // BasicLockable and Lockable, for std::lock_guard and std::unique_lock. These do not record the
  // call site in the trace; threading::Guard does.
  void lock() { acquire(true, std::nullopt, runtime::Where()); }
  bool try_lock() { return acquire(false); }
  void unlock() { (*state_)->release(); }

  friend bool operator==(const AnyLock&, const AnyLock&) noexcept = default;

 protected:
  AnyLock(bool recursive, ObjectOptions options)
      : state_(std::make_shared<ipc::Lazy<ProcessLock>>([recursive, options = std::move(options)] {
          return ProcessLock::make(recursive, options);
        })) {}
  ~AnyLock() = default;
  AnyLock(const AnyLock&) = default;
  AnyLock& operator=(const AnyLock&) = default;

  std::shared_ptr<ipc::Lazy<ProcessLock>> state_;

 private:
  friend class Condition;
};

/// A mutual exclusion lock between processes. Not re-entrant; any thread of any process may release
/// it.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.Lock
///
/// | state     | acquire                  | release     | the owner process dies |
/// | --------- | ------------------------ | ----------- | ---------------------- |
/// | unlocked  | -> locked                | ValueError  |                        |
/// | locked    | blocks until -> unlocked | -> unlocked | -> abandoned           |
/// | abandoned | AbandonedError           | ValueError  |                        |
///
/// A release happens before the return of the next acquire that succeeds. Not FIFO: an arriving
/// thread may barge ahead of waiters; starvation is bounded as ProcessLock describes.
///
/// Example:
///     inline const Entry print_alone("Lock.print_alone", [](Lock lock, int n) {
///       const threading::Guard guard(lock);   // Python: with lock:
///       std::printf("%d\n", n);
///     });
///     Lock lock;
///     Process process(print_alone, lock, 1);
///     process.start();
class Lock : public AnyLock {
 public:
  using Options = ObjectOptions;

  explicit Lock(Options options = {}) : AnyLock(false, std::move(options)) {}
  explicit Lock(Name auto name) : Lock(Options{.name = std::move(name)}) {}

  /// Releases the lock and wakes a waiter. Does not block. Throws ValueError if it is not locked.
  void release() { (*state_)->release(); }

  friend void serialise(Archive& archive, Lock& lock) {
    ipc::serialise_view(archive, lock.state_, ipc::ObjectKind::lock);
  }
};

/// A re-entrant lock between processes: the owner thread may acquire it again, and must release it
/// once per acquisition.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.RLock
///
/// | state                    | acquire                  | release                  |
/// | ------------------------ | ------------------------ | ------------------------ |
/// | unlocked                 | -> locked, depth 1       | AssertionError           |
/// | locked by the caller     | depth + 1                | depth - 1; at 0 unlocked |
/// | locked by another thread | blocks until -> unlocked | AssertionError           |
/// | abandoned                | AbandonedError           | AssertionError           |
///
/// Example:
///     RLock lock;
///     const threading::Guard outer(lock);
///     const threading::Guard inner(lock);   // does not block: depth 2
class RLock : public AnyLock {
 public:
  using Options = ObjectOptions;

  explicit RLock(Options options = {}) : AnyLock(true, std::move(options)) {}
  explicit RLock(Name auto name) : RLock(Options{.name = std::move(name)}) {}

  /// Decrements the recursion depth; at 0 releases the lock and wakes a waiter. Does not block.
  /// Throws AssertionError unless the calling thread owns the lock.
  void release() { (*state_)->release(); }

  friend void serialise(Archive& archive, RLock& lock) {
    ipc::serialise_view(archive, lock.state_, ipc::ObjectKind::rlock);
  }
};

}  // namespace weft::multiprocessing
