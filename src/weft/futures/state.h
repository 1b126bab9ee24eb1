#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "weft/futures/errors.h"
#include "weft/futures/task.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"

/// What a Future and the work that completes it share.
namespace weft::futures {

class Waiter;

/// Everything of it that does not depend on the result's type. Counts its owners itself, so that a
/// submitted task is one allocation: callable, result and state in one.
class State : public Task {
 public:
  enum Phase : std::uint32_t { kPending = 0, kRunning = 1, kCancelled = 2, kFinished = 3 };

  /// `owners`: how many there are from the beginning.
  explicit State(std::uint32_t owners = 1) noexcept : word_(owners * kOwner) {}

  void retain() noexcept { word_.fetch_add(kOwner, std::memory_order_relaxed); }
  void release() noexcept {
    // The last owner is alone and needs no exchange to know it.
    if (word_.load(std::memory_order_acquire) < 2 * kOwner ||
        word_.fetch_sub(kOwner, std::memory_order_acq_rel) < 2 * kOwner) {
      delete this;
    }
  }

  /// True if the caller, an owner, is the only one.
  bool has_one_owner() const noexcept {
    return word_.load(std::memory_order_acquire) < 2 * kOwner;
  }

  Phase phase() const noexcept { return phase_of(word_.load(std::memory_order_acquire)); }
  bool done() const noexcept { return phase() >= kCancelled; }

  /// Pending -> cancelled: true, also if it was cancelled before; false if running or finished.
  bool cancel();
  /// As `cancel`, but no point of the schedule: for destructors.
  bool cancel_now() noexcept;
  /// Pending -> running: true; false if it was cancelled. Else throws InvalidStateError.
  bool set_running();
  void set_exception(std::exception_ptr exception);

  /// Blocks until done. Throws TimeoutError at the deadline.
  void wait(const runtime::Deadline& deadline, runtime::Where where);
  /// After done: throws CancelledError if cancelled; returns the exception, if it ended with one.
  const std::exception_ptr& exception_when_done() const;

  /// Calls `callback` once when done: in the completing thread, in the order of adding; at once in
  /// the calling thread if it is done already. Exceptions it throws are reported and dropped.
  void add_done_callback(std::function<void()> callback);

  /// Tells `waiter` once when done, before any callback; false if it is done already.
  bool watch(Waiter& waiter);
  /// After it, `waiter` is not told any more.
  void unwatch(Waiter& waiter) noexcept;

  void run(std::uint32_t) override {}  // what its maker completes is never queued
  void discard(const std::exception_ptr& why) noexcept override;
  void drop() noexcept override { release(); }

 protected:
  /// For who completes it: pending -> running, and only the caller may complete it from then on.
  /// False if it was cancelled. Throws InvalidStateError if it is running or finished.
  bool claim();
  /// As `claim`, but what runs unclaimed is claimed as well, and what was cancelled throws, too.
  void claim_to_complete();
  /// After a claim: publishes what was stored, wakes the waiters, runs the callbacks.
  void finish(std::exception_ptr exception) noexcept;
  /// As `finish`, without an exception, and then `release`.
  void finish_and_release() noexcept;

 private:
  // The word: phase, flags, and from kOwner up the number of owners.
  static constexpr std::uint32_t kPhase = 3;
  static constexpr std::uint32_t kSomebodyWaits = 4;
  static constexpr std::uint32_t kObserved = 8;  // there are observers
  static constexpr std::uint32_t kClaimed = 16;
  static constexpr std::uint32_t kOwner = 256;

  struct Observers {
    std::vector<Waiter*> waiters;
    std::vector<std::function<void()>> callbacks;
  };

  static Phase phase_of(std::uint32_t word) noexcept { return static_cast<Phase>(word & kPhase); }
  bool begin(std::uint32_t flags);
  static std::uint32_t ended(std::uint32_t word, Phase phase) noexcept {
    return (word & ~kPhase & ~kSomebodyWaits) | phase;
  }
  void note_end(bool failed) noexcept;
  void publish() noexcept;
  void tell_of_end(std::uint32_t word_before) noexcept;
  template <class Add>
  bool observe(Add add);
  void tell_observers() noexcept;

  std::atomic<std::uint32_t> word_;
  std::atomic<std::uint32_t> ended_by_{0};  // sequence number of the record of its end
  std::unique_ptr<Observers> observers_;  // guarded by a lock that states share
  std::exception_ptr exception_;
};

/// A state with room for a result.
template <class T>
class ResultState : public State {
 public:
  using State::State;

  void set_result(T value) {
    claim_to_complete();
    store(std::move(value));
    finish(nullptr);
  }
  /// To be called only when finished without an exception.
  T& value() noexcept { return *value_; }

 protected:
  void store(T&& value) { value_.emplace(std::move(value)); }

 private:
  std::optional<T> value_;
};

/// Of a reference to what is somebody else's.
template <class T>
class ResultState<T&> : public State {
 public:
  using State::State;

  void set_result(T& value) {
    claim_to_complete();
    store(value);
    finish(nullptr);
  }
  /// To be called only when finished without an exception.
  T& value() noexcept { return *value_; }

 protected:
  void store(T& value) noexcept { value_ = &value; }

 private:
  T* value_ = nullptr;
};

template <>
class ResultState<void> : public State {
 public:
  using State::State;

  void set_result() {
    claim_to_complete();
    finish(nullptr);
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
