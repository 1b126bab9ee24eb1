#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "weft/ipc/shared_object_view.h"
#include "weft/multiprocessing/archive.h"
#include "weft/multiprocessing/entry.h"
#include "weft/runtime/park.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"
#include "weft/threading/barrier.h"

namespace weft::multiprocessing {

using threading::BrokenBarrierError;

/// A cyclic barrier between processes: blocks each arriving thread until `parties` threads have
/// arrived, then releases them all and starts the next phase. A value with reference semantics:
/// copies, also those sent to another process, refer to the same barrier. It is allocated in the
/// shared memory at the first use or send.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.Barrier
///
/// | state   | wait                                           | abort     | reset             |
/// | ------- | ---------------------------------------------- | --------- | ----------------- |
/// | filling | blocks; the last arrival: -> acting            | -> broken | -> filling, empty |
/// | acting  | blocks until the action ended, then as filling | -> broken | -> filling, empty |
/// | broken  | BrokenBarrierError                             | no effect | -> filling, empty |
///
/// A wait that times out breaks the barrier, and so does the death by a signal or crash of a
/// process that has a handle to it, as the others might wait for its arrival forever. A process
/// that ends in any way while it runs the action breaks it too.
///
/// The call of each wait of a phase happens before the return of every wait of it.
///
/// Example:
///     inline const Entry arrive("Barrier.arrive", [](Barrier barrier) { barrier.wait(); });
///     Barrier barrier(2);
///     Process process(arrive, barrier);
///     process.start();
///     barrier.wait();   // both have arrived
class Barrier {
 public:
  /// What a barrier's last arrival runs: an entry that takes no arguments, or nothing.
  class Action {
   public:
    Action() = default;
    template <class F>
      requires(Entry<F>::template takes<>)
    Action(const Entry<F>& entry) : entry_(entry.name()) {}  // NOLINT(google-explicit-constructor)

   private:
    friend class Barrier;
    std::string entry_;  // its name; empty: none
  };

  struct Options {
    std::string name = {};  ///< as in ObjectOptions, as is the next
    Recorded recorded = Recorded::yes;
    /// Once per phase the last thread to arrive runs it, before it releases the others. If it
    /// throws, the barrier is broken, and that thread's wait() rethrows the exception.
    Action action = {};
    runtime::Timeout timeout = std::nullopt;  ///< of a wait() without its own; none: no limit
  };

  /// A barrier for `parties` threads. Throws ValueError unless `parties` is positive.
  explicit Barrier(std::int32_t parties) : Barrier(parties, Options()) {}
  Barrier(std::int32_t parties, Options options);
  Barrier(std::int32_t parties, Name auto name)
      : Barrier(parties, Options{.name = std::move(name)}) {}
  /// Short for `{.action = …}`.
  template <class F>
    requires(Entry<F>::template takes<>)
  Barrier(std::int32_t parties, const Entry<F>& action)
      : Barrier(parties, Options{.action = action}) {}
  /// A barrier for one party: the default-constructed object that a receive assigns to.
  Barrier() : Barrier(1) {}

  /// Blocks until all parties have arrived, the caller included. Returns the caller's arrival
  /// index, unique within the phase, from 0 to parties - 1. Throws BrokenBarrierError if the
  /// barrier is broken, or is broken or reset during the wait; Stopped if the run is stopped. An
  /// expired `timeout` breaks the barrier, except while the action runs: a wait for its end is not
  /// limited.
  std::int32_t wait(runtime::Timeout timeout = std::nullopt,
                    runtime::Where where = runtime::Where::current());

  /// Breaks the barrier: all current and later waits throw BrokenBarrierError, until reset().
  void abort();
  /// Returns the barrier to its initial state. Current waits throw BrokenBarrierError.
  void reset();

  std::int32_t parties() const;
  /// Number of threads that wait; may be stale on return.
  std::int32_t n_waiting() const;
  bool broken() const;

  friend bool operator==(const Barrier&, const Barrier&) noexcept = default;
  friend void serialise(Archive& archive, Barrier& barrier) {
    ipc::serialise_view(archive, barrier.state_, ipc::ObjectKind::barrier);
    archive(barrier.timeout_, barrier.action_);
  }

 private:
  struct State : ipc::SharedObjectView {
    explicit State(ipc::ObjectHandle held)
        : SharedObjectView(std::move(held), trace::ObjectType::barrier) {}
  };

  std::shared_ptr<ipc::Lazy<State>> state_;
  void complete_phase(std::uint32_t phase, runtime::Waiting waiting);

  runtime::Timeout timeout_;
  std::string action_;  // the entry's name; empty: none
};

}  // namespace weft::multiprocessing
