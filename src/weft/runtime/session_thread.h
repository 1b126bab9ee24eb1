#pragma once

namespace weft::runtime {

struct ThreadState;

/// The calling thread, if it was started by Weft or opened a session; else null.
inline constinit thread_local ThreadState* current = nullptr;

/// The calling thread, if it is part of a session; else null: nothing is plugged in.
inline constinit thread_local ThreadState* plugged = nullptr;

}  // namespace weft::runtime
