#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "weft/futures/future.h"
#include "weft/futures/map_results.h"
#include "weft/futures/task.h"
#include "weft/platform/mutex.h"
#include "weft/runtime/object.h"
#include "weft/runtime/thread.h"

namespace weft::futures {

/// A pool of at most `max_workers` threads, started as they are needed, which run the submitted
/// callables in the order of submission.
/// Python: https://docs.python.org/3/library/concurrent.futures.html#threadpoolexecutor
///
/// The destructor is shutdown(true), as the end of Python's `with` block: everything that was
/// submitted is still run. When the run is stopped, queued tasks are cancelled instead.
///
/// Example:
///     ThreadPoolExecutor pool(4);
///     Future<int> answer = pool.submit([] { return 42; });
///     answer.result();
class ThreadPoolExecutor {
 public:
  /// Python's default: min(32, cores + 4).
  static std::uint32_t default_max_workers() noexcept;

  /// Throws ValueError if `max_workers` is not positive. The workers are named prefix_0, prefix_1,
  /// …; the default prefix is "ThreadPoolExecutor-N".
  explicit ThreadPoolExecutor(std::int64_t max_workers = default_max_workers(),
                              std::string thread_name_prefix = {});
  ~ThreadPoolExecutor();
  ThreadPoolExecutor(const ThreadPoolExecutor&) = delete;
  ThreadPoolExecutor& operator=(const ThreadPoolExecutor&) = delete;

  /// Queues `function(arguments…)`; never waits for a worker. Throws RuntimeError after shutdown,
  /// or if a thread that the pool is still entitled to could not be started.
  template <class F, class... Arguments>
  auto submit(F&& function, Arguments&&... arguments) {
    if constexpr (sizeof...(Arguments) == 0) {
      return submit_callable(std::forward<F>(function));
    } else {
      return submit_callable(
          [function = std::decay_t<F>(std::forward<F>(function)),
           tuple = std::tuple<std::decay_t<Arguments>...>(
               std::forward<Arguments>(arguments)...)]() mutable -> decltype(auto) {
            return std::apply(std::move(function), std::move(tuple));
          });
    }
  }

  /// Submits `function(item)` for every item at once and returns the results in the items' order,
  /// to be iterated over: each step blocks until its result is there, throws what its task threw,
  /// or TimeoutError `timeout` after this call. Destroying the results cancels what has not begun.
  template <class F, class Range>
  auto map(F function, const Range& items, runtime::Timeout timeout = std::nullopt) {
    using Item = std::decay_t<decltype(*std::begin(items))>;
    using Result = std::invoke_result_t<F&, Item>;
    std::vector<Future<Result>> futures;
    const runtime::Deadline deadline = runtime::deadline_after(timeout);
    for (const auto& item : items) futures.push_back(submit(function, item));
    return MapResults<Result>(std::move(futures), deadline);
  }

  /// Takes no more work. `cancel_futures` cancels what has not begun. `wait` blocks until all work
  /// is done and the threads have ended.
  void shutdown(bool wait = true, bool cancel_futures = false);

  std::uint32_t max_workers() const noexcept { return max_workers_; }
  runtime::Object& object() noexcept { return object_; }

 private:
  struct Worker;

  template <class F>
  auto submit_callable(F&& function) {
    using Body = TaskOf<std::decay_t<F>>;
    using Result = typename Body::Result;
    StateRef<Body> task(new Body(std::forward<F>(function)));
    task->retain();
    Future<Result> future{StateRef<ResultState<Result>>(task.get())};
    enqueue(*task);
    return future;
  }

  void enqueue(Task& task);  // retains the task while it is queued
  void start_worker();       // with mutex_ held
  static void set_working(Worker& worker) noexcept;
  void work(Worker& self);
  Task* next_task(Worker& self);
  void run_task(Task& task);
  void close();
  void cancel_queued();
  void join_workers(runtime::Stoppable stoppable);

  // A queue of tasks, first in first out, linked through the tasks; with mutex_ held.
  void push(Task& task) noexcept;
  Task* pop() noexcept;

  const std::uint32_t max_workers_;
  const std::string prefix_;
  runtime::Object object_{trace::ObjectType::executor};

  platform::Mutex mutex_;
  Task* first_ = nullptr;                         // guarded by mutex_, as is all below
  Task* last_ = nullptr;
  Worker* idle_ = nullptr;                        // most recently idle first: its cache is warm
  bool is_shutdown_ = false;
  std::vector<std::unique_ptr<Worker>> workers_;  // fixed after close()
};

}  // namespace weft::futures
