#pragma once

#include <cstdint>
#include <mutex>
#include <stdexcept>
#include <string>

#include "weft/platform/mutex.h"
#include "weft/runtime/callable.h"
#include "weft/runtime/object.h"
#include "weft/runtime/time.h"
#include "weft/runtime/wait_list.h"

namespace weft::threading {

/// A barrier that threads wait at is broken or was reset.
/// Python: https://docs.python.org/3/library/threading.html#threading.BrokenBarrierError
struct BrokenBarrierError : std::runtime_error {
  BrokenBarrierError() : std::runtime_error("the barrier is broken") {}
};

/// Holds threads up until a number of them has come; then all go on, and it begins anew.
/// Python: https://docs.python.org/3/library/threading.html#barrier-objects
///
/// | state   | wait                                        | abort     | reset              |
/// | ------- | ------------------------------------------- | --------- | ------------------ |
/// | filling | blocks; the last one: -> acting             | -> broken | -> filling, empty  |
/// | acting  | blocks until the action is over, then waits | -> broken | -> filling, empty  |
/// | broken  | BrokenBarrierError                          | no effect | -> filling, empty  |
///
/// A wait that times out and an action that throws break the barrier, too. Whoever waits when it is
/// broken or reset gets a BrokenBarrierError; whoever was let through before that does not, even if
/// it has not run yet. (Python's may. And Python's abort and reset wait for an action to end.)
///
/// What happened before a wait happens before what follows the waits that it let through.
/// Destroying a barrier that is waited for ends the program with a message.
class Barrier {
 public:
  /// A barrier for `parties` threads. `action` is run by one of them each time all have come, before
  /// they go on. `timeout` is the default of wait. Throws ValueError unless `parties` is positive.
  explicit Barrier(std::int32_t parties, runtime::Callable action = {},
                   runtime::Timeout timeout = std::nullopt, std::string name = {});
  Barrier(const Barrier&) = delete;
  Barrier& operator=(const Barrier&) = delete;

  /// Blocks until all parties have come, this one included. Returns the number of threads that came
  /// before: each gets another, from 0 to parties - 1. Throws BrokenBarrierError if the barrier is
  /// broken, or gets broken or reset meanwhile, as it does when `timeout` passes (a negative one
  /// only looks); and what the action throws, if this thread ran it.
  std::int32_t wait(runtime::Timeout timeout = std::nullopt,
                    runtime::Where where = runtime::Where::current());

  /// Breaks the barrier: who waits and who comes gets BrokenBarrierError, until reset().
  void abort();

  /// Makes the barrier as new. Who waits gets BrokenBarrierError.
  void reset();

  std::int32_t parties() const noexcept { return parties_; }
  /// How many threads wait at the moment; only a hint.
  std::int32_t n_waiting() const;
  bool broken() const;

  runtime::Object& object() noexcept { return object_; }

 private:
  using Mutex = std::unique_lock<platform::Mutex>;
  struct Arrival : runtime::WaitList::Waiter {
    bool let_through = false;  // once taken
  };

  void enter(Mutex& guard, runtime::Where where);
  void let_all_through(Mutex& guard);
  void wait_for_others(Mutex& guard, runtime::Deadline deadline, runtime::Where where);
  void end_phase(bool let_through, std::uint32_t sequence) noexcept;
  void break_up() noexcept;

  const std::int32_t parties_;
  runtime::Callable action_;
  const runtime::Timeout timeout_;

  mutable platform::Mutex mutex_;
  std::int32_t count_ = 0;    // guarded by mutex_, as is the rest: those who have come
  std::uint32_t phase_ = 0;   // counts how often the barrier was passed, broken or reset
  bool broken_ = false;
  bool acting_ = false;       // all have come and the action is running
  runtime::WaitList waiters_;   // those of this phase but the last
  runtime::WaitList too_early_; // those who came while acting_
  runtime::Object object_{trace::ObjectType::barrier};
};

}  // namespace weft::threading
