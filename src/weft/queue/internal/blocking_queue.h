#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <utility>

#include "weft/platform/mutex.h"
#include "weft/queue/errors.h"
#include "weft/queue/internal/condition_queue.h"
#include "weft/runtime/object.h"
#include "weft/runtime/point.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"

namespace weft::queue {

/// The base of LifoQueue and PriorityQueue: a bounded blocking queue with one mutex; `Items` (Lifo,
/// BinaryHeap) is the container and determines the order in which items leave.
/// Python: https://docs.python.org/3/library/queue.html#queue-objects
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
/// Waiters are notified in FIFO order; an arriving thread may barge ahead of a notified one, which
/// then waits again, at the tail.
///
/// The queue must outlive its users. Destroying it while a thread waits in it aborts the program
/// with a message: shut it down and join the threads first. If the item's move (or the comparison)
/// throws, put() or get() throws the same and leaves the queue unchanged. The destructor shuts the
/// queue down before it destroys the remaining items: an item's destructor that calls put() gets
/// ShutDown.
template <class T, class Items>
class BlockingQueue {
 public:
  BlockingQueue(const BlockingQueue&) = delete;
  BlockingQueue& operator=(const BlockingQueue&) = delete;

  /// Adds the item. If the queue is full: blocks until there is room; throws Full at once if
  /// `block` is false, or when `timeout` expires. Throws ShutDown after shutdown(), also if it was
  /// blocked then; ValueError for a negative timeout (ignored unless `block`); Stopped.
  void put(T item, bool block = true, runtime::Timeout timeout = std::nullopt,
           runtime::Where where = runtime::Where::current()) {
    const runtime::Deadline deadline = deadline_of(block, timeout);
    runtime::point(trace::Kind::queue_put, object_);
    platform::UniqueLock guard(mutex_);
    wait_for_room(block, deadline, where);
    try {
      items_.push(std::move(item));
    } catch (...) {
      // Passes the notification on: the room is still free.
      ConditionQueue::wake(not_full_.notify_one(0));
      throw;
    }
    ++unfinished_;
    const std::uint32_t sequence = record_items(trace::Kind::queue_put, where);
    const ConditionQueue::Sleeper sleeper = not_empty_.notify_one(sequence);
    guard.unlock();
    ConditionQueue::wake(sleeper);
    runtime::yield_point(trace::Kind::queue_put);
  }

  /// Removes and returns the next item. If the queue is empty: blocks until there is an item;
  /// throws Empty at once if `block` is false, or when `timeout` expires. Throws ShutDown if the
  /// queue is shut down and empty, also if it was blocked then; ValueError for a negative timeout
  /// (ignored unless `block`); Stopped.
  T get(bool block = true, runtime::Timeout timeout = std::nullopt,
        runtime::Where where = runtime::Where::current()) {
    const runtime::Deadline deadline = deadline_of(block, timeout);
    runtime::point(trace::Kind::queue_get, object_);
    platform::UniqueLock guard(mutex_);
    wait_for_item(block, deadline, where);
    T item = take();
    const std::uint32_t sequence = record_items(trace::Kind::queue_get, where);
    const ConditionQueue::Sleeper sleeper = not_full_.notify_one(sequence);
    guard.unlock();
    ConditionQueue::wake(sleeper);
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
    if (unfinished_ == 0) throw ValueError("task_done() called too many times");
    --unfinished_;
    const std::uint32_t sequence =
        runtime::record(trace::Kind::queue_task_done, object_, unfinished_);
    if (unfinished_ == 0) all_done_.notify_all(sequence);
  }

  /// Blocks until task_done() has been called for every item that was put.
  void join(runtime::Where where = runtime::Where::current()) {
    runtime::point(trace::Kind::queue_task_done, object_);
    const platform::LockGuard guard(mutex_);
    while (unfinished_ != 0) {
      all_done_.wait(mutex_, std::nullopt, {trace::Reason::queue_join, &object_, where});
    }
  }

