#pragma once

#include <memory>
#include <string>

#include "weft/runtime/callable.h"
#include "weft/runtime/park.h"
#include "weft/runtime/thread_state.h"

namespace weft::runtime {

/// Makes the state of a thread that is to be started, in the caller's session if it is part of one.
std::shared_ptr<ThreadState> new_thread(std::string name, bool daemon = false);

/// Starts that thread, which runs `body`. An exception that leaves the body is reported and ends that
/// thread only; Stopped ends it silently. A session waits at its end for the threads that are no
/// daemons, and ends those that are. Throws RuntimeError if no further thread is to be had; `body` is
/// as it was then, and the thread counts as ended. `where`: of the call, for the trace.
void start_thread(const std::shared_ptr<ThreadState>& state, Callable&& body,
                  Where where = Where());

/// Both at once, without a point: for threads that a primitive starts, maybe in a critical section.
std::shared_ptr<ThreadState> start_thread(std::string name, Callable&& body, bool daemon = false);

/// A number for a further thread of the session; null: of those outside any.
std::uint32_t new_thread_number(Session* session) noexcept;

/// Blocks until the thread has ended. Returns false if the deadline passed first.
bool join_thread(ThreadState& thread, Deadline deadline = std::nullopt,
                 Stoppable stoppable = Stoppable::yes, Where where = Where());

}  // namespace weft::runtime
