#include "weft/multiprocessing/connection.h"

#include <algorithm>
#include <optional>

#include "weft/errors.h"
#include "weft/ipc/last_handle.h"
#include "weft/ipc/message_ring.h"
#include "weft/ipc/rundown_ref.h"
#include "weft/ipc/shared_record.h"
#include "weft/multiprocessing/errors.h"
#include "weft/runtime/point.h"

namespace weft::multiprocessing {
namespace {

namespace shared = platform::shared;
using shared::Offset;

// A pipe's two ends are its roles. The first ring carries messages from the second end to the
// first; a duplex pipe has a second ring for the opposite direction.
constexpr std::uint32_t kFirstEnd = 0;
constexpr std::uint32_t kSecondEnd = 1;
constexpr std::uint32_t kCapacity = 4096;  // units: 64 kB

constexpr Offset kDuplex = 0;
constexpr Offset kRings = 64;

constexpr Offset ring_to(std::uint32_t end) {
  return kRings + (end == kFirstEnd ? 0 : ipc::MessageRing::bytes(kCapacity));
}
constexpr std::uint32_t bytes(bool duplex) {
  return kRings + (duplex ? 2 : 1) * ipc::MessageRing::bytes(kCapacity);
}

std::uint32_t other(std::uint32_t end) { return 1 - end; }

bool is_duplex(Offset pipe) { return shared::load(pipe + kDuplex) != 0; }
bool reads(Offset pipe, std::uint32_t end) { return end == kFirstEnd || is_duplex(pipe); }
bool writes(Offset pipe, std::uint32_t end) { return end == kSecondEnd || is_duplex(pipe); }

// That end is closed in all processes. Idempotent.
void end_is_gone(Offset pipe, std::uint32_t end) noexcept {
  if (reads(pipe, end)) ipc::MessageRing::readers_gone(pipe + ring_to(end));
  if (writes(pipe, end)) ipc::MessageRing::writers_gone(pipe + ring_to(other(end)));
  ipc::announce_ready();
}

void last_handle_dropped(ipc::ObjectRef pipe, std::uint32_t end) noexcept {
  end_is_gone(pipe.data(), end);
}

void process_died(ipc::ObjectRef pipe, const ipc::DeadProcess& process) noexcept {
  const Offset at = pipe.data();
  ipc::MessageRing::process_died(at + ring_to(kFirstEnd), kCapacity, process.number);
  if (is_duplex(at))
    ipc::MessageRing::process_died(at + ring_to(kSecondEnd), kCapacity, process.number);
}

[[noreturn]] void throw_closed() { throw OSError("handle is closed"); }

const ipc::RegisterCleanupHooks registered(ipc::ObjectKind::pipe,
                                           {last_handle_dropped, process_died});

}  // namespace

class Connection::End {
 public:
  explicit End(ipc::ObjectHandle handle)
      : handle_(std::move(handle)),
        role_(handle_.role()),
        pipe_(handle_.ref().data()),
        readable_(reads(pipe_, role())),
        writable_(writes(pipe_, role())) {
    if (readable_) in_.emplace(pipe_ + ring_to(role()), kCapacity);
    if (writable_) out_.emplace(pipe_ + ring_to(other(role())), kCapacity);
    object_.apply({handle_.ref().name(), handle_.ref().recorded()});
    object_.set_shared(handle_.ref().number(), handle_.ref().sequence_word());
  }
  ~End() { close(); }

  bool readable() const noexcept { return readable_; }
  bool writable() const noexcept { return writable_; }
  bool closed() const noexcept { return rundown_.closed(); }

  void send(OutgoingMessage& message, runtime::Where where) {
    const Use use(*this);
    if (!writable_) throw OSError("connection is read-only");
    if (message.size() > ipc::MessageRing::kMaxBytes)
      throw ValueError("the message is larger than 2 GB");
    runtime::point(trace::Kind::pipe_send, object_);
    ipc::SharedRecord record(object_);
    const ipc::MessageRing::Sent sent =
        out_->send(message.framed(), record, {trace::Reason::pipe, &object_, where});
    record.write(trace::Kind::pipe_send, message.size(), role());
    if (sent == ipc::MessageRing::Sent::not_now) throw_closed();
    if (sent != ipc::MessageRing::Sent::yes)
      throw BrokenPipeError("the other end of the pipe is closed");
  }

  void receive(ipc::ReceivedMessage& message, std::size_t max_bytes, runtime::Where where) {
    const Use use(*this);
    if (!readable_) throw OSError("connection is write-only");
    runtime::point(trace::Kind::pipe_receive, object_);
    ipc::SharedRecord record(object_);
    const ipc::MessageRing::Received received = in_->receive(
        message, record, std::nullopt, {trace::Reason::pipe, &object_, where}, max_bytes);
    record.write(trace::Kind::pipe_receive, message.bytes().size(), other(role()));
    if (received == ipc::MessageRing::Received::no_writers) {
      throw EOFError("the other end of the pipe is closed, and no message is left");
    }
    if (received == ipc::MessageRing::Received::too_long) throw OSError("bad message length");
    if (received == ipc::MessageRing::Received::not_now) throw_closed();
  }

