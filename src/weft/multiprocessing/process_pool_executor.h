#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "weft/futures/errors.h"
#include "weft/futures/future.h"
#include "weft/futures/map_results.h"
#include "weft/multiprocessing/async_result.h"
#include "weft/multiprocessing/pool_task.h"
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
/// A function is an Entry. When a worker dies, all that is not finished ends with BrokenProcessPool, and
/// the other workers are ended. Of what was submitted, as much as there are workers and one more is on its
/// way to them and can't be cancelled. The workers are started with the first task.
///
/// The destructor shuts the executor down and blocks until all is done, as the end of Python's `with` does.
///
/// Example:
///     ProcessPoolExecutor executor(4);
///     futures::Future<int> squared = executor.submit(square, 7);
class ProcessPoolExecutor {
 public:
  /// By default as many workers as can run at once. Throws ValueError for less than one.
  explicit ProcessPoolExecutor(std::optional<std::int32_t> max_workers = std::nullopt,
                               PoolInitializer initializer = {});
  ~ProcessPoolExecutor();
  ProcessPoolExecutor(const ProcessPoolExecutor&) = delete;
  ProcessPoolExecutor& operator=(const ProcessPoolExecutor&) = delete;

  /// Has the function called with these arguments. Throws RuntimeError after shutdown(), or if no process
  /// is to be had, and BrokenProcessPool.
  template <class F, class... Given>
    requires(Entry<F>::template takes<Given...>)
  auto submit(const Entry<F>& function, Given&&... given) {
    using R = typename Entry<F>::Result;
    auto call = std::make_shared<Call<F>>(function, std::forward<Given>(given)...);
    futures::Future<R> future = call->future();
    calls_->submit(std::move(call));
    return future;
  }

  /// Has the function called with each of the items; returns a range of what the calls return, in order, of
  /// which each blocks until it is there. With a timeout, counted from now, it throws TimeoutError.
  template <class F, class Items>
  auto map(const Entry<F>& function, const Items& items, runtime::Timeout timeout = std::nullopt,
           runtime::Where where = runtime::Where::current()) {
    using R = typename Entry<F>::Result;
    const runtime::Deadline deadline = runtime::deadline_after(timeout);
    std::vector<futures::Future<R>> futures;
    for (const auto& item : items) futures.push_back(submit(function, item));
    return futures::MapResults<R>(std::move(futures), deadline, where);
  }

  /// No more tasks. With `cancel_futures` those that wait are cancelled. Unless told otherwise blocks until
  /// all others are done and the workers have ended.
  void shutdown(bool wait = true, bool cancel_futures = false,
                runtime::Where where = runtime::Where::current()) {
    calls_->shutdown(wait, cancel_futures, runtime::Stoppable::yes, where);
  }

  /// The workers' processes at the moment.
  std::vector<ProcessRef> workers() { return calls_->workers(); }

 private:
  template <class F>
  class Call final : public ProcessCall {
   public:
    using R = typename Entry<F>::Result;

    template <class... Given>
    explicit Call(const Entry<F>& function, Given&&... given)
        : function_(function), arguments_(std::forward<Given>(given)...) {}

    const futures::Future<R>& future() const { return future_; }

    bool begin() override { return future_.set_running_or_notify_cancel(); }
    void cancel() override { future_.cancel(); }
    void send(PoolCore::Sending& sending) override {
      send_task(sending, 0, function_, 1, [this](std::size_t) { return arguments_; });
    }

   protected:
    void fail_with(const std::exception_ptr& error) noexcept override { future_.set_exception(error); }
    void take_result(pool_protocol::Reader& results) override {
      if constexpr (std::is_void_v<R>) {
        future_.set_result();
      } else {
        future_.set_result(read_returned<R>(results));
      }
    }

   private:
    const Entry<F>& function_;
    const typename Entry<F>::Arguments arguments_;
    futures::Future<R> future_;
  };

  std::shared_ptr<ProcessCalls> calls_;
};

}  // namespace weft::multiprocessing
