#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "weft/multiprocessing/robust_lock.h"
#include "weft/multiprocessing/shared_note.h"
#include "weft/platform/shared.h"
#include "weft/runtime/park.h"
#include "weft/runtime/spin.h"
#include "weft/runtime/time.h"

namespace weft::multiprocessing {

/// A message that was received.
class Incoming {
 public:
  std::span<const std::byte> bytes() const noexcept {
    return size_ <= sizeof small_ ? std::span(small_, size_) : std::span(large_.data(), size_);
  }

  /// Room for a message of that many bytes.
  std::byte* resize(std::size_t size) {
    size_ = size;
    if (size <= sizeof small_) return small_;
    large_.resize(size);
    return large_.data();
  }
  /// Moves it out.
  std::vector<std::byte> take() {
    if (size_ > sizeof small_) return std::move(large_);
    return std::vector<std::byte>(small_, small_ + size_);
  }

 private:
  std::size_t size_ = 0;
  alignas(16) std::byte small_[512];
  std::vector<std::byte> large_;
};

/// One direction in which messages go from process to process: a ring of bytes in the shared memory,
/// which any number of threads of any processes may write to and read from.
///
/// A message is written behind the tail, where nobody looks, and is there when the tail is stored: one
/// word, so that a process killed at any instruction has sent it or has not. It is gone when the head is
/// stored. Messages too large for that go in fragments, under the lock of the writing side; when the
/// writer ends half way, the kernel appends a fragment that says so, and readers drop what they have.
///
/// A ring in a process is a view: it holds nothing, and is to be used by handles of the object that it is
/// part of.
class Ring {
 public:
  using Offset = platform::shared::Offset;

  /// Positions are counted in units of this many bytes, as are capacities: powers of 2, at most 32768.
  static constexpr std::uint32_t kUnit = 16;
  /// A message has no more bytes than this.
  static constexpr std::size_t kMostBytes = 0x7fff'ffff;
  /// A message that is sent has so many bytes of room in front, where a header is written.
  static constexpr std::size_t kRoom = 8;
  using Framed = std::span<std::byte>;

  static constexpr std::uint32_t bytes(std::uint32_t capacity) { return kData + capacity * kUnit; }

  /// A view of the ring of that capacity that lies there; it was made of zeros.
  Ring(Offset at, std::uint32_t capacity) noexcept;

  enum class Sent { yes, not_now, nobody_reads };
  enum class Received { yes, not_now, nobody_writes, too_long };

  /// Sends the message if that can be done without waiting, or says why not.
  Sent try_send(Framed message, SharedNote& note) noexcept;
  /// Sends the message. Blocks while there is no room; returns not_now after stop_sending(). Throws Stopped.
  Sent send(Framed message, SharedNote& note, runtime::Waiting waiting);

  /// Blocks while try_send() of a message of that size would not find room. False after stop_sending(),
  /// and when nobody reads any more. Throws Stopped.
  bool await_room(std::size_t bytes, runtime::Waiting waiting);

  /// A message that goes in several pieces, while it is sent.
  class Stream;

  /// Whoever waits in this view until he can send, or receive, gives up, and so does who would wait later.
  void stop_sending() noexcept;
  void stop_receiving() noexcept;

  /// Receives the next message. Blocks until there is one, or returns not_now once the deadline
  /// has passed, which it does not look at in the middle of a message, or after stop_receiving(): half a
  /// message is dropped then. A message of more than `most_bytes` is dropped. Throws Stopped.
  Received receive(Incoming& message, SharedNote& note, const runtime::Deadline& deadline,
                   runtime::Waiting waiting, std::size_t most_bytes = kMostBytes);
  /// As `receive`, if that can be done without waiting.
  Received try_receive(Incoming& message, SharedNote& note, std::size_t most_bytes = kMostBytes);

  /// Blocks until there is something to receive, or nobody writes any more, and returns true; false if
  /// the deadline passed first, and after stop_receiving(). Throws Stopped.
  bool poll(const runtime::Deadline& deadline, runtime::Waiting waiting);
  /// As `poll`, without waiting. While somebody else reads: whether there is anything.
  bool ready() noexcept;

  /// Messages that are there completely; only a hint.
  std::uint32_t messages() const noexcept;
  /// Messages that were sent so far, modulo 2^16.
  std::uint32_t messages_sent() const noexcept { return word(kTail) & 0xffff; }
  /// Where the next message is received, as SharedNote::begin_to_take() is told.
  std::uint32_t place() const noexcept { return word(kHead); }

  /// True if a message of so many bytes, with the room in front, goes in one piece through a ring of that
  /// capacity: then try_send() can send it.
  static constexpr bool fits_at_once(std::size_t framed, std::uint32_t capacity) {
    return units_of(framed - kRoom) <= capacity / 4;
  }

  // By the kernel.

  /// Nobody can read, or write, any more. Wakes those who wait for that.
  static void readers_gone(Offset at) noexcept;
  static void writers_gone(Offset at) noexcept;
  /// That process has ended. Frees what it held. Returns true if a message of it stays unfinished.
  static bool process_died(Offset at, std::uint32_t capacity, std::uint32_t number) noexcept;

 private:
  // Each side's words in a cache line of their own.
  static constexpr Offset kWriteLock = 0;
  static constexpr Offset kTail = 4;        // see Place
  static constexpr Offset kStreaming = 8;   // 1: in the middle of a message
  static constexpr Offset kWrittenBy = 12;  // the view that wrote last: it knows the head
  static constexpr Offset kViews = 16;      // counts them
  static constexpr Offset kReadLock = 64;
  static constexpr Offset kHead = 68;       // see Place
  static constexpr Offset kReadBy = 72;     // the view that read last: it knows the tail
  static constexpr Offset kReaders = 128;   // see kSleeps; what readers sleep on
  static constexpr Offset kWriters = 192;   // … and what writers sleep on
  static constexpr Offset kData = 256;

