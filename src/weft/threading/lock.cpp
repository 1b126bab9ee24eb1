#include "weft/threading/lock.h"

#include "weft/platform/cpu.h"
#include "weft/runtime/point.h"

namespace weft::threading {
namespace {

constexpr int kSpins = 100;  // a short critical section's length; then the holder may be asleep

}  // namespace

bool Lock::take_if_free() noexcept {
  std::uint32_t expected = kFree;
  return state_.compare_exchange_strong(expected, kHeld, std::memory_order_acquire,
                                        std::memory_order_relaxed);
}

bool Lock::acquire(bool blocking, runtime::Timeout timeout, runtime::Where where) {
  if (!blocking && timeout) throw ValueError("can't specify a timeout for a non-blocking call");
  const runtime::Deadline deadline = runtime::deadline_after_non_negative(timeout);
  runtime::point(trace::Kind::lock_acquire, object_);
  if (!take_if_free() && (!blocking || !acquire_until(deadline, runtime::Stoppable::yes, where))) {
    return false;
  }
  runtime::note(trace::Kind::lock_acquire, object_);
  runtime::note_held(object_, where);
  return true;
}

bool Lock::acquire_until(runtime::Deadline deadline, runtime::Stoppable stoppable,
                         runtime::Where where) {
  if (platform::cpu_count() > 1) {
    for (int i = 0; i < kSpins; ++i) {
      if (!locked() && take_if_free()) return true;
      platform::cpu_pause();
    }
  }
  bool in_time = true;
  while (state_.exchange(kContended, std::memory_order_acquire) != kFree) {
    if (!in_time) return false;
    in_time = runtime::park(state_, kContended, deadline, {trace::Reason::lock, &object_, where},
                            stoppable);
  }
  return true;
}

void Lock::take_back(std::uint32_t, runtime::Where where) {
  if (!take_if_free()) acquire_until(std::nullopt, runtime::Stoppable::no, where);
  runtime::note(trace::Kind::lock_acquire, object_);
  runtime::note_held(object_, where);
}

void Lock::release() {
  if (!locked()) throw RuntimeError("release unlocked lock");
  runtime::note_released(object_);
  runtime::note(trace::Kind::lock_release, object_);
  if (state_.exchange(kFree, std::memory_order_release) == kContended) runtime::wake(state_, 1);
}

}  // namespace weft::threading
