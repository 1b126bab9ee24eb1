#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <type_traits>
#include <utility>

#include "weft/futures/internal/result_type.h"
#include "weft/futures/internal/state.h"
#include "weft/runtime/internal/task_scope.h"
#include "weft/runtime/point.h"
#include "weft/runtime/uncaught.h"

/// The tasks of executors: each is one allocation with its callable and, if any, its future's
/// state.
namespace weft::futures {

/// A task with a future.
template <class F>
class Submitted final : public ResultState<ResultOf<std::invoke_result_t<F&>>> {
 public:
  using Result = ResultOf<std::invoke_result_t<F&>>;

  /// Starts with two references: the future's and the executor's.
  template <class G>
  explicit Submitted(G&& function) : ResultState<Result>(2), function_(std::forward<G>(function)) {}

  void run(std::uint32_t executor) override {
    try {
      runtime::point(trace::Kind::task_start, this->object());
    } catch (...) {
      this->cancel_now();
      this->release();
      throw;
    }
    if (!this->claim()) {  // cancelled
      this->release();
      return;
    }
    runtime::record(trace::Kind::task_start, this->object(), 0, executor);
    const runtime::TaskScope scope(this->object());
    try {
      if constexpr (std::is_void_v<Result>) {
        (*function_)();
        drop_function();
      } else {
        Result result = (*function_)();
        drop_function();
        this->store(std::forward<Result>(result));
      }
    } catch (const runtime::Stopped&) {
      fail();
      throw;
    } catch (...) {
      drop_function();
      fail();
      return;
    }
    this->finish_and_release();
  }

 private:
  // Destroys the callable before the future becomes done, not with the last copy of the future.
  void drop_function() { function_.reset(); }

  void fail() noexcept {
    this->finish(std::current_exception());
    this->release();
  }

  std::optional<F> function_;
};

/// A task without a future (fire and forget).
template <class F>
class DetachedTask final : public Task {
 public:
  template <class G>
  explicit DetachedTask(G&& function) : function_(std::forward<G>(function)) {}

  void run(std::uint32_t executor) override {
    const struct Ownership {
      DetachedTask* task;
      ~Ownership() { delete task; }
    } ownership{this};
    runtime::point(trace::Kind::task_start, object());
    runtime::record(trace::Kind::task_start, object(), 0, executor);
    bool failed = true;
    try {
      function_();
      failed = false;
    } catch (const runtime::Stopped&) {
      runtime::record_exactly(trace::Kind::task_finish, object(), 0, failed);
      throw;
    } catch (...) {
      runtime::report_uncaught(std::current_exception());
    }
    runtime::record_exactly(trace::Kind::task_finish, object(), 0, failed);
  }

  void discard(const std::exception_ptr&) noexcept override {
    runtime::record(trace::Kind::task_cancel, object());
    delete this;
  }
  void drop() noexcept override { delete this; }

 private:
  F function_;
};

}  // namespace weft::futures
