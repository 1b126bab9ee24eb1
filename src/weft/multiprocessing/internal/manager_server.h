#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "weft/multiprocessing/archive.h"
#include "weft/multiprocessing/connection.h"
#include "weft/multiprocessing/entry.h"
#include "weft/multiprocessing/internal/managed_object.h"
#include "weft/multiprocessing/internal/managed_primitives.h"
#include "weft/multiprocessing/internal/manager_protocol.h"
#include "weft/multiprocessing/internal/message.h"
#include "weft/multiprocessing/internal/message_queue.h"

namespace weft::multiprocessing {

/// The server of a manager, which owns its objects. Single-threaded: it executes one request at a
/// time. Those that have to wait are kept, and attempted again after each change.
class ManagerServer {
 public:
  explicit ManagerServer(MessageQueue calls) : calls_(std::move(calls)) {}

  /// Executes requests until the process is terminated.
  [[noreturn]] void serve();

 private:
  /// Where the replies to one thread of a client go at a time.
  struct Line {
    Connection replies;
    Sentinel process;  // the client's
  };
  struct Waiting {
    std::uint64_t line = 0;
    std::unique_ptr<PendingCall> call;
  };

  bool has_call() const noexcept;
  bool wait_for_call();
  void take(ipc::ReceivedMessage& message);
  void register_line(std::uint64_t number, Archive& hello);
  std::unique_ptr<PendingCall> answer(manager_protocol::Call what, Archive& call, Archive& reply,
                                      const Caller& caller);
  std::uint32_t make(manager_protocol::Call call, Archive& arguments);
  std::uint32_t keep(std::unique_ptr<ManagedObject> object);
  ManagedObject& object(std::uint32_t index);

  void bury();
  void settle();
  bool is_gone(std::uint64_t line) const;
  bool drop_gone();
  bool attempt_all();
  bool expire_all();
  bool finish(Waiting& waiting, bool (PendingCall::*execute)(Archive&));
  void send(std::uint64_t line, const Archive& reply);

  const MessageQueue calls_;
  std::map<std::uint64_t, Line> lines_;
  std::vector<std::unique_ptr<ManagedObject>> objects_;
  std::vector<ManagedLock*> locks_;  // among the objects
  std::list<Waiting> waiting_;       // in the order of arrival
};

extern const Entry<void (*)(MessageQueue)> manager_server;

}  // namespace weft::multiprocessing
