#include "weft/ipc/message_ring.h"

#include <algorithm>
#include <cstring>

#include "weft/ipc/object_table.h"
#include "weft/platform/cpu.h"
#include "weft/runtime/internal/park_shared.h"

namespace weft::ipc {
namespace {

namespace shared = platform::shared;

// Prefetched in one read: the header, and the whole message if it is small.
constexpr std::uint32_t kPrefetchBytes = 128;

constexpr int kTries = 100;

// Acquires a lock that is mostly held for a few instructions only: a bounded spin, then false. The
// caller holds an Access.
bool spin_try_lock(shared::Offset word) noexcept {
  for (int i = 0; i < kTries; ++i) {
    if (robust_lock::try_acquire(word)) return true;
    platform::cpu_pause();
  }
  return false;
}

// Adopts a read or write lock that was acquired, and releases it at the end of the scope.
class Held {
 public:
  explicit Held(shared::Offset word) noexcept : word_(word) {}
  ~Held() {
    const shared::Access access;
    robust_lock::release(word_);
  }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

 private:
  const shared::Offset word_;
};

}  // namespace

MessageRing::MessageRing(Offset at, std::uint32_t capacity) noexcept
    : at_(at), capacity_(capacity), view_([at] {
        const shared::Access access;
        return shared::fetch_add(at + kViews, 1) + 1;
      }()) {}

// ---- writing

MessageRing::Cursor MessageRing::begin_to_write() noexcept {
  if (word(kWrittenBy) != view_) {
    const shared::Access access;
    shared::store(at_ + kWrittenBy, view_);
    cached_head_ = head();
  }
  return tail();
}

// One unit is reserved for an abort marker. The head is reloaded only when the cached one shows no
// room: that saves a cache-line transfer.
bool MessageRing::has_room(Cursor tail, std::uint32_t units) noexcept {
  if (tail.units_since(cached_head_) + units < capacity_) return true;
  cached_head_ = head();
  return tail.units_since(cached_head_) + units < capacity_;
}

// Returns yes once there is room, else why there never will be.
MessageRing::Sent MessageRing::wait_for_room(Cursor tail, std::uint32_t units,
                                             runtime::Waiting waiting) {
  for (;;) {
    if (has_room(tail, units)) return Sent::yes;
    const auto head_moved = [this] { return !(head() == cached_head_); };
    if ((word(kReaders) & kGone) != 0) return Sent::no_readers;
    if (room_spin_.until(head_moved)) continue;
    std::uint32_t seen = 0;
    {
      const shared::Access access;
      seen = shared::fetch_or(at_ + kWriters, kHasSleepers) | kHasSleepers;
    }
    if (head_moved()) continue;
    if ((seen & kOthersGone) != 0) return Sent::no_readers;
    if (stops_sending_.load()) return Sent::not_now;
    runtime::park_shared(at_ + kWriters, seen, std::nullopt, waiting);
  }
}

// Copies to `skip` bytes beyond the tail.
void MessageRing::put(Cursor tail, std::uint32_t skip, const void* bytes,
                      std::size_t count) noexcept {
  const std::uint32_t size = capacity_ * kUnit;
  const std::uint32_t from = (tail.position() * kUnit + skip) & (size - 1);
  const std::size_t before_end = std::min<std::size_t>(count, size - from);
  shared::write(at_ + kData + from, bytes, before_end);
  if (before_end < count) {
    shared::write(at_ + kData, static_cast<const std::byte*>(bytes) + before_end,
                  count - before_end);
  }
}

void MessageRing::put_whole(Cursor tail, Framed message) noexcept {
  const auto size = static_cast<std::uint32_t>(message.size() - kHeaderBytes);
  const Header header{size | kFirst | kLast, size};
  std::memcpy(message.data(), &header, sizeof header);
  put(tail, 0, message.data(), message.size());
}

MessageRing::Sent MessageRing::publish(Cursor after, std::uint32_t wakes) noexcept {
  shared::store(at_ + kTail, after.word());
  const std::uint32_t readers = word(kReaders);
  if ((readers & kHasSleepers) != 0) wake_sleepers(at_ + kReaders, wakes);
  announce_ready();
  return (readers & kGone) != 0 ? Sent::no_readers : Sent::yes;
}

MessageRing::Sent MessageRing::try_send(Framed message, SharedRecord& record) noexcept {
  const std::uint32_t units = units_of(message.size() - kHeaderBytes);
  if (units > max_units()) return Sent::not_now;
  const shared::Access access;
  if (!spin_try_lock(at_ + kWriteLock)) return Sent::not_now;
  const Cursor tail = begin_to_write();
  Sent sent = Sent::not_now;
  if (has_room(tail, units)) {
    put_whole(tail, message);
    record.assign_sequence();
    sent = publish(tail.after(units, true), 1);
  } else if ((word(kReaders) & kGone) != 0) {
    sent = Sent::no_readers;
  }
  robust_lock::release(at_ + kWriteLock);
  return sent;
}

MessageRing::Sent MessageRing::send(Framed message, SharedRecord& record,
                                    runtime::Waiting waiting) {
  if (!fits_at_once(message.size(), capacity_))
    return Stream(*this, message, waiting).finish(record);
  const Sent sent = try_send(message, record);
  if (sent != Sent::not_now) return sent;
  robust_lock::acquire(at_ + kWriteLock, std::nullopt, waiting);
  const Held lock(at_ + kWriteLock);
  const std::uint32_t units = units_of(message.size() - kHeaderBytes);
  const Cursor tail = begin_to_write();
  if (const Sent room = wait_for_room(tail, units, waiting); room != Sent::yes) return room;
  const shared::Access access;
  put_whole(tail, message);
  record.assign_sequence();
  return publish(tail.after(units, true), 1);
}

// Appends the abort marker: the message begun will not be finished.
void MessageRing::abort(Cursor tail) noexcept {
  const shared::Access access;
  const Header header{kAborted, 0};
  put(tail, 0, &header, sizeof header);
  publish(tail.after(header.units(), false), platform::kAllWaiters);
  shared::store(at_ + kStreaming, 0);
}

// Changes the epoch before waking. A thread between its last check and its futex wait therefore
// sees a changed word and does not park, even if another waiter has set kHasSleepers again: no lost
// wake-up.
void MessageRing::wake_sleepers(Offset word, std::uint32_t most) noexcept {
  shared::fetch_add(word, kEpochUnit);
  shared::fetch_and(word, ~kHasSleepers);
  runtime::wake_shared(word, most);
}

bool MessageRing::await_room(std::size_t bytes, runtime::Waiting waiting) {
  robust_lock::acquire(at_ + kWriteLock, std::nullopt, waiting);
  const Held lock(at_ + kWriteLock);
  return wait_for_room(begin_to_write(), units_of(bytes), waiting) == Sent::yes;
}

// A thread about to park sees the flag or, since the epoch changes after it, a changed futex word.
void MessageRing::stop_sending() noexcept {
  stops_sending_.store(true);
  const shared::Access access;
  wake_sleepers(at_ + kWriters, platform::kAllWaiters);
}

void MessageRing::stop_receiving() noexcept {
  stops_receiving_.store(true);
  const shared::Access access;
  wake_sleepers(at_ + kReaders, platform::kAllWaiters);
}

// ---- writing in pieces

MessageRing::Stream::Stream(MessageRing& ring, Framed message, runtime::Waiting waiting)
    : ring_(ring),
      message_(message.subspan(kHeaderBytes)),
      most_(ring.max_units() * kUnit - sizeof(Header)) {
  robust_lock::acquire(ring_.at_ + kWriteLock, std::nullopt, waiting);
  tail_ = ring_.begin_to_write();
  try {
    send_all_but_last(waiting);
  } catch (...) {
    end();
    throw;
  }
}

MessageRing::Stream::~Stream() { end(); }

void MessageRing::Stream::send_all_but_last(runtime::Waiting waiting) {
  for (;;) {
    room_ = ring_.wait_for_room(tail_, units_of(next_bytes()), waiting);
    if (room_ != Sent::yes || at_last_fragment()) return;
    SharedRecord nothing;
    room_ = put_fragment(nothing);
    if (room_ != Sent::yes) return;
  }
}

MessageRing::Sent MessageRing::Stream::finish(SharedRecord& record) noexcept {
  if (room_ != Sent::yes) return room_;
  const shared::Access access;
  const Sent sent = put_fragment(record);
  shared::store(ring_.at_ + kStreaming, 0);
  return sent;
}

MessageRing::Sent MessageRing::Stream::put_fragment(SharedRecord& record) noexcept {
  const std::size_t count = next_bytes();
  const bool last = at_last_fragment();
  const Header header{
      static_cast<std::uint32_t>(count) | (done_ == 0 ? kFirst : 0) | (last ? kLast : 0),
      static_cast<std::uint32_t>(message_.size())};
  const shared::Access access;
  if (done_ == 0) shared::store(ring_.at_ + kStreaming, 1);
  ring_.put(tail_, 0, &header, sizeof header);
  ring_.put(tail_, sizeof header, message_.data() + done_, count);
  if (last) record.assign_sequence();
  tail_ = tail_.after(header.units(), last);
  done_ += count;
  // Wakes all readers: the one that waits for the next fragment is not the only one parked there.
  return ring_.publish(tail_, platform::kAllWaiters);
}

void MessageRing::Stream::end() noexcept {
  const shared::Access access;
  if (done_ != 0 && done_ != message_.size()) ring_.abort(tail_);
  robust_lock::release(ring_.at_ + kWriteLock);
}

// ---- reading

MessageRing::Cursor MessageRing::begin_to_read() noexcept {
  if (word(kReadBy) != view_) {
    const shared::Access access;
    shared::store(at_ + kReadBy, view_);
    cached_tail_ = tail();
  }
  return head();
}

std::uint32_t MessageRing::units_available(Cursor head) noexcept {
  if (cached_tail_ == head) cached_tail_ = tail();
  return cached_tail_.units_since(head);
}

void MessageRing::copy_out(Cursor head, std::uint32_t skip, void* bytes,
                           std::size_t count) const noexcept {
  const std::uint32_t size = capacity_ * kUnit;
  const std::uint32_t from = (head.position() * kUnit + skip) & (size - 1);
  const std::size_t before_end = std::min<std::size_t>(count, size - from);
  shared::read(bytes, at_ + kData + from, before_end);
  if (before_end < count) {
    shared::read(static_cast<std::byte*>(bytes) + before_end, at_ + kData, count - before_end);
  }
}

// Consumes a fragment, which frees its space.
MessageRing::Cursor MessageRing::advance(Cursor head, const Header& header) noexcept {
  const Cursor after = head.after(header.units(), header.last());
  shared::store(at_ + kHead, after.word());
  if ((word(kWriters) & kHasSleepers) != 0) {
    wake_sleepers(at_ + kWriters, platform::kAllWaiters);
  }
  return after;
}

// The caller holds an Access.
MessageRing::Attempt MessageRing::read_locked(ReceivedMessage& message, SharedRecord& record,
                                              std::size_t max_bytes) {
  Cursor head = begin_to_read();
  for (;;) {
    const std::uint32_t units = units_available(head);
    if (units == 0) return Attempt::empty;
    alignas(kUnit) std::byte prefetched[kPrefetchBytes];
    const std::size_t prefetched_bytes = std::min(kPrefetchBytes, units * kUnit);
    copy_out(head, 0, prefetched, prefetched_bytes);
    Header header;
    std::memcpy(&header, prefetched, sizeof header);
    if (header.first() && !header.last()) return Attempt::fragmented;
    if (header.first()) {
      const std::size_t size = header.bytes();
      if (size > max_bytes) {
        advance(head, header);
        return Attempt::too_long;
      }
      std::byte* const bytes = message.resize(size);
      const std::size_t at_hand = std::min(size, prefetched_bytes - sizeof header);
      std::memcpy(bytes, prefetched + sizeof header, at_hand);
      if (at_hand < size) {
        copy_out(head, static_cast<std::uint32_t>(sizeof header + at_hand), bytes + at_hand,
                 size - at_hand);
      }
      record.begin_take(head.word());
      record.assign_sequence();
      advance(head, header);
      record.end_take();
      return Attempt::received;
    }
    // A remaining fragment, or the abort marker, of a message whose reader or writer died.
    head = advance(head, header);
  }
}

// The fast path of receiving: never blocks. Returns busy if the read lock is contended.
MessageRing::Attempt MessageRing::try_read(ReceivedMessage& message, SharedRecord& record,
                                           std::size_t max_bytes) {
  const shared::Access access;
  if (!spin_try_lock(at_ + kReadLock)) return Attempt::busy;
  const Held lock(at_ + kReadLock);
  return read_locked(message, record, max_bytes);
}

// Receives a fragmented message. The caller holds the read lock, but no Access, since this may
// block.
MessageRing::Attempt MessageRing::read_fragments(ReceivedMessage& message, SharedRecord& record,
                                                 std::size_t max_bytes, runtime::Waiting waiting) {
  Cursor head = begin_to_read();
  std::byte* bytes = nullptr;
  std::size_t size = 0;
  std::size_t done = 0;
  for (;;) {
    while (units_available(head) == 0) {
      if ((word(kReaders) & kOthersGone) != 0 && tail() == head) {
        const shared::Access access;
        if (done != 0) record.undo_take();
        return Attempt::no_writers;
      }
      if (stops_receiving_.load()) return Attempt::cancelled;
      wait_past(head, std::nullopt, waiting);
    }
    const shared::Access access;
    Header header;
    copy_out(head, 0, &header, sizeof header);
    if (done == 0) {
      size = header.message_bytes;
      if (size <= max_bytes) bytes = message.resize(size);
    } else if (header.first() || header.aborted() || header.bytes() > size - done) {
      record.undo_take();
      return Attempt::dropped;  // aborted; its fragments are skipped
    }
    if (bytes != nullptr) copy_out(head, sizeof header, bytes + done, header.bytes());
    // Consuming the first fragment takes the message: no other reader can receive it any more.
    const bool leaves = done == 0;
    if (leaves) record.begin_take(head.word());
    done += header.bytes();
    if (header.last() && bytes != nullptr) record.assign_sequence();
    head = advance(head, header);
    if (leaves) record.end_take();
    if (header.last()) return bytes != nullptr ? Attempt::received : Attempt::too_long;
  }
}

// The slow path of receiving: blocks for the read lock, and for the fragments of a message.
MessageRing::Attempt MessageRing::read_blocking(ReceivedMessage& message, SharedRecord& record,
                                                std::size_t max_bytes,
                                                const runtime::Deadline& deadline,
                                                runtime::Waiting waiting) {
  if (!robust_lock::acquire(at_ + kReadLock, deadline, waiting)) return Attempt::empty;
  const Held lock(at_ + kReadLock);
  Attempt result = Attempt::empty;
  {
    const shared::Access access;
    result = read_locked(message, record, max_bytes);
  }
  return result == Attempt::fragmented ? read_fragments(message, record, max_bytes, waiting)
                                       : result;
}

// Spin-then-park until the tail moves. Returns true if it may have moved or no writer is left,
// false if the deadline passed. The waiter sets kHasSleepers and then rechecks the tail; publish()
// stores the tail and then checks kHasSleepers: the store-load (Dekker) pattern rules out a lost
// wake-up.
bool MessageRing::wait_past(Cursor seen_tail, const runtime::Deadline& deadline,
                            runtime::Waiting waiting) {
  const auto moved = [this, seen_tail] { return !(tail() == seen_tail); };
  if (data_spin_.until(moved)) return true;
  std::uint32_t seen = 0;
  {
    const shared::Access access;
    seen = shared::fetch_or(at_ + kReaders, kHasSleepers) | kHasSleepers;
  }
  if (moved() || (seen & kOthersGone) != 0 || stops_receiving_.load()) return true;
  bool in_time = true;
  try {
    in_time = runtime::park_shared(at_ + kReaders, seen, deadline, waiting);
  } catch (...) {
    pass_on_wake_up();
    throw;
  }
  pass_on_wake_up();
  return in_time;
}

// Passes a wake-up on. One message wakes one reader and clears kHasSleepers, although more readers
// may be parked, and this thread may have been woken in place of another. So it sets the flag again
// for the next publish(), and wakes one more reader if the ring is not empty.
void MessageRing::pass_on_wake_up() noexcept {
  const shared::Access access;
  shared::fetch_or(at_ + kReaders, kHasSleepers);
  if (!(tail() == head())) wake_sleepers(at_ + kReaders, 1);
}

MessageRing::Received MessageRing::receive(ReceivedMessage& message, SharedRecord& record,
                                           const runtime::Deadline& deadline,
                                           runtime::Waiting waiting, std::size_t max_bytes) {
  bool in_time = true;
  for (;;) {
    const Cursor seen_tail = tail();
    const bool no_writers = (word(kReaders) & kOthersGone) != 0;
    Attempt result = try_read(message, record, max_bytes);
    if (result == Attempt::busy || result == Attempt::fragmented) {
      result = read_blocking(message, record, max_bytes, deadline, waiting);
    }
    switch (result) {
      case Attempt::received: return Received::yes;
      case Attempt::too_long: return Received::too_long;
      case Attempt::no_writers: return Received::no_writers;
      case Attempt::dropped: continue;
      default: break;
    }
    if (no_writers && tail() == head()) return Received::no_writers;
    if (!in_time || stops_receiving_.load()) return Received::not_now;
    in_time = wait_past(seen_tail, deadline, waiting);
  }
}

MessageRing::Received MessageRing::try_receive(ReceivedMessage& message, SharedRecord& record,
                                               std::size_t max_bytes) {
  const bool no_writers = (word(kReaders) & kOthersGone) != 0;
  Attempt result = Attempt::dropped;
  while (result == Attempt::dropped) {
    result = try_read(message, record, max_bytes);
    if (result == Attempt::fragmented) {
      result = read_blocking(message, record, max_bytes, std::nullopt, {trace::Reason::pipe});
    }
  }
  switch (result) {
    case Attempt::received: return Received::yes;
    case Attempt::too_long: return Received::too_long;
    case Attempt::no_writers: return Received::no_writers;
    default: return no_writers && tail() == head() ? Received::no_writers : Received::not_now;
  }
}

// True if the message at the head can still be completed. Consumes leftovers of dead processes. The
// caller holds an Access.
bool MessageRing::ready_locked() noexcept {
  Cursor head = begin_to_read();
  Header header;
  for (;;) {
    if (units_available(head) == 0) return false;
    copy_out(head, 0, &header, sizeof header);
    if (header.first()) break;
    head = advance(head, header);
  }
  if (header.last()) return true;
  // Fragmented: an abort marker may follow.
  cached_tail_ = tail();
  for (Cursor next = head.after(header.units(), header.last()); !(next == cached_tail_);
       next = next.after(header.units(), header.last())) {
    copy_out(next, 0, &header, sizeof header);
    if (header.last()) return true;
    if (header.aborted() || header.first()) {
      // No reader is in the middle of it, so its fragments can be dropped here.
      while (!(head == next)) {
        copy_out(head, 0, &header, sizeof header);
        head = advance(head, header);
      }
      return ready_locked();
    }
  }
  return true;
}

// The flag is read before the ring: once it is set, nothing more is sent.
bool MessageRing::ready() noexcept {
  const bool no_writers = (word(kReaders) & kOthersGone) != 0;
  const shared::Access access;
  if (!robust_lock::try_acquire(at_ + kReadLock)) return no_writers || !(tail() == head());
  const Held lock(at_ + kReadLock);
  return ready_locked() || no_writers;
}

bool MessageRing::poll(const runtime::Deadline& deadline, runtime::Waiting waiting) {
  bool in_time = true;
  for (;;) {
    const Cursor seen_tail = tail();
    const bool no_writers = (word(kReaders) & kOthersGone) != 0;
    if (robust_lock::acquire(at_ + kReadLock, deadline, waiting)) {
      const Held lock(at_ + kReadLock);
      const shared::Access access;
      if (ready_locked() || no_writers) return true;
    }
    if (!in_time || stops_receiving_.load()) return false;
    in_time = wait_past(seen_tail, deadline, waiting);
  }
}

std::uint32_t MessageRing::messages() const noexcept {
  const Cursor head = this->head();
  return tail().messages_since(head);
}

// ---- the supervisor

void MessageRing::readers_gone(Offset at) noexcept {
  const shared::Access access;
  shared::fetch_or(at + kReaders, kGone);
  shared::fetch_or(at + kWriters, kOthersGone);
  wake_sleepers(at + kWriters, platform::kAllWaiters);
}

void MessageRing::writers_gone(Offset at) noexcept {
  const shared::Access access;
  shared::fetch_or(at + kReaders, kOthersGone);
  wake_sleepers(at + kReaders, platform::kAllWaiters);
}

bool MessageRing::process_died(Offset at, std::uint32_t capacity, std::uint32_t number) noexcept {
  const shared::Access access;
  bool unfinished = false;
  if (robust_lock::is_held_by(at + kWriteLock, number) && shared::load(at + kStreaming) != 0) {
    MessageRing ring(at, capacity);
    ring.abort(ring.tail());
    unfinished = true;
  }
  robust_lock::recover_from_owner_death(at + kWriteLock, number);
  robust_lock::recover_from_owner_death(at + kReadLock, number);
  wake_sleepers(at + kReaders, platform::kAllWaiters);
  wake_sleepers(at + kWriters, platform::kAllWaiters);
  return unfinished;
}

}  // namespace weft::ipc
