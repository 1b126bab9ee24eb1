#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "weft/platform/mutex.h"
#include "weft/runtime/park.h"

namespace weft::futures {

class State;

/// One thread's wait for any of several futures. It registers with each future as an observer; a
/// future that is done notifies it by appending itself to a list, in order of completion.
class Waiter {
 public:
  Waiter() = default;
  ~Waiter();
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  /// Registers with the future; returns false, without registering, if it is already done. The
  /// caller keeps the state alive until take() returns it or this Waiter is destroyed.
  bool watch(State& state);

  /// Blocks until `count` watched futures are done that take() has not returned yet, or until one
  /// is done with an exception if `exception_is_enough`. Returns false if the deadline passed
  /// first. Throws Stopped.
  bool wait(std::size_t count, bool exception_is_enough, runtime::Deadline deadline,
            runtime::Where where);

  /// Removes, unregisters and returns the next completed future; null if there is none. Does not block.
  State* take() noexcept;

 private:
  friend class State;
  /// Notification by a future, once each. Returns the word whose parked thread the caller has to
  /// wake; null if it is not parked or has to go on waiting.
  const std::atomic<std::uint32_t>* notify(State& state, bool with_exception) noexcept;

  bool enough() const noexcept WEFT_REQUIRES(mutex_) {
    return done_.size() - taken_ >= count_ || (exception_is_enough_ && exception_);
  }

  static constexpr std::uint32_t kAwake = 0;
  static constexpr std::uint32_t kParked = 1;

  platform::Mutex mutex_;
  std::vector<State*> done_ WEFT_GUARDED_BY(mutex_);  // capacity for all watched
  std::size_t taken_ WEFT_GUARDED_BY(mutex_) = 0;  // number of elements of done_ returned by take()
  std::size_t count_ WEFT_GUARDED_BY(mutex_) = 0;  // arguments of the current wait()
  bool exception_is_enough_ WEFT_GUARDED_BY(mutex_) = false;
  bool exception_ WEFT_GUARDED_BY(mutex_) = false;
  std::vector<State*> watched_;              // accessed by the waiting thread only
  std::atomic<std::uint32_t> word_{kAwake};  // the futex word
  std::atomic<std::uint64_t> woken_by_{0};   // a trace::waker
};

}  // namespace weft::futures
