#pragma once

#include <concepts>
#include <type_traits>
#include <utility>

#include "weft/futures/future.h"

namespace weft::futures {

namespace detail {

template <class T>
inline constexpr bool kIsFuture = false;
template <class T>
inline constexpr bool kIsFuture<Future<T>> = true;

}  // namespace detail

/// Python's abstract class Executor, as a concept: what runs tasks and can be shut down. Both
/// ThreadPoolExecutor and multiprocessing::ProcessPoolExecutor are executors; ExecutorOf
/// says what an executor can run.
///
/// | member                            | meaning                                               |
/// | --------------------------------- | ----------------------------------------------------- |
/// | `submit(function, arguments…)`    | queues a call and returns its Future                  |
/// | `map(function, items, timeout)`   | a call for each item; the results in order            |
/// | `shutdown(wait, cancel_futures)`  | refuses further tasks; `wait` for those there are     |
/// | destructor                        | as `shutdown(true)`                                   |
///
/// A concept, not a base class: submit() and map() are templates, which cannot be virtual, and a
/// virtual enqueue() below them would be an indirect call for each task, for the sake of those who
/// do not know their executor's type. A function that takes any executor is a template instead, at
/// no cost; and an executor of one's own, say one that runs tasks at once in a test, derives from
/// nothing.
/// Python: https://docs.python.org/3/library/concurrent.futures.html#executor-objects
///
/// Example:
///     template <ExecutorOf<int (*)(int), int> Pool>
///     int twice(Pool& pool, int (*function)(int)) {
///       return pool.submit(function, pool.submit(function, 1).result()).result();
///     }
template <class E>
concept Executor = std::is_object_v<E> && std::destructible<E> && requires(E& executor, bool flag) {
  executor.shutdown();
  executor.shutdown(flag);
  executor.shutdown(flag, flag);
};

/// An executor that accepts the call `function(arguments…)`. A ThreadPoolExecutor accepts any; a
/// ProcessPoolExecutor only an Entry, as a process cannot be sent a function, only the name of a
/// registered one, and arguments that can be sent.
///
/// Example:
///     static_assert(ExecutorOf<ThreadPoolExecutor, int (*)(int), int>);
///     static_assert(!ExecutorOf<multiprocessing::ProcessPoolExecutor, int (*)(int), int>);
template <class E, class F, class... Arguments>
concept ExecutorOf = Executor<E> && std::invocable<std::decay_t<F>, std::decay_t<Arguments>...> &&
                     requires(E& executor, F&& function, Arguments&&... arguments) {
                       requires detail::kIsFuture<decltype(executor.submit(
                           std::forward<F>(function), std::forward<Arguments>(arguments)...))>;
                     };

}  // namespace weft::futures
