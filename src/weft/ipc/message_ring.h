#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "weft/ipc/robust_lock.h"
#include "weft/ipc/shared_record.h"
#include "weft/platform/shared.h"
#include "weft/runtime/internal/spin.h"
#include "weft/runtime/park.h"
#include "weft/runtime/time.h"

namespace weft::ipc {

/// A received message. Up to 512 bytes are stored inline, without an allocation.
class ReceivedMessage {
 public:
  std::span<const std::byte> bytes() const noexcept {
    return size_ <= sizeof small_ ? std::span(small_, size_) : std::span(large_.data(), size_);
  }

  /// Returns a buffer for a message of that many bytes.
  std::byte* resize(std::size_t size) {
    size_ = size;
    if (size <= sizeof small_) return small_;
    large_.resize(size);
    return large_.data();
  }
  /// Moves the bytes out.
  std::vector<std::byte> take() {
    if (size_ > sizeof small_) return std::move(large_);
    return std::vector<std::byte>(small_, small_ + size_);
  }

 private:
  std::size_t size_ = 0;
  alignas(16) std::byte small_[512];
  std::vector<std::byte> large_;
};

/// A bounded multi-producer multi-consumer ring buffer of length-prefixed messages in shared
/// memory. It carries one direction of a pipe, or a queue, between any threads of any processes.
/// Each end is serialised by a robust lock of its own.
///
/// Crash safety: a message is copied beyond the tail, where it is invisible, and published by
/// storing the tail; it is consumed by storing the head. Each is one word, so a process killed at
/// any instruction has sent the message or has not. A message larger than a quarter of the ring is
/// sent in fragments under the write lock; if its writer dies in between, the supervisor appends an
/// abort marker (owner-death recovery), and readers discard the fragments received so far.
///
/// A MessageRing object is a view: it does not own the memory. The handle of the enclosing object
/// must outlive it.
class MessageRing {
 public:
  using Offset = platform::shared::Offset;

  /// Positions and capacities are in units of this many bytes. A capacity is a power of 2, at most
  /// 32768.
  static constexpr std::uint32_t kUnit = 16;
  /// Maximum size of a message in bytes.
  static constexpr std::size_t kMaxBytes = 0x7fff'ffff;
  /// Bytes that a caller reserves in front of a message; the header is written there.
  static constexpr std::size_t kHeaderBytes = 8;
  using Framed = std::span<std::byte>;

  static constexpr std::uint32_t bytes(std::uint32_t capacity) { return kData + capacity * kUnit; }

  /// A view of the ring of that capacity at that offset, which was zero-initialised.
  MessageRing(Offset at, std::uint32_t capacity) noexcept;

  enum class Sent { yes, not_now, no_readers };
  enum class Received { yes, not_now, no_writers, too_long };

  /// Sends the message if that is possible without blocking. Returns not_now if the ring is full,
  /// the write lock is busy, or the message does not fit in one fragment.
  Sent try_send(Framed message, SharedRecord& record) noexcept;
  /// Sends the message. Blocks while the ring is full; returns not_now after stop_sending(). Throws
  /// Stopped.
  Sent send(Framed message, SharedRecord& record, runtime::Waiting waiting);

  /// Blocks until try_send() would find room for a message of that size. Returns false after
  /// stop_sending(), or if no reader is left. Throws Stopped.
  bool await_room(std::size_t bytes, runtime::Waiting waiting);

  /// A fragmented message in the course of being sent.
  class Stream;

  /// Cancel present and future blocking calls of this view that send (respectively receive).
  void stop_sending() noexcept;
  void stop_receiving() noexcept;

  /// Receives the next message. Blocks while the ring is empty; returns not_now once the deadline
  /// has passed, or after stop_receiving(). The deadline is ignored in the middle of a fragmented
  /// message; stop_receiving() makes the reader drop the fragments received so far. A message
  /// longer than `max_bytes` is dropped, with the result too_long. Throws Stopped.
  Received receive(ReceivedMessage& message, SharedRecord& record,
                   const runtime::Deadline& deadline, runtime::Waiting waiting,
                   std::size_t max_bytes = kMaxBytes);
  /// As `receive`, without blocking, except in the middle of a fragmented message.
  Received try_receive(ReceivedMessage& message, SharedRecord& record,
                       std::size_t max_bytes = kMaxBytes);

