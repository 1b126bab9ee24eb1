#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <memory>
#include <optional>
#include <ranges>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "weft/errors.h"
#include "weft/multiprocessing/async_result.h"
#include "weft/multiprocessing/internal/thread_pool_core.h"
#include "weft/multiprocessing/result_iterator.h"
#include "weft/platform/mutex.h"
#include "weft/runtime/stopped.h"
#include "weft/runtime/where.h"

namespace weft::multiprocessing {

/// Calls the function, and stores its result: a monostate for void.
template <class R, class Call>
Returned<R> returned_by(Call&& call) {
  if constexpr (std::is_void_v<R>) {
    call();
    return {};
  } else {
    return call();
  }
}

/// The shared state of a map of a ThreadPool: the results of many calls, computed in chunks. As in
/// MapJob there is no fail-fast.
template <class R>
class MapState final : public ResultState<std::vector<Returned<R>>> {
 public:
  using Values = std::vector<Returned<R>>;

  MapState(std::size_t size, std::size_t chunks, Callbacks<Values> callbacks)
      : ResultState<Values>(std::move(callbacks.callback), std::move(callbacks.error_callback)),
        left_(chunks),
        values_(size) {
    if (chunks == 0) this->finish(Values(), nullptr);
  }

  /// The results of different indices may be set at once.
  template <class Call>
  void set(std::size_t index, Call&& call) {
    try {
      values_[index].emplace(returned_by<R>(std::forward<Call>(call)));
    } catch (const runtime::Stopped&) {
      throw;
    } catch (...) {
      const platform::LockGuard guard(mutex_);
      if (!failure_) failure_ = std::current_exception();
    }
  }
  /// A chunk is done. Not analysed: after the last one no other thread accesses failure_.
  void count_down() noexcept WEFT_NO_THREAD_SAFETY_ANALYSIS {
    if (left_.fetch_sub(1) != 1) return;
    if (failure_) {
      this->finish(std::nullopt, failure_);
      return;
    }
    Values all;
    all.reserve(values_.size());
    for (auto& value : values_) all.push_back(std::move(*value));
    this->finish(std::move(all), nullptr);
  }

 private:
  std::atomic<std::size_t> left_;  // chunks
  std::vector<std::optional<Returned<R>>> values_;
  platform::Mutex mutex_;
  std::exception_ptr failure_ WEFT_GUARDED_BY(mutex_);  // the first
};

/// Pool's interface on threads of this process: a ThreadPoolExecutor with map(), imap() and the
/// states of a Pool.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.pool.ThreadPool
///
/// | state      | apply, map, …  | close     | terminate     | join                  |
/// | ---------- | -------------- | --------- | ------------- | --------------------- |
/// | running    | ok             | -> closed | -> terminated | ValueError            |
/// | closed     | ValueError     | no effect | -> terminated | blocks until all done |
/// | terminated | ValueError     | no effect | no effect     | blocks for the threads |
///
/// A function is any callable, and nothing is serialised: results and exceptions are the objects
/// themselves. Each task has a copy of the function and of its items. Threads are started as they
/// are needed. A thread can't be killed: terminate() discards the tasks that have not begun, and
/// those that wait for results get RuntimeError at once (in Python they wait for ever), but join(),
/// and the destructor, wait for the calls that have begun.
///
/// The destructor terminates the pool and joins it, as the end of Python's `with ThreadPool()`; in
/// one of the pool's own calls it does not wait. If an initializer throws, all outstanding calls
/// fail with RuntimeError, and the pool accepts no more.
///
/// Example:
///     ThreadPool pool(4);
///     const std::vector<std::string> words{"warp", "weft"};
///     const auto sizes = pool.map([](const std::string& word) { return word.size(); }, words);
class ThreadPool {
  template <class F, class... Given>
  using ResultOfCall = std::invoke_result_t<std::decay_t<F>&, std::decay_t<Given>...>;
  template <class Items>
  using ItemOf = std::iter_value_t<decltype(std::begin(std::declval<Items&>()))>;
  template <class F, class Items>
  using ResultOfItem = std::invoke_result_t<F&, ItemOf<Items>>;
  template <class F, class Items>
  using ResultOfTuple = decltype(std::apply(std::declval<F&>(), std::declval<ItemOf<Items>>()));

 public:
  struct Options {
    std::string name = {};  ///< of the threads, with _0, _1, … behind it; empty: "ThreadPool"
    std::function<void()> initializer = {};  ///< each thread first calls it; empty: nothing
  };

