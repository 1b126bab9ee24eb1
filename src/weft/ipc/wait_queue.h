#pragma once

#include <cstdint>
#include <optional>

#include "weft/platform/futex.h"
#include "weft/platform/shared.h"
#include "weft/runtime/internal/park_shared.h"
#include "weft/runtime/park.h"
#include "weft/runtime/time.h"

namespace weft::ipc {

/// The wait queue of a primitive that processes share: threads of any process that wait for a word
/// of the shared memory to change. 31 bits of the word are the primitive's value; the last one,
/// kHasWaiters, says that threads may be parked on it. The system keeps the queue itself, as that
/// of a futex. A view, which does not own the word.
///
/// A waiter decides by the value that it sees (Waiter). A change that may end a wait clears
/// kHasWaiters, in the same atomic step, and wakes as many threads as it concerns. The threads that
/// it left parked are not forgotten: a thread that has been parked sets kHasWaiters again with its
/// own change, and wakes another one if that could go on as well (Drepper, "Futexes Are Tricky").
///
/// Robust. A wake-up can die with the process that owes it, between its change and the wake-up, or
/// with the one that has got it. Hence the one way to treat the death of a process, whatever it
/// did: the supervisor first repairs the primitive's value, if the process has left it unfinished,
/// and then calls recover(), which wakes all waiters to decide again. A thread that is stopped
/// passes its wake-up on.
class WaitQueue {
 public:
  using Offset = platform::shared::Offset;

  static constexpr std::uint32_t kHasWaiters = 0x8000'0000;
  static constexpr std::uint32_t kAll = platform::kAllWaiters;

  /// What a waiter does at a value.
  class Decision {
   public:
    /// Changes the value to this, which ends the wait.
    static Decision change(std::uint32_t to) noexcept { return {Step::change, to}; }
    /// Ends the wait, and leaves the value. For waits of which each change that ends one ends all.
    static Decision leave() noexcept { return {Step::leave, 0}; }
    /// Waits for another value than this. `value` may differ from the one seen: it is stored then.
    static Decision wait(std::uint32_t value) noexcept { return {Step::wait, value}; }
    /// Ends the wait: what is waited for will not come.
    static Decision refuse() noexcept { return {Step::refuse, 0}; }

   private:
    friend class WaitQueue;
    enum class Step { change, leave, wait, refuse };
    Decision(Step step_, std::uint32_t value_) noexcept : step(step_), value(value_) {}
    Step step;
    std::uint32_t value;
  };

  enum class Waited { done, timed_out, refused };

  /// What wait() calls, most with an Access held. A waiter derives from it, has a function
  /// `Decision decide(std::uint32_t value)`, which may look at more than the value but must not
  /// change what others see, and hides others of these functions as needed.
  struct Waiter {
    /// Before an attempt to change the value, after one that failed, and after the one that
    /// succeeded: before another thread is woken.
    void begin() noexcept {}
    void undo() noexcept {}
    void done() noexcept {}
    /// It was parked; `in_time`: not until the deadline. No Access is held.
    void woken(bool /*in_time*/) noexcept {}
    /// It gives up, as the deadline has passed or the run is stopped. In the latter case it may
    /// have got a wake-up, and passes it on. No Access is held.
    void timed_out(WaitQueue) noexcept {}
    void stopped(WaitQueue queue) noexcept { queue.wake(kHasWaiters, 1); }
  };

  explicit WaitQueue(Offset word) noexcept : word_(word) {}

  std::uint32_t value() const noexcept { return platform::shared::load(word_) & ~kHasWaiters; }

  // The waiter's side.

  /// Blocks until the waiter has decided, or until the deadline. The waiter decides once more when
  /// the deadline has passed. Throws Stopped.
  template <class W>
  Waited wait(W& waiter, const runtime::Deadline& deadline, const runtime::Waiting& waiting,
              runtime::Stoppable stoppable = runtime::Stoppable::yes) const;

  /// True if the waiter can change the value or leave at once, and has.
  template <class W>
  bool attempt(W& waiter) const noexcept {
    const platform::shared::Access access;
    for (;;) {
      const std::uint32_t seen = platform::shared::load(word_);
      const std::optional<bool> ended = end(waiter, seen, waiter.decide(seen & ~kHasWaiters), 0);
      if (ended != false) return ended.has_value();
    }
  }

