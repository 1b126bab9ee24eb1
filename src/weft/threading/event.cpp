#include "weft/threading/event.h"

#include "weft/runtime/point.h"

namespace weft::threading {

void Event::set(runtime::Where where) {
  runtime::point(trace::Kind::event_set, object_);
  const platform::LockGuard guard(mutex_);
  if (set_.load(std::memory_order_relaxed)) return;
  set_.store(true, std::memory_order_release);
  const std::uint32_t sequence = runtime::record(trace::Kind::event_set, object_, where);
  while (!waiters_.empty()) runtime::WaitQueue::wake(waiters_.release_first(sequence));
}

void Event::clear() {
  runtime::point(trace::Kind::event_clear, object_);
  const platform::LockGuard guard(mutex_);
  if (!set_.load(std::memory_order_relaxed)) return;
  set_.store(false, std::memory_order_relaxed);
  runtime::record(trace::Kind::event_clear, object_);
}

bool Event::wait(runtime::Timeout timeout, runtime::Where where) {
  runtime::point(trace::Kind::blocked, object_);
  const runtime::Deadline deadline = runtime::deadline_after(timeout);
  // No lock-free fast path: acquiring the mutex after set() has released it makes it safe to
  // destroy the event on return.
  const platform::LockGuard guard(mutex_);
  if (set_.load(std::memory_order_relaxed)) return true;
  // A dequeued waiter was dequeued by a set(), even if the flag has been cleared since.
  return waiters_.wait_without(mutex_, deadline, {trace::Reason::event, &object_, where});
}

}  // namespace weft::threading
