#pragma once

#include <chrono>

#include "weft/runtime/gil.h"

namespace weft::threading {

/// Enables the emulated Global Interpreter Lock for a scope: one thread of the run at a time
/// executes, as in CPython; without it threads run in parallel, as in CPython's free-threaded
/// build. Every blocking operation releases it, including a sleep. At scheduling points and calls
/// of checkpoint() the holder releases it if another thread has requested it after waiting for one
/// switch interval.
///
/// A thread that computes without reaching such a point keeps all others waiting for as long as
/// that takes; if it is a daemon, the run is stopped with an error after 5 s.
///
/// The constructor throws RuntimeError unless the caller is the only live thread of its run, and
/// ValueError unless the interval is positive. Blocks only while another thread holds the lock.
/// Python: https://docs.python.org/3/glossary.html#term-global-interpreter-lock
///
/// Example:
///     runtime::Session session({});
///     const Gil gil(1ms);
///     Thread thread(work);
///     thread.start();   // from here on the two threads take turns
///     work();
using Gil = runtime::GilScope;

/// How long a thread waits for the GIL before it requests it from the holder; 5 ms by default. Of
/// the GIL that is enabled, else of those enabled later.
/// Python: https://docs.python.org/3/library/sys.html#sys.getswitchinterval
inline std::chrono::nanoseconds getswitchinterval() noexcept { return runtime::switch_interval(); }

/// Throws ValueError unless the interval is positive.
/// Python: https://docs.python.org/3/library/sys.html#sys.setswitchinterval
inline void setswitchinterval(std::chrono::nanoseconds interval) {
  runtime::set_switch_interval(interval);
}

}  // namespace weft::threading
