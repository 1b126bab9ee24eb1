#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>

#include "weft/runtime/object.h"
#include "weft/runtime/scheduler.h"
#include "weft/trace/kinds.h"

namespace weft::runtime {

struct ThreadState;

/// The emulated Global Interpreter Lock, after CPython's Python/ceval_gil.c: of the threads of a
/// session one at a time runs, whoever has it. It is dropped around everything that parks. A thread
/// that wants it waits for one switch interval and, if nobody else got it meanwhile, asks for it; the
/// holder gives it away at its next point and takes no part in the race for it until another thread
/// really has it.
///
/// Waiting for it cannot be stopped, as the holder sees the stop word at its next point and lets go.
/// A holder that never comes to a point, like one in CPython that never leaves its C code, is waited for
/// without end, with two exceptions: in a run that was stopped, those who wait give up after a moment;
/// and a daemon that keeps the GIL for long ends the run with an error, as nobody would wait for a
/// daemon.
class Gil final : public Scheduler {
 public:
  /// `below` is what it parks and wakes with; null: the operating system.
  Gil(std::chrono::nanoseconds interval, Scheduler* below) noexcept
      : below_(below), interval_(interval.count()) {}
  Gil(const Gil&) = delete;
  Gil& operator=(const Gil&) = delete;

  bool is_controlled() const noexcept override {
    return below_ != nullptr && below_->is_controlled();
  }

  /// If it has been asked for: lets another thread have it and blocks until it is back.
  void point(ThreadState& thread, trace::Kind operation, const Object* object) noexcept override;
  void yield(ThreadState& thread) noexcept override;

  /// Gives it away, if the calling thread has it.
  void begin_blocking(ThreadState& thread, trace::GilRelease why) noexcept override;
  /// Blocks until the calling thread has it. Does nothing once it is closed.
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

  /// By the thread that has opened it: from here on all threads run in parallel.
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

  void at_point(ThreadState& thread) noexcept {
    if (request_.load(std::memory_order_relaxed) != 0) [[unlikely]] hand_over(thread);
  }
  bool take_if_free() noexcept;
  bool wait(ThreadState& thread) noexcept;
  bool sleep(ThreadState& thread, const std::atomic<std::uint32_t>& word, std::uint32_t expected,
             std::chrono::nanoseconds duration) noexcept;
  void taken_by(ThreadState& thread) noexcept;
  void hand_over(ThreadState& thread) noexcept;
  void wait_for_a_switch(ThreadState& thread, std::uint32_t before) noexcept;
  void ask(ThreadState& thread) noexcept;
  bool is_lost(ThreadState& thread, std::chrono::nanoseconds waited) noexcept;
  void tell_of_loss(ThreadState& thread) noexcept;
  void note_release(ThreadState& thread, trace::GilRelease why) noexcept;
  void release() noexcept;

  Scheduler* const below_;
  std::atomic<std::uint32_t> word_{kFree};
  std::atomic<std::uint32_t> waiting_{0};      // threads in `wait`
  std::atomic<std::uint32_t> request_{0};      // 1: the holder is asked to give it away
  std::atomic<std::uint32_t> switches_{0};     // how often it went from one thread to another
  std::atomic<std::uint32_t> handing_over_{0};  // threads that sleep until switches_ changes
  std::atomic<std::int64_t> interval_;         // ns
  std::atomic<std::uint32_t> turns_{0};        // how often anybody took it
  std::atomic<std::uint32_t> last_holder_{0};  // written by the holder, as is the next
  std::atomic<bool> holder_is_daemon_{false};
  // As trace::waker: of the last release. Written by who has it, and read by who got it after that.
  std::atomic<std::uint64_t> released_by_{0};
  Object object_{trace::ObjectType::gil};
};

/// How long a thread waits for the GIL before it asks for it: of the GIL that is switched on, else of
/// those to come. 5 ms unless set otherwise.
std::chrono::nanoseconds switch_interval() noexcept;

/// Throws ValueError unless the interval is positive.
void set_switch_interval(std::chrono::nanoseconds interval);

/// Switches the GIL on, from the constructor to the destructor: for the calling thread, which has it
/// at once, and for those that are started meanwhile. Threads that are still running at the end go
/// on without it.
class GilScope {
 public:
  /// Throws RuntimeError unless the caller is the only live thread of its session and the GIL is off,
  /// and ValueError unless the interval is positive.
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
