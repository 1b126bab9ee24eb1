#include "weft/threading/rlock.h"

#include "weft/platform/cpu.h"
#include "weft/runtime/identity.h"
#include "weft/runtime/point.h"

namespace weft::threading {
namespace {

constexpr int kSpins = 100;  // a short critical section's length; then the holder may be asleep

}  // namespace

bool RLock::is_owned() const noexcept {
  // Only the caller itself can make this true or false.
  return owner_.load(std::memory_order_relaxed) == runtime::identity();
}

bool RLock::take_if_free() noexcept {
  std::uint32_t expected = kFree;
  return state_.compare_exchange_strong(expected, kHeld, std::memory_order_acquire,
                                        std::memory_order_relaxed);
}

bool RLock::take_until(runtime::Deadline deadline, runtime::Stoppable stoppable,
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

void RLock::own(std::uint32_t depth, const runtime::Where& where) noexcept {
  owner_.store(runtime::identity(), std::memory_order_relaxed);
  depth_ = depth;
  runtime::note(trace::Kind::lock_acquire, object_, depth);
  runtime::note_held(object_, where);
}

void RLock::give_up() noexcept {
  depth_ = 0;
  owner_.store(kNobody, std::memory_order_relaxed);
  runtime::note_released(object_);
  runtime::note(trace::Kind::lock_release, object_, 0);
  if (state_.exchange(kFree, std::memory_order_release) == kContended) runtime::wake(state_, 1);
}

bool RLock::acquire(bool blocking, runtime::Timeout timeout, runtime::Where where) {
  if (!blocking && timeout) throw ValueError("can't specify a timeout for a non-blocking call");
  const runtime::Deadline deadline = runtime::deadline_after_non_negative(timeout);
  runtime::point(trace::Kind::lock_acquire, object_);
  if (is_owned()) {
    ++depth_;
    runtime::note(trace::Kind::lock_acquire, object_, depth_);
    return true;
  }
  if (!take_if_free() && (!blocking || !take_until(deadline, runtime::Stoppable::yes, where))) {
    return false;
  }
  own(1, where);
  return true;
}

void RLock::release() {
  if (!is_owned()) throw RuntimeError("cannot release un-acquired lock");
  if (depth_ == 1) {
    give_up();
  } else {
    --depth_;
    runtime::note(trace::Kind::lock_release, object_, depth_);
  }
}

std::uint32_t RLock::release_all() {
  const std::uint32_t depth = depth_;
  give_up();
  return depth;
}

void RLock::take_back(std::uint32_t depth, runtime::Where where) {
  if (!take_if_free()) take_until(std::nullopt, runtime::Stoppable::no, where);
  own(depth, where);
}

}  // namespace weft::threading
