#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "weft/platform/mutex.h"
#include "weft/runtime/park.h"

namespace weft::futures {

class State;

/// A thread that waits for any of several futures. Futures that it watches tell it when they are
/// done, in the order in which they are.
class Waiter {
 public:
  Waiter() = default;
  ~Waiter();
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  /// Begins to watch; false if the future is done already. The caller keeps the state alive until
  /// it is forgotten or told of.
  bool watch(State& state);

  /// Blocks until `count` of the watched are done (or one with an exception, if that is enough) and
  /// not taken yet. Returns false if the deadline passed first.
  bool wait(std::size_t count, bool exception_is_enough, runtime::Deadline deadline,
            runtime::Where where);

  /// The next that was told of, null if there is none at present.
  State* take() noexcept;

 private:
  friend class State;
  /// Called by a future, once; wakes the thread by the word it returns (null: it does not sleep).
  const std::atomic<std::uint32_t>* tell(State& state, bool with_exception) noexcept;

  bool enough() const noexcept {
    return done_.size() - taken_ >= count_ || (exception_is_enough_ && exception_);
  }

  static constexpr std::uint32_t kAwake = 0;
  static constexpr std::uint32_t kAsleep = 1;

  platform::Mutex mutex_;
  std::vector<State*> done_;  // guarded by mutex_ as is all below; has room for all
  std::size_t taken_ = 0;
  std::size_t count_ = 0;
  bool exception_is_enough_ = false;
  bool exception_ = false;
  std::vector<State*> watched_;  // the waiting thread's own
  std::atomic<std::uint32_t> word_{kAwake};
  std::atomic<std::uint64_t> woken_by_{0};  // as trace::waker
};

}  // namespace weft::futures
