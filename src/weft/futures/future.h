#pragma once

#include <functional>
#include <type_traits>
#include <utility>

#include "weft/futures/internal/result_type.h"
#include "weft/futures/internal/state.h"
#include "weft/runtime/point.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"

namespace weft::futures {

/// The result of an asynchronous task. Copies share one state.
/// Python: https://docs.python.org/3/library/concurrent.futures.html#future-objects
///
/// | state     | cancel        | result                        | set_result        |
/// | --------- | ------------- | ----------------------------- | ----------------- |
/// | pending   | -> cancelled  | blocks                        | -> finished       |
/// | running   | false         | blocks                        | -> finished       |
/// | cancelled | true          | CancelledError                | InvalidStateError |
/// | finished  | false         | returns or throws what it got | InvalidStateError |
///
/// Setting the result happens before the return of result(). Copies may be used by different
/// threads concurrently. A moved-from future may only be destroyed or assigned to.
///
/// Example:
///     ThreadPoolExecutor pool(1);
///     Future<int> answer = pool.submit([] { return 42; });
///     answer.add_done_callback([](const Future<int>& done) { print(done.result()); });
///     answer.result();   // 42
template <class T>
class Future {
 public:
  using Result = T;

  /// A pending future, to be completed by set_result() or set_exception().
  Future() : state_(new ResultState<T>) {}
  explicit Future(StateRef<ResultState<T>> state) noexcept : state_(std::move(state)) {}

  /// Cancels the task if it is pending; returns true if it is cancelled, false if it is running or
  /// finished. Runs the callbacks.
  bool cancel() { return state_->cancel(); }
  bool cancelled() const noexcept { return observed_phase() == State::kCancelled; }
  bool running() const noexcept { return observed_phase() == State::kRunning; }
  bool done() const noexcept { return observed_phase() >= State::kCancelled; }

  /// Blocks until done, then returns the result or throws the task's exception. Throws
  /// CancelledError if the task was cancelled, TimeoutError when `timeout` expires, which does not
  /// affect the task, and Stopped. The returned reference is valid as long as this future or a copy
  /// exists.
  std::conditional_t<std::is_void_v<T>, void, std::add_lvalue_reference_t<const T>> result(
      runtime::Timeout timeout = std::nullopt,
      runtime::Where where = runtime::Where::current()) const& {
    wait_for_result(timeout, where);
    if constexpr (!std::is_void_v<T>) return state_->value();
  }

  /// As above for an rvalue, as in `pool.submit(f).result()`: returns the result by value. Moves it
  /// out if this is the only owner, else copies it; a move-only result is moved out in any case and
  /// is lost for the other owners.
  T result(runtime::Timeout timeout = std::nullopt,
           runtime::Where where = runtime::Where::current()) const&& {
    wait_for_result(timeout, where);
    if constexpr (std::is_reference_v<T>) {
      return state_->value();
    } else if constexpr (kCopyable<T>) {
      if (!state_->has_one_owner()) return state_->value();
      return std::move(state_->value());
    } else if constexpr (!std::is_void_v<T>) {
      return std::move(state_->value());
    }
  }

  /// As `result`, but returns the task's exception, or null if it returned normally.
  std::exception_ptr exception(runtime::Timeout timeout = std::nullopt,
                               runtime::Where where = runtime::Where::current()) const {
    state_->wait(runtime::deadline_after(timeout), where);
    return state_->exception_when_done();
  }

  /// Calls `callback(future)` once when done: on the thread that completes or cancels it, in order
  /// of registration; immediately on the calling thread if it is already done. Exceptions it throws
  /// are reported and swallowed. Does not block.
  void add_done_callback(std::function<void(const Future&)> callback) {
    // A raw pointer: owning the state here would be a reference cycle. The callbacks run only while
    // the state is alive.
    ResultState<T>* state = state_.get();
    state_->add_done_callback([state, callback = std::move(callback)] {
      state->retain();
      callback(Future(StateRef<ResultState<T>>(state)));
    });
  }

  // For executors and tests, which complete futures.

  /// Pending -> running. Returns false if it was cancelled: then the task must not run. Otherwise
  /// throws InvalidStateError.
  bool set_running_or_notify_cancel() { return state_->set_running(); }
  /// Completes the future, wakes its waiters and runs its callbacks. Both throw InvalidStateError
  /// if it is done, or if its task is run by an executor.
  template <class... Value>
  void set_result(Value&&... value) {
    state_->set_result(std::forward<Value>(value)...);
  }
  void set_exception(std::exception_ptr exception) { state_->set_exception(std::move(exception)); }

  friend bool operator==(const Future& a, const Future& b) noexcept {
    return a.state_.get() == b.state_.get();
  }

  const StateRef<ResultState<T>>& state() const noexcept { return state_; }

 private:
  auto observed_phase() const noexcept {
    runtime::yield_hint();
    return state_->phase();
  }

  void wait_for_result(runtime::Timeout timeout, const runtime::Where& where) const {
    state_->wait(runtime::deadline_after(timeout), where);
    if (const auto& exception = state_->exception_when_done()) std::rethrow_exception(exception);
  }

  StateRef<ResultState<T>> state_;
};

}  // namespace weft::futures
