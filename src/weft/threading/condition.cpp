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
  Waiter waiter;
  append(waiter);
  lock_.release();

  const auto take_lock_again = [&] {
    // Whoever waits holds the lock when it leaves, even if the run is stopped.
    if (!lock_.take_if_free()) lock_.acquire_until(std::nullopt, runtime::Stoppable::no);
    runtime::note(trace::Kind::lock_acquire, lock_.object_);
    const bool notified = waiter.notified.load(std::memory_order_relaxed) != 0;
    if (!notified) remove(waiter);
    return notified;
  };
  try {
    while (waiter.notified.load(std::memory_order_acquire) == 0) {
      if (!runtime::park(waiter.notified, 0, deadline, {trace::Reason::condition, &object_})) break;
    }
  } catch (...) {
    take_lock_again();
    throw;
  }
  // A notification that came after the deadline but before the lock counts: it is not lost.
  return take_lock_again();
}

void Condition::notify(std::uint32_t n) {
  if (!lock_.locked()) throw RuntimeError("cannot notify on un-acquired lock");
  std::uint32_t notified = 0;
  while (notified < n && first_ != nullptr) {
    Waiter& waiter = *first_;
    remove(waiter);
    ++notified;
    // The waiter may leave as soon as it sees the store; its address is all that wake() needs.
    waiter.notified.store(1, std::memory_order_release);
    runtime::wake(waiter.notified, 1);
  }
  runtime::note(trace::Kind::condition_notify, object_, notified);
}

void Condition::notify_all() { notify(std::numeric_limits<std::uint32_t>::max()); }

void Condition::append(Waiter& waiter) noexcept {
  waiter.previous = last_;
  (last_ != nullptr ? last_->next : first_) = &waiter;
  last_ = &waiter;
}

void Condition::remove(Waiter& waiter) noexcept {
  (waiter.previous != nullptr ? waiter.previous->next : first_) = waiter.next;
  (waiter.next != nullptr ? waiter.next->previous : last_) = waiter.previous;
}

}  // namespace weft::threading
