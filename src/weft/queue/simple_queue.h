#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "weft/queue/queue.h"

namespace weft::queue {

/// An unbounded first-in first-out queue without task_done(), join() and shutdown().
/// Python: https://docs.python.org/3/library/queue.html#simplequeue-objects
///
/// Every call is safe from every thread; the queue must outlive its users, and destroying it while
/// a thread waits in it ends the program with a message.
template <class T>
class SimpleQueue {
 public:
  explicit SimpleQueue(std::string name = {}) : items_(0, std::move(name)) {}

  /// Appends the item. Never blocks: what follows the item is there for Queue's sake and ignored.
  void put(T item, bool /*block*/ = true, runtime::Timeout /*timeout*/ = std::nullopt,
           runtime::Where where = runtime::Where::current()) {
    items_.put_nowait(std::move(item), where);
  }
  void put_nowait(T item, runtime::Where where = runtime::Where::current()) {
    items_.put_nowait(std::move(item), where);
  }

  /// Removes and returns the oldest item. If there is none: blocks until there is; throws Empty at
  /// once if not `block`, or once `timeout` has passed. Throws ValueError for a negative timeout
  /// (ignored unless `block`).
  T get(bool block = true, runtime::Timeout timeout = std::nullopt,
        runtime::Where where = runtime::Where::current()) {
    return items_.get(block, timeout, where);
  }
  T get_nowait(runtime::Where where = runtime::Where::current()) {
    return items_.get_nowait(where);
  }

  /// How many items there are; only a hint, as others go on working.
  std::size_t qsize() const { return items_.qsize(); }
  bool empty() const { return items_.empty(); }

 private:
  Queue<T> items_;
};

}  // namespace weft::queue
