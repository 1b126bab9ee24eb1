#pragma once

#include <algorithm>
#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "weft/platform/mutex.h"
#include "weft/queue/errors.h"
#include "weft/queue/gate.h"
#include "weft/runtime/object.h"
#include "weft/runtime/point.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"

namespace weft::queue {

/// What Queue, LifoQueue and PriorityQueue have in common: everything but the order in which the
/// items leave, which is up to `Items` (Fifo, Lifo, Heap).
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
/// What happens before put(x) happens before what follows the get() that returns x. Every call is
/// safe from every thread; the queue must outlive its users. Destroying it while a thread waits
/// in it ends the program with a message: shut it down and join the threads first. A put() or get() that
/// throws what the item's move (or an order) throws leaves the queue as it was. The destructor shuts the
/// queue down before it destroys what is left: an item's destructor that puts another one into it gets
/// ShutDown.
template <class T, class Items>
class BlockingQueue {
 public:
  BlockingQueue(const BlockingQueue&) = delete;
  BlockingQueue& operator=(const BlockingQueue&) = delete;

  /// Adds the item. If the queue is full: blocks until there is room; throws Full at once if
  /// not `block`, or once `timeout` has passed. Throws ShutDown after shutdown(), also out of the
  /// wait, and ValueError for a negative timeout (which is ignored unless `block`).
  void put(T item, bool block = true, runtime::Timeout timeout = std::nullopt,
           runtime::Where where = runtime::Where::current()) {
    const runtime::Deadline deadline = deadline_of(block, timeout);
    runtime::point(trace::Kind::queue_put, object_);
    Guard guard(mutex_);
    wait_for_room(guard, block, deadline, where);
    try {
      items_.push(std::move(item));
    } catch (...) {
      let_one_through(not_full_, guard, 0);  // the room that it did not take is the next one's
      throw;
    }
    ++unfinished_;
    const std::uint32_t sequence = note_items(trace::Kind::queue_put, where);
    let_one_through(not_empty_, guard, sequence);
    runtime::yield_point(trace::Kind::queue_put);
  }

  /// Removes and returns the item whose turn it is. If there is none: blocks until there is;
  /// throws Empty at once if not `block`, or once `timeout` has passed. Throws ShutDown when the
  /// queue is shut down and empty, also out of the wait, and ValueError for a negative timeout
  /// (ignored unless `block`).
  T get(bool block = true, runtime::Timeout timeout = std::nullopt,
        runtime::Where where = runtime::Where::current()) {
    const runtime::Deadline deadline = deadline_of(block, timeout);
    runtime::point(trace::Kind::queue_get, object_);
    Guard guard(mutex_);
    wait_for_item(guard, block, deadline, where);
    T item = take(guard);
    const std::uint32_t sequence = note_items(trace::Kind::queue_get, where);
    let_one_through(not_full_, guard, sequence);
    return item;
  }

  void put_nowait(T item, runtime::Where where = runtime::Where::current()) {
    put(std::move(item), false, std::nullopt, where);
  }
  T get_nowait(runtime::Where where = runtime::Where::current()) {
    return get(false, std::nullopt, where);
  }

  /// Says that the work on one item that was got is done.
  /// Throws ValueError if called more often than there were items.
  void task_done() {
    runtime::point(trace::Kind::queue_task_done, object_);
    const Guard guard(mutex_);
    if (unfinished_ == 0) throw ValueError("task_done() called too many times");
    --unfinished_;
    const std::uint32_t sequence =
        runtime::note(trace::Kind::queue_task_done, object_, unfinished_);
    if (unfinished_ == 0) all_done_.let_all_through(sequence);
  }

  /// Blocks until every item that was put has been got and reported by task_done().
  void join(runtime::Where where = runtime::Where::current()) {
    runtime::point(trace::Kind::queue_task_done, object_);
    Guard guard(mutex_);
    while (unfinished_ != 0) {
      all_done_.wait(guard, std::nullopt, {trace::Reason::queue_join, &object_, where});
    }
  }

