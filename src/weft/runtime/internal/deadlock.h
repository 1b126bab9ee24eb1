#pragma once

#include <optional>
#include <string>

namespace weft::runtime {

struct ThreadState;

/// A deadlock: each live thread of the session is parked without a deadline, and the word on which
/// each is parked is unchanged, so no thread can ever proceed. (Threads that wait for a time, or
/// for something outside the run, may.) The check runs whenever the last thread that was not parked
/// indefinitely parks or ends, so a deadlock is found at once.
struct Deadlock {
  /// The payload of the `deadlock` record:
  ///
  ///     {"threads": [{"thread": 2, "name": "Thread-1",      every parked thread, by number
  ///                   "reason": "lock",                     what it waits for, as in kinds.h
  ///                   "object": 5, "object_name": "Lock-B", its number in the trace; 0 and "" if
  ///                   "object_type": "lock",                it waits for no object
  ///                   "where": "src/demos/d/demo.cpp:13",   the call that waits; "" if unknown
  ///                   "held_by": 3,                         the thread that can end the wait, or 0
  ///                   "held_since": "src/demos/d/demo.cpp:20"}, …],  call site of its acquisition
  ///      "cycle": [2, 3]}            a wait-for cycle: each thread waits for the next, the last
  ///                                  one for the first; empty if there is none
  std::string json;
  /// The same in one human-readable line.
  std::string text;
};

/// Called by a thread that is parked or leaves when all live threads are: the deadlock, if the
/// quiescence check confirms it. Then it also stops the run, so that it is found once only.
std::optional<Deadlock> find_deadlock(const ThreadState& finder);

/// Writes the deadlock to the trace, and its text as an `error`; wakes every parked thread of the
/// run.
void report(ThreadState& finder, const Deadlock& deadlock) noexcept;

/// Both of them, for a thread that leaves.
void end_if_deadlocked(ThreadState& leaving) noexcept;

}  // namespace weft::runtime
