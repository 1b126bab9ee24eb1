#include "weft/futures/internal/state.h"

#include <algorithm>
#include <array>

#include "weft/futures/internal/throttled_spin.h"
#include "weft/futures/internal/waiter.h"
#include "weft/platform/mutex.h"
#include "weft/runtime/park.h"
#include "weft/runtime/point.h"
#include "weft/runtime/uncaught.h"

namespace weft::futures {
namespace {

constinit thread_local ThrottledSpin wait_spin;

/// Striped locks: observers are rare and held briefly, so a mutex per state would cost more memory
/// than it would save in contention.
platform::Mutex& observers_mutex(const State& state) noexcept {
  static std::array<platform::Mutex, 16> mutexes;
  return mutexes[reinterpret_cast<std::uintptr_t>(&state) / 64 % mutexes.size()];
}

void call_back(const std::function<void()>& callback) {
  try {
    callback();
  } catch (const runtime::Stopped&) {
    throw;
  } catch (...) {
    runtime::report_uncaught(std::current_exception());
  }
}

}  // namespace

bool State::cancel() {
  runtime::point(trace::Kind::task_cancel, object());
  return cancel_now();
}

bool State::cancel_now() noexcept {
  std::uint32_t word = word_.load(std::memory_order_acquire);
  do {
    if (phase_of(word) != kPending) return phase_of(word) == kCancelled;
  } while (!word_.compare_exchange_weak(word, ended(word, kCancelled), std::memory_order_acq_rel,
                                        std::memory_order_acquire));
  ended_by_.store(runtime::record(trace::Kind::task_cancel, object()), std::memory_order_relaxed);
  notify_done(word);
  return true;
}

bool State::begin(std::uint32_t flags) {
  std::uint32_t word = word_.load(std::memory_order_acquire);
  for (;;) {
    switch (phase_of(word)) {
      case kCancelled: return false;
      case kPending: break;
      default: throw InvalidStateError("the future is running or finished already");
    }
    if (word_.compare_exchange_weak(word, word | kRunning | flags, std::memory_order_acq_rel,
                                    std::memory_order_acquire)) {
      return true;
    }
  }
}

bool State::set_running() { return begin(0); }
bool State::claim() { return begin(kClaimed); }

void State::claim_to_complete() {
  std::uint32_t word = word_.load(std::memory_order_acquire);
  do {
    if (phase_of(word) >= kCancelled || (word & kClaimed) != 0) {
      throw InvalidStateError("the future is done already");
    }
  } while (!word_.compare_exchange_weak(word, word | kRunning | kClaimed, std::memory_order_acq_rel,
                                        std::memory_order_acquire));
}

void State::finish(std::exception_ptr exception) noexcept {
  record_end(exception != nullptr);
  if (exception != nullptr) exception_ = std::move(exception);
  publish();
}

void State::publish() noexcept {
  std::uint32_t word = word_.load(std::memory_order_relaxed);
  while (!word_.compare_exchange_weak(word, ended(word, kFinished), std::memory_order_acq_rel,
                                      std::memory_order_relaxed)) {
  }
  notify_done(word);
}

void State::finish_and_release() noexcept {
  record_end(false);
  std::uint32_t word = word_.load(std::memory_order_acquire);
  while ((word & kObserved) == 0) {
    if (word < 2 * kOwner) {  // the last reference: no future is left
      delete this;
      return;
    }
    if (word_.compare_exchange_weak(word, ended(word, kFinished) - kOwner,
                                    std::memory_order_acq_rel, std::memory_order_acquire)) {
      if ((word & kHasWaiters) != 0) runtime::wake(word_);
      return;
    }
  }
  publish();  // before release(): notifying observers accesses the state
  release();
}

void State::record_end(bool failed) noexcept {
  runtime::yield_point(trace::Kind::task_finish, object());
  ended_by_.store(runtime::record_exactly(trace::Kind::task_finish, object(), 0, failed ? 1 : 0),
                  std::memory_order_relaxed);
}

void State::set_exception(std::exception_ptr exception) {
  claim_to_complete();
  finish(std::move(exception));
}

void State::discard(const std::exception_ptr& why) noexcept {
  if (why == nullptr) {
    cancel_now();
  } else {
    std::uint32_t word = word_.load(std::memory_order_acquire);
    while (phase_of(word) == kPending) {
      if (word_.compare_exchange_weak(word, word | kRunning | kClaimed, std::memory_order_acq_rel,
                                      std::memory_order_acquire)) {
        finish(why);
        break;
      }
    }
  }
  release();
}

void State::notify_done(std::uint32_t word_before) noexcept {
  if ((word_before & kHasWaiters) != 0) runtime::wake(word_);
  if ((word_before & kObserved) != 0) notify_observers();
}

void State::wait(const runtime::Deadline& deadline, runtime::Where where) {
  runtime::point(trace::Kind::task_finish, object());
  std::uint32_t word = word_.load(std::memory_order_acquire);
  if (phase_of(word) < kCancelled) {
    wait_spin.until([this] { return done(); });
    word = word_.load(std::memory_order_acquire);
  }
  bool in_time = true;
  while (phase_of(word) < kCancelled) {
    if (!in_time) throw TimeoutError("the future is not done yet");
    if ((word & kHasWaiters) == 0) {
      if (!word_.compare_exchange_weak(word, word | kHasWaiters, std::memory_order_acq_rel,
                                       std::memory_order_acquire)) {
        continue;
      }
      word |= kHasWaiters;
    }
    in_time = runtime::park(word_, word, deadline,
                            {.reason = trace::Reason::future,
                             .object = &object(),
                             .where = where,
                             .mask = kCancelled & kFinished,  // the bit that both have in common
                             .ended_by_record = &ended_by_});
    word = word_.load(std::memory_order_acquire);
  }
}

const std::exception_ptr& State::exception_when_done() const {
  if (phase() == kCancelled) throw CancelledError();
  return exception_;
}

// No lost notification: the completing thread reads kObserved in the read-modify-write that sets
// the phase, and then acquires the mutex. So either it finds what `add` added, or this finds the
// future done.
template <class Add>
bool State::observe(Add add) {
  const platform::LockGuard guard(observers_mutex(*this));
  if (done()) return false;
  if (!observers_) observers_ = std::make_unique<Observers>();
  add(*observers_);
  std::uint32_t word = word_.load(std::memory_order_acquire);
  while (phase_of(word) < kCancelled) {
    if (word_.compare_exchange_weak(word, word | kObserved, std::memory_order_acq_rel,
                                    std::memory_order_acquire)) {
      return true;
    }
  }
  if ((word & kObserved) != 0) return true;  // the completing thread has yet to acquire the mutex
  observers_.reset();
  return false;
}

void State::add_done_callback(std::function<void()> callback) {
  if (!observe([&](Observers& all) { all.callbacks.push_back(callback); })) call_back(callback);
}

bool State::watch(Waiter& waiter) {
  return observe([&](Observers& all) { all.waiters.push_back(&waiter); });
}

void State::unwatch(Waiter& waiter) noexcept {
  const platform::LockGuard guard(observers_mutex(*this));
  if (observers_) std::erase(observers_->waiters, &waiter);
}

void State::notify_observers() noexcept {
  std::vector<std::function<void()>> callbacks;
  {
    const platform::LockGuard guard(observers_mutex(*this));
    callbacks = std::move(observers_->callbacks);
    for (Waiter* waiter : observers_->waiters) {
      // With the mutex held: otherwise unwatch() could return and the waiter be destroyed.
      if (const auto* word = waiter->notify(*this, exception_ != nullptr)) runtime::wake(*word);
    }
    observers_.reset();
  }
  for (const auto& callback : callbacks) {
    try {
      call_back(callback);
    } catch (const runtime::Stopped&) {
      return;  // Stopped is thrown again at this thread's next point
    }
  }
}

}  // namespace weft::futures
