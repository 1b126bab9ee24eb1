#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "weft/futures/future.h"
#include "weft/futures/unique.h"
#include "weft/futures/waiter.h"

namespace weft::futures {

/// When `wait` returns.
enum class ReturnWhen {
  FIRST_COMPLETED,  ///< as soon as one is finished or cancelled
  FIRST_EXCEPTION,  ///< as soon as one ended with an exception; if none does, when all are done
  ALL_COMPLETED,    ///< when all are finished or cancelled
};

/// What `wait` returns: the given futures, each once, in the order given.
template <class T>
struct DoneAndNotDone {
  std::vector<Future<T>> done;
  std::vector<Future<T>> not_done;
};

/// Blocks until the futures are done as `return_when` says, or until `timeout` has passed, which is
/// no error.
/// Python: https://docs.python.org/3/library/concurrent.futures.html#concurrent.futures.wait
///
/// Unlike Python, which waits for a worker to notice a cancellation, a cancelled future is done.
template <class Range>
auto wait(const Range& futures, runtime::Timeout timeout = std::nullopt,
          ReturnWhen return_when = ReturnWhen::ALL_COMPLETED,
          runtime::Where where = runtime::Where::current()) {
  const runtime::Deadline deadline = runtime::deadline_after(timeout);
  auto given = unique(futures);
  {
    Waiter waiter;
    std::size_t watched = 0;
    bool exception = false;
    for (const auto& future : given) {
      if (waiter.watch(*future.state())) {
        ++watched;
      } else if (!future.cancelled() && future.state()->exception_when_done() != nullptr) {
        exception = true;
      }
    }
    const bool one_is_enough = return_when == ReturnWhen::FIRST_COMPLETED;
    const bool exception_is_enough = return_when == ReturnWhen::FIRST_EXCEPTION;
    const bool ready = (one_is_enough && watched < given.size()) ||
                       (exception_is_enough && exception) || watched == 0;
    if (!ready) waiter.wait(one_is_enough ? 1 : watched, exception_is_enough, deadline, where);
  }
  DoneAndNotDone<typename decltype(given)::value_type::Result> all;
  for (auto& future : given) {
    (future.done() ? all.done : all.not_done).push_back(std::move(future));
  }
  return all;
}

}  // namespace weft::futures
