#include "weft/threading/condition.h"

#include <limits>

#include "weft/runtime/point.h"

namespace weft::threading {

Condition::Condition() : own_lock_(std::make_unique<Lock>()), lock_(*own_lock_) {}

bool Condition::wait(runtime::Timeout timeout) {
  return wait_until(runtime::deadline_after(timeout));
}

bool Condition::wait_until(runtime::Deadline deadline) {
  if (!lock_.locked()) throw RuntimeError("cannot wait on un-acquired lock");
  runtime::point(trace::Kind::blocked, object_);
  runtime::WaitList::Waiter waiter;
  waiters_.add(waiter);
  lock_.release();

  const auto take_lock_again = [&] {
    // Whoever waits holds the lock when it leaves, even if the run is stopped.
    if (!lock_.take_if_free()) lock_.acquire_until(std::nullopt, runtime::Stoppable::no);
    runtime::note(trace::Kind::lock_acquire, lock_.object_);
    // A notification that came after the deadline but before the lock counts: it is not lost.
    return waiters_.remove(waiter);
  };
  try {
    waiters_.wait(waiter, deadline, {trace::Reason::condition, &object_});
  } catch (...) {
    take_lock_again();
    throw;
  }
  return take_lock_again();
}

void Condition::notify(std::uint32_t n) {
  if (!lock_.locked()) throw RuntimeError("cannot notify on un-acquired lock");
  std::uint32_t notified = 0;
  for (; notified < n && !waiters_.empty(); ++notified) {
    runtime::WaitList::wake(waiters_.take_first());
  }
  runtime::note(trace::Kind::condition_notify, object_, notified);
}

void Condition::notify_all() { notify(std::numeric_limits<std::uint32_t>::max()); }

}  // namespace weft::threading