  /// Blocks until there is a message to receive or no writer is left, and returns true; false once
  /// the deadline has passed, and after stop_receiving(). Throws Stopped.
  bool poll(const runtime::Deadline& deadline, runtime::Waiting waiting);
  /// As `poll`, without blocking. While another thread holds the read lock: true if the ring is not
  /// empty.
  bool ready() noexcept;

  /// Number of complete messages in the ring; only a hint.
  std::uint32_t messages() const noexcept;
  /// Number of messages sent so far, modulo 2^16.
  std::uint32_t messages_sent() const noexcept { return word(kTail) & 0xffff; }
  /// The head, as SharedRecord::begin_take() is given it.
  std::uint32_t head_word() const noexcept { return word(kHead); }

  /// True if a message of that many bytes, header space included, fits in one fragment of a ring of
  /// that capacity, so that try_send() can send it.
  static constexpr bool fits_at_once(std::size_t framed, std::uint32_t capacity) {
    return units_of(framed - kHeaderBytes) <= capacity / 4;
  }

  // Called by the supervisor.

  /// No process can read (respectively write) any more. Wakes the waiters at the other end.
  static void readers_gone(Offset at) noexcept;
  static void writers_gone(Offset at) noexcept;
  /// Owner-death recovery for that process: aborts the message it was writing and releases its
  /// locks. Returns true if a message of it was aborted.
  static bool process_died(Offset at, std::uint32_t capacity, std::uint32_t number) noexcept;

 private:
  // Each end's words have a cache line of their own, against false sharing.
  static constexpr Offset kWriteLock = 0;
  static constexpr Offset kTail = 4;        // see Cursor
  static constexpr Offset kStreaming = 8;   // 1: a fragmented message is being written
  static constexpr Offset kWrittenBy = 12;  // view that wrote last; only its cached head is valid
  static constexpr Offset kViews = 16;      // number of views so far, which gives each its id
  static constexpr Offset kReadLock = 64;
  static constexpr Offset kHead = 68;      // see Cursor
  static constexpr Offset kReadBy = 72;    // view that read last; only its cached tail is valid
  static constexpr Offset kReaders = 128;  // futex word of the readers; see kHasSleepers
  static constexpr Offset kWriters = 192;  // futex word of the writers
  static constexpr Offset kData = 256;

  // Bits of the two futex words. Each is an eventcount: epoch, waiter flag and end-of-life flags.
  static constexpr std::uint32_t kHasSleepers = 1;  // waiter flag: threads may be parked on it
  static constexpr std::uint32_t kOthersGone = 2;   // no process is left at the other end
  static constexpr std::uint32_t kGone = 4;         // no process is left at this end
  static constexpr std::uint32_t kEpochUnit = 16;   // unit of the epoch, which counts wake-ups

  // A position and the number of messages that end before it, both modulo 2^16. They share one
  // word, so that they change atomically.
  class Cursor {
   public:
    explicit Cursor(std::uint32_t word) : word_(word) {}
    std::uint32_t word() const { return word_; }
    std::uint32_t position() const { return word_ >> 16; }
    Cursor after(std::uint32_t units, bool message_ends) const {
      return Cursor(((position() + units) << 16) | ((word_ + (message_ends ? 1 : 0)) & 0xffff));
    }
    std::uint32_t units_since(Cursor earlier) const {
      return (position() - earlier.position()) & 0xffff;
    }
    std::uint32_t messages_since(Cursor earlier) const { return (word_ - earlier.word_) & 0xffff; }
    bool operator==(const Cursor&) const = default;

   private:
    std::uint32_t word_;
  };

  // Precedes each fragment: the length prefix.
  struct Header {
    std::uint32_t bytes_and_flags;
    std::uint32_t message_bytes;  // size of the whole message

    std::uint32_t bytes() const { return bytes_and_flags & 0xff'ffff; }
    bool first() const { return (bytes_and_flags & kFirst) != 0; }
    bool last() const { return (bytes_and_flags & kLast) != 0; }
    bool aborted() const { return (bytes_and_flags & kAborted) != 0; }
    std::uint32_t units() const { return units_of(bytes()); }
  };
  static_assert(sizeof(Header) == kHeaderBytes);
  static constexpr std::uint32_t kFirst = 1u << 24;
  static constexpr std::uint32_t kLast = 2u << 24;
  static constexpr std::uint32_t kAborted = 4u << 24;

