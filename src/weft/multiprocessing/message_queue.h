#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "weft/multiprocessing/queue_core.h"

namespace weft::multiprocessing {

/// A queue of messages of no particular type, for what is built on queues. Copies are the same queue.
class MessageQueue {
 public:
  MessageQueue() : MessageQueue(QueueCore::Flavour::simple, {}) {}
  MessageQueue(QueueCore::Flavour flavour, std::string_view name)
      : handle_(std::make_shared<Lazy<QueueHandle>>([flavour, name = std::string(name)] {
          return QueueCore::make(flavour, 0, name);
        })) {}

  QueueCore& operator*() const { return *(**handle_).operator->(); }
  QueueCore* operator->() const { return (**handle_).operator->(); }
  /// What was put and is not sent when the last handle goes is dropped.
  void cancel_join_thread() const { (**handle_).cancel_join_thread(); }

  /// Makes the queue now, not when it is first used. Throws RuntimeError if there is no room for it.
  void open() const { static_cast<void>(**handle_); }

  friend void serialise(Archive& archive, MessageQueue& queue) {
    serialise_queue(archive, queue.handle_);
  }

 private:
  std::shared_ptr<Lazy<QueueHandle>> handle_;
};

}  // namespace weft::multiprocessing
