#include "weft/threading/rlock.h"

#include "weft/runtime/internal/identity.h"
#include "weft/runtime/point.h"

namespace weft::threading {

bool RLock::is_owned() const noexcept {
  // Relaxed: only the calling thread stores its own identity, or replaces it.
  return owner_.load(std::memory_order_relaxed) == runtime::identity();
}

void RLock::set_owner(std::uint32_t depth, const runtime::Where& where) noexcept {
  owner_.store(runtime::identity(), std::memory_order_relaxed);
  depth_ = depth;
  runtime::record(trace::Kind::lock_acquire, object_, where, depth);
  runtime::mark_held(object_, where);
}

void RLock::release_fully() noexcept {
  depth_ = 0;
  owner_.store(kNoOwner, std::memory_order_relaxed);
  runtime::mark_released(object_);
  core_.release(runtime::record(trace::Kind::lock_release, object_, 0));
}

bool RLock::acquire(bool blocking, runtime::Timeout timeout, runtime::Where where) {
  if (!blocking && timeout) throw ValueError("can't specify a timeout for a non-blocking call");
  const runtime::Deadline deadline = runtime::deadline_after_non_negative(timeout);
  runtime::point(trace::Kind::lock_acquire, object_);
  if (is_owned()) {
    ++depth_;
    runtime::record(trace::Kind::lock_acquire, object_, where, depth_);
    return true;
  }
  if (!core_.try_acquire() &&
      (!blocking ||
       !core_.acquire(deadline, {trace::Reason::lock, &object_, where}, runtime::Stoppable::yes))) {
    return false;
  }
  set_owner(1, where);
  return true;
}

void RLock::release() {
  runtime::yield_point(trace::Kind::lock_release, object_);
  if (!is_owned()) throw RuntimeError("cannot release un-acquired lock");
  if (depth_ == 1) {
    release_fully();
  } else {
    --depth_;
    runtime::record(trace::Kind::lock_release, object_, depth_);
  }
}

std::uint32_t RLock::release_all() {
  runtime::yield_point(trace::Kind::lock_release, object_);
  const std::uint32_t depth = depth_;
  release_fully();
  return depth;
}

void RLock::reacquire(std::uint32_t depth, runtime::Where where) {
  if (!core_.try_acquire()) {
    core_.acquire(std::nullopt, {trace::Reason::lock, &object_, where}, runtime::Stoppable::no);
  }
  set_owner(depth, where);
}

}  // namespace weft::threading
