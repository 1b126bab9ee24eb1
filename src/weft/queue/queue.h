#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "weft/platform/mutex.h"
#include "weft/queue/errors.h"
#include "weft/queue/internal/queue_end.h"
#include "weft/queue/internal/queue_items.h"
#include "weft/runtime/object.h"
#include "weft/runtime/point.h"
#include "weft/runtime/time.h"
#include "weft/runtime/wait_queue.h"
#include "weft/runtime/where.h"

namespace weft::queue {

/// A first-in first-out queue between threads, bounded if `maxsize` is positive.
/// Python: https://docs.python.org/3/library/queue.html#queue.Queue
///
/// | state               | put             | get                        |
/// | ------------------- | --------------- | -------------------------- |
/// | empty               | ok              | blocks, or Empty           |
/// | in between          | ok              | ok                         |
/// | full                | blocks, or Full | ok                         |
/// | shut down, items    | ShutDown        | ok                         |
/// | shut down, no items | ShutDown        | ShutDown                   |
///
/// put(x) happens before the return of the get() that returns x. All members are thread-safe.
/// Producers and consumers do not contend: each end has its own lock. Waiters are woken in FIFO
/// order, but an arriving thread may barge ahead of them; QueueEnd bounds their starvation.
///
/// The queue must outlive its users. Destroying it while a thread waits in it aborts the program
/// with a message: shut it down and join the threads first. Only a put() whose item has already
/// been got may still be returning. If the item's move throws, put() or get() throws the same and
/// leaves the queue unchanged. The destructor shuts the queue down before it destroys the remaining
/// items: an item's destructor that calls put() gets ShutDown.
///
/// Example:
///     Queue<int> numbers(10);
///     numbers.put(1);                  // blocks while it holds ten items
///     const int first = numbers.get();
template <class T>
class Queue {
 public:
  using Options = ObjectOptions;

  /// A queue of at most `maxsize` items; 0: unbounded.
  explicit Queue(std::size_t maxsize = 0, Options options = {})
      : items_(maxsize),
        back_(front_, maxsize != 0 ? maxsize : kNoLimit, items_.flags(), mutex_),
        front_(back_, 0, items_.flags(), mutex_),
        maxsize_(maxsize),
        object_(trace::ObjectType::queue, std::move(options)) {
    runtime::record(trace::Kind::queue_open, object_, maxsize_);
  }
  Queue(std::size_t maxsize, Name auto name) : Queue(maxsize, Options{.name = std::move(name)}) {}
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;
  ~Queue() {
    typename Items::Remainder left;  // destroyed last, while the queue's members still exist
    // Acquiring both ends waits for operations that completed but have not released their end yet.
    const QueueEnd::Guard back(back_);
    QueueEnd::Guard front(front_);
    is_shutdown_ = true;
    const platform::LockGuard guard(mutex_);
    // With a waiter left, its wait queue's destructor aborts the program: no waiter may be woken
    // into a destroyed queue.
    if (back_.has_waiters() || front_.has_waiters()) return;
    items_.take_all(size(), left);
    front.advance_all();
  }

  /// Appends the item. If the queue is full: blocks until there is room; throws Full at once if
  /// `block` is false, or when `timeout` expires. Throws ShutDown after shutdown(), also if it was
  /// blocked then; ValueError for a negative timeout (ignored unless `block`); Stopped.
  void put(T item, bool block = true, runtime::Timeout timeout = std::nullopt,
           runtime::Where where = runtime::Where::current()) {
    const runtime::Deadline deadline = deadline_of(block, timeout);
    runtime::point(trace::Kind::queue_put, object_);
    {
      QueueEnd::Guard back(back_);
      if (is_shutdown_ || !back.has_credit()) [[unlikely]] {
        wait_for_room(back, block, deadline, where);
      }
      items_.push(std::move(item));
      back.advance(runtime::record_change(trace::Kind::queue_put, object_, 1, where));
    }
    runtime::yield_point(trace::Kind::queue_put);
  }

  /// Removes and returns the oldest item. If the queue is empty: blocks until there is an item;
  /// throws Empty at once if `block` is false, or when `timeout` expires. Throws ShutDown if the
  /// queue is shut down and empty, also if it was blocked then; ValueError for a negative timeout
  /// (ignored unless `block`); Stopped.
  T get(bool block = true, runtime::Timeout timeout = std::nullopt,
        runtime::Where where = runtime::Where::current()) {
    const runtime::Deadline deadline = deadline_of(block, timeout);
    runtime::point(trace::Kind::queue_get, object_);
    QueueEnd::Guard front(front_);
    if (!front.has_credit()) [[unlikely]]
      wait_for_item(front, block, deadline, where);
    T item = std::move(items_.first());
    items_.drop_first();
    front.advance(runtime::record_change(trace::Kind::queue_get, object_, -1, where));
    return item;
  }

  void put_nowait(T item, runtime::Where where = runtime::Where::current()) {
    put(std::move(item), false, std::nullopt, where);
  }
  T get_nowait(runtime::Where where = runtime::Where::current()) {
    return get(false, std::nullopt, where);
  }

