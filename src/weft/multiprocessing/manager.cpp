#include "weft/multiprocessing/manager.h"

#include <atomic>
#include <mutex>
#include <optional>

#include "weft/multiprocessing/connection.h"
#include "weft/multiprocessing/manager_server.h"
#include "weft/multiprocessing/remote_error.h"
#include "weft/multiprocessing/self.h"
#include "weft/threading/guard.h"
#include "weft/threading/lock.h"

namespace weft::multiprocessing {

using manager_protocol::Call;

struct ManagerClient::State {
  State(MessageQueue queue, Sentinel sentinel) : calls(std::move(queue)), server(sentinel) {
    static std::atomic<std::uint32_t> clients{0};
    number = std::uint64_t{own_number()} << 32 | ++clients;
  }

  // With the lock held: sends a request and blocks for the reply.
  Bytes call(Archive& arguments) {
    if (server.ready()) throw EOFError("the manager has ended");
    const bool first = !replies;
    if (first) introduce();
    OutgoingMessage message{std::span<const std::byte>(arguments.bytes())};
    calls->put(message, true, std::nullopt, runtime::Where::current());
    // Until the manager has received its end of the reply pipe, that end is in transit, and the
    // manager's exit does not close it: the first call also waits for the exit itself.
    if (first) {
      const Reply reply{*replies};
      wait({server, reply});
      if (!reply.ready()) throw EOFError("the manager has ended");
    }
    return replies->recv_bytes();
  }

  // Creates the reply pipe and sends its other end to the manager.
  void introduce() {
    auto [here, there] = Pipe(true);
    Call hello = Call::hello;
    OutgoingMessage message;
    message.archive()(number, hello, there);
    calls->put(message, true, std::nullopt, runtime::Where::current());
    replies = here;
  }

  struct Reply {
    Connection& connection;
    bool ready() const { return connection.poll(); }
  };

  MessageQueue calls;
  const Sentinel server;
  std::uint64_t number = 0;
  threading::Lock lock{"manager", Recorded::no};
  std::optional<Connection> replies;  // guarded by lock
};

ManagerClient::ManagerClient(MessageQueue calls, Sentinel server)
    : state_(std::make_shared<State>(std::move(calls), server)) {}

void ManagerClient::begin(Archive& arguments, Call call) const {
  if (state_ == nullptr) throw ValueError("the proxy refers to nothing");
  arguments(state_->number, call);
}

Bytes ManagerClient::call(Archive& arguments) const {
  Bytes bytes;
  {
    const threading::Guard guard(state_->lock);
    bytes = state_->call(arguments);
  }
  Archive reply{std::span<const std::byte>(bytes)};
  bool succeeded = false;
  reply(succeeded);
  if (!succeeded) {
    std::string text;
    reply(text);
    std::rethrow_exception(from_text(text));
  }
  return Bytes(bytes.end() - static_cast<std::ptrdiff_t>(reply.left()), bytes.end());
}

void serialise(Archive& archive, ManagerClient& client) {
  if (archive.reading()) {
    MessageQueue calls;
    Sentinel server;
    archive(calls, server.slot, server.number);
    client = ManagerClient(std::move(calls), server);
  } else {
    if (client.state_ == nullptr) throw ValueError("a proxy that refers to nothing can't be sent");
    Sentinel server = client.state_->server;
    archive(client.state_->calls, server.slot, server.number);
  }
}

namespace {

Process::Options server_options(std::string_view name) {
  Process::Options options;
  options.name = name.empty() ? "SyncManager" : std::string(name);
  options.daemon = true;
  return options;
}

}  // namespace

Manager::Manager(std::string_view name)
    : calls_(QueueCore::Flavour::simple, "manager.calls"),
      process_(server_options(name), manager_server, calls_) {
  process_.start();
  client_ = ManagerClient(calls_, process_.sentinel());
}

Manager::~Manager() { process_.terminate(); }

void Manager::shutdown() {
  process_.terminate();
  process_.join();
}

std::uint32_t Manager::make(Call call) {
  Archive arguments;
  client_.begin(arguments, call);
  return from_bytes<std::uint32_t>(client_.call(arguments));
}

}  // namespace weft::multiprocessing
