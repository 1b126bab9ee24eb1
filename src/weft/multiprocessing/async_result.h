#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "weft/errors.h"
#include "weft/futures/internal/result_type.h"
#include "weft/multiprocessing/internal/pool_core.h"
#include "weft/multiprocessing/remote_error.h"
#include "weft/multiprocessing/serialise.h"
#include "weft/runtime/point.h"
#include "weft/runtime/uncaught.h"

namespace weft::multiprocessing {

using weft::TimeoutError;

/// A one-shot event: completed once, waited for by any number of threads of this process. What
/// precedes complete() happens before the return of a wait() or done() that found it done.
class Completion {
 public:
  bool done() const noexcept { return done_.load(std::memory_order_acquire) != 0; }
  /// Blocks until completed. Returns false if the deadline passed first. Throws Stopped.
  bool wait(const runtime::Deadline& deadline, runtime::Where where,
            runtime::Stoppable stoppable = runtime::Stoppable::yes);

 protected:
  void complete() noexcept;

 private:
  std::atomic<std::uint32_t> done_{0};
};

/// The stored form of a call's result: a monostate for void.
template <class R>
using Returned = std::conditional_t<std::is_void_v<R>, std::monostate, std::decay_t<R>>;

/// Deserialises a call's result.
template <class R>
Returned<R> read_returned(pool_protocol::Reader& results) {
  const auto item = results.item();
  if constexpr (std::is_void_v<R>) {
    return {};
  } else {
    return from_bytes<std::decay_t<R>>(item);
  }
}

/// Completion callbacks. They run on one of the pool's own threads, so they must be short and must
/// not block.
///
/// Example:
///     ThreadPool pool(1);
///     Callbacks<int> callbacks{.callback = [](const int& result) { print(result); }};
///     pool.apply_async(callbacks, [] { return 42; }).get();   // 42
template <class T>
struct Callbacks {
  std::function<void(const T&)> callback = {};
  std::function<void(std::exception_ptr)> error_callback = {};
};

/// The shared state of an AsyncResult: a pending result, and the callbacks to run at completion.
/// The first finish() wins. The callback runs before waiters are released, in the completing
/// thread; what it throws is reported and swallowed.
template <class T>
class ResultState : public Completion {
 public:
  using Callback = std::function<void(const T&)>;
  using ErrorCallback = std::function<void(std::exception_ptr)>;

  ResultState(Callback callback, ErrorCallback error_callback)
      : callback_(std::move(callback)), error_callback_(std::move(error_callback)) {}

  /// This and the values below are valid once done(). Null if the call succeeded.
  const std::exception_ptr& error() const noexcept { return error_; }
  const T& value() const {
    if (error_) std::rethrow_exception(error_);
    return *value_;
  }
  T take_value() {
    if (error_) std::rethrow_exception(error_);
    return std::move(*value_);
  }

  void finish(std::optional<T> value, std::exception_ptr error) noexcept {
    if (finished_.exchange(true)) return;
    value_ = std::move(value);
    error_ = std::move(error);
    try {
      if (error_ && error_callback_) error_callback_(error_);
      if (!error_ && callback_) callback_(*value_);
    } catch (...) {
      runtime::report_uncaught(std::current_exception());
    }
    complete();
  }

 private:
  const Callback callback_;
  const ErrorCallback error_callback_;
  std::atomic<bool> finished_{false};
  std::optional<T> value_;
  std::exception_ptr error_;
};

/// The shared state of an AsyncResult of a pool of processes.
template <class T>
class ResultJob : public PoolJob, public ResultState<T> {
 public:
  using ResultState<T>::ResultState;

  void fail_all(const std::exception_ptr& error) noexcept override {
    this->finish(std::nullopt, error);
  }
};

/// The shared state of one call, apply_async.
template <class R>
class CallJob final : public ResultJob<Returned<R>> {
 public:
  using ResultJob<Returned<R>>::ResultJob;