  bool poll(runtime::Timeout timeout, runtime::Where where) {
    const Use use(*this);
    if (!readable_) throw OSError("connection is write-only");
    runtime::point(trace::Kind::pipe_receive, object_);
    if (in_->ready()) return true;
    if (timeout && timeout->count() <= 0) return false;
    const bool ready =
        in_->poll(runtime::deadline_after(timeout), {trace::Reason::pipe, &object_, where});
    if (!ready && closed()) throw_closed();
    return ready;
  }

  bool ready() {
    const Use use(*this);
    if (!readable_) throw OSError("connection is write-only");
    return in_->ready();
  }

  void close() noexcept {
    // A use like any other: it keeps the handle, and thereby the pipe, alive.
    if (rundown_.begin()) {
      rundown_.close();
      if (readable_) in_->stop_receiving();
      if (writable_) out_->stop_sending();
    }
    if (rundown_.end()) release_handle();
  }

  void give_to(Archive& archive) {
    const Use use(*this);
    archive.handle(handle_);
  }

 private:
  // Rundown protection for the length of a call (see RundownRef): if the connection is closed
  // meanwhile, the last use to end drops the handle.
  class Use {
   public:
    explicit Use(End& end) : end_(end) {
      if (end_.rundown_.begin()) return;
      if (end_.rundown_.end()) end_.release_handle();
      throw_closed();
    }
    ~Use() {
      if (end_.rundown_.end()) end_.release_handle();
    }
    Use(const Use&) = delete;
    Use& operator=(const Use&) = delete;

   private:
    End& end_;
  };

  std::uint32_t role() const noexcept { return role_; }

  void release_handle() noexcept {
    ipc::SharedRecord record(object_);
    {
      const shared::Access access;
      record.assign_sequence();
      // The supervisor detects this too, but asynchronously: a send() that follows this close()
      // must throw BrokenPipeError.
      if (ipc::is_last(handle_)) end_is_gone(pipe_, role_);
    }
    record.write(trace::Kind::pipe_close, 0, role_);
    handle_.reset();
  }

  ipc::ObjectHandle handle_;
  const std::uint32_t role_;
  const Offset pipe_;
  const bool readable_;
  const bool writable_;
  std::optional<ipc::MessageRing> in_;   // if readable_
  std::optional<ipc::MessageRing> out_;  // if writable_
  ipc::RundownRef rundown_;
  runtime::Object object_{trace::ObjectType::pipe};
};

Connection::End& Connection::open_end() const {
  if (end_ == nullptr) throw_closed();
  return *end_;
}

void Connection::send_message(OutgoingMessage& message, runtime::Where where) {
  open_end().send(message, where);
}

void Connection::receive_message(ipc::ReceivedMessage& message, std::size_t max_bytes,
                                 runtime::Where where) {
  open_end().receive(message, max_bytes, where);
}

void Connection::send_bytes(std::span<const std::byte> bytes, runtime::Where where) {
  OutgoingMessage message(bytes);
  send_message(message, where);
}

Connection::Bytes Connection::recv_bytes(std::optional<std::size_t> maxlength,
                                         runtime::Where where) {
  ipc::ReceivedMessage message;
  receive_message(message, maxlength.value_or(ipc::MessageRing::kMaxBytes), where);
  return message.take();
}

std::size_t Connection::recv_bytes_into(std::span<std::byte> buffer, runtime::Where where) {
  ipc::ReceivedMessage message;
  receive_message(message, ipc::MessageRing::kMaxBytes, where);
  if (message.bytes().size() > buffer.size()) throw BufferTooShort(message.take());
  std::ranges::copy(message.bytes(), buffer.begin());
  return message.bytes().size();
}

bool Connection::poll(runtime::Timeout timeout, runtime::Where where) {
  return open_end().poll(timeout, where);
}

bool Connection::ready() const { return open_end().ready(); }

void Connection::close() noexcept {
  if (end_ != nullptr) end_->close();
}

bool Connection::closed() const noexcept { return end_ == nullptr || end_->closed(); }
bool Connection::readable() const noexcept { return !closed() && end_->readable(); }
bool Connection::writable() const noexcept { return !closed() && end_->writable(); }

void serialise(Archive& archive, Connection& connection) {
  if (archive.reading()) {
    ipc::ObjectHandle handle;
    archive.handle(handle);
    if (handle.ref().kind() != ipc::ObjectKind::pipe) {
      throw SerialiseError("the message refers to an object that is no connection");
    }
    connection = Connection(std::make_shared<Connection::End>(std::move(handle)));
  } else {
    connection.open_end().give_to(archive);
  }
}

std::pair<Connection, Connection> Pipe(bool duplex, const ObjectOptions& options) {
  ipc::NewObject made = ipc::create_object(ipc::ObjectKind::pipe, bytes(duplex), options, 2);
  {
    const shared::Access access;
    shared::store(made.ref.data() + kDuplex, duplex ? 1 : 0);
  }
  return {Connection(std::make_shared<Connection::End>(std::move(made.handles[kFirstEnd]))),
          Connection(std::make_shared<Connection::End>(std::move(made.handles[kSecondEnd])))};
}

}  // namespace weft::multiprocessing
