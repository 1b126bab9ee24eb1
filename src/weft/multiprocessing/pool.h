#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <ranges>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "weft/errors.h"
#include "weft/multiprocessing/async_result.h"
#include "weft/multiprocessing/internal/pool_task.h"
#include "weft/multiprocessing/result_iterator.h"

namespace weft::multiprocessing {

/// A pool of worker processes that execute functions for the process that created it.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.pool.Pool
///
/// | state      | apply, map, …  | close     | terminate     | join                  |
/// | ---------- | -------------- | --------- | ------------- | --------------------- |
/// | running    | ok             | -> closed | -> terminated | ValueError            |
/// | closed     | ValueError     | no effect | -> terminated | blocks until all done |
/// | terminated | ValueError     | no effect | no effect     | blocks briefly        |
///
/// A function is an Entry; its arguments and its result are serialised. An exception is rethrown
/// where the result is retrieved: Python's exceptions with their own type, others as RemoteError. A
/// worker that dies is replaced. The task it was executing is lost: its result becomes ready only
/// when the pool ends, as a RuntimeError (in Python never).
///
/// The destructor terminates the pool, as the end of Python's `with Pool()` does: unfinished tasks
/// are discarded, and threads waiting for their results get RuntimeError (in Python they wait for
/// ever). In one of the pool's callbacks the destructor does not wait for the workers to end.
///
/// If a worker's initializer fails, all outstanding tasks fail with RuntimeError and the pool
/// accepts no more. (Python starts one worker after the other.)
///
/// Example:
///     inline const Entry square("Pool.square", [](int x) { return x * x; });
///     Pool pool(4);
///     const std::vector<int> squares = pool.map(square, {1, 2, 3});
class Pool {
 public:
  struct Options {
    std::string name = {};             ///< as in ObjectOptions
    PoolInitializer initializer = {};  ///< each worker first calls it: see `initialize_with`
    /// A worker that has executed so many tasks, at least 1, ends and is replaced. None: workers
    /// live as long as the pool.
    std::optional<std::int32_t> maxtasksperchild = std::nullopt;
  };

  /// Starts the workers, by default cpu_count() of them. Throws ValueError for less than one
  /// process or task per child, RuntimeError if a process cannot be started.
  explicit Pool(std::optional<std::int32_t> processes = std::nullopt)
      : Pool(processes, Options()) {}
  explicit Pool(Options options) : Pool(std::nullopt, std::move(options)) {}
  Pool(std::optional<std::int32_t> processes, Options options);
  Pool(std::optional<std::int32_t> processes, Name auto name)
      : Pool(processes, Options{.name = std::move(name)}) {}
  ~Pool();
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;

  /// Executes the function in a worker and blocks until it has returned.
  template <class F, class... Given>
    requires(Entry<F>::template takes<Given...>)
  auto apply(const Entry<F>& function, Given&&... given) {
    return copy_of<typename Entry<F>::Result>(apply_async(function, std::forward<Given>(given)...));
  }

  /// As apply, but returns at once; the result is retrieved from the AsyncResult. With callbacks, one
  /// of them is called when the result is ready.
  template <class F, class... Given>
    requires(Entry<F>::template takes<Given...>)
  auto apply_async(const Entry<F>& function, Given&&... given) {
    return apply_async(Callbacks<Returned<typename Entry<F>::Result>>(), function,
                       std::forward<Given>(given)...);
  }
  template <class F, class... Given>
    requires(Entry<F>::template takes<Given...>)
  auto apply_async(Callbacks<Returned<typename Entry<F>::Result>> callbacks,
                   const Entry<F>& function, Given&&... given) {
    using R = typename Entry<F>::Result;
    const typename Entry<F>::Arguments arguments(std::forward<Given>(given)...);
    auto job = std::make_shared<CallJob<R>>(std::move(callbacks.callback),
                                            std::move(callbacks.error_callback));
    PoolCore::Sending sending(*core_, job);
    send_task(sending, 0, function, 1, [&](std::size_t) { return arguments; });
    return AsyncResult<Returned<R>>(std::move(job));
  }

