#pragma once

#include <optional>
#include <string>

namespace weft::runtime {

struct ThreadState;

/// What is known of a run of which no thread can ever go on: each of its live threads is parked
/// without a deadline, and what each sleeps on is unchanged. (Threads that wait for a time, or for
/// something outside the run, may go on.) It is looked for whenever the last thread that was not
/// parked for ever parks or ends, so it is found at once.
struct Deadlock {
  /// The payload of the `deadlock` record:
  ///
  ///     {"threads": [{"thread": 2, "name": "Thread-1",      every thread that is parked, by number
  ///                   "reason": "lock",                     what it waits for, as in kinds.h
  ///                   "object": 5, "object_name": "Lock-B", its number in the trace; 0 and "" if
  ///                   "object_type": "lock",                it waits for no object
  ///                   "where": "src/demos/d/demo.cpp:13",   the call that waits; "" if unknown
  ///                   "held_by": 3,                         who could end the wait; 0 if unknown
  ///                   "held_since": "src/demos/d/demo.cpp:20"}, …],  where that one took the lock
  ///      "cycle": [2, 3]}            threads each of which waits for the next, the last one for the
  ///                                  first; empty if there is no such cycle
  std::string json;
  /// The same in a line for people.
  std::string text;
};

/// By a thread that is parked or leaves, when all are: the deadlock, if it is one. Stops the run then,
/// so that nobody finds it again.
std::optional<Deadlock> find_deadlock(const ThreadState& finder);

/// Writes the deadlock to the trace, and its text as an `error`; ends every wait of the run.
void report(ThreadState& finder, const Deadlock& deadlock) noexcept;

/// As both, by a thread that leaves.
void end_if_deadlocked(ThreadState& leaving) noexcept;

}  // namespace weft::runtime
