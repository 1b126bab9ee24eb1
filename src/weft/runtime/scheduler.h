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
/// lose the processor: when it begins and ends, at each point, park and wake.
///
/// Gil is one implementation; a controlled scheduler, which decides which thread runs next and
/// keeps virtual time, is another. Schedulers stack: a Gil parks and wakes through the scheduler of
/// its session.
///
/// Model: shuttle's Scheduler (point, yield hint, choose), extended by park, wake and the clock.
///
/// Calls come from any thread of the session; `wake` from any thread at all. None may throw.
class Scheduler {
 public:
  virtual ~Scheduler() = default;

  /// True if it decides the order in which threads run. Then waits that end from outside the
  /// session, and the memory shared by processes, are out of its reach and refused by RuntimeError.
  virtual bool is_controlled() const noexcept { return false; }

  /// By the parent: `child` has been started, and reaches `thread_begin` by itself.
  virtual void thread_created(ThreadState& child) noexcept { static_cast<void>(child); }
  /// By a new thread, before its first record: blocks until it may run.
  virtual void thread_begin(ThreadState& thread) noexcept { static_cast<void>(thread); }
  /// By a thread that has left its session: the last call of the thread, which must not touch the
  /// scheduler after it has let another one run.
  virtual void thread_end(ThreadState& thread) noexcept { static_cast<void>(thread); }

  /// The thread is about to do `operation` to `object` (null: to none).
  virtual void point(ThreadState& thread, trace::Kind operation, const Object* object) noexcept = 0;
  /// The thread cannot proceed usefully before another one has run: it polls.
  virtual void yield(ThreadState& thread) noexcept = 0;

  /// The thread is about to block, outside or inside `park`; the counterpart of CPython's
  /// Py_BEGIN_ALLOW_THREADS.
  virtual void begin_blocking(ThreadState& thread, trace::GilRelease why) noexcept {
    static_cast<void>(thread);
    static_cast<void>(why);
  }
  /// It has returned from that; blocks until it may run.
  virtual void end_blocking(ThreadState& thread) noexcept { static_cast<void>(thread); }

  /// Blocks while `word == expected`, until woken or until the deadline. Returns false if the
  /// deadline passed. May return true spuriously.
  virtual bool park(ThreadState& thread, const std::atomic<std::uint32_t>& word,
                    std::uint32_t expected, const Deadline& deadline,
                    const Waiting& waiting) noexcept = 0;
  /// Wakes at most `count` threads parked on `word`, whose memory may be gone already.
  virtual void wake(const std::atomic<std::uint32_t>& word, std::uint32_t count) noexcept = 0;

  /// The session's clock.
  virtual Time now() noexcept = 0;

  /// One of [0, alternatives): what the system leaves open, such as whether a park returns
  /// spuriously. 0 is the usual outcome.
  virtual std::uint32_t choose(std::uint32_t alternatives) noexcept {
    static_cast<void>(alternatives);
    return 0;
  }
};

/// The same of a scheduler that may be null: then the operating system's. They neither record nor
/// look at the stop word.
bool park_on(Scheduler* scheduler, ThreadState& thread, const std::atomic<std::uint32_t>& word,
             std::uint32_t expected, const Deadline& deadline, const Waiting& waiting) noexcept;

inline void wake_on(Scheduler* scheduler, const std::atomic<std::uint32_t>& word,
                    std::uint32_t count = platform::kEverybody) noexcept {
  if (scheduler != nullptr) [[unlikely]] {
    scheduler->wake(word, count);
  } else {
    platform::futex_wake(word, count);
  }
}

inline Time now_on(Scheduler* scheduler) noexcept {
  return scheduler != nullptr ? scheduler->now() : Time(platform::clock_now());
}

/// For tests: what a session gets whose options name no scheduler. Null: none.
namespace testing {
using SchedulerSource = Scheduler* (*)();
void set_default_scheduler(SchedulerSource source) noexcept;
Scheduler* default_scheduler() noexcept;
}  // namespace testing

}  // namespace weft::runtime