  /// Reports that the processing of one item returned by get() is complete. Throws ValueError if
  /// called more often than items were put. Does not block.
  void task_done() {
    runtime::point(trace::Kind::queue_task_done, object_);
    const platform::LockGuard guard(mutex_);
    if (unfinished() == 0) throw ValueError("task_done() called too many times");
    ++finished_;
    const std::uint32_t sequence =
        runtime::record(trace::Kind::queue_task_done, object_, unfinished());
    if (unfinished() == 0) wake_joiners(sequence);
  }

  /// Blocks until task_done() has been called for every item that was put.
  void join(runtime::Where where = runtime::Where::current()) {
    runtime::point(trace::Kind::queue_task_done, object_);
    const platform::LockGuard guard(mutex_);
    while (unfinished() != 0) {
      joiners_.wait_without(mutex_, std::nullopt, {trace::Reason::queue_join, &object_, where});
    }
  }

  /// Shuts the queue down: put() throws ShutDown, and get() does once the queue is empty.
  /// `immediate` also discards the remaining items, each counting as done. Wakes all waiters;
  /// join() returns if nothing is unfinished. Does not block. Idempotent.
  void shutdown(bool immediate = false) {
    runtime::point(trace::Kind::queue_shutdown, object_);
    typename Items::Remainder discarded;  // destroyed after the locks are released: runs user code
    QueueEnd::Guard back(back_);
    QueueEnd::Guard front(front_);
    const platform::LockGuard guard(mutex_);
    is_shutdown_ = true;
    const std::size_t left = immediate ? size() : 0;
    if (immediate) {
      items_.take_all(left, discarded);
      front.advance_all();
      // At most what is unfinished: task_done() may have been called before the items were got.
      finished_ += std::min(unfinished(), left);
    }
    const std::uint32_t sequence = runtime::record_change(trace::Kind::queue_shutdown, object_,
                                                          -static_cast<std::int32_t>(left),
                                                          runtime::Where(), immediate ? 1 : 0);
    front_.notify_all(sequence);
    back_.notify_all(sequence);
    if (unfinished() == 0) wake_joiners(sequence);
  }

  /// Number of items; may be stale on return. Never blocks.
  std::size_t qsize() const noexcept {
    runtime::yield_hint();
    return size();
  }
  bool empty() const noexcept { return qsize() == 0; }
  bool full() const noexcept { return maxsize_ != 0 && qsize() >= maxsize_; }
  std::size_t maxsize() const noexcept { return maxsize_; }

  /// True after shutdown(). As another thread may shut the queue down at any time, only true is
  /// lasting. Does not block.
  bool is_shutdown() const {
    runtime::yield_hint();
    const platform::LockGuard guard(mutex_);
    return is_shutdown_;
  }
  /// Number of items for which task_done() is still to be called, those in the queue included: what
  /// join() waits for; may be stale on return. Does not block.
  std::size_t unfinished_tasks() const {
    runtime::yield_hint();
    const platform::LockGuard guard(mutex_);
    return unfinished();
  }

 private:
  using Items = QueueItems<T>;
  static constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

  // A snapshot of both counters (double collect): retries if the front advanced between its loads.
  std::size_t size() const noexcept {
    for (std::size_t got = front_.count();;) {
      const std::size_t put = back_.count();
      const std::size_t got_meanwhile = front_.count();
      if (got == got_meanwhile) return put - got;
      got = got_meanwhile;
    }
  }
  // As in Python, the timeout of a non-blocking call is ignored, even a negative one.
  static runtime::Deadline deadline_of(bool block, runtime::Timeout timeout) {
    return block ? runtime::deadline_after_non_negative(timeout) : std::nullopt;
  }

  // Out of line, as is the next: keeps the uncontended path of put() and get() small.
  [[gnu::noinline]] void wait_for_room(QueueEnd::Guard& back, bool block,
                                       const runtime::Deadline& deadline, runtime::Where where) {
    bool in_time = true;
    for (;;) {
      if (is_shutdown_) throw ShutDown();
      if (back.has_credit()) return;
      if (!block || !in_time) throw Full();
      in_time = back.wait(deadline, {trace::Reason::queue_put, &object_, where});
    }
  }

  [[gnu::noinline]] void wait_for_item(QueueEnd::Guard& front, bool block,
                                       const runtime::Deadline& deadline, runtime::Where where) {
    bool in_time = true;
    while (!front.has_credit()) {
      if (is_shutdown_) throw ShutDown();
      if (!block || !in_time) throw Empty();
      in_time = front.wait(deadline, {trace::Reason::queue_get, &object_, where});
    }
  }

  std::size_t unfinished() const noexcept WEFT_REQUIRES(mutex_) {
    return back_.count() - finished_;
  }

  void wake_joiners(std::uint32_t sequence) noexcept WEFT_REQUIRES(mutex_) {
    while (!joiners_.empty()) runtime::WaitQueue::wake(joiners_.release_first(sequence));
  }

  Items items_;
  QueueEnd back_;             // the end at which items are put
  QueueEnd front_;            // the end at which items are got
  bool is_shutdown_ = false;  // written with both ends and mutex_ held, so read with any of them
  const std::size_t maxsize_;
  std::size_t finished_ WEFT_GUARDED_BY(mutex_) = 0;  // completed tasks
  runtime::WaitQueue joiners_ WEFT_GUARDED_BY(mutex_);
  mutable platform::Mutex mutex_;  // also of the wait queues of both ends
  runtime::LevelObject object_{trace::ObjectType::queue};
};

}  // namespace weft::queue
