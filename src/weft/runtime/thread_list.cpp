#include "weft/runtime/thread_list.h"

#include <chrono>
#include <mutex>

#include "weft/runtime/scheduler.h"
#include "weft/runtime/thread_state.h"

namespace weft::runtime {
namespace {

// In a census.
bool has_changed(const std::atomic<std::uint32_t>& word, const ThreadState& thread) noexcept {
  return ((word.load() ^ thread.parked_expecting) & thread.parked_waiting.mask) != 0;
}

constexpr std::uint32_t kOneLess = ~std::uint32_t{0};

}  // namespace

void ThreadList::change(std::atomic<std::uint32_t>& count, std::uint32_t by) noexcept {
  Scheduler* const scheduler = scheduler_;  // the list may be gone after the change
  count.fetch_add(by);
  wake_on(scheduler, count);
}

void ThreadList::expect(const ThreadState& thread) noexcept {
  live_.fetch_add(1);
  if (scheduler_ != nullptr) scheduled_.fetch_add(1);
  if (!thread.daemon) foreground_.fetch_add(1);
}

void ThreadList::forget(const ThreadState& thread) noexcept {
  if (!thread.daemon) change(foreground_, kOneLess);
  change(live_, kOneLess);
  if (scheduler_ != nullptr) end_scheduled();
}

void ThreadList::end_scheduled() noexcept {
  const auto& word = scheduled_;  // the list may be gone after the change, and waking needs only the address
  scheduled_.fetch_sub(1);
  platform::futex_wake(word, platform::kEverybody);
}

// Not through the scheduler: these threads have left it, but for a few instructions.
void ThreadList::await_scheduled() noexcept {
  for (std::uint32_t n = scheduled_.load(); n != 0; n = scheduled_.load()) {
    platform::futex_wait(scheduled_, n, std::nullopt);
  }
}

void ThreadList::add(ThreadState& thread) noexcept {
  const std::lock_guard guard(mutex_);
  thread.next_in_session = first_;
  if (first_ != nullptr) first_->previous_in_session = &thread;
  first_ = &thread;
}

bool ThreadList::leave(ThreadState& thread) noexcept {
  // First what others may wait for: from the registration on they could be taken for lost.
  thread.ended.store(ThreadState::kLeaving);
  if (!thread.daemon) change(foreground_, kOneLess);
  thread.parked_expecting = ThreadState::kLeaving;
  thread.parked_waiting = {trace::Reason::thread_join};
  thread.parked_for_ever = true;
  return park(thread, thread.ended);
}

void ThreadList::remove(ThreadState& thread) noexcept {
  Scheduler* const scheduler = scheduler_;
  {
    const std::lock_guard guard(mutex_);
    if (thread.previous_in_session != nullptr) {
      thread.previous_in_session->next_in_session = thread.next_in_session;
    } else {
      first_ = thread.next_in_session;
    }
    if (thread.next_in_session != nullptr) {
      thread.next_in_session->previous_in_session = thread.previous_in_session;
    }
    // In this order: whoever parks meanwhile finds at least as many parked as live, and looks.
    live_.fetch_sub(1);
    if (thread.parked_on.exchange(nullptr) != nullptr) for_ever_.fetch_sub(1);
  }
  // The list may be gone by now: whoever ends the session takes the mutex once more when it sees the
  // number, and waking needs only the address.
  wake_on(scheduler, live_);
}

bool ThreadList::park(ThreadState& thread, const std::atomic<std::uint32_t>& word) noexcept {
  thread.times_parked.fetch_add(1);
  thread.parked_on.store(&word);
  return thread.parked_for_ever && for_ever_.fetch_add(1) + 1 >= live_.load();
}

void ThreadList::unpark(ThreadState& thread) noexcept {
  if (thread.parked_for_ever) for_ever_.fetch_sub(1);
  thread.parked_on.store(nullptr);
  // A census that has seen the word may be reading it; one that comes now sees none.
  if (census_.load() != 0) {
    const std::lock_guard wait_for_its_end(mutex_);
  }
}

// Twice through the list. Whoever is found parked both times, and not parked anew in between, was so
// all the time; and if all were, there was a moment at which all were at once. From then on nobody
// did anything but look at his own word, which was and is what he goes back to sleep for.
bool ThreadList::nobody_can_go_on() noexcept {
  std::uint32_t found = 0;
  for (ThreadState* thread = first_; thread != nullptr; thread = thread->next_in_session, ++found) {
    thread->times_parked_before = thread->times_parked.load();
    const auto* const word = thread->parked_on.load();
    if (word == nullptr || !thread->parked_for_ever) return false;
    if (has_changed(*word, *thread)) return false;
  }
  if (found != live_.load()) return false;  // one is being started
  for (ThreadState* thread = first_; thread != nullptr; thread = thread->next_in_session) {
    const auto* const word = thread->parked_on.load();
    if (word == nullptr || has_changed(*word, *thread) ||
        thread->times_parked.load() != thread->times_parked_before) {
      return false;
    }
  }
  return true;
}

std::uint32_t ThreadList::wake_parked() noexcept {
  const std::unique_lock guard(mutex_, std::try_to_lock);
  if (!guard) return 1;
  std::uint32_t parked = 0;
  for (ThreadState* thread = first_; thread != nullptr; thread = thread->next_in_session) {
    if (const auto word = thread->parked_on_shared.load(); word != 0) {
      ++parked;
      platform::shared::wake(word, platform::kEverybody);
    }
    if (const auto* word = thread->parked_on.load(); word != nullptr && word != &thread->ended) {
      ++parked;
      wake_on(scheduler_, *word);
    }
  }
  return parked;
}

void ThreadList::wake_all_that_were_parked(const ThreadState& caller) noexcept {
  constexpr std::chrono::microseconds kPause{100};
  const std::atomic<std::uint32_t> nobody_wakes{0};
  for (;;) {
    bool all_looked = true;
    {
      const std::lock_guard guard(mutex_);
      for (ThreadState* thread = first_; thread != nullptr; thread = thread->next_in_session) {
        const auto* const word = thread->parked_on.load();
        if (thread == &caller || word == nullptr || word == &thread->ended ||
            thread->times_parked.load() != thread->times_parked_before) {
          continue;
        }
        all_looked = false;
        wake_on(scheduler_, *word);
      }
    }
    // Under control none can be about to sleep.
    if (all_looked || (scheduler_ != nullptr && scheduler_->is_controlled())) return;
    // A thread may have been about to sleep when it was woken.
    platform::futex_wait(nobody_wakes, 0, kPause);
  }
}

}  // namespace weft::runtime
