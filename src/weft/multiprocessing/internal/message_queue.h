#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "weft/multiprocessing/archive.h"
#include "weft/multiprocessing/internal/queue_core.h"

namespace weft::multiprocessing {

/// A queue of untyped messages, on which pools and managers are built. Copies refer to the same
/// queue, which is allocated in the shared memory at the first use or send.
class MessageQueue {
 public:
  MessageQueue() : MessageQueue(QueueCore::Flavour::simple, {}) {}
  MessageQueue(QueueCore::Flavour flavour, std::string_view name)
      : handle_(std::make_shared<ipc::Lazy<QueueHandle>>([flavour, name = std::string(name)] {
          return QueueCore::make(flavour, 0, {.name = name});
        })) {}

  QueueCore& operator*() const { return *(**handle_).operator->(); }
  QueueCore* operator->() const { return (**handle_).operator->(); }
  /// Messages that were put but not sent when this process drops its last handle are discarded,
  /// instead of that drop blocking until they are sent.
  void cancel_join_thread() const { (**handle_).cancel_join_thread(); }

  /// Allocates the queue now. Throws RuntimeError if there is no room for it.
  void open() const { static_cast<void>(**handle_); }

  friend void serialise(Archive& archive, MessageQueue& queue) {
    serialise_queue(archive, queue.handle_);
  }

 private:
  std::shared_ptr<ipc::Lazy<QueueHandle>> handle_;
};

}  // namespace weft::multiprocessing
