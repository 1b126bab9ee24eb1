#pragma once

#include <functional>
#include <type_traits>
#include <utility>

#include "weft/futures/result_type.h"
#include "weft/futures/state.h"
#include "weft/runtime/point.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"

namespace weft::futures {

/// The result of work that is done elsewhere, now or later. Copies refer to the same work.
/// Python: https://docs.python.org/3/library/concurrent.futures.html#future-objects
///
/// | state     | cancel        | result                        | set_result        |
/// | --------- | ------------- | ----------------------------- | ----------------- |
/// | pending   | -> cancelled  | blocks                        | -> finished       |
/// | running   | false         | blocks                        | -> finished       |
/// | cancelled | true          | CancelledError                | InvalidStateError |
/// | finished  | false         | returns or throws what it got | InvalidStateError |
///
/// What happens before the result is set happens before what follows result(). A future that was moved
/// from may only be destroyed or assigned to.
template <class T>
class Future {
 public:
  using Result = T;

  /// A pending future whose maker completes it himself.
  Future() : state_(new ResultState<T>) {}
  explicit Future(StateRef<ResultState<T>> state) noexcept : state_(std::move(state)) {}

  /// Cancels the work if it has not begun; false if it is running or finished.
  bool cancel() { return state_->cancel(); }
  bool cancelled() const noexcept { return observed_phase() == State::kCancelled; }
  bool running() const noexcept { return observed_phase() == State::kRunning; }
  bool done() const noexcept { return observed_phase() >= State::kCancelled; }

  /// Blocks until done, then returns the result or throws the exception that the work ended with.
  /// Throws TimeoutError when `timeout` has passed, which leaves the work alone, and
  /// CancelledError. What it returns refers to the result, which lives as long as the future or a copy.
  std::conditional_t<std::is_void_v<T>, void, std::add_lvalue_reference_t<const T>> result(
      runtime::Timeout timeout = std::nullopt,
      runtime::Where where = runtime::Where::current()) const& {
    wait_for_result(timeout, where);
    if constexpr (!std::is_void_v<T>) return state_->value();
  }

  /// Of a future that is about to go, as in `pool.submit(f).result()`: returns the result itself. If
  /// there are copies of the future it is copied for them; what can only be moved they have lost.
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

  /// As `result`, but returns the exception; null if the work ended well.
  std::exception_ptr exception(runtime::Timeout timeout = std::nullopt,
                               runtime::Where where = runtime::Where::current()) const {
    state_->wait(runtime::deadline_after(timeout), where);
    return state_->exception_when_done();
  }

  /// Calls `callback(future)` once when done: in the thread that completes or cancels it, in the
  /// order of adding; at once in the calling thread if it is done already. Exceptions it throws
  /// are reported and dropped.
  void add_done_callback(std::function<void(const Future&)> callback) {
    // The state must not own itself through its callbacks, which run only while it lives.
    ResultState<T>* state = state_.get();
    state_->add_done_callback([state, callback = std::move(callback)] {
      state->retain();
      callback(Future(StateRef<ResultState<T>>(state)));
    });
  }

  // For those who complete futures: executors and tests.

  /// Pending -> running. False if it was cancelled: then the work must not be done.
  bool set_running_or_notify_cancel() { return state_->set_running(); }
  /// Throws InvalidStateError if it is done already.
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
    runtime::observe();
    return state_->phase();
  }

  void wait_for_result(runtime::Timeout timeout, const runtime::Where& where) const {
    state_->wait(runtime::deadline_after(timeout), where);
    if (const auto& exception = state_->exception_when_done()) std::rethrow_exception(exception);
  }

  StateRef<ResultState<T>> state_;
};

}  // namespace weft::futures
