#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "weft/queue/blocking_queue.h"
#include "weft/queue/fifo.h"

namespace weft::queue {

/// A first-in first-out queue between threads, bounded if `maxsize` is positive. What it does is
/// told at BlockingQueue.
/// Python: https://docs.python.org/3/library/queue.html#queue.Queue
///
/// Example:
///     Queue<int> numbers(10);
///     numbers.put(1);                  // waits while ten are there
///     const int first = numbers.get();
template <class T>
class Queue : public BlockingQueue<T, Fifo<T>> {
 public:
  explicit Queue(std::size_t maxsize = 0, std::string name = {})
      : BlockingQueue<T, Fifo<T>>(maxsize, std::move(name)) {}
};

}  // namespace weft::queue
