#include "weft/futures/state.h"

#include <mutex>

#include "weft/runtime/park.h"
#include "weft/runtime/point.h"
#include "weft/runtime/uncaught.h"

namespace weft::futures {

bool State::cancel() {
  runtime::point(trace::Kind::task_cancel, object_);
  return cancel_now();
}

bool State::cancel_now() noexcept {
  std::uint32_t word = word_.load(std::memory_order_relaxed);
  for (;;) {
    switch (word & ~kSomebodyWaits) {
      case kCancelled: return true;
      case kPending: break;
      default: return false;
    }
    if (word_.compare_exchange_weak(word, kCancelled, std::memory_order_acq_rel,
                                    std::memory_order_relaxed)) {
      break;
    }
  }
  runtime::note(trace::Kind::task_cancel, object_);
  if ((word & kSomebodyWaits) != 0) runtime::wake(word_);
  run_callbacks();
  return true;
}

bool State::set_running() {
  std::uint32_t word = word_.load(std::memory_order_relaxed);
  for (;;) {
    switch (word & ~kSomebodyWaits) {
      case kCancelled: return false;
      case kPending: break;
      default: throw InvalidStateError("the future is running or finished already");
    }
    if (word_.compare_exchange_weak(word, kRunning | (word & kSomebodyWaits),
                                    std::memory_order_acq_rel, std::memory_order_relaxed)) {
      return true;
    }
  }
}

void State::begin_completion() {
  // What is still pending runs from here on: nobody can cancel it while its result is stored.
  std::uint32_t word = word_.load(std::memory_order_relaxed);
  while ((word & ~kSomebodyWaits) == kPending &&
         !word_.compare_exchange_weak(word, kRunning | (word & kSomebodyWaits),
                                      std::memory_order_acq_rel, std::memory_order_relaxed)) {
  }
  // Two threads may try at once; and a cancelled future takes no result.
  if (done() || completing_.exchange(true, std::memory_order_acq_rel)) {
    throw InvalidStateError("the future is done already");
  }
}

void State::finish_completion(bool with_exception) {
  runtime::note_exactly(trace::Kind::task_finish, object_, 0, with_exception ? 1 : 0);
  become(kFinished);
  run_callbacks();
}

void State::set_exception(std::exception_ptr exception) {
  begin_completion();
  exception_ = std::move(exception);
  finish_completion(true);
}

void State::become(Phase phase) noexcept {
  if ((word_.exchange(phase, std::memory_order_acq_rel) & kSomebodyWaits) != 0) {
    runtime::wake(word_);
  }
}

void State::wait(runtime::Deadline deadline) {
  runtime::point(trace::Kind::task_finish, object_);
  std::uint32_t word = word_.load(std::memory_order_acquire);
  bool in_time = true;
  while ((word & ~kSomebodyWaits) < kCancelled) {
    if (!in_time) throw TimeoutError("the future is not done yet");
    if ((word & kSomebodyWaits) == 0 &&
        !word_.compare_exchange_weak(word, word | kSomebodyWaits, std::memory_order_acq_rel,
                                     std::memory_order_acquire)) {
      continue;
    }
    in_time = runtime::park(word_, word | kSomebodyWaits, deadline,
                            {trace::Reason::future, &object_});
    word = word_.load(std::memory_order_acquire);
  }
}

const std::exception_ptr& State::exception_when_done() const {
  if (phase() == kCancelled) throw CancelledError();
  return exception_;
}

void State::add_done_callback(std::function<void()> callback) {
  {
    const std::lock_guard guard(callbacks_mutex_);
    if (!done()) {
      if (!callbacks_) callbacks_ = std::make_unique<std::vector<std::function<void()>>>();
      callbacks_->push_back(std::move(callback));
      return;
    }
  }
  try {
    callback();
  } catch (const runtime::Stopped&) {
    throw;
  } catch (...) {
    runtime::report_uncaught(std::current_exception());
  }
}

void State::run_callbacks() noexcept {
  std::unique_ptr<std::vector<std::function<void()>>> callbacks;
  {
    const std::lock_guard guard(callbacks_mutex_);
    callbacks = std::move(callbacks_);
  }
  if (!callbacks) return;
  for (auto& callback : *callbacks) {
    try {
      callback();
    } catch (const runtime::Stopped&) {
      return;  // the next point of this thread throws it again
    } catch (...) {
      runtime::report_uncaught(std::current_exception());
    }
  }
}

}  // namespace weft::futures