  /// Calls the function with each of the items and blocks until all calls have ended. Returns the
  /// results in order; if calls threw, rethrows the first exception that a worker reported. The
  /// items are split into tasks of `chunksize` items; 0 means four tasks per worker.
  template <class F, class Items>
  auto map(const Entry<F>& function, const Items& items, std::size_t chunksize = 0) {
    return map_async(function, items, chunksize).get();
  }
  template <class F, class T>
  auto map(const Entry<F>& function, std::initializer_list<T> items, std::size_t chunksize = 0) {
    return map(function, std::vector<T>(items), chunksize);
  }
  /// As map, but returns at once.
  template <class F, class Items>
  auto map_async(const Entry<F>& function, const Items& items, std::size_t chunksize = 0,
                 Callbacks<std::vector<Returned<typename Entry<F>::Result>>> callbacks = {}) {
    return start_map(function, items, chunksize, std::move(callbacks), one_argument<F>);
  }

  /// As map; each item is a tuple of arguments.
  template <class F, class Items>
  auto starmap(const Entry<F>& function, const Items& items, std::size_t chunksize = 0) {
    return starmap_async(function, items, chunksize).get();
  }
  template <class F, class Items>
  auto starmap_async(const Entry<F>& function, const Items& items, std::size_t chunksize = 0,
                     Callbacks<std::vector<Returned<typename Entry<F>::Result>>> callbacks = {}) {
    return start_map(function, items, chunksize, std::move(callbacks), all_arguments<F>);
  }

  /// As map, but returns at once; the iterator yields the results in order, as they become ready.
  /// Throws ValueError for a chunksize of 0.
  template <class F, SizedItems Items>
  auto imap(const Entry<F>& function, const Items& items, std::size_t chunksize = 1) {
    return start_stream(function, items, chunksize, true);
  }
  /// As imap, in order of completion.
  template <class F, SizedItems Items>
  auto imap_unordered(const Entry<F>& function, const Items& items, std::size_t chunksize = 1) {
    return start_stream(function, items, chunksize, false);
  }

  /// As above over a range whose size is not known, and which may be endless. It is read as results
  /// are taken, by the thread that takes them: at most four tasks for each worker are sent whose
  /// results have not been taken. (Python reads it to its end in a thread of the pool, with no
  /// bound.) An lvalue range has to outlive the iterator, an rvalue is kept there.
  ///
  /// What the range throws comes in the place of the first result that it prevents, and is the
  /// last; so does ValueError, if the pool was closed meanwhile and items are left.
  ///
  /// Example:
  ///     inline const Entry square("Pool.imap.square", [](int x) { return x * x; });
  ///     Pool pool(2);
  ///     for (const int x : pool.imap(square, std::views::iota(0))) {
  ///       if (x > 1000) break;
  ///     }
  template <class F, std::ranges::input_range Items>
    requires(!SizedItems<std::remove_reference_t<Items>>)
  auto imap(const Entry<F>& function, Items&& items, std::size_t chunksize = 1) {
    return start_lazily(function, std::forward<Items>(items), {.chunksize = chunksize}, true);
  }
  template <class F, std::ranges::input_range Items>
    requires(!SizedItems<std::remove_reference_t<Items>>)
  auto imap_unordered(const Entry<F>& function, Items&& items, std::size_t chunksize = 1) {
    return start_lazily(function, std::forward<Items>(items), {.chunksize = chunksize}, false);
  }
  /// As above over any range; `buffersize` is the most calls that are sent and whose results have not
  /// been taken. Chunks are no larger than that. Throws ValueError for a buffersize of less than 1.
  ///
  /// Example:
  ///     inline const Entry square("Pool.imap.buffersize", [](int x) { return x * x; });
  ///     Pool pool(2);
  ///     const std::vector numbers{1, 2, 3};
  ///     for (const int x : pool.imap(square, numbers, {.chunksize = 2, .buffersize = 8})) use(x);
  template <class F, std::ranges::input_range Items>
  auto imap(const Entry<F>& function, Items&& items, ImapOptions options) {
    return start_lazily(function, std::forward<Items>(items), options, true);
  }
  template <class F, std::ranges::input_range Items>
  auto imap_unordered(const Entry<F>& function, Items&& items, ImapOptions options) {
    return start_lazily(function, std::forward<Items>(items), options, false);
  }

