#include "weft/threading/read_write_lock.h"

#include "weft/runtime/point.h"

namespace weft::threading {

bool ReadWriteLock::is_free_for(Use use) const noexcept {
  return !written_ && (use == Use::reading || readers_ == 0);
}

void ReadWriteLock::admit(Use use) noexcept {
  if (use == Use::reading) {
    ++readers_;
  } else {
    written_ = true;
  }
}

void ReadWriteLock::dismiss(Use use, std::uint32_t sequence) noexcept {
  if (use == Use::reading) {
    --readers_;
  } else {
    written_ = false;
  }
  admit_next(sequence);
}

void ReadWriteLock::admit_next(std::uint32_t sequence) noexcept {
  while (!waiters_.empty()) {
    const Use use = static_cast<Waiter&>(waiters_.first()).use;
    if (!is_free_for(use)) return;
    admit(use);
    runtime::WaitQueue::wake(waiters_.release_first(sequence));
  }
}

// Called by the acquiring thread once it has resumed, which may be later than its admission.
void ReadWriteLock::record_acquired(Use use, const runtime::Where& where) noexcept {
  if (use == Use::reading) {
    ++resumed_readers_;
    runtime::record(trace::Kind::read_acquire, object_, where, resumed_readers_);
  } else {
    writer_resumed_ = true;
    runtime::record(trace::Kind::write_acquire, object_, where);
    runtime::mark_held(object_, where);
  }
}

bool ReadWriteLock::acquire(Use use, bool blocking, runtime::Timeout timeout,
                            runtime::Where where) {
  if (!blocking && timeout) throw ValueError("can't specify a timeout for a non-blocking call");
  const runtime::Deadline deadline = runtime::deadline_after_non_negative(timeout);
  runtime::point(use == Use::reading ? trace::Kind::read_acquire : trace::Kind::write_acquire,
                 object_);
  const platform::LockGuard guard(mutex_);
  if (waiters_.empty() && is_free_for(use)) {
    admit(use);
  } else if (!blocking || !wait(use, deadline, where)) {
    return false;
  }
  record_acquired(use, where);
  return true;
}

bool ReadWriteLock::wait(Use use, const runtime::Deadline& deadline, runtime::Where where) {
  Waiter waiter(use);
  const trace::Reason reason =
      use == Use::reading ? trace::Reason::read_lock : trace::Reason::write_lock;
  try {
    if (waiters_.wait_without(mutex_, waiter, deadline, {reason, &object_, where})) return true;
  } catch (...) {
    if (waiter.released()) {
      dismiss(use, 0);
    } else {
      admit_next(0);
    }
    throw;
  }
  // A writer that timed out no longer blocks the readers queued behind it.
  admit_next(0);
  return false;
}

void ReadWriteLock::release_read() {
  runtime::yield_point(trace::Kind::read_release, object_);
  const platform::LockGuard guard(mutex_);
  if (resumed_readers_ == 0) throw RuntimeError("release unlocked read lock");
  --resumed_readers_;
  dismiss(Use::reading, runtime::record(trace::Kind::read_release, object_, resumed_readers_));
}

void ReadWriteLock::release_write() {
  runtime::yield_point(trace::Kind::write_release, object_);
  const platform::LockGuard guard(mutex_);
  if (!writer_resumed_) throw RuntimeError("release unlocked write lock");
  writer_resumed_ = false;
  runtime::mark_released(object_);
  dismiss(Use::writing, runtime::record(trace::Kind::write_release, object_));
}

std::uint32_t ReadWriteLock::readers() const {
  runtime::yield_hint();
  const platform::LockGuard guard(mutex_);
  return resumed_readers_;
}

bool ReadWriteLock::is_written() const {
  runtime::yield_hint();
  const platform::LockGuard guard(mutex_);
  return writer_resumed_;
}

}  // namespace weft::threading