  /// Ends the queue: no more put(); get() takes what is left and then throws ShutDown.
  /// `immediate` also throws away what is left, each item counting as done. May be repeated.
  void shutdown(bool immediate = false) {
    runtime::point(trace::Kind::queue_shutdown, object_);
    Items thrown_away = items_.none();  // destroyed after the mutex is free
    const Guard guard(mutex_);
    is_shutdown_ = true;
    if (immediate) {
      thrown_away.swap(items_);
      // Some of them may have been reported as done ahead.
      unfinished_ -= std::min(unfinished_, thrown_away.size());
    }
    const std::uint32_t sequence =
        runtime::note(trace::Kind::queue_shutdown, object_, items_.size(), immediate ? 1 : 0);
    not_empty_.let_all_through(sequence);
    not_full_.let_all_through(sequence);
    if (unfinished_ == 0) all_done_.let_all_through(sequence);
  }

  /// How many items there are; only a hint, as others go on working.
  std::size_t qsize() const {
    runtime::observe();
    const Guard guard(mutex_);
    return items_.size();
  }
  bool empty() const { return qsize() == 0; }
  bool full() const { return maxsize_ != 0 && qsize() >= maxsize_; }
  std::size_t maxsize() const noexcept { return maxsize_; }

 protected:
  /// `maxsize` 0: no limit.
  template <class... Order>
  BlockingQueue(std::size_t maxsize, std::string name, Order... order)
      : maxsize_(maxsize), items_(std::move(order)...) {
    if (!name.empty()) object_.set_name(std::move(name));
    runtime::note(trace::Kind::queue_open, object_, maxsize_);
  }
  ~BlockingQueue() {
    Items left = items_.none();  // destroyed while the queue is still there
    const Guard guard(mutex_);
    is_shutdown_ = true;
    left.swap(items_);
  }

 private:
  using Guard = Gate::Guard;

  // The timeout of a call that does not block is not even looked at.
  static runtime::Deadline deadline_of(bool block, runtime::Timeout timeout) {
    return block ? runtime::deadline_after_non_negative(timeout) : std::nullopt;
  }

  void wait_for_room(Guard& guard, bool block, runtime::Deadline deadline, runtime::Where where) {
    bool in_time = true;
    for (;;) {
      if (is_shutdown_) throw ShutDown();
      if (maxsize_ == 0 || items_.size() < maxsize_) return;
      if (!block || !in_time) throw Full();
      in_time = not_full_.wait(guard, deadline, {trace::Reason::queue_put, &object_, where});
    }
  }

  void wait_for_item(Guard& guard, bool block, runtime::Deadline deadline, runtime::Where where) {
    bool in_time = true;
    while (items_.size() == 0) {
      if (is_shutdown_) throw ShutDown();
      if (!block || !in_time) throw Empty();
      in_time = not_empty_.wait(guard, deadline, {trace::Reason::queue_get, &object_, where});
    }
  }

  T take(Guard& guard) {
    try {
      return items_.pop();
    } catch (...) {
      let_one_through(not_empty_, guard, 0);  // the item that it did not take is the next one's
      throw;
    }
  }

  std::uint32_t note_items(trace::Kind kind, const runtime::Where& where) noexcept {
    return runtime::note(kind, object_, where, static_cast<std::uint32_t>(items_.size()));
  }

  static void let_one_through(Gate& gate, Guard& guard, std::uint32_t sequence) {
    const Gate::Sleeper sleeper = gate.let_one_through(sequence);
    guard.unlock();
    Gate::wake(sleeper);
  }

  const std::size_t maxsize_;
  mutable platform::Mutex mutex_;
  Items items_;  // guarded by mutex_, as are the next two
  std::size_t unfinished_ = 0;
  bool is_shutdown_ = false;
  Gate not_empty_;
  Gate not_full_;
  Gate all_done_;
  runtime::Object object_{trace::ObjectType::queue};
};

}  // namespace weft::queue
