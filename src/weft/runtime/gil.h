#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "weft/runtime/object.h"
#include "weft/runtime/scheduler.h"
#include "weft/trace/kinds.h"

namespace weft::runtime {

struct ThreadState;

/// The emulated Global Interpreter Lock, after CPython's Python/ceval_gil.c: at most one thread of
/// the session runs at a time, its owner. It is released around everything that parks. A waiter
/// waits for one switch interval and, if the GIL did not change owners meanwhile, sets the drop
/// request; the owner releases it at its next scheduling point and, as with CPython's
/// FORCE_SWITCHING, competes for it again only after another thread has acquired it.
///
/// Waiting for the GIL is not interrupted by a stop, as its owner sees the stop word at its next
/// point and releases it. An owner that never reaches a point, as one in CPython that never returns
/// from C code, is waited for without limit, with two exceptions: in a run that was stopped,
/// waiters give up after a moment; and a daemon thread that keeps the GIL for long ends the run
/// with an error, as a run does not wait for daemons.
///
/// Example:
///     Session session({});
///     const GilScope scope(1ms);
///     session.gil() != nullptr;   // true
class Gil final : public Scheduler {
 public:
  /// `below`: the scheduler through which it parks and wakes; null: the operating system.
  Gil(std::chrono::nanoseconds interval, Scheduler* below) noexcept
      : below_(below), interval_(interval.count()) {}
  Gil(const Gil&) = delete;
  Gil& operator=(const Gil&) = delete;

  bool is_controlled() const noexcept override {
    return below_ != nullptr && below_->is_controlled();
  }

  /// If the drop request is set: releases the GIL to another thread and blocks until it is
  /// re-acquired.
  void point(ThreadState& thread, trace::Kind operation, const Object* object) noexcept override;
  void yield(ThreadState& thread) noexcept override;

  /// Releases it if the calling thread owns it.
  void begin_blocking(ThreadState& thread, trace::GilRelease why) noexcept override;
  /// Blocks until the calling thread owns it. Returns at once if it is closed.
  void end_blocking(ThreadState& thread) noexcept override;

  bool park(ThreadState& thread, const std::atomic<std::uint32_t>& word, std::uint32_t expected,
            const Deadline& deadline, const Waiting& waiting) noexcept override {
    return park_on(below_, thread, word, expected, deadline, waiting);
  }
  void wake(const std::atomic<std::uint32_t>& word, std::uint32_t count) noexcept override {
    wake_on(below_, word, count);
  }
  Time now() noexcept override { return now_on(below_); }
  std::uint32_t choose(std::uint32_t alternatives) noexcept override {
    return below_ != nullptr ? below_->choose(alternatives) : 0;
  }

  /// Called by the thread that opened it: from here on all threads run in parallel.
  void close(ThreadState& thread) noexcept;

  std::chrono::nanoseconds interval() const noexcept {
    return std::chrono::nanoseconds(interval_.load(std::memory_order_relaxed));
  }
  void set_interval(std::chrono::nanoseconds interval) noexcept {
    interval_.store(interval.count(), std::memory_order_relaxed);
  }
  Object& object() noexcept { return object_; }

 private:
  static constexpr std::uint32_t kFree = 0;
  static constexpr std::uint32_t kHeld = 1;
  static constexpr std::uint32_t kClosed = 2;

  // Releases it if the drop request is set, as CPython's eval breaker does.
  void at_point(ThreadState& thread) noexcept {
    if (request_.load(std::memory_order_relaxed) != 0) [[unlikely]]
      yield_on_request(thread);
  }
  // The uncontended acquisition.
  bool try_acquire() noexcept;
  // Blocks until acquired; CPython's take_gil. Returns false if it was closed or is lost.
  bool wait(ThreadState& thread) noexcept;
  bool sleep(ThreadState& thread, const std::atomic<std::uint32_t>& word, std::uint32_t expected,
             std::chrono::nanoseconds duration) noexcept;
  // To be called after each acquisition.
  void on_acquired(ThreadState& thread) noexcept;
  // Releases it on request, waits for another owner, and re-acquires it.
  void yield_on_request(ThreadState& thread) noexcept;
  void await_switch(ThreadState& thread, std::uint32_t before) noexcept;
  // Sets the drop request, unless another waiter has.
  void request_drop(ThreadState& thread) noexcept;
  // Lost: its owner is taken for one that will not reach a scheduling point.
  bool is_lost(ThreadState& thread, std::chrono::nanoseconds waited) noexcept;
  // Reports that and wakes the parked threads of the run, which ends.
  void report_loss(ThreadState& thread) noexcept;
  void record_release(ThreadState& thread, trace::GilRelease why) noexcept;
  void release() noexcept;

  Scheduler* const below_;
  std::atomic<std::uint32_t> word_{kFree};
  std::atomic<std::uint32_t> waiting_{0};          // waiters: threads in `wait`
  std::atomic<std::uint32_t> request_{0};          // drop request: the owner is to release it
  std::atomic<std::uint32_t> switches_{0};         // changes of owner: CPython's switch_number
  std::atomic<std::uint32_t> awaiting_switch_{0};  // threads parked until switches_ changes
  std::atomic<std::int64_t> interval_;             // ns
  std::atomic<std::uint32_t> acquisitions_{0};     // number of acquisitions
  std::atomic<std::uint32_t> last_holder_{0};      // written by the owner, as is the next
  std::atomic<bool> holder_is_daemon_{false};
  // The last release, as trace::waker(). Written by the owner before the release, read by the next
  // owner after its acquisition.
  std::atomic<std::uint64_t> released_by_{0};
  Object object_{trace::ObjectType::gil};
};

/// The switch interval: how long a thread waits for the GIL before it requests it. That of the
/// active GIL, else the one of GILs that are opened later. Default: 5 ms.
/// Python: https://docs.python.org/3/library/sys.html#sys.getswitchinterval
std::chrono::nanoseconds switch_interval() noexcept;

/// Sets the switch interval. Throws ValueError unless it is positive.
/// Python: https://docs.python.org/3/library/sys.html#sys.setswitchinterval
void set_switch_interval(std::chrono::nanoseconds interval);

/// RAII: a GIL is active from the constructor to the destructor, for the calling thread, which
/// acquires it at once, and for threads that are started meanwhile. Threads that are still running
/// at the end go on without it.
///
/// Example:
///     Session session({});
///     const GilScope gil(1ms);
///     threading::Thread thread(work);
///     thread.start();   // from here on the two threads take turns
///     work();
class GilScope {
 public:
  /// Throws RuntimeError unless the caller is the only live thread of its session and no GIL is
  /// active, and ValueError unless the interval is positive.
  explicit GilScope(std::chrono::nanoseconds interval = switch_interval());
  ~GilScope();
  GilScope(const GilScope&) = delete;
  GilScope& operator=(const GilScope&) = delete;

 private:
  ThreadState& thread_;
  Gil& gil_;
  Scheduler* const below_;
};

}  // namespace weft::runtime
