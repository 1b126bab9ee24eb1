#pragma once

#include <cstdint>
#include <string>

#include "weft/runtime/object.h"
#include "weft/runtime/point.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"
#include "weft/threading/lock_state.h"

namespace weft::threading {

/// A lock that one thread at a time holds. Not re-entrant; any thread may release it.
/// Python: https://docs.python.org/3/library/threading.html#lock-objects
///
/// | state    | acquire                     | release      |
/// | -------- | --------------------------- | ------------ |
/// | unlocked | -> locked                   | RuntimeError |
/// | locked   | blocks until -> unlocked    | -> unlocked  |
///
/// What happened before a release happens before what follows the acquire that gets the lock.
/// Destroying a lock that is waited for ends the program with a message.
///
/// Example:
///     Lock lock;
///     const Guard guard(lock);   // Python: with lock:
class Lock {
 public:
  Lock() = default;
  /// A lock that views show under `name`.
  explicit Lock(std::string name, Recorded recorded = Recorded::yes) {
    object_.set_name(std::move(name));
    object_.set_recorded(recorded);
  }

  /// Takes the lock and returns true, or returns false: at once if not `blocking`, or when
  /// `timeout` has passed. Throws ValueError for a negative timeout, or one with `blocking` false.
  bool acquire(bool blocking = true, runtime::Timeout timeout = std::nullopt,
               runtime::Where where = runtime::Where::current()) {
    if (runtime::plugged == nullptr && !timeout && state_.take_if_free()) return true;
    return acquire_slowly(blocking, timeout, where);
  }

  /// Gives the lock back and wakes one waiter. Throws RuntimeError if it is not locked.
  void release() {
    std::uint32_t sequence = 0;
    if (runtime::plugged != nullptr || !state_.is_held()) sequence = before_release();
    state_.give(sequence);
  }

  /// True if somebody holds it.
  bool locked() const noexcept {
    runtime::observe();
    return state_.is_held();
  }

  // The names that std::lock_guard and std::unique_lock call, which do not know for whom:
  // threading::Guard does.
  void lock() { acquire(true, std::nullopt, runtime::Where()); }
  bool try_lock() { return acquire(false); }
  void unlock() { release(); }

  runtime::Object& object() noexcept { return object_; }

 private:
  friend class Condition;

  // What Condition::wait does to the lock it uses, in common with RLock.
  bool is_held() const noexcept { return state_.is_held(); }
  std::uint32_t release_all() {
    release();
    return 1;
  }
  void take_back(std::uint32_t depth, runtime::Where where);

  bool acquire_slowly(bool blocking, runtime::Timeout timeout, runtime::Where where);
  std::uint32_t before_release();

  LockState state_;
  runtime::HeldObject object_{trace::ObjectType::lock};
};

}  // namespace weft::threading
