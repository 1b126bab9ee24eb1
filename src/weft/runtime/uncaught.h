#pragma once

#include <exception>
#include <string>

namespace weft::runtime {

/// "Type: message" of an exception, as Python's last line of a traceback. Types that are named after
/// Python's are called as they are there: "ValueError", "queue.Empty".
std::string describe(const std::exception_ptr& exception);

/// Reports an exception that nobody caught: an `error` record in the trace, or a line on standard
/// error outside a traced session.
/// Python: https://docs.python.org/3/library/threading.html#threading.excepthook
void report_uncaught(const std::exception_ptr& exception) noexcept;

/// The same of one that left the entry of a process, which ends then.
void report_end_of_process(const std::string& process, const std::exception_ptr& exception) noexcept;

/// As report_uncaught, but says nothing of SystemExit, which is a way to end a thread.
void report_end_of_thread(const std::exception_ptr& exception) noexcept;

/// What is done about an exception that leaves a thread's target, instead of report_end_of_thread.
using UncaughtHook = void (*)(const std::exception_ptr& exception);

/// Sets the process's hook; null: none.
void set_uncaught_hook(UncaughtHook hook) noexcept;

/// Gives the exception that ends a thread to the hook or reports it. If the hook throws, both are
/// reported.
void handle_uncaught(const std::exception_ptr& exception) noexcept;

}  // namespace weft::runtime