  static constexpr std::uint32_t units_of(std::size_t payload) {
    return static_cast<std::uint32_t>((payload + sizeof(Header) + kUnit - 1) / kUnit);
  }

  // Outcome of one attempt to receive.
  enum class Attempt {
    received,
    too_long,
    empty,
    busy,
    fragmented,
    dropped,
    no_writers,
    cancelled
  };

  // The write lock must be held.
  std::uint32_t max_units() const noexcept { return capacity_ / 4; }
  Cursor begin_to_write() noexcept;
  bool has_room(Cursor tail, std::uint32_t units) noexcept;
  Sent wait_for_room(Cursor tail, std::uint32_t units, runtime::Waiting waiting);
  void put(Cursor tail, std::uint32_t skip, const void* bytes, std::size_t count) noexcept;
  void put_whole(Cursor tail, Framed message) noexcept;
  Sent publish(Cursor after, std::uint32_t wakes) noexcept;
  void abort(Cursor tail) noexcept;

  // The read lock must be held.
  Cursor begin_to_read() noexcept;
  std::uint32_t units_available(Cursor head) noexcept;
  void copy_out(Cursor head, std::uint32_t skip, void* bytes, std::size_t count) const noexcept;
  Cursor advance(Cursor head, const Header& header) noexcept;
  Attempt read_locked(ReceivedMessage& message, SharedRecord& record, std::size_t max_bytes);
  Attempt read_fragments(ReceivedMessage& message, SharedRecord& record, std::size_t max_bytes,
                         runtime::Waiting waiting);
  bool ready_locked() noexcept;

  Attempt try_read(ReceivedMessage& message, SharedRecord& record, std::size_t max_bytes);
  Attempt read_blocking(ReceivedMessage& message, SharedRecord& record, std::size_t max_bytes,
                        const runtime::Deadline& deadline, runtime::Waiting waiting);
  bool wait_past(Cursor tail, const runtime::Deadline& deadline, runtime::Waiting waiting);
  void pass_on_wake_up() noexcept;
  static void wake_sleepers(Offset word, std::uint32_t most) noexcept;

  std::uint32_t word(Offset offset) const noexcept { return platform::shared::load(at_ + offset); }
  Cursor tail() const noexcept { return Cursor(word(kTail)); }
  Cursor head() const noexcept { return Cursor(word(kHead)); }

  const Offset at_;
  const std::uint32_t capacity_;
  const std::uint32_t view_;  // id of this view among the views of the ring
  Cursor cached_head_{0};     // guarded by the write lock
  Cursor cached_tail_{0};     // guarded by the read lock
  runtime::Spin data_spin_;
  runtime::Spin room_spin_;
  std::atomic<bool> stops_sending_{false};
  std::atomic<bool> stops_receiving_{false};
};

/// Sends a message in fragments, in two phases: the constructor writes all fragments but the last
/// and waits for room for that one; finish() publishes it without blocking, so that the message is
/// sent at one moment. Holds the write lock for its lifetime. The destructor aborts an unfinished
/// message.
class MessageRing::Stream {
 public:
  /// Blocks while the ring is full. Throws Stopped.
  Stream(MessageRing& ring, Framed message, runtime::Waiting waiting);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  /// Publishes the last fragment, or returns why the message cannot be sent.
  Sent finish(SharedRecord& record) noexcept;

 private:
  void send_all_but_last(runtime::Waiting waiting);
  void end() noexcept;
  bool at_last_fragment() const noexcept { return message_.size() - done_ <= most_; }
  std::size_t next_bytes() const noexcept { return std::min(message_.size() - done_, most_); }
  Sent put_fragment(SharedRecord& record) noexcept;

  MessageRing& ring_;
  const std::span<const std::byte> message_;
  const std::size_t most_;  // maximum payload of a fragment, in bytes
  std::size_t done_ = 0;
  Cursor tail_{0};
  Sent room_ = Sent::yes;  // whether there is room for the next fragment
};

}  // namespace weft::ipc
