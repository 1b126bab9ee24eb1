#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>

#include "weft/queue/internal/binary_heap.h"
#include "weft/queue/internal/blocking_queue.h"

namespace weft::queue {

/// A queue whose get() returns the least item in the strict weak order `Before`. Its members are
/// those of BlockingQueue.
/// Python: https://docs.python.org/3/library/queue.html#queue.PriorityQueue
///
/// As in Python, it is not stable: items of equal priority leave in any order. For FIFO order among
/// them use std::tuple(priority, number, item). Items that cannot be compared are a compile-time
/// error instead of a TypeError.
///
/// `Before` is called by put() and get() with the queue's mutex held: it must neither access the
/// queue nor block. If it throws, so does the call, which leaves the queue unchanged.
///
/// Example:
///     PriorityQueue<std::pair<int, std::string>> jobs;
///     jobs.put({2, "write"});
///     jobs.put({1, "read"});
///     jobs.get().second;   // "read"
template <class T, class Before = std::less<T>>
class PriorityQueue : public BlockingQueue<T, BinaryHeap<T, Before>> {
 public:
  struct Options {
    std::string name = {};  ///< as in ObjectOptions, as is the next
    Recorded recorded = Recorded::yes;
    Before before = Before();
  };

  /// A queue of at most `maxsize` items; 0: unbounded.
  explicit PriorityQueue(std::size_t maxsize = 0) : PriorityQueue(maxsize, Options()) {}
  PriorityQueue(std::size_t maxsize, Options options)
      : BlockingQueue<T, BinaryHeap<T, Before>>(
            maxsize, {std::move(options.name), options.recorded}, std::move(options.before)) {}
  PriorityQueue(std::size_t maxsize, Name auto name)
      : PriorityQueue(maxsize, Options{.name = std::move(name)}) {}
};

}  // namespace weft::queue
