#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>

#include "weft/runtime/object.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"
#include "weft/threading/internal/lock_core.h"

namespace weft::threading {

/// A reentrant lock: its owner may acquire it again, and it is unlocked once the owner has
/// released it as often as acquired. Only the owner may release it.
/// Python: https://docs.python.org/3/library/threading.html#rlock-objects
///
/// | state                     | acquire                  | release                    |
/// | ------------------------- | ------------------------ | -------------------------- |
/// | unlocked                  | -> locked, depth 1       | RuntimeError               |
/// | locked by the caller      | depth + 1                | depth - 1; at 0 unlocked   |
/// | locked by another thread  | blocks until -> unlocked | RuntimeError               |
///
/// A release that unlocks happens before the return of the next acquire that locks. Barging and
/// fairness are those of Lock. Destroying a lock for which a thread waits aborts the program with a
/// message. A thread that ends while it owns the lock leaves it locked for ever.
///
/// Example:
///     RLock lock;
///     const Guard guard(lock);   // Python: with lock:
class RLock {
 public:
  using Options = ObjectOptions;

  RLock() = default;
  explicit RLock(Options options) : object_(trace::ObjectType::rlock, std::move(options)) {}
  explicit RLock(Name auto name) : RLock(Options{.name = std::move(name)}) {}

  /// Acquires one more level and returns true; never blocks if the caller owns the lock. Otherwise
  /// blocks until it is unlocked; returns false at once if `blocking` is false, or when `timeout`
  /// expires. Throws ValueError for a negative timeout, or for a timeout with `blocking` false;
  /// Stopped if the run is stopped.
  bool acquire(bool blocking = true, runtime::Timeout timeout = std::nullopt,
               runtime::Where where = runtime::Where::current());

  /// Releases one level; the last one unlocks, and wakes a waiter as Lock::release does. Does not
  /// block. Throws RuntimeError if the caller does not own the lock.
  void release();

  /// True if a thread owns the lock; may be stale on return. (Python: from 3.14 on.)
  bool locked() const noexcept { return owner_.load(std::memory_order_relaxed) != kNoOwner; }

  /// True if the caller owns the lock. (Python: `_is_owned`.)
  bool is_owned() const noexcept;

  /// The caller's recursion depth; 0 if it does not own the lock. (Python: `_recursion_count`.)
  std::uint32_t recursion_count() const noexcept { return is_owned() ? depth_ : 0; }

  // BasicLockable and Lockable, for std::lock_guard and std::unique_lock.
  void lock() { acquire(true, std::nullopt, runtime::Where()); }
  bool try_lock() { return acquire(false); }
  void unlock() { release(); }

  runtime::Object& object() noexcept { return object_; }

 private:
  friend class Condition;

  static constexpr std::uint64_t kNoOwner = 0;

  // The interface that Condition requires of its lock, in common with Lock.
  bool is_held() const noexcept { return is_owned(); }
  std::uint32_t release_all();
  void reacquire(std::uint32_t depth, runtime::Where where);

  void release_fully() noexcept;
  void set_owner(std::uint32_t depth, const runtime::Where& where) noexcept;

  LockCore core_;
  std::atomic<std::uint64_t> owner_{kNoOwner};  // a runtime::identity(); written with core_ held
  std::uint32_t depth_ = 0;                     // accessed by the owner only
  runtime::HeldObject object_{trace::ObjectType::rlock};
};

}  // namespace weft::threading
