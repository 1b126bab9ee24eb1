#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "weft/platform/mutex.h"
#include "weft/queue/errors.h"
#include "weft/queue/queue_items.h"
#include "weft/queue/side.h"
#include "weft/runtime/object.h"
#include "weft/runtime/point.h"
#include "weft/runtime/time.h"
#include "weft/runtime/wait_list.h"
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
/// What happens before put(x) happens before what follows the get() that returns x. Every call is
/// safe from every thread; the queue must outlive its users. Destroying it while a thread waits
/// in it ends the program with a message: shut it down and join the threads first. A put() whose
/// item has been got already may be on its way out. A put() or get() that throws what the item's move
/// throws leaves the queue as it was. The destructor shuts the queue down before it destroys what is left:
/// an item's destructor that puts another one into it gets ShutDown.
///
/// Example:
///     Queue<int> numbers(10);
///     numbers.put(1);                  // waits while ten are there
///     const int first = numbers.get();
template <class T>
class Queue {
 public:
  /// `maxsize` 0: no limit.
  explicit Queue(std::size_t maxsize = 0, std::string name = {})
      : items_(maxsize),
        back_(front_, maxsize != 0 ? maxsize : kNoLimit, items_.marks(), mutex_),
        front_(back_, 0, items_.marks(), mutex_),
        maxsize_(maxsize) {
    if (!name.empty()) object_.set_name(std::move(name));
    runtime::note(trace::Kind::queue_open, object_, maxsize_);
  }
  Queue(const Queue&) = delete;
  Queue& operator=(const Queue&) = delete;
  ~Queue() {
    typename Items::Rest left;  // destroyed while the queue is still there
    // When both sides are free, whoever passed them has left.
    const Side::Visit back(back_);
    Side::Visit front(front_);
    is_shutdown_ = true;
    const std::lock_guard guard(mutex_);
    // Else the program ends: nobody may be let through into a queue that is gone.
    if (back_.has_waiters() || front_.has_waiters()) return;
    items_.take_all(size(), left);
    front.pass_all();
  }

  /// Adds the item. If the queue is full: blocks until there is room; throws Full at once if
  /// not `block`, or once `timeout` has passed. Throws ShutDown after shutdown(), also out of the
  /// wait, and ValueError for a negative timeout (which is ignored unless `block`).
  void put(T item, bool block = true, runtime::Timeout timeout = std::nullopt,
           runtime::Where where = runtime::Where::current()) {
    const runtime::Deadline deadline = deadline_of(block, timeout);
    runtime::point(trace::Kind::queue_put, object_);
    {
      Side::Visit back(back_);
      if (is_shutdown_ || !back.can_pass()) [[unlikely]] {
        wait_for_room(back, block, deadline, where);
      }
      items_.push(std::move(item));
      back.pass(runtime::note_change(trace::Kind::queue_put, object_, 1, where));
    }
    runtime::yield_point(trace::Kind::queue_put);
  }

  /// Removes and returns the oldest item. If there is none: blocks until there is; throws Empty at
  /// once if not `block`, or once `timeout` has passed. Throws ShutDown when the queue is shut down
  /// and empty, also out of the wait, and ValueError for a negative timeout (ignored unless
  /// `block`).
  T get(bool block = true, runtime::Timeout timeout = std::nullopt,
        runtime::Where where = runtime::Where::current()) {
    const runtime::Deadline deadline = deadline_of(block, timeout);
    runtime::point(trace::Kind::queue_get, object_);
    Side::Visit front(front_);
    if (!front.can_pass()) [[unlikely]] wait_for_item(front, block, deadline, where);
    T item = std::move(items_.first());
    items_.drop_first();
    front.pass(runtime::note_change(trace::Kind::queue_get, object_, -1, where));
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
    const std::lock_guard guard(mutex_);
    if (unfinished() == 0) throw ValueError("task_done() called too many times");
    ++finished_;
    const std::uint32_t sequence =
        runtime::note(trace::Kind::queue_task_done, object_, unfinished());
    if (unfinished() == 0) let_joiners_go_on(sequence);
  }