  // Bits of the last two.
  static constexpr std::uint32_t kSleeps = 1;     // somebody may sleep on it
  static constexpr std::uint32_t kOthersGone = 2;  // nobody is left on the other side
  static constexpr std::uint32_t kGone = 4;        // nobody is left on this side
  static constexpr std::uint32_t kTurn = 16;       // from here up: counts how often sleepers were woken

  // A position, and how many messages ended before it: both count on and begin again at 2^16. In one
  // word, so that they change at the same moment.
  class Place {
   public:
    explicit Place(std::uint32_t word) : word_(word) {}
    std::uint32_t word() const { return word_; }
    std::uint32_t position() const { return word_ >> 16; }
    Place after(std::uint32_t units, bool message_ends) const {
      return Place(((position() + units) << 16) | ((word_ + (message_ends ? 1 : 0)) & 0xffff));
    }
    std::uint32_t units_since(Place earlier) const {
      return (position() - earlier.position()) & 0xffff;
    }
    std::uint32_t messages_since(Place earlier) const { return (word_ - earlier.word_) & 0xffff; }
    bool operator==(const Place&) const = default;

   private:
    std::uint32_t word_;
  };

  // In front of each fragment.
  struct Header {
    std::uint32_t bytes_and_flags;
    std::uint32_t message_bytes;  // of the whole message

    std::uint32_t bytes() const { return bytes_and_flags & 0xff'ffff; }
    bool first() const { return (bytes_and_flags & kFirst) != 0; }
    bool last() const { return (bytes_and_flags & kLast) != 0; }
    bool aborted() const { return (bytes_and_flags & kAborted) != 0; }
    std::uint32_t units() const { return units_of(bytes()); }
  };
  static_assert(sizeof(Header) == kRoom);
  static constexpr std::uint32_t kFirst = 1u << 24;
  static constexpr std::uint32_t kLast = 2u << 24;
  static constexpr std::uint32_t kAborted = 4u << 24;

  static constexpr std::uint32_t units_of(std::size_t payload) {
    return static_cast<std::uint32_t>((payload + sizeof(Header) + kUnit - 1) / kUnit);
  }

  // What came of a look at what is there to read.
  enum class Look { received, too_long, empty, busy, in_fragments, dropped, nobody_writes, given_up };

  // With the write lock.
  std::uint32_t most_units() const noexcept { return capacity_ / 4; }
  Place begin_to_write() noexcept;
  bool has_room(Place tail, std::uint32_t units) noexcept;
  Sent wait_for_room(Place tail, std::uint32_t units, runtime::Waiting waiting);
  void put(Place tail, std::uint32_t skip, const void* bytes, std::size_t count) noexcept;
  void put_whole(Place tail, Framed message) noexcept;
  Sent publish(Place after, std::uint32_t wakes) noexcept;
  void abort(Place tail) noexcept;

  // With the read lock.
  Place begin_to_read() noexcept;
  std::uint32_t units_there(Place head) noexcept;
  void copy_out(Place head, std::uint32_t skip, void* bytes, std::size_t count) const noexcept;
  Place advance(Place head, const Header& header) noexcept;
  Look look_locked(Incoming& message, SharedNote& note, std::size_t most_bytes);
  Look take_fragments(Incoming& message, SharedNote& note, std::size_t most_bytes,
                      runtime::Waiting waiting);
  bool ready_locked() noexcept;

  Look look(Incoming& message, SharedNote& note, std::size_t most_bytes);
  Look look_patiently(Incoming& message, SharedNote& note, std::size_t most_bytes,
                      const runtime::Deadline& deadline, runtime::Waiting waiting);
  bool wait_beyond(Place tail, const runtime::Deadline& deadline, runtime::Waiting waiting);
  void pass_on() noexcept;
  static void wake_sleepers(Offset word, std::uint32_t most) noexcept;

  std::uint32_t word(Offset offset) const noexcept { return platform::shared::load(at_ + offset); }
  Place tail() const noexcept { return Place(word(kTail)); }
  Place head() const noexcept { return Place(word(kHead)); }

  const Offset at_;
  const std::uint32_t capacity_;
  const std::uint32_t view_;  // tells this view of the ring from all others
  Place seen_head_{0};  // guarded by the write lock
  Place seen_tail_{0};  // guarded by the read lock
  runtime::Spin data_spin_;
  runtime::Spin room_spin_;
  std::atomic<bool> stops_sending_{false};
  std::atomic<bool> stops_receiving_{false};
};

/// Sends all of the message but its last piece, for which there is room then, so that `finish` sends the
/// message at one moment. Nobody else sends as long as it lives; what was not finished is dropped.
class Ring::Stream {
 public:
  /// Blocks while there is no room. Throws Stopped.
  Stream(Ring& ring, Framed message, runtime::Waiting waiting);
  ~Stream();
  Stream(const Stream&) = delete;
  Stream& operator=(const Stream&) = delete;

  /// Sends the last piece, or says why the message can't be sent.
  Sent finish(SharedNote& note) noexcept;

 private:
  void send_beginning(runtime::Waiting waiting);
  void end() noexcept;
  bool at_last_piece() const noexcept { return message_.size() - done_ <= most_; }
  std::size_t next_bytes() const noexcept { return std::min(message_.size() - done_, most_); }
  Sent put_piece(SharedNote& note) noexcept;

  Ring& ring_;
  const std::span<const std::byte> message_;
  const std::size_t most_;  // bytes of it in a piece
  std::size_t done_ = 0;
  Place tail_{0};
  Sent room_ = Sent::yes;  // whether there is for the next piece
};

}  // namespace weft::multiprocessing
