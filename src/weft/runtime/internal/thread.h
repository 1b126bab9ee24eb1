#pragma once

#include <memory>
#include <string>

#include "weft/runtime/internal/callable.h"
#include "weft/runtime/internal/thread_state.h"
#include "weft/runtime/park.h"

namespace weft::runtime {

/// Creates the state of a thread that is to be started, in the caller's session if it is part of
/// one.
std::shared_ptr<ThreadState> new_thread(std::string name, bool daemon = false);

/// Starts that thread, which runs `body`. An exception that leaves the body is reported and ends
/// that thread only; Stopped ends it silently. At its end the session joins non-daemon threads and
/// stops daemons. Throws RuntimeError if the system has no more threads; then `body` is unchanged
/// and the thread counts as ended. `where`: the call site, for the trace.
void start_thread(const std::shared_ptr<ThreadState>& state, Callable&& body,
                  Where where = Where());

/// Both in one, without a scheduling point: for threads that a primitive starts, perhaps in a
/// critical section.
std::shared_ptr<ThreadState> start_thread(std::string name, Callable&& body, bool daemon = false);

/// The number for a new thread of the session; null: of the threads outside any session.
std::uint32_t new_thread_number(Session* session) noexcept;

/// Blocks until the thread has ended. Returns false if the deadline passed first. Throws Stopped.
bool join_thread(ThreadState& thread, Deadline deadline = std::nullopt,
                 Stoppable stoppable = Stoppable::yes, Where where = Where());

}  // namespace weft::runtime
