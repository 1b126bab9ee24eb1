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
#include "weft/futures/internal/task.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"

/// The state that a Future shares with the task that completes it.
namespace weft::futures {

class Waiter;

/// The part that is independent of the result's type. Has an intrusive reference count, so that a
/// submitted task is a single allocation: callable, result and state. Phase, flags and reference
/// count share one atomic word.
class State : public Task {
 public:
  enum Phase : std::uint32_t { kPending = 0, kRunning = 1, kCancelled = 2, kFinished = 3 };

  /// `owners`: the initial reference count.
  explicit State(std::uint32_t owners = 1) noexcept : word_(owners * kOwner) {}

  void retain() noexcept { word_.fetch_add(kOwner, std::memory_order_relaxed); }
  void release() noexcept {
    // A sole owner has no concurrent owners: a load suffices, without a read-modify-write.
    if (word_.load(std::memory_order_acquire) < 2 * kOwner ||
        word_.fetch_sub(kOwner, std::memory_order_acq_rel) < 2 * kOwner) {
      delete this;
    }
  }

  /// True if the caller holds the only reference.
  bool has_one_owner() const noexcept { return word_.load(std::memory_order_acquire) < 2 * kOwner; }

  Phase phase() const noexcept { return phase_of(word_.load(std::memory_order_acquire)); }
  bool done() const noexcept { return phase() >= kCancelled; }

  /// Pending -> cancelled. Returns true if it is cancelled now, false if running or finished.
  bool cancel();
  /// As `cancel`, without a scheduling point: for destructors.
  bool cancel_now() noexcept;
  /// Pending -> running, returning true. Returns false if cancelled; otherwise throws
  /// InvalidStateError.
  bool set_running();
  void set_exception(std::exception_ptr exception);

  /// Blocks until done. Throws TimeoutError if the deadline passes first, and Stopped.
  void wait(const runtime::Deadline& deadline, runtime::Where where);
  /// Requires done(). Throws CancelledError if cancelled; returns the task's exception, or null.
  const std::exception_ptr& exception_when_done() const;

  /// Calls `callback` once when done: on the completing thread, in order of registration;
  /// immediately on the calling thread if already done. Exceptions it throws are reported and
  /// swallowed.
  void add_done_callback(std::function<void()> callback);

  /// Registers `waiter` to be notified once when done, before any callback; returns false, without
  /// registering, if already done.
  bool watch(Waiter& waiter);
  /// Unregisters `waiter`: it is not accessed after this returns.
  void unwatch(Waiter& waiter) noexcept;

  void run(std::uint32_t) override {}  // a state without a callable is never queued
  void discard(const std::exception_ptr& why) noexcept override;
  void drop() noexcept override { release(); }

 protected:
  /// Pending -> running, with the exclusive right of the caller to complete the state. Returns
  /// false if cancelled. Throws InvalidStateError if it is running or finished.
  bool claim();
  /// As `claim`, but also from running if it is unclaimed; throws InvalidStateError if cancelled.
  void claim_to_complete();
  /// Requires a claim. Publishes the stored result (release), wakes waiters, runs callbacks.
  void finish(std::exception_ptr exception) noexcept;
  /// As `finish` without an exception, then `release`; in one read-modify-write if there are no
  /// observers.
  void finish_and_release() noexcept;

 private:
  // word_: the phase, flags, and, in units of kOwner, the reference count.
  static constexpr std::uint32_t kPhase = 3;
  static constexpr std::uint32_t kHasWaiters = 4;  // a thread may be parked on word_
  static constexpr std::uint32_t kObserved = 8;    // there are observers: waiters or callbacks
  static constexpr std::uint32_t kClaimed = 16;    // see claim()
  static constexpr std::uint32_t kOwner = 256;

  struct Observers {
    std::vector<Waiter*> waiters;
    std::vector<std::function<void()>> callbacks;
  };

  static Phase phase_of(std::uint32_t word) noexcept { return static_cast<Phase>(word & kPhase); }
  bool begin(std::uint32_t flags);
  static std::uint32_t ended(std::uint32_t word, Phase phase) noexcept {
    return (word & ~kPhase & ~kHasWaiters) | phase;
  }
  void record_end(bool failed) noexcept;
  void publish() noexcept;
  void notify_done(std::uint32_t word_before) noexcept;
  template <class Add>
  bool observe(Add add);
  void notify_observers() noexcept;

  std::atomic<std::uint32_t> word_;
  std::atomic<std::uint32_t> ended_by_{0};  // sequence number of the record of its completion
  std::unique_ptr<Observers> observers_;    // guarded by observers_mutex(), which states share
  std::exception_ptr exception_;
};

/// A state with storage for a result.
template <class T>
class ResultState : public State {
 public:
  using State::State;

  void set_result(T value) {
    claim_to_complete();
    store(std::move(value));
    finish(nullptr);
  }
  /// Requires that it finished without an exception.
  T& value() noexcept { return *value_; }

 protected:
  void store(T&& value) { value_.emplace(std::move(value)); }

 private:
  std::optional<T> value_;
};

/// Specialization for a reference to an object that the state does not own.
template <class T>
class ResultState<T&> : public State {
 public:
  using State::State;

  void set_result(T& value) {
    claim_to_complete();
    store(value);
    finish(nullptr);
  }
  /// Requires that it finished without an exception.
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

/// An owning pointer to a state, by its intrusive reference count.
template <class S>
class StateRef {
 public:
  StateRef() = default;
  /// Takes over one reference.
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
