#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "weft/multiprocessing/archive.h"
#include "weft/multiprocessing/errors.h"
#include "weft/multiprocessing/internal/queue_core.h"
#include "weft/queue/errors.h"

namespace weft::multiprocessing {

/// The common base of the queues. Copies refer to the same queue, and so does the object received
/// when a queue is sent to another process. The queue is created lazily, when it is first used or
/// sent; that throws RuntimeError if the shared memory is exhausted.
///
/// Items are received in the order in which they were sent (FIFO); the items of one thread are sent
/// in the order of its put() calls. Delivery is at most once: each item goes to one process. An
/// item is lost if its producer is killed before it is sent, if it is larger than 16 kB and its
/// consumer is killed while copying it, or if no process is left that could receive it.
template <class T>
class AnyQueue {
 public:
  using value_type = T;

  /// The number of items put and not yet received, at some moment during the call.
  std::size_t qsize() const { return (**handle_)->size(); }
  /// True if get() would block. Only a hint while other processes use the queue.
  bool empty() const { return !(**handle_)->ready(); }

  friend bool operator==(const AnyQueue&, const AnyQueue&) noexcept = default;

 protected:
  AnyQueue(QueueCore::Flavour flavour, std::uint32_t maxsize, ObjectOptions options)
      : handle_(std::make_shared<ipc::Lazy<QueueHandle>>(
            [flavour, maxsize, options = std::move(options)] {
              return QueueCore::make(flavour, maxsize, options);
            })) {}
  ~AnyQueue() = default;
  AnyQueue(const AnyQueue&) = default;
  AnyQueue& operator=(const AnyQueue&) = default;

  QueueHandle& handle() const { return **handle_; }
  QueueCore& core() const { return *(**handle_).operator->(); }
  void transfer(Archive& archive) { serialise_queue(archive, handle_); }

  void put_value(const T& item, bool block, runtime::Timeout timeout, runtime::Where where) const {
    OutgoingMessage message(item);
    core().put(message, block, timeout, where);
  }
  T get_value(bool block, runtime::Timeout timeout, runtime::Where where) const {
    ipc::ReceivedMessage message;
    core().get(message, block, timeout, where);
    return from_bytes<T>(message.bytes());
  }

 private:
  std::shared_ptr<ipc::Lazy<QueueHandle>> handle_;
};

/// A multi-producer multi-consumer FIFO queue between processes.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.Queue
///
/// | state                  | put             | get              |
/// | ---------------------- | --------------- | ---------------- |
/// | empty                  | ok              | blocks, or Empty |
/// | full                   | blocks, or Full | ok               |
/// | closed in this process | ValueError      | ValueError       |
///
/// put() sends the item at once if the ring buffer in shared memory (64 kB) has room. Otherwise it
/// hands the item to the feeder, a background thread of the producing process, which sends it
/// later. Back-pressure therefore comes from `maxsize` only: put() blocks only while the queue
/// holds `maxsize` items.
///
/// Destroying the last copy of the queue in a process blocks until the feeder has finished, unless
/// cancel_join_thread() was called or every process that could receive the items has closed the
/// queue or ended. (Python's feeder waits for those for ever.)
///
/// Example:
///     inline const Entry fill("Queue.fill", [](Queue<int> queue) {
///       for (int i = 0; i < 3; ++i) queue.put(i);
///     });
///     Queue<int> queue;
///     Process producer(fill, queue);
///     producer.start();
///     queue.get();   // 0
template <class T>
class Queue : public AnyQueue<T> {
 public:
  using Options = ObjectOptions;

  /// A queue of at most `maxsize` items; 0: unbounded.
  explicit Queue(std::uint32_t maxsize = 0, Options options = {})
      : Queue(QueueCore::Flavour::plain, maxsize, std::move(options)) {}
  Queue(std::uint32_t maxsize, Name auto name) : Queue(maxsize, Options{.name = std::move(name)}) {}

  /// Appends the item. If the queue is full, blocks until there is room; throws Full immediately if
  /// `block` is false, or once `timeout` has elapsed. Throws ValueError after close().
  void put(const T& item, bool block = true, runtime::Timeout timeout = std::nullopt,
           runtime::Where where = runtime::Where::current()) {
    this->put_value(item, block, timeout, where);
  }
  void put_nowait(const T& item) { put(item, false); }

