#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>

#include "weft/platform/mutex.h"
#include "weft/runtime/internal/callable.h"
#include "weft/runtime/object.h"
#include "weft/runtime/time.h"
#include "weft/runtime/wait_queue.h"

namespace weft::threading {

/// The barrier is broken, or was broken or reset during the wait.
/// Python: https://docs.python.org/3/library/threading.html#threading.BrokenBarrierError
///
/// Example:
///     Barrier barrier(2);
///     barrier.abort();
///     barrier.wait();   // throws BrokenBarrierError
struct BrokenBarrierError : std::runtime_error {
  BrokenBarrierError() : std::runtime_error("the barrier is broken") {}
};

/// A cyclic barrier: blocks each arriving thread until `parties` threads have arrived, then
/// releases them all and starts the next phase.
/// Python: https://docs.python.org/3/library/threading.html#barrier-objects
///
/// | state   | wait                                           | abort     | reset             |
/// | ------- | ---------------------------------------------- | --------- | ----------------- |
/// | filling | blocks; the last arrival: -> acting            | -> broken | -> filling, empty |
/// | acting  | blocks until the action ended, then as filling | -> broken | -> filling, empty |
/// | broken  | BrokenBarrierError                             | no effect | -> filling, empty |
///
/// A wait that times out breaks the barrier, and so does an action that throws. Threads that wait
/// when the barrier is broken or reset get BrokenBarrierError; threads of a phase that completed
/// before do not, even if they have not resumed yet. (In Python they may. Python's abort and reset
/// also wait for a running action.)
///
/// The call of each wait of a phase happens before the return of every wait of it. Destroying a
/// barrier on which a thread waits aborts the program with a message.
///
/// Example:
///     Barrier barrier(2);
///     Thread other([&] {
///       work();
///       barrier.wait();
///     });
///     other.start();
///     work();
///     barrier.wait();   // both have done their part
class Barrier {
 public:
  struct Options {
    std::string name = {};  ///< as in ObjectOptions, as is the next
    Recorded recorded = Recorded::yes;
    /// Called once per phase, by the last thread to arrive, before any thread of the phase is
    /// released. Empty: nothing is called.
    runtime::Callable action = {};
    runtime::Timeout timeout = std::nullopt;  ///< of a wait() without its own; none: no limit
  };

  /// A barrier for `parties` threads. Throws ValueError unless `parties` is positive.
  explicit Barrier(std::int32_t parties) : Barrier(parties, Options()) {}
  Barrier(std::int32_t parties, Options options);
  Barrier(std::int32_t parties, Name auto name)
      : Barrier(parties, Options{.name = std::move(name)}) {}
  /// Short for `{.action = …}`.
  template <class F>
    requires std::is_invocable_v<std::decay_t<F>&>
  Barrier(std::int32_t parties, F&& action)
      : Barrier(parties, Options{.action = std::forward<F>(action)}) {}
  Barrier(const Barrier&) = delete;
  Barrier& operator=(const Barrier&) = delete;

  /// Blocks until all parties have arrived, the caller included. Returns the caller's arrival
  /// index, unique within the phase, from 0 to parties - 1. (Python's order is unspecified.) Throws
  /// BrokenBarrierError if the barrier is broken, or is broken or reset during the wait; an expired
  /// `timeout` breaks it (a negative timeout counts as 0). If the caller ran the action, throws
  /// what the action throws.
  std::int32_t wait(runtime::Timeout timeout = std::nullopt,
                    runtime::Where where = runtime::Where::current());

  /// Breaks the barrier: all current and later waits throw BrokenBarrierError, until reset().
  /// Does not block.
  void abort();

  /// Returns the barrier to its initial state. Current waits throw BrokenBarrierError. Does not
  /// block.
  void reset();

  std::int32_t parties() const noexcept { return parties_; }
  /// Number of threads that wait; may be stale on return.
  std::int32_t n_waiting() const;
  bool broken() const;

  runtime::Object& object() noexcept { return object_; }

 private:
  struct Arrival : runtime::WaitQueue::Waiter {
    bool completed = false;  // valid once released: the phase completed, it was not broken or reset
  };

  void enter(runtime::Where where) WEFT_REQUIRES(mutex_);
  void complete_phase() WEFT_REQUIRES(mutex_);
  void wait_for_others(runtime::Deadline deadline, runtime::Where where) WEFT_REQUIRES(mutex_);
  void end_phase(bool completed, std::uint32_t sequence) noexcept WEFT_REQUIRES(mutex_);
  void break_barrier() noexcept WEFT_REQUIRES(mutex_);

  const std::int32_t parties_;
  runtime::Callable action_;
  const runtime::Timeout timeout_;

  mutable platform::Mutex mutex_;
  std::int32_t count_ WEFT_GUARDED_BY(mutex_) = 0;  // arrivals of this phase
  // The generation: incremented by each completion, break and reset.
  std::uint32_t phase_ WEFT_GUARDED_BY(mutex_) = 0;
  bool broken_ WEFT_GUARDED_BY(mutex_) = false;
  bool acting_ WEFT_GUARDED_BY(mutex_) = false;  // all parties have arrived and the action runs
  runtime::WaitQueue waiters_ WEFT_GUARDED_BY(mutex_);  // arrivals of this phase, except the last
  // Threads of the next phase that arrived while acting_.
  runtime::WaitQueue early_arrivals_ WEFT_GUARDED_BY(mutex_);
  runtime::Object object_{trace::ObjectType::barrier};
};

}  // namespace weft::threading
