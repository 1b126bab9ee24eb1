#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "weft/runtime/object.h"
#include "weft/runtime/point.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"
#include "weft/threading/internal/lock_core.h"

namespace weft::threading {

/// A mutual exclusion lock. Not reentrant; any thread may release it.
/// Python: https://docs.python.org/3/library/threading.html#lock-objects
///
/// | state    | acquire                     | release      |
/// | -------- | --------------------------- | ------------ |
/// | unlocked | -> locked                   | RuntimeError |
/// | locked   | blocks until -> unlocked    | -> unlocked  |
///
/// A release happens before the return of the next acquire that succeeds. Not FIFO: an arriving
/// thread may barge ahead of waiters; starvation is bounded as LockCore describes. Destroying a
/// lock for which a thread waits aborts the program with a message.
///
/// Example:
///     Lock lock;
///     const Guard guard(lock);   // Python: with lock:
class Lock {
 public:
  using Options = ObjectOptions;

  Lock() = default;
  explicit Lock(Options options) : object_(trace::ObjectType::lock, std::move(options)) {}
  explicit Lock(Name auto name) : Lock(Options{.name = std::move(name)}) {}

  /// Blocks until the lock is acquired and returns true; returns false at once if it is held and
  /// `blocking` is false, or when `timeout` expires. Throws ValueError for a negative timeout, or
  /// for a timeout with `blocking` false; Stopped if the run is stopped.
  bool acquire(bool blocking = true, runtime::Timeout timeout = std::nullopt,
               runtime::Where where = runtime::Where::current()) {
    if (runtime::session_thread == nullptr && !timeout && core_.try_acquire()) return true;
    return acquire_slow(blocking, timeout, where);
  }

  /// Releases the lock and wakes one waiter, unless one that was woken before is still on its way.
  /// Does not block. Throws RuntimeError if the lock is not held.
  void release() {
    std::uint32_t sequence = 0;
    if (runtime::session_thread != nullptr || !core_.is_held()) sequence = before_release();
    core_.release(sequence);
  }

  /// True if a thread holds the lock; may be stale on return.
  bool locked() const noexcept {
    runtime::yield_hint();
    return core_.is_held();
  }

  // BasicLockable and Lockable, for std::lock_guard and std::unique_lock. These pass no source
  // location; threading::Guard does.
  void lock() { acquire(true, std::nullopt, runtime::Where()); }
  bool try_lock() { return acquire(false); }
  void unlock() { release(); }

  runtime::Object& object() noexcept { return object_; }

 private:
  friend class Condition;

  // The interface that Condition requires of its lock, in common with RLock.
  bool is_held() const noexcept { return core_.is_held(); }
  std::uint32_t release_all() {
    release();
    return 1;
  }
  void reacquire(std::uint32_t depth, runtime::Where where);

  bool acquire_slow(bool blocking, runtime::Timeout timeout, runtime::Where where);
  std::uint32_t before_release();

  LockCore core_;
  runtime::HeldObject object_{trace::ObjectType::lock};
};

}  // namespace weft::threading
