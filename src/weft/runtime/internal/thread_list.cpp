#include "weft/runtime/internal/thread_list.h"

#include <chrono>

#include "weft/runtime/internal/thread_state.h"
#include "weft/runtime/scheduler.h"

namespace weft::runtime {
namespace {

// The caller has a Snapshot.
bool has_changed(const std::atomic<std::uint32_t>& word, const ThreadState& thread) noexcept {
  return ((word.load() ^ thread.parked_expecting) & thread.parked_waiting.mask) != 0;
}

constexpr std::uint32_t kOneLess = ~std::uint32_t{0};

}  // namespace

void ThreadList::change(std::atomic<std::uint32_t>& count, std::uint32_t by) noexcept {
  Scheduler* const scheduler = scheduler_;  // the list may be destroyed after the change
  count.fetch_add(by);
  wake_on(scheduler, count);
}

void ThreadList::register_start(const ThreadState& thread) noexcept {
  live_.fetch_add(1);
  if (scheduler_ != nullptr) scheduled_.fetch_add(1);
  if (!thread.daemon) foreground_.fetch_add(1);
}

void ThreadList::cancel_start(const ThreadState& thread) noexcept {
  if (!thread.daemon) change(foreground_, kOneLess);
  change(live_, kOneLess);
  if (scheduler_ != nullptr) end_scheduled();
}

void ThreadList::end_scheduled() noexcept {
  // The list may be destroyed after the change; a wake-up needs only the address.
  const auto& word = scheduled_;
  scheduled_.fetch_sub(1);
  platform::futex_wake(word, platform::kAllWaiters);
}

// Not through the scheduler, which these threads have left but for a few instructions.
void ThreadList::await_scheduled() noexcept {
  for (std::uint32_t n = scheduled_.load(); n != 0; n = scheduled_.load()) {
    platform::futex_wait(scheduled_, n, std::nullopt);
  }
}

void ThreadList::add(ThreadState& thread) noexcept {
  const platform::LockGuard guard(mutex_);
  thread.next_in_session = first_;
  if (first_ != nullptr) first_->previous_in_session = &thread;
  first_ = &thread;
}

bool ThreadList::leave(ThreadState& thread) noexcept {
  // First the words on which other threads may wait: once this thread counts as parked
  // indefinitely, those waiters would be taken for deadlocked.
  thread.ended.store(ThreadState::kLeaving);
  if (!thread.daemon) change(foreground_, kOneLess);
  thread.parked_expecting = ThreadState::kLeaving;
  thread.parked_waiting = {trace::Reason::thread_join};
  thread.parked_indefinitely = true;
  return park(thread, thread.ended);
}

void ThreadList::remove(ThreadState& thread) noexcept {
  Scheduler* const scheduler = scheduler_;
  {
    const platform::LockGuard guard(mutex_);
    if (thread.previous_in_session != nullptr) {
      thread.previous_in_session->next_in_session = thread.next_in_session;
    } else {
      first_ = thread.next_in_session;
    }
    if (thread.next_in_session != nullptr) {
      thread.next_in_session->previous_in_session = thread.previous_in_session;
    }
    // In this order: a thread that parks in between counts at least as many threads parked as live,
    // and so runs the quiescence check; the other order could skip it.
    live_.fetch_sub(1);
    if (thread.parked_on.exchange(nullptr) != nullptr) parked_indefinitely_.fetch_sub(1);
  }
  // The list may be destroyed by now: the destroying thread sees the new count, then acquires the
  // mutex once more. A wake-up needs only the address.
  wake_on(scheduler, live_);
}

bool ThreadList::park(ThreadState& thread, const std::atomic<std::uint32_t>& word) noexcept {
  thread.times_parked.fetch_add(1);
  thread.parked_on.store(&word);
  return thread.parked_indefinitely && parked_indefinitely_.fetch_add(1) + 1 >= live_.load();
}

void ThreadList::unpark(ThreadState& thread) noexcept {
  if (thread.parked_indefinitely) parked_indefinitely_.fetch_sub(1);
  thread.parked_on.store(nullptr);
  // Store-load (Dekker) pattern: this thread clears parked_on, then loads snapshot_; a Snapshot
  // sets snapshot_, then loads parked_on. Either it finds null, or this thread finds it and waits
  // for its end.
  if (snapshot_.load() != 0) {
    const platform::LockGuard wait_for_its_end(mutex_);
  }
}

// The quiescence check: a double collect, as for an atomic snapshot (Afek et al.), with
// times_parked as the version number. A thread found parked in both passes, with an unchanged
// version, was parked all the time in between; if all were, there was a moment at which all were
// parked at once. From then on no thread can have done more than wake spuriously, find its word
// unchanged and park again.
bool ThreadList::is_quiescent() noexcept {
  std::uint32_t found = 0;
  for (ThreadState* thread = first_; thread != nullptr; thread = thread->next_in_session, ++found) {
    thread->times_parked_before = thread->times_parked.load();
    const auto* const word = thread->parked_on.load();
    if (word == nullptr || !thread->parked_indefinitely) return false;
    if (has_changed(*word, *thread)) return false;
  }
  if (found != live_.load()) return false;  // a thread is being started
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
  if (!mutex_.try_lock()) return 1;
  std::uint32_t parked = 0;
  for (ThreadState* thread = first_; thread != nullptr; thread = thread->next_in_session) {
    if (const auto word = thread->parked_on_shared.load(); word != 0) {
      ++parked;
      platform::shared::wake(word, platform::kAllWaiters);
    }
    if (const auto* word = thread->parked_on.load(); word != nullptr && word != &thread->ended) {
      ++parked;
      wake_on(scheduler_, *word);
    }
  }
  mutex_.unlock();
  return parked;
}

void ThreadList::wake_deadlocked(const ThreadState& caller) noexcept {
  constexpr std::chrono::microseconds kPause{100};
  const std::atomic<std::uint32_t> never_woken{0};
  for (;;) {
    bool all_resumed = true;
    {
      const platform::LockGuard guard(mutex_);
      for (ThreadState* thread = first_; thread != nullptr; thread = thread->next_in_session) {
        const auto* const word = thread->parked_on.load();
        if (thread == &caller || word == nullptr || word == &thread->ended ||
            thread->times_parked.load() != thread->times_parked_before) {
          continue;
        }
        all_resumed = false;
        wake_on(scheduler_, *word);
      }
    }
    // Under a controlled scheduler no thread can be about to park.
    if (all_resumed || (scheduler_ != nullptr && scheduler_->is_controlled())) return;
    // A thread that was about to park has missed the wake-up.
    platform::futex_wait(never_woken, 0, kPause);
  }
}

}  // namespace weft::runtime