  /// Shuts the queue down: put() throws ShutDown, and get() does once the queue is empty.
  /// `immediate` also discards the remaining items, each counting as done. Wakes all waiters;
  /// join() returns if nothing is unfinished. Does not block. Idempotent.
  void shutdown(bool immediate = false) {
    runtime::point(trace::Kind::queue_shutdown, object_);
    Items discarded = no_items();  // destroyed after the mutex is released: runs user code
    const platform::LockGuard guard(mutex_);
    is_shutdown_ = true;
    if (immediate) {
      discarded.swap(items_);
      // At most what is unfinished: task_done() may have been called before the items were got.
      unfinished_ -= std::min(unfinished_, discarded.size());
    }
    const std::uint32_t sequence =
        runtime::record(trace::Kind::queue_shutdown, object_, items_.size(), immediate ? 1 : 0);
    not_empty_.notify_all(sequence);
    not_full_.notify_all(sequence);
    if (unfinished_ == 0) all_done_.notify_all(sequence);
  }

  /// Number of items; may be stale on return.
  std::size_t qsize() const {
    runtime::yield_hint();
    const platform::LockGuard guard(mutex_);
    return items_.size();
  }
  bool empty() const { return qsize() == 0; }
  bool full() const { return maxsize_ != 0 && qsize() >= maxsize_; }
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
    return unfinished_;
  }

 protected:
  /// `maxsize` 0: unbounded.
  template <class... Order>
  BlockingQueue(std::size_t maxsize, ObjectOptions options, Order... order)
      : maxsize_(maxsize),
        items_(std::move(order)...),
        object_(trace::ObjectType::queue, std::move(options)) {
    runtime::record(trace::Kind::queue_open, object_, maxsize_);
  }
  ~BlockingQueue() {
    Items left = items_.make_empty();  // destroyed last, while the queue's members still exist
    const platform::LockGuard guard(mutex_);
    is_shutdown_ = true;
    left.swap(items_);
  }

 private:
  // Without the mutex: reads the order of the items, which is constant.
  Items no_items() const WEFT_NO_THREAD_SAFETY_ANALYSIS { return items_.make_empty(); }

  // As in Python, the timeout of a non-blocking call is ignored, even a negative one.
  static runtime::Deadline deadline_of(bool block, runtime::Timeout timeout) {
    return block ? runtime::deadline_after_non_negative(timeout) : std::nullopt;
  }

  void wait_for_room(bool block, runtime::Deadline deadline, runtime::Where where)
      WEFT_REQUIRES(mutex_) {
    bool in_time = true;
    for (;;) {
      if (is_shutdown_) throw ShutDown();
      if (maxsize_ == 0 || items_.size() < maxsize_) return;
      if (!block || !in_time) throw Full();
      in_time = not_full_.wait(mutex_, deadline, {trace::Reason::queue_put, &object_, where});
    }
  }

  void wait_for_item(bool block, runtime::Deadline deadline, runtime::Where where)
      WEFT_REQUIRES(mutex_) {
    bool in_time = true;
    while (items_.size() == 0) {
      if (is_shutdown_) throw ShutDown();
      if (!block || !in_time) throw Empty();
      in_time = not_empty_.wait(mutex_, deadline, {trace::Reason::queue_get, &object_, where});
    }
  }

  T take() WEFT_REQUIRES(mutex_) {
    try {
      return items_.pop();
    } catch (...) {
      // Passes the notification on: the item is still there.
      ConditionQueue::wake(not_empty_.notify_one(0));
      throw;
    }
  }

  // Records the operation and the resulting size.
  std::uint32_t record_items(trace::Kind kind, const runtime::Where& where) noexcept
      WEFT_REQUIRES(mutex_) {
    return runtime::record(kind, object_, where, static_cast<std::uint32_t>(items_.size()));
  }

  const std::size_t maxsize_;
  mutable platform::Mutex mutex_;
  Items items_ WEFT_GUARDED_BY(mutex_);
  std::size_t unfinished_ WEFT_GUARDED_BY(mutex_) = 0;
  bool is_shutdown_ WEFT_GUARDED_BY(mutex_) = false;
  ConditionQueue not_empty_ WEFT_GUARDED_BY(mutex_);
  ConditionQueue not_full_ WEFT_GUARDED_BY(mutex_);
  ConditionQueue all_done_ WEFT_GUARDED_BY(mutex_);
  runtime::Object object_{trace::ObjectType::queue};
};

}  // namespace weft::queue
