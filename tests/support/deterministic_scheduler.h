#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <mutex>
#include <optional>

#include "weft/platform/futex.h"
#include "weft/platform/mutex.h"
#include "weft/runtime/internal/thread_state.h"
#include "weft/runtime/park.h"
#include "weft/runtime/scheduler.h"

namespace weft::test {

/// A controlled scheduler of one session: one thread runs at a time, and which one follows from
/// what the threads do. So a program that depends on nothing but its threads gives the same trace
/// each time.
///
/// A thread runs until it parks, ends, polls (`yield`) or has passed kSlice points. Then the runnable
/// one of the next higher number runs, or else of the lowest: also where threads wait for moments only,
/// each gets its turn. After the end of a thread it is the lowest one. Time is
/// virtual: a point takes kPointTime; when no thread is runnable, the clock jumps to the earliest
/// deadline.
class DeterministicScheduler final : public runtime::Scheduler {
 public:
  /// `drain` is called now and then by the running thread, so that the rings of a trace don't fill.
  explicit DeterministicScheduler(std::function<void()> drain = nullptr)
      : drain_(std::move(drain)) {}

  bool is_controlled() const noexcept override { return true; }

  void thread_created(runtime::ThreadState& child) noexcept override {
    const std::lock_guard guard(mutex_);
    slot_of(child);
  }

  void thread_begin(runtime::ThreadState& thread) noexcept override {
    Slot* slot = nullptr;
    {
      const std::lock_guard guard(mutex_);
      slot = &slot_of(thread);
      if (running_ == nullptr && threads_.size() == 1) {  // the thread that opens the session
        running_ = slot;
        return;
      }
    }
    await_turn(*slot);
  }

  void thread_end(runtime::ThreadState& thread) noexcept override {
    Slot* next = nullptr;
    {
      const std::lock_guard guard(mutex_);
      make_runnable(thread.ended, platform::kAllWaiters);
      threads_.erase(thread.number);
      running_ = nullptr;
      from_ = 0;
      next = pick(thread.number, false);
    }
    give_turn(next);  // from here on the scheduler may be gone
  }

  void point(runtime::ThreadState& thread, trace::Kind, const runtime::Object*) noexcept override {
    ++points_;
    switch_from(thread, ++passed_ >= kSlice);
  }

  void yield(runtime::ThreadState& thread) noexcept override {
    ++points_;
    switch_from(thread, true);
  }

  bool park(runtime::ThreadState& thread, const std::atomic<std::uint32_t>& word,
            std::uint32_t expected, const runtime::Deadline& deadline,
            const runtime::Waiting&) noexcept override {
    drain();
    Slot* self = nullptr;
    Slot* next = nullptr;
    {
      const std::lock_guard guard(mutex_);
      if (word.load() != expected) return true;
      self = &slot_of(thread);
      self->word = &word;
      self->deadline = deadline;
      self->in_time = true;
      from_ = thread.number + 1;
      next = pick(thread.number, false);
    }
    if (next != self) {
      give_turn(next);
      await_turn(*self);
    }
    return self->in_time;
  }

  void wake(const std::atomic<std::uint32_t>& word, std::uint32_t count) noexcept override {
    Slot* next = nullptr;
    {
      const std::lock_guard guard(mutex_);
      make_runnable(word, count);
      if (running_ == nullptr) next = pick(0, false);  // from outside, while all were parked
    }
    give_turn(next);
  }

  runtime::Time now() noexcept override {
    return runtime::Time(std::chrono::nanoseconds(now_.load()));
  }

  /// How many points were passed.
  std::uint64_t points() const noexcept { return points_; }

 private:
  static constexpr std::uint32_t kSlice = 200;
  static constexpr std::int64_t kPointTime = 1'000;  // ns

