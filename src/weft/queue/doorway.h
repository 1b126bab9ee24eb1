#pragma once

#include <cstddef>
#include <cstdint>

#include "weft/platform/cpu.h"
#include "weft/platform/watched_mutex.h"
#include "weft/runtime/spin.h"
#include "weft/runtime/wait_queue.h"

namespace weft::queue {

/// The wait queue of one end of a queue: threads that wait for an operation at the other end, FIFO,
/// with throttled wake-ups. At most one woken waiter is in flight (`coming_`, a designated waker as
/// in nsync); once it holds the end, it wakes the next one if there is credit for that, too. That
/// avoids futile wake-ups (thundering herd), and during the long wake-up latency the other end
/// keeps to its fast path.
///
/// Guarded by the queue's mutex, except `look` and `look_for_many`. Invariant: while there are
/// waiters and none is in flight, the watched bit of the other end's lock is set, so that the next
/// unlock there takes the slow path and wakes one.
class Doorway {
 public:
  using Waiter = runtime::WaitQueue::Waiter;
  using Sleeper = runtime::WaitQueue::Sleeper;

  explicit Doorway(platform::WatchedMutex& other_end) noexcept : other_end_(other_end) {}

  /// True if there are no waiters.
  bool empty() const noexcept { return waiters_.empty(); }

  /// Adaptive spinning for `ready()`, without a lock: returns its last value, false if it gave up.
  template <class Ready>
  bool look(Ready ready) noexcept {
    return spin_.until(ready);
  }

  /// As `look`, for `amount() != 0`; then spins on briefly while the amount still grows, up to
  /// `most`. That coalesces: the two ends work in turns on batches, so that the cache lines they
  /// share are transferred once per batch instead of once per item.
  template <class Amount>
  void look_for_many(Amount amount, std::size_t most) noexcept {
    if (!look([&] { return amount() != 0; })) return;
    std::size_t before = 0;
    for (int i = 0; i < kLooks; ++i) {
      const std::size_t now = amount();
      if (now <= before || now >= most) return;
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
    if (!coming_) other_end_.watch();
  }

  /// Ends the wait; returns whether the waiter was woken: then, after its own operation, it has to
  /// call let_one_through() for the next.
  bool remove(Waiter& waiter) noexcept {
    const bool let_through = waiters_.remove(waiter);
    if (let_through) coming_ = false;
    if (!coming_ && !waiters_.empty()) other_end_.watch();
    return let_through;
  }

  /// Dequeues the first waiter, unless another is in flight or `amount` is 0. The caller wakes the
  /// result after releasing the mutex. `sequence`: of the trace record of the operation waited for;
  /// 0 if there is none.
  Sleeper let_one_through(std::size_t amount, std::uint32_t sequence) noexcept {
    if (waiters_.empty() || coming_) {
      other_end_.unwatch();
      return nullptr;
    }
    if (amount == 0) return nullptr;
    coming_ = true;
    other_end_.unwatch();
    return waiters_.release_first(sequence);
  }

  /// Dequeues and wakes all waiters.
  void let_all_through(std::uint32_t sequence) noexcept {
    while (!waiters_.empty()) runtime::WaitQueue::wake(waiters_.release_first(sequence));
  }

 private:
  static constexpr int kPauses = 4;
  static constexpr int kLooks = 8;

  platform::WatchedMutex& other_end_;
  runtime::WaitQueue waiters_;
  bool coming_ = false;  // a woken waiter is in flight: it has not called remove() yet
  runtime::Spin spin_;
};

}  // namespace weft::queue
