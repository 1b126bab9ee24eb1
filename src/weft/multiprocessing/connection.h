#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "weft/multiprocessing/errors.h"
#include "weft/multiprocessing/message.h"
#include "weft/multiprocessing/object_table.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"

namespace weft::multiprocessing {

/// One end of a pipe. Messages arrive whole, in the order of sending, each exactly once. Any number of
/// threads and processes may use the same end at the same time.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.connection.Connection
///
/// | the other end                          | send            | recv                                |
/// | -------------------------------------- | --------------- | ----------------------------------- |
/// | is open in some process                | ok, may block   | a message, or blocks                |
/// | was closed in all, messages are left   | BrokenPipeError | a message                           |
/// | was closed in all, nothing is left     | BrokenPipeError | EOFError                            |
///
/// A pipe has room for 64 kB each way; whoever sends more waits until it is received. A process that is
/// killed half way through a message has not sent it; one that is killed half way through receiving a
/// message has not received it, unless it is one of more than 16 kB, which is lost then.
///
/// Copies are the same connection: closing one closes them all. It can be sent to another process, which
/// then has the same end open, too. The end is closed in a process when the last connection to it is
/// closed or gone, or when the process ends, however it does.
class Connection {
 public:
  /// Of what it can be received.
  using Bytes = multiprocessing::Bytes;

  /// A closed one; something to receive into.
  Connection() = default;

  /// Sends the value. Blocks while there is no room. Throws OSError if the connection is closed or only
  /// for reading, BrokenPipeError if nobody has the other end any more, ValueError if the message is larger than
  /// 2 GB.
  template <Sendable T>
  void send(const T& value, runtime::Where where = runtime::Where::current()) {
    OutgoingMessage message(value);
    send_message(message, where);
  }

  /// Receives a value, which has to be what was sent. Blocks until there is one. Throws EOFError if
  /// there is nothing left and nobody has the other end any more, OSError if the connection is closed or
  /// only for writing, SerialiseError if what came is no T.
  template <Sendable T>
  T recv(runtime::Where where = runtime::Where::current()) {
    Incoming message;
    receive_message(message, Ring::kMostBytes, where);
    return from_bytes<T>(message.bytes());
  }

  /// As `send`, of bytes as they are.
  void send_bytes(std::span<const std::byte> bytes,
                  runtime::Where where = runtime::Where::current());

  /// As `recv`, of bytes as they are. A message that has more than `maxlength` of them is dropped, and
  /// OSError thrown.
  Bytes recv_bytes(std::optional<std::size_t> maxlength = std::nullopt,
                   runtime::Where where = runtime::Where::current());

  /// As `recv_bytes`, into a buffer; returns how many there were. Throws BufferTooShort if the message
  /// has more than the buffer.
  std::size_t recv_bytes_into(std::span<std::byte> buffer,
                              runtime::Where where = runtime::Where::current());

  /// True if recv() would not block: there is something to receive, or nobody has the other end any more.
  /// Blocks until there is, but not longer than `timeout`; none: for ever. Throws OSError if it is closed
  /// or only for writing.
  bool poll(runtime::Timeout timeout = std::chrono::nanoseconds(0),
            runtime::Where where = runtime::Where::current());

  /// As poll(), without waiting: connections can be waited for by wait(), together with processes.
  bool ready() const;

  /// Closes it; may be repeated. What was sent can still be received. Those of the process's threads that
  /// wait in it get OSError.
  void close() noexcept;
  bool closed() const noexcept;
  bool readable() const noexcept;
  bool writable() const noexcept;

  /// True for copies of the same.
  friend bool operator==(const Connection&, const Connection&) noexcept = default;

  friend void serialise(Archive& archive, Connection& connection);

 private:
  friend std::pair<Connection, Connection> Pipe(bool duplex, std::string_view name);

  class End;

  explicit Connection(std::shared_ptr<End> end) noexcept : end_(std::move(end)) {}

  End& open_end() const;
  void send_message(OutgoingMessage& message, runtime::Where where);
  void receive_message(Incoming& message, std::size_t most_bytes, runtime::Where where);

  std::shared_ptr<End> end_;  // null: closed from the start
};

/// The two ends of a new pipe. If it is not `duplex`, the first only receives and the second only sends.
/// Throws RuntimeError if there is no room for it in the memory that processes share.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.Pipe
///
/// Example:
///     auto [parent, child] = Pipe();
///     Process process(greet, child);
///     process.start();
///     child.close();          // or recv() would not see the end when the process ends
///     parent.recv<std::string>();
std::pair<Connection, Connection> Pipe(bool duplex = true, std::string_view name = {});

}  // namespace weft::multiprocessing
