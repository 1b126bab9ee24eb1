#pragma once

#include <stdexcept>

namespace weft::queue {

/// A get() found no item without blocking or within its timeout.
/// Python: https://docs.python.org/3/library/queue.html#queue.Empty
///
/// Example:
///     Queue<int> queue;
///     queue.get(true, 1ms);   // throws Empty
struct Empty : std::runtime_error {
  Empty() : std::runtime_error("the queue is empty") {}
};

/// A put() found no room without blocking or within its timeout.
/// Python: https://docs.python.org/3/library/queue.html#queue.Full
///
/// Example:
///     Queue<int> queue(1);
///     queue.put(1);
///     queue.put(2, false);   // throws Full
struct Full : std::runtime_error {
  Full() : std::runtime_error("the queue is full") {}
};

/// The queue is shut down; for get(), also empty.
/// Python: https://docs.python.org/3/library/queue.html#queue.ShutDown
///
/// Example:
///     Queue<int> queue;
///     queue.shutdown();
///     queue.put(1);   // throws ShutDown
struct ShutDown : std::runtime_error {
  ShutDown() : std::runtime_error("the queue is shut down") {}
};

}  // namespace weft::queue
