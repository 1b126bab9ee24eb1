#pragma once

#include <cstdint>
#include <memory>
#include <utility>

#include "weft/multiprocessing/internal/manager_protocol.h"
#include "weft/multiprocessing/internal/message_queue.h"
#include "weft/multiprocessing/serialise.h"
#include "weft/multiprocessing/wait.h"
#include "weft/runtime/where.h"

namespace weft::multiprocessing {

/// The client side of the RPC to a manager: requests go through the manager's request queue,
/// replies return through a pipe. Calls of several threads at once each have a pipe of their own
/// (128 kB of shared memory), which is reused by later calls. Copies share the pipes; a process that
/// receives a client has its own to the same manager.
class ManagerClient {
 public:
  ManagerClient() = default;
  ManagerClient(MessageQueue calls, Sentinel server);

  /// Sends the request and blocks until the reply has arrived. Rethrows what the call threw in the
  /// manager; throws EOFError if the manager has ended, Stopped if the run is stopped.
  Bytes call(Archive& arguments, runtime::Where where = runtime::Where()) const;

  /// Begins a request. Throws ValueError if this client is default-constructed.
  void begin(Archive& arguments, manager_protocol::Call call) const;

  friend void serialise(Archive& archive, ManagerClient& client);

 private:
  struct State;
  std::shared_ptr<State> state_;
};

/// Common base of the proxies: a handle to an object in a manager's process, its referent. Copies,
/// also those sent to another process, have the same referent, which lives as long as the manager.
/// Every method is a blocking round trip to the manager; it rethrows what the operation threw
/// there, and throws EOFError once the manager has ended. Methods are atomic: the manager executes
/// one request at a time. One that waits (a get() of an empty queue, an acquire()) does not keep it
/// from executing others.
/// Python: https://docs.python.org/3/library/multiprocessing.html#proxy-objects
class Proxy {
 public:
  friend void serialise(Archive& archive, Proxy& proxy) { archive(proxy.client_, proxy.index_); }

 protected:
  Proxy() = default;
  Proxy(ManagerClient client, std::uint32_t index) : client_(std::move(client)), index_(index) {}

  template <class... Values>
  Bytes ask(manager_protocol::Call call, const Values&... values) const {
    return ask_at(runtime::Where(), call, values...);
  }
  /// As above, for a call that waits.
  template <class... Values>
  Bytes ask_at(const runtime::Where& where, manager_protocol::Call call,
               const Values&... values) const {
    Archive arguments;
    client_.begin(arguments, call);
    std::uint32_t index = index_;
    arguments(index, const_cast<Values&>(values)...);  // writing changes nothing
    return client_.call(arguments, where);
  }
  template <class T, class... Values>
  T ask_for(manager_protocol::Call call, const Values&... values) const {
    return from_bytes<T>(ask(call, values...));
  }

 private:
  friend class Manager;
  ManagerClient client_;
  std::uint32_t index_ = 0;
};

}  // namespace weft::multiprocessing
