#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>

#include "weft/queue/blocking_queue.h"
#include "weft/queue/heap.h"

namespace weft::queue {

/// A Queue from which the lowest item is got first: the one that `Before` puts before the others.
/// Python: https://docs.python.org/3/library/queue.html#queue.PriorityQueue
///
/// As in Python, the order of items of which none is before the other is not that of their put();
/// number them if it has to be: std::tuple(priority, number, what). Items that cannot be compared
/// are refused by the compiler, not by a TypeError.
///
/// `Before` is called within put() and get() while the queue is locked: it must neither use the
/// queue nor wait. If it throws, so does the call, and the queue is as it was.
template <class T, class Before = std::less<T>>
class PriorityQueue : public BlockingQueue<T, Heap<T, Before>> {
 public:
  explicit PriorityQueue(std::size_t maxsize = 0, std::string name = {}, Before before = Before())
      : BlockingQueue<T, Heap<T, Before>>(maxsize, std::move(name), std::move(before)) {}
};

}  // namespace weft::queue
