#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "weft/runtime/object.h"
#include "weft/runtime/park.h"
#include "weft/runtime/time.h"

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
/// Destroying a lock that is held or waited for is undefined.
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
               runtime::Where where = runtime::Where::current());

  /// Gives the lock back and wakes one waiter. Throws RuntimeError if it is not locked.
  void release();

  /// True if somebody holds it.
  bool locked() const noexcept { return state_.load(std::memory_order_relaxed) != kFree; }

  // The names that std::lock_guard and std::unique_lock call, which do not know for whom: threading::Guard
  // does.
  void lock() { acquire(true, std::nullopt, runtime::Where()); }
  bool try_lock() { return acquire(false); }
  void unlock() { release(); }

  runtime::Object& object() noexcept { return object_; }

 private:
  friend class Condition;

  // What Condition::wait does to the lock it uses, in common with RLock.
  bool is_held() const noexcept { return locked(); }
  std::uint32_t release_all() {
    release();
    return 1;
  }
  void take_back(std::uint32_t depth, runtime::Where where);

  // Drepper, "Futexes Are Tricky", mutex 3: kContended says that somebody may sleep.
  static constexpr std::uint32_t kFree = 0;
  static constexpr std::uint32_t kHeld = 1;
  static constexpr std::uint32_t kContended = 2;

  bool take_if_free() noexcept;
  bool acquire_until(runtime::Deadline deadline, runtime::Stoppable stoppable,
                     runtime::Where where);

  std::atomic<std::uint32_t> state_{kFree};
  runtime::HeldObject object_{trace::ObjectType::lock};
};

}  // namespace weft::threading
