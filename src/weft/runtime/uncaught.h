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

}  // namespace weft::runtime