  /// `processes` is the number of threads, by default cpu_count(). Throws ValueError for less than
  /// one.
  explicit ThreadPool(std::optional<std::int32_t> processes = std::nullopt)
      : ThreadPool(processes, Options()) {}
  explicit ThreadPool(Options options) : ThreadPool(std::nullopt, std::move(options)) {}
  ThreadPool(std::optional<std::int32_t> processes, Options options);
  ThreadPool(std::optional<std::int32_t> processes, Name auto name)
      : ThreadPool(processes, Options{.name = std::move(name)}) {}
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  /// Calls the function in a thread of the pool and blocks until it has returned. Rethrows what it
  /// threw.
  template <class F, class... Given>
    requires std::is_invocable_v<std::decay_t<F>&, std::decay_t<Given>...>
  auto apply(F&& function, Given&&... given) {
    using R = ResultOfCall<F, Given...>;
    auto result = apply_async(std::forward<F>(function), std::forward<Given>(given)...);
    if constexpr (std::is_void_v<R>) {
      result.get();
    } else {
      return std::move(result).get();
    }
  }

  /// As apply, but returns at once; the result is retrieved from the AsyncResult. With callbacks,
  /// one of them is called when the result is ready.
  template <class F, class... Given>
    requires std::is_invocable_v<std::decay_t<F>&, std::decay_t<Given>...>
  auto apply_async(F&& function, Given&&... given) {
    return apply_async(Callbacks<Returned<ResultOfCall<F, Given...>>>(), std::forward<F>(function),
                       std::forward<Given>(given)...);
  }
  template <class T, class F, class... Given>
    requires std::is_invocable_v<std::decay_t<F>&, std::decay_t<Given>...>
  auto apply_async(Callbacks<T> callbacks, F&& function, Given&&... given) {
    using R = ResultOfCall<F, Given...>;
    static_assert(std::is_same_v<T, Returned<R>>, "callbacks of another type");
    auto state = std::make_shared<ResultState<T>>(std::move(callbacks.callback),
                                                  std::move(callbacks.error_callback));
    auto bound = std::make_shared<std::pair<std::decay_t<F>, std::tuple<std::decay_t<Given>...>>>(
        std::forward<F>(function),
        std::tuple<std::decay_t<Given>...>(std::forward<Given>(given)...));
    core_->post(
        [state, bound] {
          const auto call = [&]() -> decltype(auto) {
            return std::apply(bound->first, std::move(bound->second));
          };
          try {
            state->finish(returned_by<R>(call), nullptr);
          } catch (const runtime::Stopped&) {
            throw;
          } catch (...) {
            state->finish(std::nullopt, std::current_exception());
          }
        },
        [state](const std::exception_ptr& error) { state->finish(std::nullopt, error); },
        runtime::Where());
    return AsyncResult<T>(std::move(state));
  }

  /// Calls the function with each of the items and blocks until all calls have ended. Returns the
  /// results in order; if calls threw, rethrows the first exception. The items are copied into tasks
  /// of `chunksize` items; 0 means four tasks per thread.
  template <class F, class Items>
  auto map(F function, const Items& items, std::size_t chunksize = 0) {
    return map_async(std::move(function), items, chunksize).get();
  }
  template <class F, class T>
  auto map(F function, std::initializer_list<T> items, std::size_t chunksize = 0) {
    return map(std::move(function), std::vector<T>(items), chunksize);
  }
  /// As map, but returns at once.
  template <class F, class Items>
  auto map_async(F function, const Items& items, std::size_t chunksize = 0,
                 Callbacks<std::vector<Returned<ResultOfItem<F, Items>>>> callbacks = {}) {
    using Item = ItemOf<Items>;
    return start_map<ResultOfItem<F, Items>>(
        [function = std::move(function)](Item& item) mutable -> decltype(auto) {
          return std::invoke(function, std::move(item));
        },
        items, chunksize, std::move(callbacks));
  }

  /// As map; each item is a tuple of arguments.
  template <class F, class Items>
  auto starmap(F function, const Items& items, std::size_t chunksize = 0) {
    return starmap_async(std::move(function), items, chunksize).get();
  }
  template <class F, class Items>
  auto starmap_async(F function, const Items& items, std::size_t chunksize = 0,
                     Callbacks<std::vector<Returned<ResultOfTuple<F, Items>>>> callbacks = {}) {
    using Item = ItemOf<Items>;
    return start_map<ResultOfTuple<F, Items>>(
        [function = std::move(function)](Item& item) mutable -> decltype(auto) {
          return std::apply(function, std::move(item));
        },
        items, chunksize, std::move(callbacks));
  }

