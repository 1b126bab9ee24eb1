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
  admit_the_next(sequence);
}

void ReadWriteLock::admit_the_next(std::uint32_t sequence) noexcept {
  while (!waiters_.empty()) {
    const Use use = static_cast<Applicant&>(waiters_.first()).use;
    if (!is_free_for(use)) return;
    admit(use);
    runtime::WaitQueue::wake(waiters_.release_first(sequence));
  }
}

// Called by the acquiring thread once it has resumed, which may be later than its admission.
void ReadWriteLock::note_acquired(Use use, const runtime::Where& where) noexcept {
  if (use == Use::reading) {
    ++noted_readers_;
    runtime::record(trace::Kind::read_acquire, object_, where, noted_readers_);
  } else {
    noted_written_ = true;
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
  Mutex guard(mutex_);
  if (waiters_.empty() && is_free_for(use)) {
    admit(use);
  } else if (!blocking || !wait(guard, use, deadline, where)) {
    return false;
  }
  note_acquired(use, where);
  return true;
}

bool ReadWriteLock::wait(Mutex& guard, Use use, const runtime::Deadline& deadline,
                         runtime::Where where) {
  Applicant applicant(use);
  const trace::Reason reason =
      use == Use::reading ? trace::Reason::read_lock : trace::Reason::write_lock;
  try {
    if (waiters_.wait_without(guard, applicant, deadline, {reason, &object_, where})) return true;
  } catch (...) {
    if (applicant.released()) {
      dismiss(use, 0);
    } else {
      admit_the_next(0);
    }
    throw;
  }
  // A writer that timed out no longer blocks the readers queued behind it.
  admit_the_next(0);
  return false;
}

void ReadWriteLock::release_read() {
  runtime::yield_point(trace::Kind::read_release, object_);
  const std::lock_guard guard(mutex_);
  if (noted_readers_ == 0) throw RuntimeError("release unlocked read lock");
  --noted_readers_;
  dismiss(Use::reading, runtime::record(trace::Kind::read_release, object_, noted_readers_));
}

void ReadWriteLock::release_write() {
  runtime::yield_point(trace::Kind::write_release, object_);
  const std::lock_guard guard(mutex_);
  if (!noted_written_) throw RuntimeError("release unlocked write lock");
  noted_written_ = false;
  runtime::mark_released(object_);
  dismiss(Use::writing, runtime::record(trace::Kind::write_release, object_));
}

std::uint32_t ReadWriteLock::readers() const {
  runtime::yield_hint();
  const std::lock_guard guard(mutex_);
  return noted_readers_;
}

bool ReadWriteLock::is_written() const {
  runtime::yield_hint();
  const std::lock_guard guard(mutex_);
  return noted_written_;
}

}  // namespace weft::threading
