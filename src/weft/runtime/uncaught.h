#pragma once

#include <exception>
#include <string>

namespace weft::runtime {

/// "Type: message" of an exception, as in the last line of Python's traceback. Types named after
/// Python's get the names that they have there: "ValueError", "queue.Empty".
std::string describe(const std::exception_ptr& exception);

/// Reports an uncaught exception: an `error` record in the trace, or a line on standard error
/// outside a traced session.
/// Python: https://docs.python.org/3/library/threading.html#threading.excepthook
void report_uncaught(const std::exception_ptr& exception) noexcept;

/// As report_uncaught, for an exception that left a process's entry function and ends the process.
void report_end_of_process(const std::string& process,
                           const std::exception_ptr& exception) noexcept;

/// As report_uncaught, but ignores SystemExit, which is a way to end a thread.
void report_end_of_thread(const std::exception_ptr& exception) noexcept;

/// Handles an exception that leaves a thread's target, in place of report_end_of_thread.
using UncaughtHook = void (*)(const std::exception_ptr& exception);

/// Sets the process's hook; null: none.
void set_uncaught_hook(UncaughtHook hook) noexcept;

/// Passes the exception that ends a thread to the hook, or reports it if there is none. If the hook
/// throws, both exceptions are reported, unless it throws Stopped or SystemExit.
void handle_uncaught(const std::exception_ptr& exception) noexcept;

}  // namespace weft::runtime
