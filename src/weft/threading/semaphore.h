#pragma once

#include <cstdint>
#include <mutex>
#include <string>

#include "weft/platform/mutex.h"
#include "weft/runtime/object.h"
#include "weft/runtime/time.h"
#include "weft/runtime/wait_list.h"

namespace weft::threading {

/// A number of permits. Taking one blocks while there is none; giving back needs no permit, and any
/// thread may do it. Waiters get theirs in the order in which they came: nobody overtakes a thread
/// that waits. (Python's: any order.)
/// Python: https://docs.python.org/3/library/threading.html#semaphore-objects
///
/// | value | acquire                | release(n)                     |
/// | ----- | ---------------------- | ------------------------------ |
/// | 0     | blocks, or false       | value + n; wakes n who wait    |
/// | > 0   | value - 1              | value + n                      |
///
/// What happened before a release happens before what follows an acquire that gets its permit.
/// Whoever has acquired may destroy the semaphore, if nobody else will use it: the release() that
/// the permit came from is done with it. Destroying one that is waited for ends
/// the program with a message.
///
/// Example:
///     Semaphore at_most_three(3);
///     const Guard guard(at_most_three);   // Python: with at_most_three:
class Semaphore {
 public:
  /// Throws ValueError for a negative value.
  explicit Semaphore(std::int64_t value = 1, std::string name = {});
  Semaphore(const Semaphore&) = delete;
  Semaphore& operator=(const Semaphore&) = delete;

  /// Takes a permit and returns true, or returns false: at once if not `blocking`, or when
  /// `timeout` has passed (a negative one only looks). Throws ValueError for a timeout with
  /// `blocking` false.
  bool acquire(bool blocking = true, runtime::Timeout timeout = std::nullopt,
               runtime::Where where = runtime::Where::current());

  /// Gives `n` permits back. Throws ValueError if `n` is less than 1.
  void release(std::int64_t n = 1);

  /// How many permits there are; only a hint, as others go on working.
  std::int64_t value() const;

  // The names that std::lock_guard and std::unique_lock call.
  void lock() { acquire(true, std::nullopt, runtime::Where()); }
  bool try_lock() { return acquire(false); }
  void unlock() { release(); }

  runtime::Object& object() noexcept { return object_; }

 protected:
  Semaphore(std::int64_t value, std::int64_t most, std::string name);

 private:
  using Mutex = std::unique_lock<platform::Mutex>;

  runtime::WaitList::Sleeper hand_out(std::uint32_t sequence) noexcept;
  void take(const runtime::Where& where) noexcept;
  bool wait(Mutex& guard, const runtime::Deadline& deadline, runtime::Where where);

  const std::int64_t most_;  // a release beyond it is an error
  mutable platform::Mutex mutex_;
  std::int64_t value_;            // guarded by mutex_, as are the next two
  std::int64_t handed_out_ = 0;   // of value_: those for waiters that are about to take them
  runtime::WaitList waiters_;
  runtime::Object object_{trace::ObjectType::semaphore};
};

/// A semaphore that is given back no more often than it was taken.
/// Python: https://docs.python.org/3/library/threading.html#threading.BoundedSemaphore
///
/// As Semaphore, but a release that would bring the value above its initial one throws ValueError.
class BoundedSemaphore : public Semaphore {
 public:
  explicit BoundedSemaphore(std::int64_t value = 1, std::string name = {})
      : Semaphore(value, value, std::move(name)) {}
};

}  // namespace weft::threading
