#include "weft/runtime/internal/park_shared.h"

#include "weft/errors.h"
#include "weft/runtime/internal/blocking_region.h"
#include "weft/runtime/internal/spurious_wakes.h"
#include "weft/runtime/point.h"

namespace weft::runtime {
namespace {

namespace shared = platform::shared;

// True unless the deadline passed.
bool wait(shared::Offset word, std::uint32_t expected, const Deadline& deadline) noexcept {
  if (!deadline) return shared::wait(word, expected);
  // The difference of the clock and a deadline far in the past may overflow.
  const Time now = Clock::now();
  if (*deadline <= now) return shared::load(word) != expected;
  return shared::wait(word, expected, *deadline - now);
}

}  // namespace

bool park_shared(shared::Offset word, std::uint32_t expected, Deadline deadline, Waiting waiting,
                 Stoppable stoppable) {
  if (testing::wakes_for_nothing()) [[unlikely]]
    return true;
  if (session_thread == nullptr) return wait(word, expected, deadline);

  ThreadState& thread = *session_thread;
  const bool can_stop = stoppable == Stoppable::yes;
  if (can_stop && thread.must_stop()) throw Stopped{};
  if (thread.scheduler != nullptr) {
    if (thread.scheduler->is_controlled()) {
      throw RuntimeError("a controlled scheduler can't schedule waits for other processes");
    }
    // Avoids releasing the GIL for a wait that would return at once.
    if (shared::load(word) != expected) return true;
  }
  bool in_time = true;
  bool stopped = false;
  {
    const BlockingRegion blocking(thread);
    thread.record_blocked(waiting);
    // Store-load (Dekker) pattern with the stop word, as in park().
    thread.parked_on_shared.store(word);
    if (!can_stop || !thread.must_stop()) in_time = wait(word, expected, deadline);
    thread.parked_on_shared.store(0);
    stopped = can_stop && thread.must_stop();
    const bool deadlocked = stopped && thread.session->deadlocked();
    const auto outcome = deadlocked ? trace::Unblocked::deadlock
                         : stopped  ? trace::Unblocked::stopped
                         : in_time  ? trace::Unblocked::woken
                                    : trace::Unblocked::timed_out;
    thread.record_unblocked(waiting, outcome);
  }
  if (stopped) throw Stopped{};
  return in_time;
}

}  // namespace weft::runtime
