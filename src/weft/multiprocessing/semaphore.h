#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "weft/ipc/shared_object_view.h"
#include "weft/ipc/shared_record.h"
#include "weft/multiprocessing/archive.h"
#include "weft/multiprocessing/errors.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"

namespace weft::multiprocessing {

/// The implementation of Semaphore and BoundedSemaphore: a count of permits and its wait queue.
class SemaphoreState : public ipc::SharedObjectView {
 public:
  explicit SemaphoreState(ipc::ObjectHandle held)
      : SharedObjectView(std::move(held), trace::ObjectType::semaphore) {}

  /// Creates one. Throws ValueError for a negative value.
  static ipc::ObjectHandle make(std::int64_t value, bool bounded, const ObjectOptions& options);

  bool acquire(bool block, runtime::Timeout timeout, runtime::Where where);
  void release(std::int64_t n);
  std::int64_t value() const noexcept;

 private:
  friend struct SemaphoreRecovery;
  using Offset = platform::shared::Offset;

  struct Acquisition;

  static constexpr Offset kValue = 0;   ///< number of permits; a WaitQueue
  static constexpr Offset kMax = 4;     ///< maximum number of permits
  static constexpr Offset kLost = 8;    ///< permits lost with killed processes
  static constexpr Offset kDied = 12;   ///< the latest of those processes
  static constexpr Offset kTaken = 64;  ///< one word per slot: acquired minus released, signed
};

/// A counting semaphore shared by threads of all processes. Copies refer to the same semaphore, and
/// so does the object received when one is sent to another process. It is created lazily, when it
/// is first used or sent.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.Semaphore
///
/// | permits                                         | acquire        | release |
/// | ----------------------------------------------- | -------------- | ------- |
/// | some                                            | takes one      | ok      |
/// | none                                            | blocks         | ok      |
/// | none, and a process was killed holding some     | AbandonedError | ok      |
///
/// A process that is killed holding permits (it has acquired more than it has released) loses them;
/// release() calls of others replace them. A process that ends by itself is not considered to hold
/// permits, since another process may release what it acquired.
///
/// Example:
///     Semaphore slots(2);
///     const threading::Guard guard(slots);  // at most two processes at once
class Semaphore {
 public:
  using Options = ObjectOptions;

  /// A semaphore with `value` permits: 0 to 2,147,483,647. Another value makes the first use throw
  /// ValueError.
  explicit Semaphore(std::int64_t value = 1, Options options = {})
      : Semaphore(value, false, std::move(options)) {}
  Semaphore(std::int64_t value, Name auto name)
      : Semaphore(value, Options{.name = std::move(name)}) {}

  /// Acquires a permit and returns true. Returns false if none is available: immediately if `block`
  /// is false, else once `timeout` has elapsed (a negative one polls; ignored unless `block`).
  /// Throws AbandonedError.
  bool acquire(bool block = true, runtime::Timeout timeout = std::nullopt,
               runtime::Where where = runtime::Where::current()) {
    return (*state_)->acquire(block, timeout, where);
  }

  /// Releases `n` permits. Does not block. Throws ValueError if `n` is less than 1.
  void release(std::int64_t n = 1) { (*state_)->release(n); }

  /// The number of available permits; only a hint while other threads use the semaphore.
  std::int64_t get_value() const { return (*state_)->value(); }

  // The names that std::lock_guard and std::unique_lock require (BasicLockable, Lockable).
  void lock() { acquire(true, std::nullopt, runtime::Where()); }
  bool try_lock() { return acquire(false); }
  void unlock() { release(); }

  friend bool operator==(const Semaphore&, const Semaphore&) noexcept = default;
  friend void serialise(Archive& archive, Semaphore& semaphore) {
    ipc::serialise_view(archive, semaphore.state_, ipc::ObjectKind::semaphore);
  }

 protected:
  Semaphore(std::int64_t value, bool bounded, Options options)
      : state_(std::make_shared<ipc::Lazy<SemaphoreState>>(
            [value, bounded, options = std::move(options)] {
              return SemaphoreState::make(value, bounded, options);
            })) {}

 private:
  std::shared_ptr<ipc::Lazy<SemaphoreState>> state_;
};

/// A semaphore whose value never exceeds its initial value.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.BoundedSemaphore
///
/// As Semaphore, but a release that would raise the value above the initial one throws ValueError.
///
/// Example:
///     BoundedSemaphore slots(2);
///     slots.acquire();
///     slots.release();
///     slots.release();   // throws ValueError
class BoundedSemaphore : public Semaphore {
 public:
  explicit BoundedSemaphore(std::int64_t value = 1, Options options = {})
      : Semaphore(value, true, std::move(options)) {}
  BoundedSemaphore(std::int64_t value, Name auto name)
      : BoundedSemaphore(value, Options{.name = std::move(name)}) {}
};

}  // namespace weft::multiprocessing
