#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "weft/multiprocessing/entry.h"
#include "weft/multiprocessing/view.h"
#include "weft/runtime/park.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"
#include "weft/threading/barrier.h"

namespace weft::multiprocessing {

using threading::BrokenBarrierError;

/// Holds threads of all processes up until a number of them has come; then all go on, and it begins anew.
/// Copies are the same barrier, and so is what another process receives when one is sent to it. It is made
/// when it is first used or sent.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.Barrier
///
/// | state   | wait                           | abort     | reset             |
/// | ------- | ------------------------------ | --------- | ----------------- |
/// | filling | blocks; the last one lets all go | -> broken | -> filling, empty |
/// | broken  | BrokenBarrierError             | no effect | -> filling, empty |
///
/// A wait that times out breaks it, too, and so does a process that has the barrier and is killed: the
/// others would wait for it for ever. Who comes while the action runs waits for the next round.
class Barrier {
 public:
  /// For `parties` threads. `timeout` is the default of wait. Throws ValueError unless `parties` is positive.
  explicit Barrier(std::int32_t parties, runtime::Timeout timeout = std::nullopt,
                   std::string_view name = {});
  /// The last thread to come runs the entry `action`, which takes no arguments, before it lets the others
  /// go: once a round. If it throws, the barrier is broken, and the exception leaves that thread's wait().
  template <class F>
    requires(Entry<F>::template takes<>)
  Barrier(std::int32_t parties, const Entry<F>& action, runtime::Timeout timeout = std::nullopt,
          std::string_view name = {})
      : Barrier(parties, timeout, name) {
    action_ = action.name();
  }
  /// For one; something to receive into.
  Barrier() : Barrier(1) {}

  /// Blocks until all parties have come, this one included. Returns the number of threads that came before:
  /// each gets another, from 0 to parties - 1. Throws BrokenBarrierError if the barrier is broken, or gets
  /// broken or reset meanwhile, as it does when `timeout` passes.
  std::int32_t wait(runtime::Timeout timeout = std::nullopt,
                    runtime::Where where = runtime::Where::current());

  /// Breaks the barrier: who waits and who comes gets BrokenBarrierError, until reset().
  void abort();
  /// Makes the barrier as new. Who waits gets BrokenBarrierError.
  void reset();

  std::int32_t parties() const;
  /// How many threads wait at the moment; only a hint.
  std::int32_t n_waiting() const;
  bool broken() const;

  friend bool operator==(const Barrier&, const Barrier&) noexcept = default;
  friend void serialise(Archive& archive, Barrier& barrier) {
    serialise_view(archive, barrier.state_, ObjectKind::barrier);
    archive(barrier.timeout_, barrier.action_);
  }

 private:
  struct State : View {
    explicit State(Hold held) : View(std::move(held), trace::ObjectType::barrier) {}
  };

  std::shared_ptr<Lazy<State>> state_;
  void let_all_through(std::uint32_t phase, runtime::Waiting waiting);

  runtime::Timeout timeout_;
  std::string action_;  // the entry's name; empty: none
};

}  // namespace weft::multiprocessing
