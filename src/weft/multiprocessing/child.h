#pragma once

#include "weft/runtime/time.h"

/// The child's side of process creation. A child is a new instance of this program (as with
/// Python's `spawn` start method).
namespace weft::multiprocessing {

/// To be called first in the main() of every program that starts processes. In a child it runs the
/// child's entry and ends the process; in the first process it returns. Without it Process::start()
/// throws RuntimeError, as a child would run the whole program again.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.freeze_support,
/// and the guard `if __name__ == "__main__"`, which has the same purpose.
///
/// Example:
///     inline const Entry greet("child.greet", [] { std::puts("hello"); });
///     int main() {
///       weft::multiprocessing::freeze_support();
///       Process process(greet);
///       process.start();
///     }
void freeze_support();

// The parts of freeze_support(), for programs that open the child's session themselves.

/// Declares that this program handles being started as a child. freeze_support() does so itself.
void allow_children() noexcept;
/// Throws RuntimeError unless allow_children() was called.
void check_children_allowed();

/// Called in a child, in a session. Runs the entry that the parent named, joins non-daemon children
/// and threads, and stops the daemon threads. Blocks. Returns the exit code, 130 if the run was
/// stopped; the caller then calls platform::exit_process.
int run_child();

/// Time zero of the run's clock; the current time if the parent had no session.
runtime::Time child_origin();

/// True if the parent had a session, whose trace includes the child's records.
bool child_is_of_a_run();

/// True once the first process has stopped the run.
bool child_must_stop() noexcept;

}  // namespace weft::multiprocessing
