#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <variant>
#include <vector>

#include "weft/multiprocessing/connection.h"
#include "weft/multiprocessing/entry.h"
#include "weft/multiprocessing/manager_protocol.h"
#include "weft/multiprocessing/message_queue.h"

namespace weft::multiprocessing {

/// The server of a manager: owns containers of serialised keys and values, whose types it does not
/// know. Single-threaded: it executes one request at a time.
class ManagerServer {
 public:
  /// Executes requests until the process is terminated.
  [[noreturn]] void serve(MessageQueue calls);

 private:
  struct Value {
    std::uint64_t order = 0;  // insertion order
    Bytes bytes;
  };
  struct Dict {
    std::map<Bytes, Value> values;
    std::uint64_t next_order = 0;
  };
  using List = std::vector<Bytes>;
  using Thing = std::variant<Dict, List>;

  void answer(Archive& call, Archive& reply);
  std::uint32_t make(Thing thing);
  void answer_about(Dict& dict, manager_protocol::Call call, Archive& arguments, Archive& reply);
  void answer_about(List& list, manager_protocol::Call call, Archive& arguments, Archive& reply);

  std::map<std::uint64_t, Connection> clients_;
  std::vector<Thing> things_;
};

extern const Entry<void (*)(MessageQueue)> manager_server;

}  // namespace weft::multiprocessing
