#pragma once

#include "weft/runtime/time.h"

/// What a program does to have child processes: each is the same program, run anew.
namespace weft::multiprocessing {

/// The first line of the main() of a program that starts processes. In a child it runs what the child is
/// to do and ends the process; elsewhere it returns. Without it start() throws RuntimeError: a child
/// would run the whole program again.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.freeze_support,
/// and the rule to guard the main module, for the same reason.
void freeze_support();

/// For programs that run a child's part in a session of their own making.

/// Says that this program runs children. freeze_support() says so itself.
void allow_children() noexcept;
/// Throws RuntimeError unless it does.
void check_children_allowed();

/// In a child, in a session: runs the entry that the parent named, waits for children and threads that
/// are no daemons, and ends the daemons. Returns the exit code, 130 if the run was stopped; what is left
/// to do is platform::exit_process.
int run_child();

/// Zero of the run's clock; now, if the parent was in no run.
runtime::Time child_origin();

/// False if the parent was in no run: then nobody reads what the child would record.
bool child_is_of_a_run();

/// True once the run was stopped by its first process.
bool child_must_stop() noexcept;

}  // namespace weft::multiprocessing
