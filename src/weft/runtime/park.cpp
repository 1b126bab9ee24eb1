#include "weft/runtime/park.h"

#include "weft/errors.h"
#include "weft/platform/critical_section.h"
#include "weft/runtime/internal/blocking_region.h"
#include "weft/runtime/internal/deadlock.h"
#include "weft/runtime/internal/spurious_wakes.h"
#include "weft/runtime/point.h"

namespace weft::runtime {
namespace {

// Outside any session. True unless the deadline passed.
bool wait(const std::atomic<std::uint32_t>& word, std::uint32_t expected,
          const Deadline& deadline) noexcept {
  if (!deadline) return platform::futex_wait(word, expected);
  return platform::futex_wait(word, expected, *deadline - Clock::now());
}

// A controlled scheduler can only schedule wake-ups that come from its own threads.
void refuse_out_of_reach(const Scheduler* scheduler, const Waiting& waiting) {
  if (scheduler == nullptr || !scheduler->is_controlled() || !waiting.ended_externally) return;
  throw RuntimeError(
      "a controlled scheduler can't schedule a wait that is ended from outside its session");
}

}  // namespace

bool park(const std::atomic<std::uint32_t>& word, std::uint32_t expected, Deadline deadline,
          Waiting waiting, Stoppable stoppable) {
  if (testing::wakes_for_nothing()) [[unlikely]]
    return true;
  if (session_thread == nullptr) return wait(word, expected, deadline);

  ThreadState& thread = *session_thread;
  Scheduler* const scheduler = thread.scheduler;
  platform::check_no_critical_section();
  const bool can_stop = stoppable == Stoppable::yes;
  if (can_stop && thread.must_stop()) throw Stopped{};
  thread.flush_backlog();
  refuse_out_of_reach(scheduler, waiting);
  if (scheduler != nullptr) {
    // Avoids releasing the GIL for a wait that would return at once.
    if (word.load() != expected) return true;
    constexpr std::uint32_t kWaitsOrReturnsSpuriously = 2;
    if (scheduler->choose(kWaitsOrReturnsSpuriously) != 0) return true;
  }
  bool in_time = true;
  bool stopped = false;
  {
    const BlockingRegion blocking(thread);
    thread.record_blocked(waiting);
    ThreadList& threads = thread.session->threads();
    thread.parked_expecting = expected;
    thread.parked_indefinitely = !deadline && !waiting.ended_externally;
    thread.parked_waiting = waiting;
    // Store-load (Dekker) pattern: this thread publishes its word, then loads the stop word; the
    // stopping thread stores the stop word, then reads the published words, repeatedly. At least
    // one of the two sees the other's store, so the stop is not missed.
    const bool all_parked = threads.park(thread, word);
    std::optional<Deadlock> deadlock;
    if (!can_stop || !thread.must_stop()) {
      if (all_parked) deadlock = find_deadlock(thread);
      if (!deadlock) in_time = park_on(scheduler, thread, word, expected, deadline, waiting);
    }
    threads.unpark(thread);
    stopped = can_stop && thread.must_stop();
    const bool deadlocked = stopped && (deadlock || thread.session->deadlocked());
    const auto outcome = deadlocked ? trace::Unblocked::deadlock
                         : stopped  ? trace::Unblocked::stopped
                         : in_time  ? trace::Unblocked::woken
                                    : trace::Unblocked::timed_out;
    thread.record_unblocked(waiting, outcome);
    if (deadlock) report(thread, *deadlock);
  }
  if (stopped) throw Stopped{};
  return in_time;
}

void wake_in_session(const ThreadState& thread, const std::atomic<std::uint32_t>& word,
                     std::uint32_t count) noexcept {
  wake_on(thread.scheduler, word, count);
}

void sleep_for(std::chrono::nanoseconds duration) {
  checkpoint();
  if (duration.count() <= 0) return;
  const Deadline deadline = deadline_after(duration);
  const std::atomic<std::uint32_t> never_woken{0};
  while (park(never_woken, 0, deadline, {trace::Reason::sleep})) {
  }
}

}  // namespace weft::runtime