  /// Removes and returns the oldest item. If the queue is empty, blocks until an item arrives;
  /// throws Empty immediately if `block` is false, or once `timeout` has elapsed. Throws ValueError
  /// after close(), and SerialiseError if the item is not a T.
  T get(bool block = true, runtime::Timeout timeout = std::nullopt,
        runtime::Where where = runtime::Where::current()) {
    return this->get_value(block, timeout, where);
  }
  T get_nowait() { return get(false); }

  /// True if the queue holds `maxsize` items. Only a hint while other processes use the queue.
  bool full() const { return maxsize() != 0 && this->qsize() >= maxsize(); }
  std::uint32_t maxsize() const { return this->core().maxsize(); }

  /// Closes the queue for this process: put() and get() throw ValueError from then on, also in
  /// threads that are blocked in them. Items already put are still sent.
  void close() { this->core().close(); }
  /// Blocks until the feeder has sent all items of this process, or no process is left that could
  /// receive them. Throws AssertionError before close().
  void join_thread(runtime::Where where = runtime::Where::current()) {
    this->handle().join_thread(where);
  }
  /// Allows unsent items to be discarded when the process ends or destroys its last copy of the
  /// queue.
  void cancel_join_thread() { this->handle().cancel_join_thread(); }

  friend void serialise(Archive& archive, Queue& queue) { queue.transfer(archive); }

 protected:
  Queue(QueueCore::Flavour flavour, std::uint32_t maxsize, Options options)
      : AnyQueue<T>(flavour, maxsize, std::move(options)) {}
};

/// A Queue that counts unfinished items: those put and not yet reported by task_done().
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.JoinableQueue
///
/// Example:
///     inline const Entry consume("JoinableQueue.consume", [](JoinableQueue<int> queue) {
///       use(queue.get());
///       queue.task_done();
///     });
///     JoinableQueue<int> queue;
///     Process consumer(consume, queue);
///     consumer.start();
///     queue.put(1);
///     queue.join();   // blocks until the item is handled
template <class T>
class JoinableQueue : public Queue<T> {
 public:
  using Options = ObjectOptions;

  explicit JoinableQueue(std::uint32_t maxsize = 0, Options options = {})
      : Queue<T>(QueueCore::Flavour::joinable, maxsize, std::move(options)) {}
  JoinableQueue(std::uint32_t maxsize, Name auto name)
      : JoinableQueue(maxsize, Options{.name = std::move(name)}) {}

  /// Reports one received item as finished. Throws ValueError if called more often than items were
  /// put.
  void task_done() { this->core().task_done(); }

  /// Blocks until task_done() has been called for every item. Throws AbandonedError once a process
  /// was killed between get() and task_done(). (Python waits for ever.)
  void join(runtime::Where where = runtime::Where::current()) { this->core().join(where); }

  friend void serialise(Archive& archive, JoinableQueue& queue) { queue.transfer(archive); }
};

/// An unbounded queue without a feeder: put() blocks while the ring buffer in shared memory (64 kB)
/// is full.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.SimpleQueue
///
/// Example:
///     SimpleQueue<std::string> queue;
///     queue.put("one");
///     const std::string item = queue.get();
template <class T>
class SimpleQueue : public AnyQueue<T> {
 public:
  using Options = ObjectOptions;

  explicit SimpleQueue(Options options = {})
      : AnyQueue<T>(QueueCore::Flavour::simple, 0, std::move(options)) {}
  explicit SimpleQueue(Name auto name) : SimpleQueue(Options{.name = std::move(name)}) {}

  /// Appends the item; blocks while the ring buffer is full. Throws ValueError after close().
  void put(const T& item, runtime::Where where = runtime::Where::current()) {
    this->put_value(item, true, std::nullopt, where);
  }
  /// Removes and returns the oldest item; blocks while the queue is empty. Throws ValueError after
  /// close(), and SerialiseError if the item is not a T.
  T get(runtime::Where where = runtime::Where::current()) {
    return this->get_value(true, std::nullopt, where);
  }
  /// Closes the queue for this process: put() and get() throw ValueError from then on, also in
  /// threads that are blocked in them.
  void close() { this->core().close(); }

  friend void serialise(Archive& archive, SimpleQueue& queue) { queue.transfer(archive); }
};

}  // namespace weft::multiprocessing
