#pragma once

#include <cstddef>
#include <cstdint>

#include "weft/platform/cpu.h"
#include "weft/platform/watched_mutex.h"
#include "weft/runtime/internal/spin.h"
#include "weft/runtime/wait_queue.h"

namespace weft::queue {

/// The wait queue of one end of a queue: threads that wait for an operation at the other end, FIFO,
/// with throttled wake-ups. At most one woken waiter is in flight (`waker_in_flight_`, a designated
/// waker as in nsync); once it holds the end, it wakes the next one if there is credit for that,
/// too. That avoids futile wake-ups (thundering herd), and during the long wake-up latency the
/// other end keeps to its fast path.
///
/// Guarded by the queue's mutex, except `spin` and `spin_for_batch`. Invariant: while there are
/// waiters and none is in flight, the watched bit of the other end's lock is set, so that the next
/// unlock there takes the slow path and wakes one.
class EndWaitQueue {
 public:
  using Waiter = runtime::WaitQueue::Waiter;
  using Sleeper = runtime::WaitQueue::Sleeper;

  explicit EndWaitQueue(platform::WatchedMutex& other_end) noexcept : other_end_(other_end) {}

  /// True if there are no waiters.
  bool empty() const noexcept { return waiters_.empty(); }

  /// Adaptive spinning for `ready()`, without a lock: returns its last value, false if it gave up.
  template <class Ready>
  bool spin(Ready ready) noexcept {
    return spin_.until(ready);
  }

  /// As `spin`, for `credit() != 0`; then spins on briefly while the credit still grows, up to
  /// `max`. That coalesces: the two ends work in turns on batches, so that the cache lines they
  /// share are transferred once per batch instead of once per item.
  template <class Credit>
  void spin_for_batch(Credit credit, std::size_t max) noexcept {
    if (!spin([&] { return credit() != 0; })) return;
    std::size_t before = 0;
    for (int i = 0; i < kPolls; ++i) {
      const std::size_t now = credit();
      if (now <= before || now >= max) return;
      before = now;
      for (int n = 0; n < kPauses; ++n) platform::cpu_pause();
    }
  }

  /// Enqueues a waiter, at the head if `first`. The waiter must re-check its condition afterwards:
  /// an operation before this did not see it.
  void add(Waiter& waiter, bool first) noexcept {
    if (first) {
      waiters_.add_first(waiter);
    } else {
      waiters_.add(waiter);
    }
    if (!waker_in_flight_) other_end_.watch();
  }

  /// Ends the wait; returns whether the waiter was woken: then, after its own operation, it has to
  /// call notify_one() for the next.
  bool remove(Waiter& waiter) noexcept {
    const bool was_woken = waiters_.remove(waiter);
    if (was_woken) waker_in_flight_ = false;
    if (!waker_in_flight_ && !waiters_.empty()) other_end_.watch();
    return was_woken;
  }

  /// Dequeues the first waiter, unless another is in flight or `credit` is 0. The caller wakes the
  /// result after releasing the mutex. `sequence`: of the trace record of the operation waited for;
  /// 0 if there is none.
  Sleeper notify_one(std::size_t credit, std::uint32_t sequence) noexcept {
    if (waiters_.empty() || waker_in_flight_) {
      other_end_.unwatch();
      return nullptr;
    }
    if (credit == 0) return nullptr;
    waker_in_flight_ = true;
    other_end_.unwatch();
    return waiters_.release_first(sequence);
  }

  /// Dequeues and wakes all waiters.
  void notify_all(std::uint32_t sequence) noexcept {
    while (!waiters_.empty()) runtime::WaitQueue::wake(waiters_.release_first(sequence));
  }

 private:
  static constexpr int kPauses = 4;
  static constexpr int kPolls = 8;

  platform::WatchedMutex& other_end_;
  runtime::WaitQueue waiters_;
  bool waker_in_flight_ = false;  // a woken waiter is in flight: it has not called remove() yet
  runtime::Spin spin_;
};

}  // namespace weft::queue