  struct Slot {
    std::uint32_t number = 0;
    const std::atomic<std::uint32_t>* word = nullptr;  // null: runnable
    runtime::Deadline deadline;
    bool in_time = true;
    std::uint64_t woken = 0;  // when, as a count of all wakes
    std::atomic<std::uint32_t> turn{0};
  };
  using Threads = std::map<std::uint32_t, Slot>;  // by number

  Slot& slot_of(const runtime::ThreadState& thread) {
    Slot& slot = threads_[thread.number];
    slot.number = thread.number;
    return slot;
  }

  void switch_from(runtime::ThreadState& thread, bool to_the_next) noexcept {
    drain();
    Slot* self = nullptr;
    Slot* next = nullptr;
    {
      const std::lock_guard guard(mutex_);
      now_.fetch_add(kPointTime);
      self = &slot_of(thread);
      next = pick(thread.number, to_the_next);
    }
    if (next == self) return;
    give_turn(next);
    await_turn(*self);
  }

  // With mutex_: chooses who runs next; null if all are parked without a deadline.
  Slot* pick(std::uint32_t last, bool to_the_next) noexcept {
    expire();
    if (to_the_next) from_ = last + 1;
    Slot* chosen = lowest_runnable(from_);
    if (chosen == nullptr) chosen = lowest_runnable(0);
    if (chosen == nullptr && jump_to_next_deadline()) chosen = lowest_runnable(0);
    if (chosen == nullptr || chosen->number < from_) from_ = 0;
    if (chosen != running_ || to_the_next) passed_ = 0;
    running_ = chosen;
    return chosen;
  }

  Slot* lowest_runnable(std::uint32_t from) noexcept {
    for (auto at = threads_.lower_bound(from); at != threads_.end(); ++at) {
      if (at->second.word == nullptr) return &at->second;
    }
    return nullptr;
  }

  void expire() noexcept {
    for (auto& [number, slot] : threads_) {
      if (slot.word == nullptr || !slot.deadline || *slot.deadline > now()) continue;
      slot.word = nullptr;
      slot.in_time = false;
    }
  }

  bool jump_to_next_deadline() noexcept {
    runtime::Deadline earliest;
    for (const auto& [number, slot] : threads_) {
      if (slot.deadline && slot.word != nullptr && (!earliest || *slot.deadline < *earliest)) {
        earliest = slot.deadline;
      }
    }
    if (!earliest) return false;
    now_.store(earliest->time_since_epoch().count());
    expire();
    return true;
  }

  void make_runnable(const std::atomic<std::uint32_t>& word, std::uint32_t count) noexcept {
    // Those first that were woken longest ago: so none starves that comes back to the same word.
    for (; count != 0; --count) {
      Slot* first = nullptr;
      for (auto& [number, slot] : threads_) {
        if (slot.word == &word && (first == nullptr || slot.woken < first->woken)) first = &slot;
      }
      if (first == nullptr) return;
      first->word = nullptr;
      first->woken = ++wakes_;
    }
  }

  static void give_turn(Slot* slot) noexcept {
    if (slot == nullptr) return;
    slot->turn.store(1);
    platform::futex_wake(slot->turn, 1);
  }

  static void await_turn(Slot& slot) noexcept {
    while (slot.turn.exchange(0) == 0) platform::futex_wait(slot.turn, 0);
  }

  void drain() noexcept {
    constexpr std::uint32_t kPointsADrain = 64;
    if (drain_ && ++undrained_ % kPointsADrain == 0) drain_();
  }

  const std::function<void()> drain_;
  platform::Mutex mutex_;
  Threads threads_;          // guarded by mutex_, as is the next
  Slot* running_ = nullptr;  // null: none is runnable
  std::uint32_t from_ = 0;   // the lowest number whose turn it is
  std::uint64_t wakes_ = 0;
  std::atomic<std::int64_t> now_{0};
  std::uint32_t passed_ = 0;  // points since the last switch; the next ones belong to who runs
  std::uint64_t points_ = 0;
  std::uint32_t undrained_ = 0;
};

}  // namespace weft::test
