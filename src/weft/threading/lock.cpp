#include "weft/threading/lock.h"

namespace weft::threading {

bool Lock::acquire_slow(bool blocking, runtime::Timeout timeout, runtime::Where where) {
  if (!blocking && timeout) throw ValueError("can't specify a timeout for a non-blocking call");
  const runtime::Deadline deadline = runtime::deadline_after_non_negative(timeout);
  runtime::point(trace::Kind::lock_acquire, object_);
  if (!core_.try_acquire() &&
      (!blocking ||
       !core_.acquire(deadline, {trace::Reason::lock, &object_, where}, runtime::Stoppable::yes))) {
    return false;
  }
  runtime::record(trace::Kind::lock_acquire, object_, where);
  runtime::mark_held(object_, where);
  return true;
}

void Lock::reacquire(std::uint32_t, runtime::Where where) {
  if (!core_.try_acquire()) {
    core_.acquire(std::nullopt, {trace::Reason::lock, &object_, where}, runtime::Stoppable::no);
  }
  runtime::record(trace::Kind::lock_acquire, object_, where);
  runtime::mark_held(object_, where);
}

std::uint32_t Lock::before_release() {
  runtime::yield_point(trace::Kind::lock_release, object_);
  if (!core_.is_held()) throw RuntimeError("release unlocked lock");
  runtime::mark_released(object_);
  return runtime::record(trace::Kind::lock_release, object_);
}

}  // namespace weft::threading
