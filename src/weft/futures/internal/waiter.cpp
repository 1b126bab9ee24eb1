#include "weft/futures/internal/waiter.h"

#include <algorithm>

#include "weft/futures/internal/state.h"
#include "weft/runtime/internal/thread_state.h"

namespace weft::futures {

Waiter::~Waiter() {
  // Those that take() returned may be gone, and are unregistered.
  const auto taken = done_.begin() + static_cast<std::ptrdiff_t>(taken_);
  std::sort(done_.begin(), taken);
  for (State* state : watched_) {
    if (!std::binary_search(done_.begin(), taken, state)) state->unwatch(*this);
  }
}

bool Waiter::watch(State& state) {
  const std::size_t count = watched_.size();
  if (watched_.capacity() == count) {
    watched_.reserve(2 * count + 4);
    const platform::LockGuard guard(mutex_);
    done_.reserve(watched_.capacity());  // so that `notify`, which is noexcept, does not allocate
  }
  if (!state.watch(*this)) return false;
  watched_.push_back(&state);
  return true;
}

bool Waiter::wait(std::size_t count, bool exception_is_enough, runtime::Deadline deadline,
                  runtime::Where where) {
  bool in_time = true;
  for (;;) {
    {
      const platform::LockGuard guard(mutex_);
      count_ = count;
      exception_is_enough_ = exception_is_enough;
      const bool ready = enough();
      word_.store(ready || !in_time ? kAwake : kParked, std::memory_order_relaxed);
      if (ready || !in_time) return ready;
    }
    while (in_time && word_.load(std::memory_order_acquire) == kParked) {
      in_time =
          runtime::park(word_, kParked, deadline,
                        {.reason = trace::Reason::future, .where = where, .ended_by = &woken_by_});
    }
  }
}

State* Waiter::take() noexcept {
  State* state = nullptr;
  {
    const platform::LockGuard guard(mutex_);
    if (taken_ < done_.size()) state = done_[taken_++];
  }
  // Not with the mutex held: who notifies holds them in the opposite order.
  if (state != nullptr) state->unwatch(*this);
  return state;
}

const std::atomic<std::uint32_t>* Waiter::notify(State& state, bool with_exception) noexcept {
  const platform::LockGuard guard(mutex_);
  done_.push_back(&state);
  exception_ = exception_ || with_exception;
  if (enough()) {
    const std::uint32_t notifier =
        runtime::session_thread != nullptr ? runtime::session_thread->number : 0;
    woken_by_.store(trace::waker(notifier, 0), std::memory_order_relaxed);
  }
  const bool wakes = enough() && word_.exchange(kAwake, std::memory_order_release) == kParked;
  return wakes ? &word_ : nullptr;
}

}  // namespace weft::futures
