#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "weft/futures/future.h"
#include "weft/futures/internal/buffered_results.h"
#include "weft/futures/internal/map_results.h"
#include "weft/futures/internal/result_type.h"
#include "weft/futures/internal/submitted.h"
#include "weft/futures/internal/zipped.h"
#include "weft/futures/map_options.h"
#include "weft/runtime/object.h"

namespace weft::futures {

class Workers;

/// An argument of a task, as opposed to the call's source location.
template <class T>
concept Argument = !std::is_same_v<std::remove_cvref_t<T>, runtime::Where>;

/// A work-stealing thread pool (see Workers) of at most `max_workers` threads, started on demand.
/// With one worker, tasks that other threads submit run in the order of submission.
/// Python: https://docs.python.org/3/library/concurrent.futures.html#threadpoolexecutor
///
/// The destructor is shutdown(true), as the end of Python's `with` block: it blocks until all
/// submitted tasks have run; if the run is stopped, queued tasks are cancelled instead. If one of
/// the pool's own tasks destroys it, the destructor does not block: the workers run what was
/// submitted and then end.
///
/// It is an Executor (executor.h), and accepts any call.
///
/// Example:
///     ThreadPoolExecutor pool(4);
///     Future<int> answer = pool.submit([] { return 42; });
///     answer.result();   // 42
class ThreadPoolExecutor {
 public:
  /// Python's default: min(32, cores + 4).
  static std::uint32_t default_max_workers() noexcept;

  struct Options {
    /// The workers are named prefix_0, prefix_1, …, and views show the pool as it. Any text; empty:
    /// "ThreadPoolExecutor-N".
    std::string thread_name_prefix = {};
    /// Each worker calls it before its first task; captures replace Python's `initargs`. If it
    /// throws, the exception is reported and the pool becomes broken: pending futures fail with
    /// BrokenThreadPool, and each later submit() throws it. Empty: nothing is called.
    std::function<void()> initializer = {};
  };

  /// Throws ValueError if `max_workers` is not positive.
  explicit ThreadPoolExecutor(std::int64_t max_workers = default_max_workers())
      : ThreadPoolExecutor(max_workers, Options()) {}
  explicit ThreadPoolExecutor(Options options)
      : ThreadPoolExecutor(default_max_workers(), std::move(options)) {}
  ThreadPoolExecutor(std::int64_t max_workers, Options options);
  /// Short for `{.thread_name_prefix = …}`.
  ThreadPoolExecutor(std::int64_t max_workers, Name auto thread_name_prefix)
      : ThreadPoolExecutor(max_workers,
                           Options{.thread_name_prefix = std::move(thread_name_prefix)}) {}
  ~ThreadPoolExecutor();
  ThreadPoolExecutor(const ThreadPoolExecutor&) = delete;
  ThreadPoolExecutor& operator=(const ThreadPoolExecutor&) = delete;

  /// Queues `function(arguments…)` and returns its future; never blocks for a worker. If the
  /// function returns a reference, the future refers to that object, which the caller keeps alive.
  /// Throws RuntimeError after shutdown(), or if a further worker thread cannot be created;
  /// BrokenThreadPool if the pool is broken. With more than four arguments the source location is
  /// not recorded, as no default argument can follow a parameter pack.
  template <class F>
  auto submit(F&& function, runtime::Where where = runtime::Where::current()) {
    return submit_callable(std::forward<F>(function), where);
  }
  template <class F, Argument A>
  auto submit(F&& function, A&& a, runtime::Where where = runtime::Where::current()) {
    return submit_bound(where, std::forward<F>(function), std::forward<A>(a));
  }
  template <class F, class A, Argument B>
  auto submit(F&& function, A&& a, B&& b, runtime::Where where = runtime::Where::current()) {
    return submit_bound(where, std::forward<F>(function), std::forward<A>(a), std::forward<B>(b));
  }
  template <class F, class A, class B, Argument C>
  auto submit(F&& function, A&& a, B&& b, C&& c, runtime::Where where = runtime::Where::current()) {
    return submit_bound(where, std::forward<F>(function), std::forward<A>(a), std::forward<B>(b),
                        std::forward<C>(c));
  }
  template <class F, class A, class B, class C, Argument D>
  auto submit(F&& function, A&& a, B&& b, C&& c, D&& d,
              runtime::Where where = runtime::Where::current()) {
    return submit_bound(where, std::forward<F>(function), std::forward<A>(a), std::forward<B>(b),
                        std::forward<C>(c), std::forward<D>(d));
  }
  template <class F, class A, class B, class C, class D, Argument E, class... More>
  auto submit(F&& function, A&& a, B&& b, C&& c, D&& d, E&& e, More&&... more) {
    return submit_bound(runtime::Where(), std::forward<F>(function), std::forward<A>(a),
                        std::forward<B>(b), std::forward<C>(c), std::forward<D>(d),
                        std::forward<E>(e), std::forward<More>(more)...);
  }