  /// Blocks until every item that was put has been got and reported by task_done().
  void join(runtime::Where where = runtime::Where::current()) {
    runtime::point(trace::Kind::queue_task_done, object_);
    std::unique_lock guard(mutex_);
    while (unfinished() != 0) {
      joiners_.wait_without(guard, std::nullopt, {trace::Reason::queue_join, &object_, where});
    }
  }

  /// Ends the queue: no more put(); get() takes what is left and then throws ShutDown.
  /// `immediate` also throws away what is left, each item counting as done. May be repeated.
  void shutdown(bool immediate = false) {
    runtime::point(trace::Kind::queue_shutdown, object_);
    typename Items::Rest thrown_away;  // destroyed after the mutexes are free
    Side::Visit back(back_);
    Side::Visit front(front_);
    const std::lock_guard guard(mutex_);
    is_shutdown_ = true;
    const std::size_t left = immediate ? size() : 0;
    if (immediate) {
      items_.take_all(left, thrown_away);
      front.pass_all();
      // Some of them may have been reported as done ahead.
      finished_ += std::min(unfinished(), left);
    }
    const std::uint32_t sequence =
        runtime::note_change(trace::Kind::queue_shutdown, object_,
                             -static_cast<std::int32_t>(left), runtime::Where(), immediate ? 1 : 0);
    front_.let_all_through(sequence);
    back_.let_all_through(sequence);
    if (unfinished() == 0) let_joiners_go_on(sequence);
  }

  /// How many items there are; only a hint, as others go on working.
  std::size_t qsize() const noexcept {
    runtime::observe();
    return size();
  }
  bool empty() const noexcept { return qsize() == 0; }
  bool full() const noexcept { return maxsize_ != 0 && qsize() >= maxsize_; }
  std::size_t maxsize() const noexcept { return maxsize_; }

 private:
  using Items = QueueItems<T>;
  static constexpr std::size_t kNoLimit = std::numeric_limits<std::size_t>::max();

  std::size_t size() const noexcept {
    for (std::size_t got = front_.passed();;) {
      const std::size_t put = back_.passed();
      const std::size_t got_meanwhile = front_.passed();
      if (got == got_meanwhile) return put - got;
      got = got_meanwhile;
    }
  }
  // The timeout of a call that does not block is not even looked at.
  static runtime::Deadline deadline_of(bool block, runtime::Timeout timeout) {
    return block ? runtime::deadline_after_non_negative(timeout) : std::nullopt;
  }

  // Out of line, as are the next two: put() and get() are small if nobody has to wait.
  [[gnu::noinline]] void wait_for_room(Side::Visit& back, bool block,
                                       const runtime::Deadline& deadline, runtime::Where where) {
    bool in_time = true;
    for (;;) {
      if (is_shutdown_) throw ShutDown();
      if (back.can_pass()) return;
      if (!block || !in_time) throw Full();
      in_time = back.wait(deadline, {trace::Reason::queue_put, &object_, where});
    }
  }

  [[gnu::noinline]] void wait_for_item(Side::Visit& front, bool block,
                                       const runtime::Deadline& deadline, runtime::Where where) {
    bool in_time = true;
    while (!front.can_pass()) {
      if (is_shutdown_) throw ShutDown();
      if (!block || !in_time) throw Empty();
      in_time = front.wait(deadline, {trace::Reason::queue_get, &object_, where});
    }
  }

  std::size_t unfinished() const noexcept { return back_.passed() - finished_; }

  void let_joiners_go_on(std::uint32_t sequence) noexcept {
    while (!joiners_.empty()) runtime::WaitList::wake(joiners_.take_first(sequence));
  }

  Items items_;
  Side back_;   // where items are put
  Side front_;  // where they are got
  bool is_shutdown_ = false;  // changes while somebody holds both sides
  const std::size_t maxsize_;
  std::size_t finished_ = 0;       // guarded by mutex_, as are those who wait
  runtime::WaitList joiners_;
  platform::Mutex mutex_;
  runtime::LevelObject object_{trace::ObjectType::queue};
};

}  // namespace weft::queue
