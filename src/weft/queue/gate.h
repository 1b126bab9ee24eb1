#pragma once

#include <cstdint>
#include <mutex>

#include "weft/platform/mutex.h"
#include "weft/runtime/park.h"

namespace weft::queue {

/// Where threads wait for a change of what a mutex guards. Like a condition variable, but a wake
/// without a waiter costs one comparison.
class Gate {
 public:
  using Guard = std::unique_lock<platform::Mutex>;

  /// Lets go of the mutex, parks until opened or until the deadline, takes the mutex again.
  /// Returns false if the deadline passed. The caller looks again in either case.
  bool wait(Guard& guard, runtime::Deadline deadline, runtime::Waiting waiting) {
    const std::uint32_t epoch = epoch_.load(std::memory_order_relaxed);
    ++waiters_;
    guard.unlock();
    struct Back {
      Gate& gate;
      Guard& guard;
      ~Back() {
        guard.lock();
        --gate.waiters_;
      }
    } const back{*this, guard};
    return runtime::park(epoch_, epoch, deadline, waiting);
  }

  /// With the mutex held: true if `wake` is worth calling after letting go of it.
  bool open() noexcept {
    if (waiters_ == 0) return false;
    epoch_.fetch_add(1, std::memory_order_relaxed);
    return true;
  }
  void wake(std::uint32_t count = platform::kEverybody) noexcept { runtime::wake(epoch_, count); }

 private:
  std::uint32_t waiters_ = 0;              // guarded by the mutex
  std::atomic<std::uint32_t> epoch_{0};  // changed under the mutex
};

}  // namespace weft::queue
