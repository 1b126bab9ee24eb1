#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "weft/queue/blocking_queue.h"
#include "weft/queue/lifo.h"

namespace weft::queue {

/// A Queue from which the newest item is got first.
/// Python: https://docs.python.org/3/library/queue.html#queue.LifoQueue
template <class T>
class LifoQueue : public BlockingQueue<T, Lifo<T>> {
 public:
  explicit LifoQueue(std::size_t maxsize = 0, std::string name = {})
      : BlockingQueue<T, Lifo<T>>(maxsize, std::move(name)) {}
};

}  // namespace weft::queue
