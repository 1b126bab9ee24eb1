#pragma once

#include <stdexcept>

#include "weft/errors.h"

namespace weft::futures {

/// The future was cancelled.
/// Python: https://docs.python.org/3/library/concurrent.futures.html#concurrent.futures.CancelledError
///
/// Example:
///     Future<int> answer;
///     answer.cancel();
///     answer.result();   // throws CancelledError
struct CancelledError : std::runtime_error {
  CancelledError() : std::runtime_error("the future was cancelled") {}
};

/// The operation is not allowed in the future's current state.
/// Python: https://docs.python.org/3/library/concurrent.futures.html#concurrent.futures.InvalidStateError
///
/// Example:
///     Future<int> answer;
///     answer.set_result(42);
///     answer.set_result(43);   // throws InvalidStateError
struct InvalidStateError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The executor is broken: it cannot run tasks any more.
/// Python: https://docs.python.org/3/library/concurrent.futures.html#concurrent.futures.BrokenExecutor
///
/// Example:
///     ThreadPoolExecutor pool(1, {.initializer = [] { throw ValueError("no configuration"); }});
///     pool.submit(work).result();   // throws BrokenExecutor
struct BrokenExecutor : RuntimeError {
  using RuntimeError::RuntimeError;
};

/// A worker's initializer threw: the pool is unusable.
/// Python: https://docs.python.org/3/library/concurrent.futures.html#concurrent.futures.thread.BrokenThreadPool
///
/// Example:
///     ThreadPoolExecutor pool(1, {.initializer = [] { throw ValueError("no configuration"); }});
///     pool.submit(work).result();   // throws BrokenThreadPool
struct BrokenThreadPool : BrokenExecutor {
  BrokenThreadPool()
      : BrokenExecutor("A thread initializer failed, the thread pool is not usable anymore") {}
};

}  // namespace weft::futures
