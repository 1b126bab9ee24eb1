#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "weft/platform/mutex.h"
#include "weft/runtime/object.h"
#include "weft/runtime/time.h"
#include "weft/runtime/wait_queue.h"

namespace weft::threading {

/// A counting semaphore. Any thread may release it, whether it has acquired it or not. FIFO-fair: a
/// released permit is handed off to the longest waiting thread, and an arriving thread cannot barge
/// ahead. (Python's order is unspecified.)
/// Python: https://docs.python.org/3/library/threading.html#semaphore-objects
///
/// | value | acquire                | release(n)                     |
/// | ----- | ---------------------- | ------------------------------ |
/// | 0     | blocks, or false       | value + n; wakes up to n       |
/// | > 0   | value - 1              | value + n                      |
///
/// A release happens before the return of an acquire that gets its permit. After an acquire the
/// caller may destroy the semaphore if no other thread will use it: the release() that the permit
/// came from no longer accesses it. Destroying a semaphore on which a thread waits aborts the
/// program with a message.
///
/// Example:
///     Semaphore at_most_three(3);
///     const Guard guard(at_most_three);   // Python: with at_most_three:
class Semaphore {
 public:
  using Options = ObjectOptions;

  /// A semaphore with `value` permits. Throws ValueError for a negative value.
  explicit Semaphore(std::int64_t value = 1, Options options = {});
  Semaphore(std::int64_t value, Name auto name)
      : Semaphore(value, Options{.name = std::move(name)}) {}
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;

  /// Blocks until a permit is available, takes it and returns true; returns false at once if there
  /// is none and `blocking` is false, or when `timeout` expires (a negative one counts as 0).
  /// Throws ValueError for a timeout with `blocking` false; Stopped if the run is stopped.
  bool acquire(bool blocking = true, runtime::Timeout timeout = std::nullopt,
               runtime::Where where = runtime::Where::current());

  /// Releases `n` permits. Does not block. Throws ValueError if `n` is less than 1.
  void release(std::int64_t n = 1);

  /// Number of available permits; may be stale on return.
  std::int64_t value() const;

  // BasicLockable and Lockable, for std::lock_guard and std::unique_lock.
  void lock() { acquire(true, std::nullopt, runtime::Where()); }
  bool try_lock() { return acquire(false); }
  void unlock() { release(); }

  runtime::Object& object() noexcept { return object_; }

 protected:
  Semaphore(std::int64_t value, std::int64_t max, Options options);

 private:
  runtime::WaitQueue::Sleeper reserve_permit(std::uint32_t sequence) noexcept WEFT_REQUIRES(mutex_);
  void take_permit(const runtime::Where& where) noexcept WEFT_REQUIRES(mutex_);
  bool wait(const runtime::Deadline& deadline, runtime::Where where) WEFT_REQUIRES(mutex_);

  const std::int64_t max_;  // upper bound of value_; a release beyond it throws
  mutable platform::Mutex mutex_;
  std::int64_t value_ WEFT_GUARDED_BY(mutex_);
  // Part of value_: reserved for dequeued waiters, not taken yet.
  std::int64_t reserved_ WEFT_GUARDED_BY(mutex_) = 0;
  runtime::WaitQueue waiters_ WEFT_GUARDED_BY(mutex_);
  runtime::Object object_{trace::ObjectType::semaphore};
};

/// A semaphore whose value never exceeds the initial one.
/// Python: https://docs.python.org/3/library/threading.html#threading.BoundedSemaphore
///
/// As Semaphore, but a release that would raise the value above the initial one throws ValueError.
///
/// Example:
///     BoundedSemaphore connections(5);
///     const Guard guard(connections);
class BoundedSemaphore : public Semaphore {
 public:
  explicit BoundedSemaphore(std::int64_t value = 1, Options options = {})
      : Semaphore(value, value, std::move(options)) {}
  BoundedSemaphore(std::int64_t value, Name auto name)
      : BoundedSemaphore(value, Options{.name = std::move(name)}) {}
};

}  // namespace weft::threading
