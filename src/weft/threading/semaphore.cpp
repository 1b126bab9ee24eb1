#include "weft/threading/semaphore.h"

#include <algorithm>
#include <limits>

#include "weft/runtime/point.h"

namespace weft::threading {

Semaphore::Semaphore(std::int64_t value, Options options)
    : Semaphore(value, std::numeric_limits<std::int64_t>::max(), std::move(options)) {}

Semaphore::Semaphore(std::int64_t value, std::int64_t max, Options options)
    : max_(max), value_(value), object_(trace::ObjectType::semaphore, std::move(options)) {
  if (value < 0) {
    throw ValueError("semaphore initial value must be >= 0, not " + std::to_string(value));
  }
  runtime::record(trace::Kind::semaphore_open, object_, static_cast<std::uint64_t>(value));
}

// Direct handoff: reserves a permit for the first waiter, if both exist, and dequeues it. The
// caller wakes it after releasing the mutex.
runtime::WaitQueue::Sleeper Semaphore::reserve_permit(std::uint32_t sequence) noexcept {
  if (waiters_.empty() || value_ == reserved_) return nullptr;
  ++reserved_;
  return waiters_.release_first(sequence);
}

void Semaphore::take_permit(const runtime::Where& where) noexcept {
  --value_;
  constexpr std::int64_t kMaxRecorded = std::numeric_limits<std::uint32_t>::max();
  runtime::record(trace::Kind::semaphore_acquire, object_, where,
                  static_cast<std::uint32_t>(std::min(value_, kMaxRecorded)));
}

bool Semaphore::acquire(bool blocking, runtime::Timeout timeout, runtime::Where where) {
  if (!blocking && timeout) throw ValueError("can't specify timeout for non-blocking acquire");
  const runtime::Deadline deadline = runtime::deadline_after(timeout);
  runtime::point(trace::Kind::semaphore_acquire, object_);
  const platform::LockGuard guard(mutex_);
  if (value_ == reserved_ && (!blocking || !wait(deadline, where))) return false;
  take_permit(where);
  return true;
}

// Returns true once a permit was reserved for the caller, false if the deadline passed.
bool Semaphore::wait(const runtime::Deadline& deadline, runtime::Where where) {
  runtime::WaitQueue::Waiter waiter;
  try {
    if (!waiters_.wait_without(mutex_, waiter, deadline,
                               {trace::Reason::semaphore, &object_, where})) {
      return false;
    }
  } catch (...) {
    if (waiter.released()) {
      // The reserved permit passes on to the next waiter.
      --reserved_;
      runtime::WaitQueue::wake(reserve_permit(0));
    }
    throw;
  }
  --reserved_;
  return true;
}

void Semaphore::release(std::int64_t n) {
  if (n < 1) throw ValueError("n must be one or more");
  runtime::yield_point(trace::Kind::semaphore_release, object_);
  platform::UniqueLock guard(mutex_);
  if (n > max_ - value_) throw ValueError("Semaphore released too many times");
  value_ += n;
  const std::uint32_t sequence =
      runtime::record(trace::Kind::semaphore_release, object_, static_cast<std::uint64_t>(value_),
                      static_cast<std::uint32_t>(n));
  runtime::WaitQueue::Sleeper last = nullptr;
  for (std::int64_t i = 0; i < n && !waiters_.empty(); ++i) {
    runtime::WaitQueue::wake(last);
    last = reserve_permit(sequence);
  }
  guard.unlock();
  runtime::WaitQueue::wake(last);
}

std::int64_t Semaphore::value() const {
  runtime::yield_hint();
  const platform::LockGuard guard(mutex_);
  return value_ - reserved_;
}

}  // namespace weft::threading
