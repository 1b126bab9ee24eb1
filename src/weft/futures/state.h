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

#include "weft/futures/errors.h"
#include "weft/platform/mutex.h"
#include "weft/runtime/object.h"
#include "weft/runtime/time.h"

/// What a Future and the work that completes it share.
namespace weft::futures {

/// Everything of it that does not depend on the result's type. Counts its owners itself, so that a
/// submitted task is one allocation: callable, result and state in one.
class State {
 public:
  enum Phase : std::uint32_t { kPending = 0, kRunning = 1, kCancelled = 2, kFinished = 3 };

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  void retain() noexcept { owners_.fetch_add(1, std::memory_order_relaxed); }
  void release() noexcept {
    if (owners_.fetch_sub(1, std::memory_order_acq_rel) == 1) delete this;
  }

  Phase phase() const noexcept {
    return static_cast<Phase>(word_.load(std::memory_order_acquire) & ~kSomebodyWaits);
  }
  bool done() const noexcept { return phase() >= kCancelled; }

  /// Pending -> cancelled: true, also if it was cancelled before; false if running or finished.
  bool cancel();
  /// As `cancel`, but no point of the schedule: for destructors.
  bool cancel_now() noexcept;
  /// Pending -> running: true; false if it was cancelled. Else throws InvalidStateError.
  bool set_running();
  void set_exception(std::exception_ptr exception);

  /// Blocks until done. Throws TimeoutError at the deadline.
  void wait(runtime::Deadline deadline);
  /// After done: throws CancelledError if cancelled; returns the exception, if it ended with one.
  const std::exception_ptr& exception_when_done() const;

  /// Calls `callback` once when done: in the completing thread, in the order of adding; at once in
  /// the calling thread if it is done already. Exceptions it throws are reported and dropped.
  void add_done_callback(std::function<void()> callback);

  runtime::Object& object() noexcept { return object_; }

 protected:
  virtual ~State() = default;

  /// Throws InvalidStateError if a result or an exception is there or on its way already.
  void begin_completion();
  /// Publishes what was stored between the two calls, wakes the waiters, runs the callbacks.
  void finish_completion(bool with_exception);

 private:
  static constexpr std::uint32_t kSomebodyWaits = 1U << 31;

  void become(Phase phase) noexcept;
  void run_callbacks() noexcept;

  std::atomic<std::uint32_t> word_{kPending};
  std::atomic<std::uint32_t> owners_{1};
  std::atomic<bool> completing_{false};
  platform::Mutex callbacks_mutex_;
  std::unique_ptr<std::vector<std::function<void()>>> callbacks_;  // guarded by callbacks_mutex_
  std::exception_ptr exception_;
  runtime::Object object_{trace::ObjectType::future};
};

/// A state with room for a result.
template <class T>
class ResultState : public State {
 public:
  void set_result(T value) {
    begin_completion();
    value_.emplace(std::move(value));
    finish_completion(false);
  }
  /// To be called only when finished without an exception.
  T& value() noexcept { return *value_; }

 private:
  std::optional<T> value_;
};

template <>
class ResultState<void> : public State {
 public:
  void set_result() {
    begin_completion();
    finish_completion(false);
  }
};

/// An owner of a state.
template <class S>
class StateRef {
 public:
  StateRef() = default;
  /// Takes over one count.
  explicit StateRef(S* state) noexcept : state_(state) {}
  StateRef(const StateRef& other) noexcept : state_(other.state_) {
    if (state_ != nullptr) state_->retain();
  }
  StateRef(StateRef&& other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
  StateRef& operator=(StateRef other) noexcept {
    std::swap(state_, other.state_);
    return *this;
  }
  ~StateRef() {
    if (state_ != nullptr) state_->release();
  }

  S* operator->() const noexcept { return state_; }
  S& operator*() const noexcept { return *state_; }
  S* get() const noexcept { return state_; }
  explicit operator bool() const noexcept { return state_ != nullptr; }

 private:
  S* state_ = nullptr;
};

}  // namespace weft::futures
