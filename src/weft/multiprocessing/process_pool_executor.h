#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "weft/errors.h"
#include "weft/futures/errors.h"
#include "weft/futures/future.h"
#include "weft/multiprocessing/chunk_results.h"
#include "weft/multiprocessing/future_call.h"
#include "weft/multiprocessing/process_calls.h"

namespace weft::multiprocessing {

/// A worker's process died, or its initializer failed: the executor is of no use any more.
/// Python: https://docs.python.org/3/library/concurrent.futures.html#concurrent.futures.process.BrokenProcessPool
struct BrokenProcessPool : futures::BrokenExecutor {
  BrokenProcessPool()
      : BrokenExecutor(
            "A process in the process pool was terminated abruptly while the future was running or "
            "pending.") {}
};

/// Runs functions in a fixed number of processes. (In Python it belongs to concurrent.futures.)
/// Python: https://docs.python.org/3/library/concurrent.futures.html#processpoolexecutor
///
/// | state     | submit            | a worker dies | shutdown       |
/// | --------- | ----------------- | ------------- | -------------- |
/// | open      | ok                | -> broken     | -> shut down   |
/// | broken    | BrokenProcessPool | stays broken  | -> shut down   |
/// | shut down | RuntimeError      | -> broken     | may be repeated |
///
/// A function is an Entry. When a worker dies, be it by os_exit(0), all that is not finished ends with
/// BrokenProcessPool, and the other workers are ended. Of what was submitted, as much as there are workers
/// and one more is on its way to them and can't be cancelled. The workers are started with the first task.
///
/// The destructor shuts the executor down and blocks until all is done, as the end of Python's `with` does;
/// in a callback of one of its futures it does not block.
///
/// Example:
///     ProcessPoolExecutor executor(4);
///     futures::Future<int> squared = executor.submit(square, 7);
class ProcessPoolExecutor {
 public:
  /// By default as many workers as can run at once. Each calls `initializer` first (see `initialize_with`).
  /// One that has done `max_tasks_per_child` tasks ends, and a new one takes its place; by default it lives
  /// as long as the executor. Throws ValueError for less than one worker or task.
  explicit ProcessPoolExecutor(std::optional<std::int32_t> max_workers = std::nullopt,
                               PoolInitializer initializer = {},
                               std::optional<std::int32_t> max_tasks_per_child = std::nullopt);
  ~ProcessPoolExecutor();
  ProcessPoolExecutor(const ProcessPoolExecutor&) = delete;
  ProcessPoolExecutor& operator=(const ProcessPoolExecutor&) = delete;

  /// Has the function called with these arguments. Throws RuntimeError after shutdown(), or if no process
  /// is to be had, and BrokenProcessPool.
  template <class F, class... Given>
    requires(Entry<F>::template takes<Given...>)
  auto submit(const Entry<F>& function, Given&&... given) {
    return submit_call(std::make_shared<SingleCall<F>>(function, std::forward<Given>(given)...));
  }

  /// Has the function called with each of the items; returns a range of what the calls return, in order, of
  /// which each blocks until it is there. With a timeout, counted from now, it throws TimeoutError. The items
  /// go in tasks of `chunksize` each, of which one that throws fails all; many small ones are done faster so.
  /// Throws ValueError for a chunksize of less than 1, RuntimeError and BrokenProcessPool as submit().
  template <class F, class Items>
  auto map(const Entry<F>& function, const Items& items, runtime::Timeout timeout = std::nullopt,
           std::int64_t chunksize = 1, runtime::Where where = runtime::Where::current()) {
    if (chunksize < 1) throw ValueError("chunksize must be >= 1, not " + std::to_string(chunksize));
    const runtime::Deadline deadline = runtime::deadline_after(timeout);
    const auto most = static_cast<std::size_t>(chunksize);
    std::vector<futures::Future<typename ChunkCall<F>::Values>> futures;
    typename ChunkCall<F>::Chunk chunk;
    std::size_t count = 0;
    const auto send = [&] {
      futures.push_back(submit_call(std::make_shared<ChunkCall<F>>(function, std::exchange(chunk, {}))));
    };
    for (const auto& item : items) {
      chunk.emplace_back(item);
      ++count;
      if (chunk.size() == most) send();
    }
    if (!chunk.empty()) send();
    return ChunkResults<typename Entry<F>::Result>(
        {std::move(futures), deadline, where}, most, count);
  }

  /// No more tasks. With `cancel_futures` those that wait are cancelled. Unless told otherwise blocks until
  /// all others are done and the workers have ended; that throws RuntimeError in a callback of one of its
  /// futures, whose thread cannot wait for itself.
  void shutdown(bool wait = true, bool cancel_futures = false,
                runtime::Where where = runtime::Where::current()) {
    calls_->shutdown(wait, cancel_futures, runtime::Stoppable::yes, where);
  }

  /// The workers' processes at the moment.
  std::vector<ProcessRef> workers() { return calls_->workers(); }

 private:
  template <class Call>
  auto submit_call(std::shared_ptr<Call> call) {
    auto future = call->future();
    calls_->submit(std::move(call));
    return future;
  }

  std::shared_ptr<ProcessCalls> calls_;
};

}  // namespace weft::multiprocessing