  /// As map, but returns at once; the iterator yields the results in order, as they become ready. A
  /// range of known size is read at once, another lazily, as by Pool::imap, with at most four tasks
  /// for each thread whose results have not been taken.
  template <class F, class Items>
  auto imap(F function, Items&& items, std::size_t chunksize = 1) {
    return start_stream(std::move(function), std::forward<Items>(items),
                        limits<Items>({.chunksize = chunksize}), true);
  }
  template <class F, class Items>
  auto imap(F function, Items&& items, ImapOptions options) {
    return start_stream(std::move(function), std::forward<Items>(items),
                        StreamLimits(options, core_->threads()), true);
  }
  /// As imap, in order of completion.
  template <class F, class Items>
  auto imap_unordered(F function, Items&& items, std::size_t chunksize = 1) {
    return start_stream(std::move(function), std::forward<Items>(items),
                        limits<Items>({.chunksize = chunksize}), false);
  }
  template <class F, class Items>
  auto imap_unordered(F function, Items&& items, ImapOptions options) {
    return start_stream(std::move(function), std::forward<Items>(items),
                        StreamLimits(options, core_->threads()), false);
  }

  /// Accepts no more calls; the threads end when all are done. Does not block.
  void close() { core_->close(); }
  /// Discards the calls that have not begun. Does not block.
  void terminate() { core_->terminate(); }
  /// Blocks until the threads have ended. Throws ValueError before close() or terminate(), and
  /// RuntimeError in one of the pool's calls, since that thread would wait for itself.
  void join(runtime::Where where = runtime::Where::current()) { core_->join(where); }

 private:
  template <class R, class Call, class Items>
  auto start_map(Call call, const Items& items, std::size_t chunksize,
                 Callbacks<std::vector<Returned<R>>> callbacks) {
    const std::size_t size = std::size(items);
    if (chunksize == 0) {
      const std::size_t tasks = 4 * std::size_t{core_->threads()};
      chunksize = std::max<std::size_t>(1, (size + tasks - 1) / tasks);
    }
    if (!core_->open()) throw ValueError("Pool not running");
    auto state = std::make_shared<MapState<R>>(size, (size + chunksize - 1) / chunksize,
                                               std::move(callbacks));
    auto item = std::begin(items);
    for (std::size_t first = 0; first < size; first += chunksize) {
      std::vector<ItemOf<Items>> chunk;
      for (std::size_t i = first; i < std::min(size, first + chunksize); ++i) {
        chunk.push_back(*item++);
      }
      auto bound =
          std::make_shared<std::pair<Call, std::vector<ItemOf<Items>>>>(call, std::move(chunk));
      core_->post(
          [state, bound, first] {
            std::size_t index = first;
            for (auto&& each : bound->second) {
              state->set(index++, [&]() -> decltype(auto) {
                ItemOf<Items> own(std::move(each));
                return bound->first(own);
              });
            }
            state->count_down();
          },
          [state](const std::exception_ptr& error) { state->finish(std::nullopt, error); },
          runtime::Where());
    }
    return AsyncResult<std::vector<Returned<R>>>(std::move(state));
  }

  template <class Items>
  StreamLimits limits(const ImapOptions& options) const {
    StreamLimits made(options, core_->threads());
    if constexpr (SizedItems<std::remove_reference_t<Items>>) {
      made.most = std::numeric_limits<std::size_t>::max();
    }
    return made;
  }

  template <class F, class Items>
  auto start_stream(F function, Items&& items, const StreamLimits& limits, bool ordered) {
    using R = ResultOfItem<F, std::remove_reference_t<Items>>;
    using Result = typename ResultStream<R>::Result;
    if (!core_->open()) throw ValueError("Pool not running");
    auto send = [core = core_, function = std::move(function)](const auto& stream,
                                                               std::size_t first, auto chunk) {
      auto bound = std::make_shared<std::pair<F, decltype(chunk)>>(function, std::move(chunk));
      core->post(
          [stream, bound, first] {
            std::size_t index = first;
            for (auto&& each : bound->second) {
              using Item = typename decltype(bound->second)::value_type;
              Result result;
              try {
                Item own(std::move(each));
                result.template emplace<1>(returned_by<R>(
                    [&]() -> decltype(auto) { return std::invoke(bound->first, std::move(own)); }));
              } catch (const runtime::Stopped&) {
                throw;
              } catch (...) {
                result.template emplace<2>(std::current_exception());
              }
              stream->add(index++, std::move(result));
              stream->notify();
            }
          },
          [stream](const std::exception_ptr& error) { stream->end(error); }, runtime::Where());
    };
    auto stream = std::make_shared<ResultStream<R>>(ResultStream<R>::kUnknown, ordered);
    stream->start(std::make_unique<ItemSource<R, Items, decltype(send)>>(
                      std::forward<Items>(items), limits.step, std::move(send)),
                  limits.step, limits.most);
    return ResultIterator<R>(std::move(stream));
  }

  std::shared_ptr<ThreadPoolCore> core_;
};

}  // namespace weft::multiprocessing
