#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <string_view>
#include <variant>

#include "weft/multiprocessing/lock.h"
#include "weft/multiprocessing/view.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"

namespace weft::multiprocessing {

/// Lets threads that hold a lock wait until another one, of any process, tells them that something changed.
/// Waiters are woken in the order in which they came. Copies are the same condition, and so is what another
/// process receives when one is sent to it, with the lock. It is made when it is first used or sent.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.Condition
///
/// | the lock is            | wait                          | notify         |
/// | ---------------------- | ----------------------------- | -------------- |
/// | held by the caller     | releases it, blocks, takes it | wakes          |
/// | not held by the caller | AssertionError                | AssertionError |
///
/// When a process dies holding the lock, whoever waits takes the lock and gets AbandonedError. When one
/// dies that was just notified, the notification goes to the next.
///
/// Example:
///     const threading::Guard guard(condition);
///     condition.wait_for([&] { return ready.get(); });
class Condition {
 public:
  /// Uses a lock of its own, an RLock.
  explicit Condition(std::string_view name = {}) : Condition(RLock(), name) {}
  explicit Condition(const Lock& lock, std::string_view name = {})
      : Condition(std::variant<Lock, RLock>(lock), name) {}
  explicit Condition(const RLock& lock, std::string_view name = {})
      : Condition(std::variant<Lock, RLock>(lock), name) {}

  /// As the lock's.
  bool acquire(bool block = true, runtime::Timeout timeout = std::nullopt,
               runtime::Where where = runtime::Where::current()) {
    return lock_state()->acquire(block, timeout, where);
  }
  void release() { lock_state()->release(); }

  // The names that std::lock_guard and std::unique_lock call.
  void lock() { acquire(true, std::nullopt, runtime::Where()); }
  bool try_lock() { return acquire(false); }
  void unlock() { release(); }

  /// Releases the lock, however often the caller holds it, blocks until notified or until `timeout` has
  /// passed (a negative one only looks), takes the lock again as often. Returns false if the time ran out.
  /// Throws AssertionError if the lock is not held, RuntimeError if 127 threads wait already, and
  /// AbandonedError, with the lock held.
  bool wait(runtime::Timeout timeout = std::nullopt,
            runtime::Where where = runtime::Where::current()) {
    return wait_until(runtime::deadline_after(timeout), where);
  }

  /// Waits until `predicate()` holds; returns its last value, which is false only if the time ran out.
  template <class Predicate>
  bool wait_for(Predicate predicate, runtime::Timeout timeout = std::nullopt,
                runtime::Where where = runtime::Where::current()) {
    const runtime::Deadline deadline = runtime::deadline_after(timeout);
    while (!predicate()) {
      if (!wait_until(deadline, where)) return predicate();
    }
    return true;
  }

  /// Wakes the `n` threads that have waited longest; a notification without a waiter is lost. Throws
  /// AssertionError if the lock is not held.
  void notify(std::uint32_t n = 1);
  void notify_all() { notify(std::numeric_limits<std::uint32_t>::max()); }

  friend bool operator==(const Condition&, const Condition&) noexcept = default;
  friend void serialise(Archive& archive, Condition& condition) {
    serialise_view(archive, condition.state_, ObjectKind::condition);
    archive(condition.lock_);
  }

 private:
  struct State : View {
    explicit State(Hold held) : View(std::move(held), trace::ObjectType::condition) {}
  };

  Condition(std::variant<Lock, RLock> lock, std::string_view name);

  Lazy<LockState>& lock_state() {
    return *std::visit([](AnyLock& lock) { return lock.state_; }, lock_);
  }
  bool wait_until(runtime::Deadline deadline, runtime::Where where);

  std::variant<Lock, RLock> lock_;
  std::shared_ptr<Lazy<State>> state_;
};

}  // namespace weft::multiprocessing
