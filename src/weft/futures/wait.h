#pragma once

#include <cstddef>
#include <utility>
#include <vector>

#include "weft/futures/future.h"
#include "weft/futures/internal/unique.h"
#include "weft/futures/internal/waiter.h"

namespace weft::futures {

/// When `wait` returns.
enum class ReturnWhen {
  FIRST_COMPLETED,  ///< when any is finished or cancelled
  FIRST_EXCEPTION,  ///< when any finishes with an exception; if none does, when all are done
  ALL_COMPLETED,    ///< when all are finished or cancelled
};

/// The result of `wait`: the given futures without duplicates, in the given order.
///
/// Example:
///     ThreadPoolExecutor pool(2);
///     const std::vector futures{pool.submit(work), pool.submit(work)};
///     wait(futures).not_done.empty();   // true
template <class T>
struct DoneAndNotDone {
  std::vector<Future<T>> done;
  std::vector<Future<T>> not_done;
};

/// Blocks until the condition `return_when` holds or `timeout` has expired, which is not an error.
/// Throws Stopped.
/// Python: https://docs.python.org/3/library/concurrent.futures.html#concurrent.futures.wait
///
/// A cancelled future counts as done at once, while Python waits for a worker to notice the
/// cancellation.
///
/// Example:
///     ThreadPoolExecutor pool(2);
///     const std::vector futures{pool.submit(work), pool.submit(work)};
///     const auto [done, not_done] = wait(futures, 1s, ReturnWhen::FIRST_COMPLETED);
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
