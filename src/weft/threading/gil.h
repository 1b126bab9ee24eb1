#pragma once

#include <chrono>

#include "weft/runtime/gil.h"

namespace weft::threading {

/// Switches the emulated Global Interpreter Lock on for the length of a scope: of the threads of the
/// run one at a time executes, as in CPython; without it they run in parallel, as in CPython's
/// free-threaded build. It is let go by everything that blocks, sleeping included, and changes hands
/// at points and checkpoints, when a thread has waited for it for one switch interval.
///
/// A thread that computes without points keeps all others waiting, for as long as it takes; a daemon not
/// for longer than 5 s: then the run is stopped, with an error.
///
/// The constructor throws RuntimeError unless the caller is the only live thread of its run, and
/// ValueError unless the interval is positive. Blocks only if it has to wait for the lock.
/// Python: https://docs.python.org/3/glossary.html#term-global-interpreter-lock
///
/// Example:
///     const Gil gil(std::chrono::milliseconds(1));
///     Thread thread(compute);   // compute and this thread take turns
using Gil = runtime::GilScope;

/// How long a thread waits for the GIL before it asks the holder to give it away; 5 ms unless set
/// otherwise. Of the GIL that is switched on, else of those to come.
/// Python: https://docs.python.org/3/library/sys.html#sys.getswitchinterval
inline std::chrono::nanoseconds getswitchinterval() noexcept { return runtime::switch_interval(); }

/// Throws ValueError unless the interval is positive.
/// Python: https://docs.python.org/3/library/sys.html#sys.setswitchinterval
inline void setswitchinterval(std::chrono::nanoseconds interval) {
  runtime::set_switch_interval(interval);
}

}  // namespace weft::threading