  /// Fire and forget: as `submit`, but without a future, which is cheaper than a discarded one. An
  /// exception is reported as one that leaves a thread's target.
  template <class F>
  void post(F&& function, runtime::Where where = runtime::Where::current()) {
    enqueue(*workers_, *new DetachedTask<std::decay_t<F>>(std::forward<F>(function)), where);
  }

  /// Eagerly submits `function(item)` for every item and returns a single-pass range of the results
  /// in order of the items. Dereferencing blocks until that result is available; it throws the
  /// task's exception, or TimeoutError if `timeout`, which runs from this call, expires first.
  /// Destroying the range cancels the tasks that have not begun.
  ///
  /// Each task owns copies of the function and of its item; items are moved out of an rvalue
  /// container. All tasks exist at once, at 128 bytes or more each: map a very large range with a
  /// `buffersize`.
  ///
  /// Example:
  ///     ThreadPoolExecutor pool(4);
  ///     for (const int square : pool.map([](int n) { return n * n; }, {1, 2, 3})) print(square);
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

  /// As above over several ranges: submits `function(a, b, …)` with one item of each, until the
  /// shortest ends. A range is iterated over once, so that it may be single-pass and without a
  /// size. With more than three, use the form without timeout; the source location is not recorded
  /// then, as no default argument can follow a parameter pack.
  ///
  /// Example:
  ///     ThreadPoolExecutor pool(4);
  ///     const std::vector numbers{1, 2, 3};
  ///     const std::vector tens{10, 20, 30};
  ///     for (const int sum : pool.map(std::plus(), numbers, tens)) print(sum);   // 11, 22, 33
  template <class F, std::ranges::input_range A, std::ranges::input_range B>
  auto map(F function, A&& a, B&& b, runtime::Timeout timeout = std::nullopt,
           runtime::Where where = runtime::Where::current()) {
    return map_zipped(function, timeout, where, std::forward<A>(a), std::forward<B>(b));
  }
  template <class F, class A, class B>
  auto map(F function, std::initializer_list<A> a, std::initializer_list<B> b,
           runtime::Timeout timeout = std::nullopt,
           runtime::Where where = runtime::Where::current()) {
    return map_zipped(function, timeout, where, a, b);
  }
  template <class F, std::ranges::input_range A, std::ranges::input_range B,
            std::ranges::input_range C>
  auto map(F function, A&& a, B&& b, C&& c, runtime::Timeout timeout = std::nullopt,
           runtime::Where where = runtime::Where::current()) {
    return map_zipped(function, timeout, where, std::forward<A>(a), std::forward<B>(b),
                      std::forward<C>(c));
  }
  template <class F, std::ranges::input_range A, std::ranges::input_range B,
            std::ranges::input_range C, std::ranges::input_range D,
            std::ranges::input_range... More>
  auto map(F function, A&& a, B&& b, C&& c, D&& d, More&&... more) {
    return map_zipped(function, std::nullopt, runtime::Where(), std::forward<A>(a),
                      std::forward<B>(b), std::forward<C>(c), std::forward<D>(d),
                      std::forward<More>(more)...);
  }

  /// As above with Python's keyword arguments. `buffersize` bounds the tasks that are submitted and
  /// whose results have not been taken: a task is submitted when the result that many places before
  /// it is available and dereferenced. So a range may be endless, and the results take no more room
  /// than that. An lvalue range has to outlive the returned one, an rvalue is kept there.
  ///
  /// Throws ValueError for a buffersize of less than 1. Once the pool is shut down, dereferencing
  /// throws RuntimeError if a task would have to be submitted; the results of those submitted
  /// follow. Python: `buffersize`, since 3.14.
  ///
  /// Example:
  ///     ThreadPoolExecutor pool(4);
  ///     const auto squares = [](int n) { return n * n; };
  ///     for (const int square : pool.map(squares, std::views::iota(0), {.buffersize = 8})) {
  ///       if (square > 1000) break;
  ///     }
  template <class F, std::ranges::input_range A>
  auto map(F function, A&& a, MapOptions options,
           runtime::Where where = runtime::Where::current()) {
    return map_lazily(function, options, where, std::forward<A>(a));
  }
  template <class F, class Item>
  auto map(F function, std::initializer_list<Item> items, MapOptions options,
           runtime::Where where = runtime::Where::current()) {
    return map_lazily(function, options, where, std::vector<Item>(items));
  }
  template <class F, std::ranges::input_range A, std::ranges::input_range B>
  auto map(F function, A&& a, B&& b, MapOptions options,
           runtime::Where where = runtime::Where::current()) {
    return map_lazily(function, options, where, std::forward<A>(a), std::forward<B>(b));
  }
  template <class F, std::ranges::input_range A, std::ranges::input_range B,
            std::ranges::input_range C>
  auto map(F function, A&& a, B&& b, C&& c, MapOptions options,
           runtime::Where where = runtime::Where::current()) {
    return map_lazily(function, options, where, std::forward<A>(a), std::forward<B>(b),
                      std::forward<C>(c));
  }

