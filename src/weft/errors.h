#pragma once

#include <stdexcept>

/// Exceptions that carry the names of Python's built-in ones.
namespace weft {

/// The operation is not allowed in this state: https://docs.python.org/3/library/exceptions.html#RuntimeError
struct RuntimeError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// An argument has a value that is not accepted: https://docs.python.org/3/library/exceptions.html#ValueError
struct ValueError : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

/// The time ran out: https://docs.python.org/3/library/exceptions.html#TimeoutError
struct TimeoutError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Ends the thread that throws it, unreported: https://docs.python.org/3/library/exceptions.html#SystemExit
/// Not a std::exception, as Python's is no Exception, so that `catch (const std::exception&)` lets it
/// pass.
struct SystemExit {
  int code = 0;
};

}  // namespace weft
