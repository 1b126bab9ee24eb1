#pragma once

#include <atomic>
#include <cstdint>
#include <string>

#include "weft/runtime/object.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"
#include "weft/threading/lock_state.h"

namespace weft::threading {

/// A lock that the thread which holds it may take again; it is free when that thread has released
/// it as often as it took it. Only the thread that holds it may release it.
/// Python: https://docs.python.org/3/library/threading.html#rlock-objects
///
/// | state                     | acquire                  | release                    |
/// | ------------------------- | ------------------------ | -------------------------- |
/// | unlocked                  | -> locked, depth 1       | RuntimeError               |
/// | locked by the caller      | depth + 1                | depth - 1; at 0 unlocked   |
/// | locked by another thread  | blocks until -> unlocked | RuntimeError               |
///
/// What happened before the release that unlocks happens before what follows the acquire that gets
/// the lock. Destroying a lock that is waited for ends the program with a message. A thread that
/// ends while it holds the lock leaves it locked for ever.
///
/// Example:
///     RLock lock;
///     const Guard guard(lock);   // Python: with lock:
class RLock {
 public:
  RLock() = default;
  /// A lock that views show under `name`.
  explicit RLock(std::string name) { object_.set_name(std::move(name)); }

  /// Takes the lock once more and returns true, or returns false: at once if not `blocking`, or
  /// when `timeout` has passed. Throws ValueError for a negative timeout, or one with `blocking`
  /// false.
  bool acquire(bool blocking = true, runtime::Timeout timeout = std::nullopt,
               runtime::Where where = runtime::Where::current());

  /// Gives one level back; the last one wakes a waiter. Throws RuntimeError if the caller does not
  /// hold the lock.
  void release();

  /// True if somebody holds it. (Python: from 3.14 on.)
  bool locked() const noexcept { return owner_.load(std::memory_order_relaxed) != kNobody; }

  /// True if the caller holds it. (Python: `_is_owned`.)
  bool is_owned() const noexcept;

  /// How often the caller holds it; 0 if it does not. (Python: `_recursion_count`.)
  std::uint32_t recursion_count() const noexcept { return is_owned() ? depth_ : 0; }

  // The names that std::lock_guard and std::unique_lock call.
  void lock() { acquire(true, std::nullopt, runtime::Where()); }
  bool try_lock() { return acquire(false); }
  void unlock() { release(); }

  runtime::Object& object() noexcept { return object_; }

 private:
  friend class Condition;

  static constexpr std::uint64_t kNobody = 0;

  // What Condition::wait does to the lock it uses, in common with Lock.
  bool is_held() const noexcept { return is_owned(); }
  std::uint32_t release_all();
  void take_back(std::uint32_t depth, runtime::Where where);

  void give_up() noexcept;
  void own(std::uint32_t depth, const runtime::Where& where) noexcept;

  LockState state_;
  std::atomic<std::uint64_t> owner_{kNobody};  // runtime::identity; written by whoever has state_
  std::uint32_t depth_ = 0;                    // the owner's
  runtime::HeldObject object_{trace::ObjectType::rlock};
};

}  // namespace weft::threading