  /// Stops accepting tasks. `cancel_futures` also cancels those that have not begun. With `wait`,
  /// blocks until all tasks have run and the threads have ended; a worker of this pool gets
  /// RuntimeError instead, as it would wait for itself.
  void shutdown(bool wait = true, bool cancel_futures = false,
                runtime::Where where = runtime::Where::current());

  std::uint32_t max_workers() const noexcept;
  runtime::Object& object() noexcept;

 private:
  template <class F, class Range>
  auto map_each(const F& function, Range&& items, runtime::Timeout timeout,
                const runtime::Where& where) {
    using Item = std::iter_value_t<decltype(std::begin(items))>;
    using Result = typename decltype(submit(function, std::declval<Item>(), where))::Result;
    std::vector<Future<Result>> futures;
    const runtime::Deadline deadline = runtime::deadline_after(timeout);
    for (auto&& item : items) {
      if constexpr (kMovesItems<Range>) {
        futures.push_back(submit(function, Item(std::move(item)), where));
      } else {
        futures.push_back(submit(function, Item(std::forward<decltype(item)>(item)), where));
      }
    }
    return MapResults<Result>(std::move(futures), deadline, where);
  }

  // What calls of the function with one item of each range return.
  template <class F, class... Ranges>
  using ResultOfMap =
      ResultOf<std::invoke_result_t<std::decay_t<F>,
                                    std::ranges::range_value_t<std::views::all_t<Ranges>>...>>;

  template <class F, class... Ranges>
  auto map_zipped(const F& function, runtime::Timeout timeout, const runtime::Where& where,
                  Ranges&&... ranges) {
    using Result = ResultOfMap<F, Ranges...>;
    const runtime::Deadline deadline = runtime::deadline_after(timeout);
    std::vector<Future<Result>> futures;
    for (Zipped<Ranges...> items(std::forward<Ranges>(ranges)...); items.next();) {
      futures.push_back(items.pass_to([&]<class... Items>(Items&&... item) {
        return submit_bound(where, function, std::forward<Items>(item)...);
      }));
    }
    return MapResults<Result>(std::move(futures), deadline, where);
  }

  // Refers to the workers, not to the executor, which the results may outlive.
  template <class Result, class F, class... Ranges>
  class Calls final : public BufferedResults<Result>::Source {
   public:
    Calls(std::shared_ptr<Workers> workers, const F& function, const runtime::Where& where,
          Ranges&&... ranges)
        : workers_(std::move(workers)),
          function_(function),
          where_(where),
          items_(std::forward<Ranges>(ranges)...) {}

    std::optional<Future<Result>> submit_next() override {
      if (!items_.next()) return std::nullopt;
      return items_.pass_to([&]<class... Items>(Items&&... item) {
        return submit_to(*workers_, bound(function_, std::forward<Items>(item)...), where_);
      });
    }

   private:
    std::shared_ptr<Workers> workers_;
    F function_;
    runtime::Where where_;
    Zipped<Ranges...> items_;
  };

  template <class F, class... Ranges>
  auto map_lazily(const F& function, const MapOptions& options, const runtime::Where& where,
                  Ranges&&... ranges) {
    using Result = ResultOfMap<F, Ranges...>;
    if (options.buffersize && *options.buffersize < 1) {
      throw ValueError("buffersize must be None or > 0, not " +
                       std::to_string(*options.buffersize));
    }
    const std::size_t most = options.buffersize ? static_cast<std::size_t>(*options.buffersize)
                                                : std::numeric_limits<std::size_t>::max();
    const runtime::Deadline deadline = runtime::deadline_after(options.timeout);
    return BufferedResults<Result>(std::make_unique<Calls<Result, F, Ranges...>>(
                                       workers_, function, where, std::forward<Ranges>(ranges)...),
                                   most, deadline, where);
  }

  template <class F, class... Arguments>
  auto submit_bound(const runtime::Where& where, F&& function, Arguments&&... arguments) {
    return submit_callable(bound(std::forward<F>(function), std::forward<Arguments>(arguments)...),
                           where);
  }

  // A callable without parameters that owns copies of the function and of the arguments.
  template <class F, class... Arguments>
  static auto bound(F&& function, Arguments&&... arguments) {
    return [function = std::decay_t<F>(std::forward<F>(function)),
            tuple = std::tuple<std::decay_t<Arguments>...>(
                std::forward<Arguments>(arguments)...)]() mutable -> decltype(auto) {
      return std::apply(std::move(function), std::move(tuple));
    };
  }

  template <class F>
  auto submit_callable(F&& function, const runtime::Where& where) {
    return submit_to(*workers_, std::forward<F>(function), where);
  }

  template <class F>
  static auto submit_to(Workers& workers, F&& function, const runtime::Where& where) {
    using Body = Submitted<std::decay_t<F>>;
    using Result = typename Body::Result;
    auto* task = new Body(std::forward<F>(function));
    Future<Result> future{StateRef<ResultState<Result>>(task)};
    enqueue(workers, *task, where);
    return future;
  }

  // Drops the task if it throws.
  static void enqueue(Workers& workers, Task& task, const runtime::Where& where);

  std::shared_ptr<Workers> workers_;  // shared with each worker thread
};

}  // namespace weft::futures
