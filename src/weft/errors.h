#pragma once

#include <stdexcept>

/// Exceptions named after Python's built-in ones.
namespace weft {

/// The operation is not allowed in the object's present state.
/// Python: https://docs.python.org/3/library/exceptions.html#RuntimeError
///
/// Example:
///     threading::Lock lock;
///     lock.release();   // throws RuntimeError
struct RuntimeError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// An argument's value is invalid.
/// Python: https://docs.python.org/3/library/exceptions.html#ValueError
///
/// Example:
///     threading::Semaphore slots(-1);   // throws ValueError
struct ValueError : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

/// A number is too large for what it is used for.
/// Python: https://docs.python.org/3/library/exceptions.html#OverflowError
///
/// Example:
///     time::sleep(std::chrono::years(300));   // throws OverflowError
struct OverflowError : std::overflow_error {
  using std::overflow_error::overflow_error;
};

/// A timeout expired.
/// Python: https://docs.python.org/3/library/exceptions.html#TimeoutError
///
/// Example:
///     futures::Future<int> answer;
///     answer.result(1ms);   // throws TimeoutError
struct TimeoutError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The caller violated a precondition.
/// Python: https://docs.python.org/3/library/exceptions.html#AssertionError
///
/// Example:
///     inline const multiprocessing::Entry idle("idle", [] {});
///     multiprocessing::Process process(idle);
///     process.join();   // throws AssertionError
struct AssertionError : std::logic_error {
  using std::logic_error::logic_error;
};

/// End of file: nothing is left to read.
/// Python: https://docs.python.org/3/library/exceptions.html#EOFError
///
/// Example:
///     auto [reader, writer] = multiprocessing::Pipe(false);
///     writer.close();
///     reader.recv<int>();   // throws EOFError
struct EOFError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The operating system, or another process, makes the operation fail.
/// Python: https://docs.python.org/3/library/exceptions.html#OSError
///
/// Example:
///     auto [reader, writer] = multiprocessing::Pipe(false);
///     reader.send(1);   // throws OSError
struct OSError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// A write to a pipe that has no reader any more.
/// Python: https://docs.python.org/3/library/exceptions.html#BrokenPipeError
///
/// Example:
///     auto [reader, writer] = multiprocessing::Pipe(false);
///     reader.close();
///     writer.send(1);   // throws BrokenPipeError
struct BrokenPipeError : OSError {
  using OSError::OSError;
};

/// The name exists already.
/// Python: https://docs.python.org/3/library/exceptions.html#FileExistsError
///
/// Example:
///     const auto block = multiprocessing::SharedMemory::create(64, "taken");
///     multiprocessing::SharedMemory::create(64, "taken");   // throws FileExistsError
struct FileExistsError : OSError {
  using OSError::OSError;
};

/// The name does not exist.
/// Python: https://docs.python.org/3/library/exceptions.html#FileNotFoundError
///
/// Example:
///     multiprocessing::SharedMemory::attach("nowhere");   // throws FileNotFoundError
struct FileNotFoundError : OSError {
  using OSError::OSError;
};

/// An index is out of range.
/// Python: https://docs.python.org/3/library/exceptions.html#IndexError
///
/// Example:
///     multiprocessing::Array<int> numbers(3);
///     numbers.get(3);   // throws IndexError
struct IndexError : std::out_of_range {
  using std::out_of_range::out_of_range;
};

/// A key does not exist.
/// Python: https://docs.python.org/3/library/exceptions.html#KeyError
///
/// Example:
///     multiprocessing::Manager manager;
///     auto ages = manager.dict<std::string, int>();
///     ages.get("Ada");   // throws KeyError
struct KeyError : std::out_of_range {
  using std::out_of_range::out_of_range;
};

/// Ends the thread that throws it, without a report, and the process if its main thread throws it.
/// Not a std::exception, so that `catch (const std::exception&)` does not catch it: Python's is a
/// BaseException, not an Exception.
/// Python: https://docs.python.org/3/library/exceptions.html#SystemExit
///
/// Example:
///     threading::Thread thread([] { throw SystemExit{}; });
///     thread.start();
///     thread.join();   // nothing is reported
struct SystemExit {
  int code = 0;
};

}  // namespace weft
