#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "weft/multiprocessing/errors.h"
#include "weft/multiprocessing/queue_core.h"
#include "weft/queue/errors.h"

namespace weft::multiprocessing {

/// What the queues have in common. Copies are the same queue, and so is what another process receives when
/// one is sent to it. It is made when it is first used or sent, which throws RuntimeError if there is no
/// room for it in the memory that processes share.
///
/// Items leave in the order in which they were sent; those of one thread are sent in the order in which it
/// put them. Each is got by one process, once. One that a killed process had put but not sent is lost, and
/// so is one of more than 16 kB whose getter is killed while it copies it, and what is left when there is
/// no process any more that could get it.
template <class T>
class AnyQueue {
 public:
  using value_type = T;

  /// How many items were put and not got, at some moment during the call.
  std::size_t qsize() const { return (**handle_)->size(); }
  /// True if get() would block.
  bool empty() const { return !(**handle_)->ready(); }

  friend bool operator==(const AnyQueue&, const AnyQueue&) noexcept = default;

 protected:
  AnyQueue(QueueCore::Flavour flavour, std::uint32_t maxsize, std::string_view name)
      : handle_(std::make_shared<Lazy<QueueHandle>>([flavour, maxsize, name = std::string(name)] {
          return QueueCore::make(flavour, maxsize, name);
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
    Incoming message;
    core().get(message, block, timeout, where);
    return from_bytes<T>(message.bytes());
  }

 private:
  std::shared_ptr<Lazy<QueueHandle>> handle_;
};

/// A first-in first-out queue between processes.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.Queue
///
/// | state  | put             | get             |
/// | ------ | --------------- | --------------- |
/// | empty  | ok              | blocks, or Empty |
/// | full   | blocks, or Full | ok              |
/// | closed in this process | ValueError | ValueError |
///
/// An item is sent at once if there is room in the memory that processes share, 64 kB; else a thread of the
/// process that put it, the feeder, sends it later: put() waits only if there are `maxsize` items. When the
/// last copy of the queue in a process is destroyed, that blocks until the feeder is done, unless
/// cancel_join_thread() was called, or all processes that could get what it sends have closed the queue or
/// ended. (Python's feeder goes on waiting for those.)
template <class T>
class Queue : public AnyQueue<T> {
 public:
  /// `maxsize` 0: no limit.
  explicit Queue(std::uint32_t maxsize = 0, std::string_view name = {})
      : Queue(QueueCore::Flavour::plain, maxsize, name) {}

  /// Adds the item. If the queue is full: blocks until there is room; throws Full at once if not `block`,
  /// or once `timeout` has passed. Throws ValueError after close().
  void put(const T& item, bool block = true, runtime::Timeout timeout = std::nullopt,
           runtime::Where where = runtime::Where::current()) {
    this->put_value(item, block, timeout, where);
  }
  void put_nowait(const T& item) { put(item, false); }

  /// Removes and returns the oldest item. If there is none: blocks until there is; throws Empty at once if
  /// not `block`, or once `timeout` has passed. Throws ValueError after close(), SerialiseError if what was
  /// put is no T.
  T get(bool block = true, runtime::Timeout timeout = std::nullopt,
        runtime::Where where = runtime::Where::current()) {
    return this->get_value(block, timeout, where);
  }
  T get_nowait() { return get(false); }

  /// True if there are `maxsize` items.
  bool full() const { return maxsize() != 0 && this->qsize() >= maxsize(); }
  std::uint32_t maxsize() const { return this->core().maxsize(); }

  /// No more is put or got by this process, and those of its threads that wait to do so get ValueError. What
  /// it has put is still sent.
  void close() { this->core().close(); }
  /// Blocks until what this process has put is sent, or there is no process any more that could get it.
  /// Throws AssertionError before close().
  void join_thread(runtime::Where where = runtime::Where::current()) {
    this->handle().join_thread(where);
  }
  /// What is not sent when the process ends, or the last copy of the queue in it is destroyed, need not be.
  void cancel_join_thread() { this->handle().cancel_join_thread(); }

  friend void serialise(Archive& archive, Queue& queue) { queue.transfer(archive); }

 protected:
  Queue(QueueCore::Flavour flavour, std::uint32_t maxsize, std::string_view name)
      : AnyQueue<T>(flavour, maxsize, name) {}
};

/// A queue that knows how many of its items are still being worked on.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.JoinableQueue
template <class T>
class JoinableQueue : public Queue<T> {
 public:
  explicit JoinableQueue(std::uint32_t maxsize = 0, std::string_view name = {})
      : Queue<T>(QueueCore::Flavour::joinable, maxsize, name) {}

  /// Says that the work on one item that was got is done. Throws ValueError if called more often than there
  /// were items.
  void task_done() { this->core().task_done(); }

  /// Blocks until every item that was put has been got and reported by task_done(). Throws AbandonedError
  /// once a process was killed before it had reported what it got. (Python waits for ever.)
  void join(runtime::Where where = runtime::Where::current()) { this->core().join(where); }

  friend void serialise(Archive& archive, JoinableQueue& queue) { queue.transfer(archive); }
};

/// A queue without a limit and without a feeder: put() waits while 64 kB of items wait to be got.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.SimpleQueue
template <class T>
class SimpleQueue : public AnyQueue<T> {
 public:
  explicit SimpleQueue(std::string_view name = {})
      : AnyQueue<T>(QueueCore::Flavour::simple, 0, name) {}

  /// Adds the item; blocks while there is no room.
  void put(const T& item, runtime::Where where = runtime::Where::current()) {
    this->put_value(item, true, std::nullopt, where);
  }
  /// Removes and returns the oldest item; blocks until there is one.
  T get(runtime::Where where = runtime::Where::current()) {
    return this->get_value(true, std::nullopt, where);
  }
  /// No more is put or got by this process, and those of its threads that wait to do so get ValueError.
  void close() { this->core().close(); }

  friend void serialise(Archive& archive, SimpleQueue& queue) { queue.transfer(archive); }
};

}  // namespace weft::multiprocessing
