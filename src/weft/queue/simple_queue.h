#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "weft/queue/queue.h"

namespace weft::queue {

/// An unbounded FIFO queue without task_done(), join() and shutdown().
/// Python: https://docs.python.org/3/library/queue.html#simplequeue-objects
///
/// put(x) happens before the return of the get() that returns x. All members are thread-safe. The
/// queue must outlive its users; destroying it while a thread waits in it aborts the program
/// with a message.
///
/// Example:
///     SimpleQueue<std::string> lines;
///     lines.put("one");
///     const std::string line = lines.get();
template <class T>
class SimpleQueue {
 public:
  using Options = ObjectOptions;

  explicit SimpleQueue(Options options = {}) : items_(0, std::move(options)) {}
  explicit SimpleQueue(Name auto name) : SimpleQueue(Options{.name = std::move(name)}) {}

  /// Appends the item. Never blocks: the other parameters are ignored and exist for compatibility
  /// with Queue.
  void put(T item, bool /*block*/ = true, runtime::Timeout /*timeout*/ = std::nullopt,
           runtime::Where where = runtime::Where::current()) {
    items_.put_nowait(std::move(item), where);
  }
  void put_nowait(T item, runtime::Where where = runtime::Where::current()) {
    items_.put_nowait(std::move(item), where);
  }

  /// Removes and returns the oldest item. If the queue is empty: blocks until there is an item;
  /// throws Empty at once if `block` is false, or when `timeout` expires. Throws ValueError for a
  /// negative timeout (ignored unless `block`); Stopped.
  T get(bool block = true, runtime::Timeout timeout = std::nullopt,
        runtime::Where where = runtime::Where::current()) {
    return items_.get(block, timeout, where);
  }
  T get_nowait(runtime::Where where = runtime::Where::current()) {
    return items_.get_nowait(where);
  }

  /// Number of items; may be stale on return.
  std::size_t qsize() const { return items_.qsize(); }
  bool empty() const { return items_.empty(); }

 private:
  Queue<T> items_;
};

}  // namespace weft::queue