  // The side that changes the value; the caller holds an Access. Each returns the word as it was,
  // for wake(). What the change orders, such as a trace record's number, comes between the two.

  std::uint32_t exchange(std::uint32_t value) const noexcept {
    return platform::shared::exchange(word_, value);
  }
  /// Clears all bits of the value but these.
  std::uint32_t keep(std::uint32_t bits) const noexcept {
    return platform::shared::fetch_and(word_, bits & ~kHasWaiters);
  }
  /// Replaces the value by `change(value)`, unless that is none: then returns none.
  template <class Change>
  std::optional<std::uint32_t> update(Change change) const noexcept {
    for (;;) {
      const std::uint32_t seen = platform::shared::load(word_);
      const std::optional<std::uint32_t> wanted = change(seen & ~kHasWaiters);
      if (!wanted) return std::nullopt;
      if (platform::shared::compare_exchange(word_, seen, *wanted) == seen) return seen;
    }
  }
  /// Wakes up to `most` threads, if any may be parked.
  void wake(std::uint32_t previous, std::uint32_t most) const noexcept {
    if ((previous & kHasWaiters) != 0) runtime::wake_shared(word_, most);
  }

  /// Clears these bits of the value: a change that ends no wait. Returns the previous value.
  std::uint32_t clear(std::uint32_t bits) const noexcept {
    return platform::shared::fetch_and(word_, ~bits) & ~kHasWaiters;
  }

  /// Wakes all waiters to decide again, also those that are about to park. To be called by the
  /// supervisor when a process has ended, whatever it had to do with the primitive, and when what
  /// waiters look at besides the value has changed.
  void recover() const noexcept {
    platform::shared::fetch_and(word_, ~kHasWaiters);
    runtime::wake_shared(word_, kAll);
  }

 private:
  // Carries a decision out, unless it is to wait or to refuse: then returns none. False if the word
  // has changed meanwhile. `mark`: kHasWaiters if the thread was parked.
  template <class W>
  std::optional<bool> end(W& waiter, std::uint32_t seen, Decision decision,
                          std::uint32_t mark) const noexcept {
    if (decision.step == Decision::Step::leave) return true;
    if (decision.step != Decision::Step::change) return std::nullopt;
    waiter.begin();
    const std::uint32_t wanted = decision.value | (seen & kHasWaiters) | mark;
    if (platform::shared::compare_exchange(word_, seen, wanted) != seen) {
      waiter.undo();
      return false;
    }
    waiter.done();
    if (mark != 0 && waiter.decide(decision.value).step == Decision::Step::change) wake(mark, 1);
    return true;
  }

  const Offset word_;
};

template <class W>
WaitQueue::Waited WaitQueue::wait(W& waiter, const runtime::Deadline& deadline,
                                  const runtime::Waiting& waiting,
                                  runtime::Stoppable stoppable) const {
  std::uint32_t mark = 0;
  bool in_time = true;
  for (;;) {
    std::uint32_t seen = 0;
    {
      const platform::shared::Access access;
      seen = platform::shared::load(word_);
      const Decision decision = waiter.decide(seen & ~kHasWaiters);
      if (const std::optional<bool> ended = end(waiter, seen, decision, mark)) {
        if (*ended) return Waited::done;
        continue;
      }
      if (decision.step == Decision::Step::refuse) return Waited::refused;
      // Once the word says that there is a waiter, it decides again: what it looks at besides the
      // word may have changed before that (Dekker pattern).
      const std::uint32_t wanted = decision.value | kHasWaiters;
      if (in_time && wanted != seen) {
        platform::shared::compare_exchange(word_, seen, wanted);
        continue;
      }
    }
    if (!in_time) break;
    try {
      in_time = runtime::park_shared(word_, seen, deadline, waiting, stoppable);
    } catch (...) {
      waiter.stopped(*this);
      throw;
    }
    mark = kHasWaiters;
    waiter.woken(in_time);
  }
  waiter.timed_out(*this);
  return Waited::timed_out;
}

}  // namespace weft::ipc
