#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "weft/multiprocessing/errors.h"
#include "weft/multiprocessing/lock_state.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"

namespace weft::multiprocessing {

/// What Lock and RLock have in common. Copies are the same lock, and so is what another process receives
/// when one is sent to it. It is made when it is first used or sent, which throws RuntimeError if there is
/// no room for it in the memory that processes share.
///
/// A process that ends while it holds the lock leaves it abandoned: whoever wants it, now or later, gets
/// AbandonedError, which names lock and process. (Python waits for ever.)
class AnyLock {
 public:
  /// Takes the lock and returns true, or returns false: at once if not `block`, or when `timeout` has passed
  /// (a negative one only looks; it is ignored unless `block`). Throws AbandonedError.
  bool acquire(bool block = true, runtime::Timeout timeout = std::nullopt,
               runtime::Where where = runtime::Where::current()) {
    return (*state_)->acquire(block, timeout, where);
  }

  /// True if somebody holds it.
  bool locked() const { return (*state_)->locked(); }

  /// By whoever has put right what the lock guards: if it is abandoned, it is as new.
  void recover() { (*state_)->recover(); }

  // The names that std::lock_guard and std::unique_lock call, which do not know for whom: threading::Guard
  // does.
  void lock() { acquire(true, std::nullopt, runtime::Where()); }
  bool try_lock() { return acquire(false); }
  void unlock() { (*state_)->release(); }

  friend bool operator==(const AnyLock&, const AnyLock&) noexcept = default;

 protected:
  AnyLock(bool recursive, std::string_view name)
      : state_(std::make_shared<Lazy<LockState>>(
            [recursive, name = std::string(name)] { return LockState::make(recursive, name); })) {}
  ~AnyLock() = default;
  AnyLock(const AnyLock&) = default;
  AnyLock& operator=(const AnyLock&) = default;

  std::shared_ptr<Lazy<LockState>> state_;

 private:
  friend class Condition;
};

/// A lock that one thread of one process at a time holds. Not re-entrant; any thread of any process may
/// release it.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.Lock
///
/// | state     | acquire                  | release                                 |
/// | --------- | ------------------------ | --------------------------------------- |
/// | unlocked  | -> locked                | ValueError                              |
/// | locked    | blocks until -> unlocked | -> unlocked; if its process dies: abandoned |
/// | abandoned | AbandonedError           | ValueError                              |
///
/// Example:
///     Lock lock;
///     Process process(work, lock);
///     const threading::Guard guard(lock);   // Python: with lock:
class Lock : public AnyLock {
 public:
  explicit Lock(std::string_view name = {}) : AnyLock(false, name) {}

  /// Gives the lock back and wakes one waiter. Throws ValueError if it is not locked.
  void release() { (*state_)->release(); }

  friend void serialise(Archive& archive, Lock& lock) {
    serialise_view(archive, lock.state_, ObjectKind::lock);
  }
};

/// A lock that the thread which holds it may take again; it is free when that thread has released it as
/// often as it took it.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.RLock
///
/// | state                    | acquire                  | release                  |
/// | ------------------------ | ------------------------ | ------------------------ |
/// | unlocked                 | -> locked, depth 1       | AssertionError           |
/// | locked by the caller     | depth + 1                | depth - 1; at 0 unlocked |
/// | locked by another thread | blocks until -> unlocked | AssertionError           |
/// | abandoned                | AbandonedError           | AssertionError           |
class RLock : public AnyLock {
 public:
  explicit RLock(std::string_view name = {}) : AnyLock(true, name) {}

  /// Gives one level back; the last one wakes a waiter. Throws AssertionError unless the calling thread
  /// holds it.
  void release() { (*state_)->release(); }

  friend void serialise(Archive& archive, RLock& lock) {
    serialise_view(archive, lock.state_, ObjectKind::rlock);
  }
};

}  // namespace weft::multiprocessing
