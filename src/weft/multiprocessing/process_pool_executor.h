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
#include "weft/multiprocessing/internal/chunk_results.h"
#include "weft/multiprocessing/internal/future_call.h"
#include "weft/multiprocessing/internal/process_calls.h"

namespace weft::multiprocessing {

/// A worker process died, or its initializer failed: the executor is broken and accepts no more
/// calls.
/// Python: https://docs.python.org/3/library/concurrent.futures.html#concurrent.futures.process.BrokenProcessPool
///
/// Example:
///     inline const Entry die("BrokenProcessPool.die", [] { os_exit(1); });
///     ProcessPoolExecutor executor(1);
///     executor.submit(die).result();   // throws BrokenProcessPool
struct BrokenProcessPool : futures::BrokenExecutor {
  BrokenProcessPool()
      : BrokenExecutor(
            "A process in the process pool was terminated abruptly while the future was running or "
            "pending.") {}
};

/// An executor with a fixed number of worker processes. (Python has it in concurrent.futures.)
/// Python: https://docs.python.org/3/library/concurrent.futures.html#processpoolexecutor
///
/// | state     | submit            | a worker dies | shutdown        |
/// | --------- | ----------------- | ------------- | --------------- |
/// | open      | ok                | -> broken     | -> shut down    |
/// | broken    | BrokenProcessPool | stays broken  | -> shut down    |
/// | shut down | RuntimeError      | -> broken     | may be repeated |
///
/// A function is an Entry. When a worker dies, even by os_exit(0), all unfinished calls fail with
/// BrokenProcessPool and the other workers are terminated. At most one call more than there are
/// workers is in flight; in-flight calls cannot be cancelled, pending ones can. The first call
/// starts the workers.
///
/// It is a futures::Executor, as ThreadPoolExecutor is, with the same submit(), map(), shutdown()
/// and Future; but it accepts calls of entries only, and has no post().
///
/// The destructor shuts the executor down and blocks until all calls are done, as the end of
/// Python's `with` does. In a callback of one of its futures it does not block.
///
/// Example:
///     inline const Entry square("ProcessPoolExecutor.square", [](int x) { return x * x; });
///     ProcessPoolExecutor executor(4);
///     futures::Future<int> squared = executor.submit(square, 7);
///     squared.result();   // 49
class ProcessPoolExecutor {
 public:
  struct Options {
    std::string name = {};             ///< as in ObjectOptions
    PoolInitializer initializer = {};  ///< each worker first calls it: see `initialize_with`
    /// A worker that has executed so many tasks, at least 1, ends and is replaced. None: workers
    /// live as long as the executor.
    std::optional<std::int32_t> max_tasks_per_child = std::nullopt;
  };

  /// `max_workers` defaults to cpu_count(). Throws ValueError for less than one worker or task.
  explicit ProcessPoolExecutor(std::optional<std::int32_t> max_workers = std::nullopt)
      : ProcessPoolExecutor(max_workers, Options()) {}
  explicit ProcessPoolExecutor(Options options)
      : ProcessPoolExecutor(std::nullopt, std::move(options)) {}
  ProcessPoolExecutor(std::optional<std::int32_t> max_workers, Options options);
  ProcessPoolExecutor(std::optional<std::int32_t> max_workers, Name auto name)
      : ProcessPoolExecutor(max_workers, Options{.name = std::move(name)}) {}
  ~ProcessPoolExecutor();
  ProcessPoolExecutor(const ProcessPoolExecutor&) = delete;
  ProcessPoolExecutor& operator=(const ProcessPoolExecutor&) = delete;

  /// Schedules a call of the function with these arguments. Throws RuntimeError after shutdown() or
  /// if no process can be started, and BrokenProcessPool.
  template <class F, class... Given>
    requires(Entry<F>::template takes<Given...>)
  auto submit(const Entry<F>& function, Given&&... given) {
    return submit_call(std::make_shared<SingleCall<F>>(function, std::forward<Given>(given)...));
  }

  /// Schedules a call for each item and returns a range of the results, in order; advancing it
  /// blocks until the next result is ready. With a timeout, measured from this call, it throws
  /// TimeoutError. The items are split into tasks of `chunksize` items, which amortises the cost of
  /// a message over several short calls; a call that throws fails its whole task. Throws ValueError
  /// for a chunksize of less than 1, RuntimeError and BrokenProcessPool as submit().
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
      futures.push_back(
          submit_call(std::make_shared<ChunkCall<F>>(function, std::exchange(chunk, {}))));
    };
    for (const auto& item : items) {
      chunk.emplace_back(item);
      ++count;
      if (chunk.size() == most) send();
    }
    if (!chunk.empty()) send();
    return ChunkResults<typename Entry<F>::Result>({std::move(futures), deadline, where}, most,
                                                   count);
  }

  /// Accepts no more calls; `cancel_futures` cancels the pending ones. Unless `wait` is false,
  /// blocks until all others are done and the workers have ended; that throws RuntimeError in a
  /// callback of one of its futures, since that thread would wait for itself.
  void shutdown(bool wait = true, bool cancel_futures = false,
                runtime::Where where = runtime::Where::current()) {
    calls_->shutdown(wait, cancel_futures, runtime::Stoppable::yes, where);
  }

  /// Ends the worker processes now, by terminate() or by kill() of each, and shuts the executor down
  /// without waiting: pending calls are cancelled, those in flight fail with BrokenProcessPool, and
  /// submit() throws RuntimeError. Without workers there is nothing to end. Neither blocks;
  /// shutdown() or the destructor waits for the workers' end. May be repeated.
  /// Python: since 3.14,
  /// https://docs.python.org/3.14/library/concurrent.futures.html#concurrent.futures.ProcessPoolExecutor.terminate_workers
  ///
  /// Example:
  ///     inline const Entry spin("kill_workers.spin", [] {
  ///       for (volatile bool forever = true; forever;) {
  ///       }
  ///     });
  ///     ProcessPoolExecutor executor(1);
  ///     auto endless = executor.submit(spin);
  ///     executor.kill_workers();
  ///     endless.result();   // throws BrokenProcessPool
  void terminate_workers() { calls_->end_workers(&ProcessRef::terminate); }
  void kill_workers() { calls_->end_workers(&ProcessRef::kill); }

  /// The current worker processes.
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
