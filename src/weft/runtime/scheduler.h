#pragma once

#include <atomic>
#include <cstdint>

#include "weft/platform/futex.h"
#include "weft/runtime/time.h"
#include "weft/trace/kinds.h"

namespace weft::runtime {

class Object;
struct ThreadState;
struct Waiting;

/// The seam through which every context switch of a session goes. A session without a scheduler
/// leaves its threads to the operating system. One with a scheduler calls it wherever a thread may
/// lose the processor: when it begins and ends, at each scheduling point, park and wake.
///
/// Gil is one implementation; a controlled scheduler, which decides which thread runs next and
/// keeps virtual time, is another. Schedulers stack: a Gil parks and wakes through its session's
/// scheduler.
///
/// Model: shuttle's Scheduler (point, yield hint, choose), extended by park, wake and the clock.
///
/// Calls come from any thread of the session; `wake` from any thread at all. None may throw.
///
/// Example:
///     // Leaves everything to the operating system, and counts the wake-ups.
///     class Counting : public Scheduler {
///      public:
///       std::atomic<int> wakes = 0;
///       void point(ThreadState&, trace::Kind, const Object*) noexcept override {}
///       void yield(ThreadState&) noexcept override {}
///       bool park(ThreadState& thread, const std::atomic<std::uint32_t>& word,
///                 std::uint32_t expected, const Deadline& deadline,
///                 const Waiting& waiting) noexcept override {
///         return park_on(nullptr, thread, word, expected, deadline, waiting);
///       }
///       void wake(const std::atomic<std::uint32_t>& word, std::uint32_t count) noexcept override {
///         ++wakes;
///         wake_on(nullptr, word, count);
///       }
///       Time now() noexcept override { return now_on(nullptr); }
///     };
///     Counting scheduler;
///     Session session({.scheduler = &scheduler});
///     threading::Thread thread(work);
///     thread.start();
///     thread.join();
class Scheduler {
 public:
  virtual ~Scheduler() = default;

  /// True if it decides the order in which threads run. Waits that are ended from outside the
  /// session, and waits on memory shared by processes, are then refused with RuntimeError.
  virtual bool is_controlled() const noexcept { return false; }

  /// Called by the parent after `child` was started; the child calls `thread_begin` itself.
  virtual void thread_created(ThreadState& child) noexcept { static_cast<void>(child); }
  /// Called by a new thread before its first record; blocks until the thread may run.
  virtual void thread_begin(ThreadState& thread) noexcept { static_cast<void>(thread); }
  /// Called by a thread that has left its session, as its last call: once another thread has been
  /// let run, the scheduler must not be touched.
  virtual void thread_end(ThreadState& thread) noexcept { static_cast<void>(thread); }

  /// The thread is about to do `operation` to `object` (null: to none).
  virtual void point(ThreadState& thread, trace::Kind operation, const Object* object) noexcept = 0;
  /// Yield hint: the thread polls and cannot make progress before another thread has run.
  virtual void yield(ThreadState& thread) noexcept = 0;

  /// The thread is about to block, outside or inside `park`; the counterpart of CPython's
  /// Py_BEGIN_ALLOW_THREADS.
  virtual void begin_blocking(ThreadState& thread, trace::GilRelease why) noexcept {
    static_cast<void>(thread);
    static_cast<void>(why);
  }
  /// The thread has returned from the blocking call; blocks until it may run.
  virtual void end_blocking(ThreadState& thread) noexcept { static_cast<void>(thread); }

  /// Blocks while `word == expected`, until woken or until the deadline. Returns false if the
  /// deadline passed. May return true spuriously.
  virtual bool park(ThreadState& thread, const std::atomic<std::uint32_t>& word,
                    std::uint32_t expected, const Deadline& deadline,
                    const Waiting& waiting) noexcept = 0;
  /// Wakes at most `count` threads parked on `word`. Only the address is used: the memory may have
  /// been freed already.
  virtual void wake(const std::atomic<std::uint32_t>& word, std::uint32_t count) noexcept = 0;

  /// The session's clock.
  virtual Time now() noexcept = 0;

  /// A nondeterministic choice from [0, alternatives), such as whether a park returns spuriously. 0
  /// is the usual outcome.
  virtual std::uint32_t choose(std::uint32_t alternatives) noexcept {
    static_cast<void>(alternatives);
    return 0;
  }
};

/// As the members of Scheduler; null stands for the operating system. They neither record nor check
/// the stop word.
bool park_on(Scheduler* scheduler, ThreadState& thread, const std::atomic<std::uint32_t>& word,
             std::uint32_t expected, const Deadline& deadline, const Waiting& waiting) noexcept;

inline void wake_on(Scheduler* scheduler, const std::atomic<std::uint32_t>& word,
                    std::uint32_t count = platform::kAllWaiters) noexcept {
  if (scheduler != nullptr) [[unlikely]] {
    scheduler->wake(word, count);
  } else {
    platform::futex_wake(word, count);
  }
}

inline Time now_on(Scheduler* scheduler) noexcept {
  return scheduler != nullptr ? scheduler->now() : Time(platform::clock_now());
}

/// For tests: the scheduler of sessions whose options name none. Null: none.
namespace testing {
using SchedulerSource = Scheduler* (*)();
void set_default_scheduler(SchedulerSource source) noexcept;
Scheduler* default_scheduler() noexcept;
}  // namespace testing

}  // namespace weft::runtime
