#include "weft/multiprocessing/internal/manager_client.h"

#include <atomic>
#include <optional>
#include <string>
#include <vector>

#include "weft/errors.h"
#include "weft/ipc/self.h"
#include "weft/multiprocessing/connection.h"
#include "weft/multiprocessing/remote_error.h"
#include "weft/platform/mutex.h"
#include "weft/runtime/internal/identity.h"

namespace weft::multiprocessing {

using manager_protocol::Call;

namespace {

/// A pipe for the replies to one call at a time.
struct Line {
  std::uint64_t number = 0;
  Connection replies;
};

std::uint64_t next_line_number() {
  static std::atomic<std::uint32_t> lines{0};
  return std::uint64_t{ipc::own_number()} << 32 | ++lines;
}

struct Reply {
  const Connection& connection;
  bool ready() const { return connection.ready(); }
};

}  // namespace

struct ManagerClient::State {
  State(MessageQueue queue, Sentinel sentinel) : calls(std::move(queue)), server(sentinel) {}

  // Sends a request and blocks for the reply. If that is broken off, the line is not used again:
  // the reply may still come.
  Bytes call(Archive& arguments, runtime::Where where) {
    if (server.ready()) throw EOFError("the manager has ended");
    std::optional<Line> line = take_idle();
    const bool first = !line;
    if (first) line = open();
    OutgoingMessage message;
    std::uint64_t thread = runtime::identity();
    message.archive()(line->number, thread);
    message.archive().raw(arguments.bytes().data(), arguments.bytes().size());
    calls->put(message, true, std::nullopt, where);
    // Until the manager has received its end of the reply pipe, that end is in transit, and the
    // manager's exit does not close it: the first call also waits for the exit itself.
    if (first) {
      const Reply reply{line->replies};
      wait({server, reply}, std::nullopt, where);
      if (!reply.ready()) throw EOFError("the manager has ended");
    }
    Bytes bytes = line->replies.recv_bytes(std::nullopt, where);
    const platform::LockGuard guard(mutex);
    idle.push_back(std::move(*line));
    return bytes;
  }

  std::optional<Line> take_idle() {
    const platform::LockGuard guard(mutex);
    if (idle.empty()) return std::nullopt;
    std::optional<Line> line(std::move(idle.back()));
    idle.pop_back();
    return line;
  }

  // Creates a reply pipe and sends its other end to the manager.
  Line open() {
    auto [here, there] = Pipe(true);
    Line line{next_line_number(), std::move(here)};
    Call hello = Call::hello;
    std::uint64_t thread = 0;
    std::uint32_t slot = ipc::own_slot();
    std::uint32_t process = ipc::own_number();
    OutgoingMessage message;
    message.archive()(line.number, thread, hello, there, slot, process);
    calls->put(message, true, std::nullopt, runtime::Where());
    return line;
  }

  MessageQueue calls;
  const Sentinel server;
  platform::Mutex mutex;
  std::vector<Line> idle WEFT_GUARDED_BY(mutex);
};

ManagerClient::ManagerClient(MessageQueue calls, Sentinel server)
    : state_(std::make_shared<State>(std::move(calls), server)) {}

void ManagerClient::begin(Archive& arguments, Call call) const {
  if (state_ == nullptr) throw ValueError("the proxy refers to nothing");
  arguments(call);
}

Bytes ManagerClient::call(Archive& arguments, runtime::Where where) const {
  const Bytes bytes = state_->call(arguments, where);
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

}  // namespace weft::multiprocessing
