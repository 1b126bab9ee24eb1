#include "weft/threading/condition.h"

#include <limits>

#include "weft/runtime/point.h"

namespace weft::threading {

Condition::Condition(Options options)
    : own_lock_(std::make_unique<RLock>(RLock::Options{.recorded = options.recorded})),
      lock_(own_lock_.get()),
      object_(trace::ObjectType::condition, std::move(options)) {}

bool Condition::acquire(bool blocking, runtime::Timeout timeout, runtime::Where where) {
  return std::visit([&](auto* lock) { return lock->acquire(blocking, timeout, where); }, lock_);
}

void Condition::release() {
  std::visit([](auto* lock) { lock->release(); }, lock_);
}

bool Condition::is_held() const {
  return std::visit([](const auto* lock) { return lock->is_held(); }, lock_);
}

bool Condition::wait(runtime::Timeout timeout, runtime::Where where) {
  return wait_until(runtime::deadline_after(timeout), where);
}

bool Condition::wait_until(runtime::Deadline deadline, runtime::Where where) {
  if (!is_held()) throw RuntimeError("cannot wait on un-acquired lock");
  runtime::point(trace::Kind::blocked, object_);
  runtime::WaitQueue::Waiter waiter;
  enqueue(waiter);
  std::uint32_t depth = 0;
  try {
    depth = std::visit([](auto* lock) { return lock->release_all(); }, lock_);
  } catch (...) {
    // A Lock may be released by any thread, so it may have become unlocked since is_held().
    dequeue(waiter);
    throw;
  }

  const auto reacquire_lock = [&] {
    // wait() returns or throws with the lock held, even if the run is stopped.
    std::visit([&](auto* lock) { lock->reacquire(depth, where); }, lock_);
    // A notification between the deadline and the reacquisition counts: no lost wake-up.
    return dequeue(waiter);
  };
  try {
    waiters_.wait(waiter, deadline, {trace::Reason::condition, &object_, where});
  } catch (...) {
    reacquire_lock();
    throw;
  }
  return reacquire_lock();
}

void Condition::enqueue(runtime::WaitQueue::Waiter& waiter) noexcept {
  const platform::LockGuard guard(mutex_);
  waiters_.add(waiter);
  has_waiters_.store(true, std::memory_order_relaxed);
}

// Called even after a notification: it synchronizes with a notifier that does not own the lock,
// which has then finished with the list.
bool Condition::dequeue(runtime::WaitQueue::Waiter& waiter) noexcept {
  const platform::LockGuard guard(mutex_);
  const bool notified = waiters_.remove(waiter);
  has_waiters_.store(!waiters_.empty(), std::memory_order_relaxed);
  return notified;
}

void Condition::wake(std::uint32_t n, const runtime::Where& where) noexcept {
  // Relaxed suffices: a waiter enqueues itself with the lock held, which happens before the
  // caller's acquisition of it.
  if (!has_waiters_.load(std::memory_order_relaxed)) {
    runtime::record(trace::Kind::condition_notify, object_, where, 0);
    return;
  }
  const platform::LockGuard guard(mutex_);
  const std::uint32_t notified = waiters_.count(n);
  const std::uint32_t sequence =
      runtime::record(trace::Kind::condition_notify, object_, where, notified);
  for (std::uint32_t i = 0; i < notified; ++i) {
    runtime::WaitQueue::wake(waiters_.release_first(sequence));
  }
  has_waiters_.store(!waiters_.empty(), std::memory_order_relaxed);
}

void Condition::notify(std::uint32_t n, runtime::Where where) {
  runtime::yield_point(trace::Kind::condition_notify, object_);
  if (!is_held()) throw RuntimeError("cannot notify on un-acquired lock");
  wake(n, where);
}

void Condition::notify_all(runtime::Where where) {
  notify(std::numeric_limits<std::uint32_t>::max(), where);
}

}  // namespace weft::threading
