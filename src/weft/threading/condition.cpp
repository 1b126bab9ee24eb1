#include "weft/threading/condition.h"

#include <limits>

#include "weft/runtime/point.h"

namespace weft::threading {

Condition::Condition() : own_lock_(std::make_unique<RLock>()), lock_(own_lock_.get()) {}

Condition::Condition(std::string name) : Condition() { object_.set_name(std::move(name)); }

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
  runtime::WaitList::Waiter waiter;
  waiters_.add(waiter);
  const std::uint32_t depth = std::visit([](auto* lock) { return lock->release_all(); }, lock_);

  const auto take_lock_again = [&] {
    // Whoever waits holds the lock when it leaves, even if the run is stopped.
    std::visit([&](auto* lock) { lock->take_back(depth, where); }, lock_);
    // A notification that came after the deadline but before the lock counts: it is not lost.
    return waiters_.remove(waiter);
  };
  try {
    waiters_.wait(waiter, deadline, {trace::Reason::condition, &object_, where});
  } catch (...) {
    take_lock_again();
    throw;
  }
  return take_lock_again();
}

void Condition::notify(std::uint32_t n) {
  runtime::yield_point(trace::Kind::condition_notify, object_);
  if (!is_held()) throw RuntimeError("cannot notify on un-acquired lock");
  std::uint32_t notified = 0;
  for (; notified < n && !waiters_.empty(); ++notified) {
    runtime::WaitList::wake(waiters_.take_first());
  }
  runtime::note(trace::Kind::condition_notify, object_, notified);
}

void Condition::notify_all() { notify(std::numeric_limits<std::uint32_t>::max()); }

}  // namespace weft::threading
