#pragma once

#include <cstddef>
#include <string>
#include <utility>

#include "weft/queue/internal/blocking_queue.h"
#include "weft/queue/internal/lifo.h"

namespace weft::queue {

/// A bounded or unbounded LIFO queue (a stack): get() returns the newest item. Its members are
/// those of BlockingQueue.
/// Python: https://docs.python.org/3/library/queue.html#queue.LifoQueue
///
/// Example:
///     LifoQueue<int> stack;
///     stack.put(1);
///     stack.put(2);
///     stack.get();               // 2
template <class T>
class LifoQueue : public BlockingQueue<T, Lifo<T>> {
 public:
  using Options = ObjectOptions;

  /// A stack of at most `maxsize` items; 0: unbounded.
  explicit LifoQueue(std::size_t maxsize = 0, Options options = {})
      : BlockingQueue<T, Lifo<T>>(maxsize, std::move(options)) {}
  LifoQueue(std::size_t maxsize, Name auto name)
      : LifoQueue(maxsize, Options{.name = std::move(name)}) {}
};

}  // namespace weft::queue
