#pragma once

#include <exception>
#include <string>

namespace weft::runtime {

/// "Type: message" of an exception, as Python's last line of a traceback.
std::string describe(const std::exception_ptr& exception);

/// Reports an exception that nobody caught: an `error` record in the trace, or a line on standard
/// error outside a traced session.
/// Python: https://docs.python.org/3/library/threading.html#threading.excepthook
void report_uncaught(const std::exception_ptr& exception) noexcept;

/// What is done about an exception that leaves a thread's target, instead of report_uncaught.
using UncaughtHook = void (*)(const std::exception_ptr& exception);

/// Sets the process's hook; null: none.
void set_uncaught_hook(UncaughtHook hook) noexcept;

/// Gives the exception to the hook or reports it. If the hook throws, both are reported.
void handle_uncaught(const std::exception_ptr& exception) noexcept;

}  // namespace weft::runtime