  bool succeed(std::uint32_t, std::uint32_t, pool_protocol::Reader& results) override {
    try {
      this->finish(read_returned<R>(results), nullptr);
    } catch (...) {
      this->finish(std::nullopt, std::current_exception());
    }
    return true;
  }
  bool fail(std::uint32_t, std::uint32_t, std::exception_ptr error) override {
    this->finish(std::nullopt, std::move(error));
    return true;
  }
};

/// The shared state of map_async: the results of many calls, sent in chunks, in the order of the
/// arguments. There is no fail-fast: after a failure the other chunks are still awaited, and then
/// the job fails with the first failure that was received.
template <class R>
class MapJob final : public ResultJob<std::vector<Returned<R>>> {
 public:
  using Values = std::vector<Returned<R>>;

  MapJob(std::size_t size, std::size_t chunk, typename ResultJob<Values>::Callback callback,
         typename ResultJob<Values>::ErrorCallback error_callback)
      : ResultJob<Values>(std::move(callback), std::move(error_callback)),
        chunk_(chunk),
        left_((size + chunk - 1) / chunk),
        values_(size) {
    if (left_ == 0) this->finish(Values(), nullptr);
  }

  bool succeed(std::uint32_t index, std::uint32_t calls, pool_protocol::Reader& results) override {
    try {
      for (std::uint32_t i = 0; i < calls; ++i) {
        values_.at(index * chunk_ + i) = read_returned<R>(results);
      }
    } catch (...) {
      return fail(index, calls, std::current_exception());
    }
    return count_down();
  }
  bool fail(std::uint32_t, std::uint32_t, std::exception_ptr error) override {
    if (!error_) error_ = std::move(error);
    return count_down();
  }

 private:
  bool count_down() {
    if (--left_ != 0) return false;
    if (error_) {
      this->finish(std::nullopt, error_);
    } else {
      this->finish(std::move(values_), nullptr);
    }
    return true;
  }

  const std::size_t chunk_;
  std::size_t left_;  // chunks; used by the pool's result thread only, as the next two
  Values values_;
  std::exception_ptr error_;
};

/// A future for the result of apply_async or map_async of a Pool or a ThreadPool. Copies refer to the same result.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.pool.AsyncResult
///
/// Example:
///     inline const Entry square("AsyncResult.square", [](int x) { return x * x; });
///     Pool pool(2);
///     const auto result = pool.apply_async(square, 3);
///     result.get(60s);   // 9
template <class T>
class AsyncResult {
 public:
  explicit AsyncResult(std::shared_ptr<ResultState<T>> job) noexcept : job_(std::move(job)) {}

  /// Blocks until the result is available; returns it, or rethrows what the function threw. Throws
  /// TimeoutError when `timeout` expires; Stopped if the run is stopped. The task of a worker that
  /// died has no result until the pool ends, and then a RuntimeError. The reference is valid as
  /// long as this object or a copy of it.
  const T& get(runtime::Timeout timeout = std::nullopt,
               runtime::Where where = runtime::Where::current()) const& {
    wait_for_result(timeout, where);
    return job_->value();
  }

  /// As above for a temporary, as in `pool.apply_async(f).get()`: returns the result by value. A
  /// move-only result is moved out: a get() of a copy of this object then returns a moved-from
  /// value.
  T get(runtime::Timeout timeout = std::nullopt,
        runtime::Where where = runtime::Where::current()) const&& {
    wait_for_result(timeout, where);
    if constexpr (futures::kCopyable<T>) {
      return job_->value();
    } else {
      return job_->take_value();
    }
  }

  /// Blocks until the result is available or `timeout` has expired. Throws Stopped if the run is
  /// stopped.
  void wait(runtime::Timeout timeout = std::nullopt,
            runtime::Where where = runtime::Where::current()) const {
    job_->wait(runtime::deadline_after(timeout), where);
  }

  /// True once the result is available. Does not block.
  bool ready() const noexcept { return job_->done(); }
  /// True if the call returned, false if it threw. Does not block. Throws ValueError unless
  /// ready().
  bool successful() const {
    if (!ready()) throw ValueError("the result is not ready");
    return !job_->error();
  }

 private:
  void wait_for_result(runtime::Timeout timeout, runtime::Where where) const {
    if (!job_->wait(runtime::deadline_after(timeout), where)) {
      throw TimeoutError("timed out waiting for the result");
    }
  }

  std::shared_ptr<ResultState<T>> job_;
};

}  // namespace weft::multiprocessing