  /// Accepts no more tasks; the workers end when all tasks are done. Does not block.
  void close() { core_->close(); }
  /// Terminates the workers now. Does not wait for them to end.
  void terminate();
  /// Blocks until the workers have ended. Throws ValueError before close() or terminate(), and
  /// RuntimeError in one of the pool's callbacks, since that thread would wait for itself.
  void join(runtime::Where where = runtime::Where::current());

  /// The current worker processes.
  std::vector<ProcessRef> workers() { return core_->workers(); }

 private:
  template <class R, class Result>
  static R copy_of(const Result& result) {
    if constexpr (std::is_void_v<R>) {
      result.get();
    } else {
      return result.get();
    }
  }

  std::size_t chunk_of(std::size_t items, std::size_t chunksize) const {
    if (chunksize != 0) return chunksize;
    const std::size_t tasks = 4 * std::size_t{core_->processes()};
    return std::max<std::size_t>(1, (items + tasks - 1) / tasks);
  }

  template <class F>
  static constexpr auto one_argument =
      [](const auto& item) { return typename Entry<F>::Arguments(item); };
  template <class F>
  static constexpr auto all_arguments =
      [](const auto& item) { return std::make_from_tuple<typename Entry<F>::Arguments>(item); };

  template <class F, class Items, class ToArguments>
  void send_chunks(std::shared_ptr<PoolJob> job, const Entry<F>& function, const Items& items,
                   std::size_t chunk, ToArguments to_arguments) {
    PoolCore::Sending sending(*core_, std::move(job));
    auto item = std::begin(items);
    const std::size_t size = std::size(items);
    for (std::size_t first = 0, index = 0; first < size; first += chunk, ++index) {
      send_task(sending, static_cast<std::uint32_t>(index), function, std::min(chunk, size - first),
                [&](std::size_t) { return to_arguments(*item++); });
    }
  }

  template <class F, class Items, class ToArguments>
  auto start_map(const Entry<F>& function, const Items& items, std::size_t chunksize,
                 Callbacks<std::vector<Returned<typename Entry<F>::Result>>> callbacks,
                 ToArguments to_arguments) {
    using R = typename Entry<F>::Result;
    const std::size_t chunk = chunk_of(std::size(items), chunksize);
    auto job = std::make_shared<MapJob<R>>(std::size(items), chunk, std::move(callbacks.callback),
                                           std::move(callbacks.error_callback));
    send_chunks(job, function, items, chunk, to_arguments);
    return AsyncResult<std::vector<Returned<R>>>(std::move(job));
  }

  template <class F, class Items>
  auto start_stream(const Entry<F>& function, const Items& items, std::size_t chunksize,
                    bool ordered) {
    using R = typename Entry<F>::Result;
    if (chunksize < 1) throw ValueError("Chunksize must be 1+, not 0");
    auto job = std::make_shared<StreamJob<R>>(std::size(items), chunksize, ordered);
    send_chunks(job, function, items, chunksize, one_argument<F>);
    return ResultIterator<R>(std::move(job));
  }

  template <class F, class Items>
  auto start_lazily(const Entry<F>& function, Items&& items, const ImapOptions& options,
                    bool ordered) {
    using R = typename Entry<F>::Result;
    const StreamLimits limits(options, core_->processes());
    // An entry exists as long as the program.
    auto send = [core = core_, &function](const auto& stream, std::size_t first, auto chunk) {
      auto job = std::make_shared<StreamChunk<R>>(stream, first, chunk.size());
      PoolCore::Sending sending(*core, std::move(job));
      send_task(sending, 0, function, chunk.size(), [&](std::size_t i) {
        using Item = typename decltype(chunk)::value_type;
        return typename Entry<F>::Arguments(Item(std::move(chunk[i])));
      });
    };
    auto stream = std::make_shared<ResultStream<R>>(ResultStream<R>::kUnknown, ordered);
    stream->start(std::make_unique<ItemSource<R, Items, decltype(send)>>(
                      std::forward<Items>(items), limits.step, std::move(send)),
                  limits.step, limits.most);
    return ResultIterator<R>(std::move(stream));
  }

  std::shared_ptr<PoolCore> core_;
  bool joined_ = false;
};

}  // namespace weft::multiprocessing
