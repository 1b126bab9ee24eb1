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

/// What the caller had to see to was not so: https://docs.python.org/3/library/exceptions.html#AssertionError
struct AssertionError : std::logic_error {
  using std::logic_error::logic_error;
};

/// There is nothing more to read: https://docs.python.org/3/library/exceptions.html#EOFError
struct EOFError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The system, or another process, does not let it be done: https://docs.python.org/3/library/exceptions.html#OSError
struct OSError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Nobody is left to read it: https://docs.python.org/3/library/exceptions.html#BrokenPipeError
struct BrokenPipeError : OSError {
  using OSError::OSError;
};

/// There is one of that name: https://docs.python.org/3/library/exceptions.html#FileExistsError
struct FileExistsError : OSError {
  using OSError::OSError;
};

/// There is none of that name: https://docs.python.org/3/library/exceptions.html#FileNotFoundError
struct FileNotFoundError : OSError {
  using OSError::OSError;
};

/// There is no such place: https://docs.python.org/3/library/exceptions.html#IndexError
struct IndexError : std::out_of_range {
  using std::out_of_range::out_of_range;
};

/// There is no such key: https://docs.python.org/3/library/exceptions.html#KeyError
struct KeyError : std::out_of_range {
  using std::out_of_range::out_of_range;
};

/// Ends the thread that throws it, unreported, and a process whose main thread does: https://docs.python.org/3/library/exceptions.html#SystemExit
/// Not a std::exception, as Python's is no Exception, so that `catch (const std::exception&)` lets it
/// pass.
struct SystemExit {
  int code = 0;
};

}  // namespace weft
