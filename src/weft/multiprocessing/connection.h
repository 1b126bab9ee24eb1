#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "weft/ipc/object_table.h"
#include "weft/multiprocessing/archive.h"
#include "weft/multiprocessing/errors.h"
#include "weft/multiprocessing/internal/message.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"

namespace weft::multiprocessing {

/// One end of a pipe. Messages are delivered whole, in FIFO order, each exactly once; a send
/// happens before the return of the recv that delivers its message. Any number of threads and
/// processes may use the same end concurrently.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.connection.Connection
///
/// | the other end                      | send            | recv                 |
/// | ---------------------------------- | --------------- | -------------------- |
/// | is open in some process            | ok, may block   | a message, or blocks |
/// | is closed in all, messages remain  | BrokenPipeError | a message            |
/// | is closed in all, none remain      | BrokenPipeError | EOFError             |
///
/// A pipe buffers 64 kB in each direction; a full pipe blocks its senders (back-pressure). A
/// message whose sender is killed before the send completes is not sent. A message whose receiver
/// is killed before the receive completes stays in the pipe, unless it is larger than 16 kB: then
/// it is lost.
///
/// A value with reference semantics: copies refer to the same end, and closing one closes them all.
/// A connection can be sent to another process, where the end is then open too. The end is closed
/// in a process when its last connection to it is closed or destroyed, or when the process ends in
/// any way.
///
/// Example:
///     auto [reader, writer] = Pipe(false);
///     writer.send(std::string("hello"));
///     reader.recv<std::string>();   // "hello"
class Connection {
 public:
  using Bytes = multiprocessing::Bytes;

  /// A closed connection: the default-constructed object that a receive assigns to.
  Connection() = default;

  /// Sends the value. Blocks while the pipe is full. Throws OSError if the connection is closed or
  /// read-only, BrokenPipeError if the other end is closed in all processes, ValueError if the
  /// message is larger than 2 GB; Stopped if the run is stopped.
  template <Sendable T>
  void send(const T& value, runtime::Where where = runtime::Where::current()) {
    OutgoingMessage message(value);
    send_message(message, where);
  }

  /// Receives a value of the type that was sent. Blocks until there is one. Throws EOFError if the
  /// pipe is empty and the other end is closed in all processes, OSError if the connection is
  /// closed or write-only, SerialiseError if the message does not deserialise as a T; Stopped if
  /// the run is stopped.
  template <Sendable T>
  T recv(runtime::Where where = runtime::Where::current()) {
    ipc::ReceivedMessage message;
    receive_message(message, ipc::MessageRing::kMaxBytes, where);
    return from_bytes<T>(message.bytes());
  }

  /// As `send`, without serialisation.
  void send_bytes(std::span<const std::byte> bytes,
                  runtime::Where where = runtime::Where::current());

  /// As `recv`, without deserialisation. A message longer than `maxlength` bytes is dropped, and
  /// OSError is thrown.
  Bytes recv_bytes(std::optional<std::size_t> maxlength = std::nullopt,
                   runtime::Where where = runtime::Where::current());

  /// As `recv_bytes`, into a buffer; returns the number of bytes. Throws BufferTooShort, which
  /// holds the message, if it is longer than the buffer.
  std::size_t recv_bytes_into(std::span<std::byte> buffer,
                              runtime::Where where = runtime::Where::current());

  /// True if recv() would not block: there is a message, or the other end is closed in all
  /// processes. Blocks until then, at most for `timeout`: by default it does not block, nullopt
  /// means no limit. Throws OSError if the connection is closed or write-only; Stopped if the run
  /// is stopped.
  bool poll(runtime::Timeout timeout = std::chrono::nanoseconds(0),
            runtime::Where where = runtime::Where::current());

  /// As poll(), never blocking. wait() (see wait.h) uses it to wait for several connections and
  /// processes.
  bool ready() const;

  /// Closes the connection; may be repeated. Messages already sent can still be received. Threads
  /// of this process that block in it get OSError. Does not block.
  void close() noexcept;
  bool closed() const noexcept;
  bool readable() const noexcept;
  bool writable() const noexcept;

  /// True for copies of the same connection.
  friend bool operator==(const Connection&, const Connection&) noexcept = default;

  friend void serialise(Archive& archive, Connection& connection);

 private:
  friend std::pair<Connection, Connection> Pipe(bool duplex, const ObjectOptions& options);

  class End;

  explicit Connection(std::shared_ptr<End> end) noexcept : end_(std::move(end)) {}

  End& open_end() const;
  void send_message(OutgoingMessage& message, runtime::Where where);
  void receive_message(ipc::ReceivedMessage& message, std::size_t max_bytes, runtime::Where where);

  std::shared_ptr<End> end_;  // null: closed from the start
};

/// Creates a pipe and returns its two ends. Unless `duplex`, the first is read-only and the second
/// write-only. Throws RuntimeError if there is no room for it in the shared memory.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.Pipe
///
/// Example:
///     inline const Entry greet("Pipe.greet", [](Connection to) { to.send(std::string("hi")); });
///     auto [parent, child] = Pipe();
///     Process process(greet, child);
///     process.start();
///     child.close();   // or recv() would not throw EOFError after the process has ended
///     parent.recv<std::string>();   // "hi"
std::pair<Connection, Connection> Pipe(bool duplex = true, const ObjectOptions& options = {});
inline std::pair<Connection, Connection> Pipe(bool duplex, Name auto name) {
  return Pipe(duplex, ObjectOptions{.name = std::move(name)});
}

}  // namespace weft::multiprocessing
