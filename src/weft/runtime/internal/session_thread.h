#pragma once

namespace weft::runtime {

struct ThreadState;

/// The calling thread's state; null if Weft did not start it and it has opened no session.
inline constinit thread_local ThreadState* current = nullptr;

/// The calling thread's state while it is part of a session, else null. Null switches off the
/// instrumentation (trace, stop, scheduler, deadlock detection): the fast path of every operation
/// is one load of this and one branch.
inline constinit thread_local ThreadState* session_thread = nullptr;

}  // namespace weft::runtime
