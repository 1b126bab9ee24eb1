#include "weft/runtime/scheduler.h"

#include "weft/runtime/internal/thread_state.h"

namespace weft::runtime {

bool park_on(Scheduler* scheduler, ThreadState& thread, const std::atomic<std::uint32_t>& word,
             std::uint32_t expected, const Deadline& deadline, const Waiting& waiting) noexcept {
  if (scheduler != nullptr) return scheduler->park(thread, word, expected, deadline, waiting);
  if (!deadline) return platform::futex_wait(word, expected);
  return platform::futex_wait(word, expected, *deadline - Time(platform::clock_now()));
}

Time Clock::now_of(const ThreadState& thread) noexcept { return now_on(thread.scheduler); }

namespace testing {
namespace {

std::atomic<SchedulerSource> default_source{nullptr};

}  // namespace

void set_default_scheduler(SchedulerSource source) noexcept { default_source.store(source); }

Scheduler* default_scheduler() noexcept {
  const SchedulerSource source = default_source.load();
  return source != nullptr ? source() : nullptr;
}

}  // namespace testing
}  // namespace weft::runtime
