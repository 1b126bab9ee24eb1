#pragma once

#include <exception>
#include <type_traits>
#include <utility>

#include "weft/futures/state.h"
#include "weft/runtime/stopped.h"

namespace weft::futures {

/// Work that an executor queues and runs: a state that knows how to complete itself.
class Task {
 public:
  /// Runs the work and completes its future, unless it was cancelled. An exception goes into the
  /// future; Stopped goes there too and is thrown on.
  virtual void run() = 0;
  virtual State& state() noexcept = 0;

  Task* next = nullptr;  // the executor's queue

 protected:
  ~Task() = default;
};

template <class F>
class TaskOf final : public ResultState<std::invoke_result_t<F&>>, public Task {
 public:
  using Result = std::invoke_result_t<F&>;

  template <class G>
  explicit TaskOf(G&& function) : function_(std::forward<G>(function)) {}

  void run() override {
    try {
      if constexpr (std::is_void_v<Result>) {
        (*function_)();
        drop_function();
        this->set_result();
      } else {
        Result result = (*function_)();
        drop_function();
        this->set_result(std::move(result));
      }
    } catch (const runtime::Stopped&) {
      this->set_exception(std::current_exception());
      throw;
    } catch (...) {
      drop_function();
      this->set_exception(std::current_exception());
    }
  }
  State& state() noexcept override { return *this; }

 private:
  // What the callable owns is gone when its future is done, not when the last copy of that is.
  void drop_function() { function_.reset(); }

  std::optional<F> function_;
};

}  // namespace weft::futures
