#include "weft/runtime/park.h"

#include "weft/runtime/point.h"

namespace weft::runtime {
namespace {

// True unless the deadline passed.
bool wait(const std::atomic<std::uint32_t>& word, std::uint32_t expected,
          const Deadline& deadline) noexcept {
  if (!deadline) return platform::futex_wait(word, expected);
  return platform::futex_wait(word, expected, *deadline - Clock::now());
}

}  // namespace

bool park(const std::atomic<std::uint32_t>& word, std::uint32_t expected, Deadline deadline,
          Waiting waiting, Stoppable stoppable) {
  if (plugged == nullptr) return wait(word, expected, deadline);

  ThreadState& thread = *plugged;
  const bool can_stop = stoppable == Stoppable::yes;
  if (can_stop && thread.must_stop()) throw Stopped{};
  thread.note_span(trace::Kind::blocked, waiting.object,
                   static_cast<std::uint32_t>(waiting.reason));
  // First the word, then the look at the stop word: whoever stops the run does it the other way
  // round and repeats, so one of the two sees the other.
  thread.parked_on.store(&word);
  const bool in_time = (can_stop && thread.must_stop()) || wait(word, expected, deadline);
  thread.parked_on.store(nullptr);
  const bool stopped = can_stop && thread.must_stop();
  const auto outcome = stopped   ? trace::Unblocked::stopped
                       : in_time ? trace::Unblocked::woken
                                 : trace::Unblocked::timed_out;
  thread.note_span(trace::Kind::unblocked, waiting.object, static_cast<std::uint32_t>(outcome));
  if (stopped) throw Stopped{};
  return in_time;
}

void sleep_for(std::chrono::nanoseconds duration) {
  checkpoint();
  if (duration.count() <= 0) return;
  const Deadline deadline = deadline_after(duration);
  const std::atomic<std::uint32_t> nobody_wakes{0};
  while (park(nobody_wakes, 0, deadline, {trace::Reason::sleep})) {
  }
}

}  // namespace weft::runtime
