#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <ranges>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "weft/futures/future.h"
#include "weft/futures/map_results.h"
#include "weft/futures/submitted.h"
#include "weft/runtime/object.h"

namespace weft::futures {

class Workers;

/// A pool of at most `max_workers` threads, started as they are needed, which run the submitted
/// callables in the order of submission.
/// Python: https://docs.python.org/3/library/concurrent.futures.html#threadpoolexecutor
///
/// The destructor is shutdown(true), as the end of Python's `with` block: everything that was
/// submitted is still run. When the run is stopped, queued tasks are cancelled instead. A pool that
/// one of its own tasks destroys is not waited for, as that task is part of it: its workers run
/// what was submitted and end by themselves.
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
  ///
  /// Each worker calls `initializer` before its first task; Python's `initargs` are what it
  /// captures. If it throws, that is reported and the pool is broken: what has not begun, and each
  /// later submit, gets BrokenThreadPool.
  explicit ThreadPoolExecutor(std::int64_t max_workers = default_max_workers(),
                              std::string thread_name_prefix = {},
                              std::function<void()> initializer = {});
  ~ThreadPoolExecutor();
  ThreadPoolExecutor(const ThreadPoolExecutor&) = delete;
  ThreadPoolExecutor& operator=(const ThreadPoolExecutor&) = delete;

  /// Queues `function(arguments…)`; never waits for a worker. The future is of what the function returns;
  /// of a function that returns a reference it refers to the same object, which has to stay. Throws RuntimeError after shutdown,
  /// or if a thread that the pool is still entitled to could not be started; BrokenThreadPool.
  /// The trace knows where in the source that was, unless there are arguments.
  template <class F>
  auto submit(F&& function, runtime::Where where = runtime::Where::current()) {
    return submit_callable(std::forward<F>(function), where);
  }
  template <class F, class First, class... Arguments>
    requires(!std::is_same_v<std::remove_cvref_t<First>, runtime::Where>)
  auto submit(F&& function, First&& first, Arguments&&... arguments) {
    return submit_callable(
        [function = std::decay_t<F>(std::forward<F>(function)),
         tuple = std::tuple<std::decay_t<First>, std::decay_t<Arguments>...>(
             std::forward<First>(first), std::forward<Arguments>(arguments)...)]() mutable
            -> decltype(auto) { return std::apply(std::move(function), std::move(tuple)); },
        runtime::Where());
  }

  /// As `submit`, but nobody can wait for it, cancel it, or ask what came out: cheaper than a future
  /// that is dropped. An exception is reported as that of a thread that nobody catches.
  template <class F>
  void post(F&& function, runtime::Where where = runtime::Where::current()) {
    enqueue(*new Posted<std::decay_t<F>>(std::forward<F>(function)), where);
  }

  /// Submits `function(item)` for every item at once and returns the results in the items' order,
  /// to be iterated over: each step blocks until its result is there, throws what its task threw,
  /// or TimeoutError `timeout` after this call. Destroying the results cancels what has not begun.
  ///
  /// Each task has copies of the function and of its item, which is moved out of a container that is an
  /// rvalue. All are there at once, 128 bytes and more each: of a great many items map one chunk after the
  /// other.
  template <class F, class Range>
  auto map(F function, Range&& items, runtime::Timeout timeout = std::nullopt,
           runtime::Where where = runtime::Where::current()) {
    return map_each(function, std::forward<Range>(items), timeout, where);
  }

  template <class F, class Item>
  auto map(F function, std::initializer_list<Item> items, runtime::Timeout timeout = std::nullopt,
           runtime::Where where = runtime::Where::current()) {
    return map_each(function, items, timeout, where);
  }

  /// Takes no more work. `cancel_futures` cancels what has not begun. `wait` blocks until all work
  /// is done and the threads have ended; a worker of this pool that wants to wait gets RuntimeError.
  void shutdown(bool wait = true, bool cancel_futures = false,
                runtime::Where where = runtime::Where::current());

  std::uint32_t max_workers() const noexcept;
  runtime::Object& object() noexcept;

 private:
  template <class F, class Range>
  auto map_each(const F& function, Range&& items, runtime::Timeout timeout,
                const runtime::Where& where) {
    using Item = std::iter_value_t<decltype(std::begin(items))>;
    using Result = typename decltype(submit(function, std::declval<Item>()))::Result;
    constexpr bool kMoves = !std::is_lvalue_reference_v<Range> &&
                            !std::ranges::enable_view<std::remove_cvref_t<Range>> &&
                            !std::ranges::enable_borrowed_range<std::remove_cvref_t<Range>>;
    std::vector<Future<Result>> futures;
    const runtime::Deadline deadline = runtime::deadline_after(timeout);
    for (auto&& item : items) {
      if constexpr (kMoves) {
        futures.push_back(submit(function, Item(std::move(item))));
      } else {
        futures.push_back(submit(function, Item(std::forward<decltype(item)>(item))));
      }
    }
    return MapResults<Result>(std::move(futures), deadline, where);
  }

  template <class F>
  auto submit_callable(F&& function, const runtime::Where& where) {
    using Body = Submitted<std::decay_t<F>>;
    using Result = typename Body::Result;
    auto* task = new Body(std::forward<F>(function));
    Future<Result> future{StateRef<ResultState<Result>>(task)};
    enqueue(*task, where);
    return future;
  }

  void enqueue(Task& task, const runtime::Where& where);  // discards the task if it throws

  std::shared_ptr<Workers> workers_;  // each worker is an owner, too
};

}  // namespace weft::futures
