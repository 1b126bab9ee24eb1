#include "weft/multiprocessing/ring.h"

#include <algorithm>
#include <cstring>

#include "weft/multiprocessing/object_table.h"
#include "weft/platform/cpu.h"
#include "weft/runtime/park_shared.h"

namespace weft::multiprocessing {
namespace {

namespace shared = platform::shared;

// Prefetched in one read: the header, and the whole message if it is small.
constexpr std::uint32_t kGlance = 128;

constexpr int kTries = 100;

// Acquires a lock that is mostly held for a few instructions only: a bounded spin, then false. The
// caller holds an Access.
bool take_soon(shared::Offset word) noexcept {
  for (int i = 0; i < kTries; ++i) {
    if (robust_lock::try_take(word)) return true;
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
    robust_lock::give_back(word_);
  }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

 private:
  const shared::Offset word_;
};

}  // namespace

Ring::Ring(Offset at, std::uint32_t capacity) noexcept
    : at_(at), capacity_(capacity), view_([at] {
        const shared::Access access;
        return shared::fetch_add(at + kViews, 1) + 1;
      }()) {}

// ---- writing

Ring::Place Ring::begin_to_write() noexcept {
  if (word(kWrittenBy) != view_) {
    const shared::Access access;
    shared::store(at_ + kWrittenBy, view_);
    seen_head_ = head();
  }
  return tail();
}

// One unit is reserved for an abort marker. The head is reloaded only when the cached one shows no
// room: that saves a cache-line transfer.
bool Ring::has_room(Place tail, std::uint32_t units) noexcept {
  if (tail.units_since(seen_head_) + units < capacity_) return true;
  seen_head_ = head();
  return tail.units_since(seen_head_) + units < capacity_;
}

// Returns yes once there is room, else why there never will be.
Ring::Sent Ring::wait_for_room(Place tail, std::uint32_t units, runtime::Waiting waiting) {
  for (;;) {
    if (has_room(tail, units)) return Sent::yes;
    const auto somebody_read = [this] { return !(head() == seen_head_); };
    if ((word(kReaders) & kGone) != 0) return Sent::nobody_reads;
    if (room_spin_.until(somebody_read)) continue;
    std::uint32_t seen = 0;
    {
      const shared::Access access;
      seen = shared::fetch_or(at_ + kWriters, kSleeps) | kSleeps;
    }
    if (somebody_read()) continue;
    if ((seen & kOthersGone) != 0) return Sent::nobody_reads;
    if (stops_sending_.load()) return Sent::not_now;
    runtime::park_shared(at_ + kWriters, seen, std::nullopt, waiting);
  }
}

// Copies to `skip` bytes beyond the tail.
void Ring::put(Place tail, std::uint32_t skip, const void* bytes, std::size_t count) noexcept {
  const std::uint32_t size = capacity_ * kUnit;
  const std::uint32_t from = (tail.position() * kUnit + skip) & (size - 1);
  const std::size_t before_end = std::min<std::size_t>(count, size - from);
  shared::write(at_ + kData + from, bytes, before_end);
  if (before_end < count) {
    shared::write(at_ + kData, static_cast<const std::byte*>(bytes) + before_end,
                  count - before_end);
  }
}

void Ring::put_whole(Place tail, Framed message) noexcept {
  const auto size = static_cast<std::uint32_t>(message.size() - kRoom);
  const Header header{size | kFirst | kLast, size};
  std::memcpy(message.data(), &header, sizeof header);
  put(tail, 0, message.data(), message.size());
}

Ring::Sent Ring::publish(Place after, std::uint32_t wakes) noexcept {
  shared::store(at_ + kTail, after.word());
  const std::uint32_t readers = word(kReaders);
  if ((readers & kSleeps) != 0) wake_sleepers(at_ + kReaders, wakes);
  announce_ready();
  return (readers & kGone) != 0 ? Sent::nobody_reads : Sent::yes;
}

Ring::Sent Ring::try_send(Framed message, SharedNote& note) noexcept {
  const std::uint32_t units = units_of(message.size() - kRoom);
  if (units > most_units()) return Sent::not_now;
  const shared::Access access;
  if (!take_soon(at_ + kWriteLock)) return Sent::not_now;
  const Place tail = begin_to_write();
  Sent sent = Sent::not_now;
  if (has_room(tail, units)) {
    put_whole(tail, message);
    note.take_place();
    sent = publish(tail.after(units, true), 1);
  } else if ((word(kReaders) & kGone) != 0) {
    sent = Sent::nobody_reads;
  }
  robust_lock::give_back(at_ + kWriteLock);
  return sent;
}

Ring::Sent Ring::send(Framed message, SharedNote& note, runtime::Waiting waiting) {
  if (!fits_at_once(message.size(), capacity_)) return Stream(*this, message, waiting).finish(note);
  const Sent sent = try_send(message, note);
  if (sent != Sent::not_now) return sent;
  robust_lock::take(at_ + kWriteLock, std::nullopt, waiting);
  const Held lock(at_ + kWriteLock);
  const std::uint32_t units = units_of(message.size() - kRoom);
  const Place tail = begin_to_write();
  if (const Sent room = wait_for_room(tail, units, waiting); room != Sent::yes) return room;
  const shared::Access access;
  put_whole(tail, message);
  note.take_place();
  return publish(tail.after(units, true), 1);
}

// Appends the abort marker: the message begun will not be finished.
void Ring::abort(Place tail) noexcept {
  const shared::Access access;
  const Header header{kAborted, 0};
  put(tail, 0, &header, sizeof header);
  publish(tail.after(header.units(), false), platform::kAllWaiters);
  shared::store(at_ + kStreaming, 0);
}

// Changes the epoch before waking. A thread between its last check and its futex wait therefore
// sees a changed word and does not park, even if another waiter has set kSleeps again: no lost
// wake-up.
void Ring::wake_sleepers(Offset word, std::uint32_t most) noexcept {
  shared::fetch_add(word, kTurn);
  shared::fetch_and(word, ~kSleeps);
  runtime::wake_shared(word, most);
}

bool Ring::await_room(std::size_t bytes, runtime::Waiting waiting) {
  robust_lock::take(at_ + kWriteLock, std::nullopt, waiting);
  const Held lock(at_ + kWriteLock);
  return wait_for_room(begin_to_write(), units_of(bytes), waiting) == Sent::yes;
}

// A thread about to park sees the flag or, since the epoch changes after it, a changed futex word.
void Ring::stop_sending() noexcept {
  stops_sending_.store(true);
  const shared::Access access;
  wake_sleepers(at_ + kWriters, platform::kAllWaiters);
}

void Ring::stop_receiving() noexcept {
  stops_receiving_.store(true);
  const shared::Access access;
  wake_sleepers(at_ + kReaders, platform::kAllWaiters);
}

// ---- writing in pieces

Ring::Stream::Stream(Ring& ring, Framed message, runtime::Waiting waiting)
    : ring_(ring),
      message_(message.subspan(kRoom)),
      most_(ring.most_units() * kUnit - sizeof(Header)) {
  robust_lock::take(ring_.at_ + kWriteLock, std::nullopt, waiting);
  tail_ = ring_.begin_to_write();
  try {
    send_beginning(waiting);
  } catch (...) {
    end();
    throw;
  }
}

Ring::Stream::~Stream() { end(); }

void Ring::Stream::send_beginning(runtime::Waiting waiting) {
  for (;;) {
    room_ = ring_.wait_for_room(tail_, units_of(next_bytes()), waiting);
    if (room_ != Sent::yes || at_last_piece()) return;
    SharedNote nothing;
    room_ = put_piece(nothing);
    if (room_ != Sent::yes) return;
  }
}

Ring::Sent Ring::Stream::finish(SharedNote& note) noexcept {
  if (room_ != Sent::yes) return room_;
  const shared::Access access;
  const Sent sent = put_piece(note);
  shared::store(ring_.at_ + kStreaming, 0);
  return sent;
}

Ring::Sent Ring::Stream::put_piece(SharedNote& note) noexcept {
  const std::size_t count = next_bytes();
  const bool last = at_last_piece();
  const Header header{static_cast<std::uint32_t>(count) | (done_ == 0 ? kFirst : 0) | (last ? kLast : 0),
                      static_cast<std::uint32_t>(message_.size())};
  const shared::Access access;
  if (done_ == 0) shared::store(ring_.at_ + kStreaming, 1);
  ring_.put(tail_, 0, &header, sizeof header);
  ring_.put(tail_, sizeof header, message_.data() + done_, count);
  if (last) note.take_place();
  tail_ = tail_.after(header.units(), last);
  done_ += count;
  // Wakes all readers: the one that waits for the next fragment is not the only one parked there.
  return ring_.publish(tail_, platform::kAllWaiters);
}

void Ring::Stream::end() noexcept {
  const shared::Access access;
  if (done_ != 0 && done_ != message_.size()) ring_.abort(tail_);
  robust_lock::give_back(ring_.at_ + kWriteLock);
}

// ---- reading

Ring::Place Ring::begin_to_read() noexcept {
  if (word(kReadBy) != view_) {
    const shared::Access access;
    shared::store(at_ + kReadBy, view_);
    seen_tail_ = tail();
  }
  return head();
}

std::uint32_t Ring::units_there(Place head) noexcept {
  if (seen_tail_ == head) seen_tail_ = tail();
  return seen_tail_.units_since(head);
}

void Ring::copy_out(Place head, std::uint32_t skip, void* bytes, std::size_t count) const noexcept {
  const std::uint32_t size = capacity_ * kUnit;
  const std::uint32_t from = (head.position() * kUnit + skip) & (size - 1);
  const std::size_t before_end = std::min<std::size_t>(count, size - from);
  shared::read(bytes, at_ + kData + from, before_end);
  if (before_end < count) {
    shared::read(static_cast<std::byte*>(bytes) + before_end, at_ + kData, count - before_end);
  }
}

// Consumes a fragment, which frees its space.
Ring::Place Ring::advance(Place head, const Header& header) noexcept {
  const Place after = head.after(header.units(), header.last());
  shared::store(at_ + kHead, after.word());
  if ((word(kWriters) & kSleeps) != 0) {
    wake_sleepers(at_ + kWriters, platform::kAllWaiters);
  }
  return after;
}

// The caller holds an Access.
Ring::Look Ring::look_locked(Incoming& message, SharedNote& note, std::size_t most_bytes) {
  Place head = begin_to_read();
  for (;;) {
    const std::uint32_t units = units_there(head);
    if (units == 0) return Look::empty;
    alignas(kUnit) std::byte glance[kGlance];
    const std::size_t glanced = std::min(kGlance, units * kUnit);
    copy_out(head, 0, glance, glanced);
    Header header;
    std::memcpy(&header, glance, sizeof header);
    if (header.first() && !header.last()) return Look::in_fragments;
    if (header.first()) {
      const std::size_t size = header.bytes();
      if (size > most_bytes) {
        advance(head, header);
        return Look::too_long;
      }
      std::byte* const bytes = message.resize(size);
      const std::size_t at_hand = std::min(size, glanced - sizeof header);
      std::memcpy(bytes, glance + sizeof header, at_hand);
      if (at_hand < size) {
        copy_out(head, static_cast<std::uint32_t>(sizeof header + at_hand), bytes + at_hand,
                 size - at_hand);
      }
      note.begin_to_take(head.word());
      note.take_place();
      advance(head, header);
      note.has_taken();
      return Look::received;
    }
    // A remaining fragment, or the abort marker, of a message whose reader or writer died.
    head = advance(head, header);
  }
}

// The fast path of receiving: never blocks. Returns busy if the read lock is contended.
Ring::Look Ring::look(Incoming& message, SharedNote& note, std::size_t most_bytes) {
  const shared::Access access;
  if (!take_soon(at_ + kReadLock)) return Look::busy;
  const Held lock(at_ + kReadLock);
  return look_locked(message, note, most_bytes);
}

// Receives a fragmented message. The caller holds the read lock, but no Access, since this may
// block.
Ring::Look Ring::take_fragments(Incoming& message, SharedNote& note, std::size_t most_bytes,
                                runtime::Waiting waiting) {
  Place head = begin_to_read();
  std::byte* bytes = nullptr;
  std::size_t size = 0;
  std::size_t done = 0;
  for (;;) {
    while (units_there(head) == 0) {
      if ((word(kReaders) & kOthersGone) != 0 && tail() == head) {
        const shared::Access access;
        if (done != 0) note.took_nothing();
        return Look::nobody_writes;
      }
      if (stops_receiving_.load()) return Look::given_up;
      wait_beyond(head, std::nullopt, waiting);
    }
    const shared::Access access;
    Header header;
    copy_out(head, 0, &header, sizeof header);
    if (done == 0) {
      size = header.message_bytes;
      if (size <= most_bytes) bytes = message.resize(size);
    } else if (header.first() || header.aborted() || header.bytes() > size - done) {
      note.took_nothing();
      return Look::dropped;  // aborted; its fragments are skipped
    }
    if (bytes != nullptr) copy_out(head, sizeof header, bytes + done, header.bytes());
    // Consuming the first fragment takes the message: no other reader can receive it any more.
    const bool leaves = done == 0;
    if (leaves) note.begin_to_take(head.word());
    done += header.bytes();
    if (header.last() && bytes != nullptr) note.take_place();
    head = advance(head, header);
    if (leaves) note.has_taken();
    if (header.last()) return bytes != nullptr ? Look::received : Look::too_long;
  }
}

// The slow path of receiving: blocks for the read lock, and for the fragments of a message.
Ring::Look Ring::look_patiently(Incoming& message, SharedNote& note, std::size_t most_bytes,
                                const runtime::Deadline& deadline, runtime::Waiting waiting) {
  if (!robust_lock::take(at_ + kReadLock, deadline, waiting)) return Look::empty;
  const Held lock(at_ + kReadLock);
  Look look = Look::empty;
  {
    const shared::Access access;
    look = look_locked(message, note, most_bytes);
  }
  return look == Look::in_fragments ? take_fragments(message, note, most_bytes, waiting) : look;
}

// Spin-then-park until the tail moves. Returns true if it may have moved or no writer is left,
// false if the deadline passed. The waiter sets kSleeps and then rechecks the tail; publish()
// stores the tail and then checks kSleeps: the store-load (Dekker) pattern rules out a lost
// wake-up.
bool Ring::wait_beyond(Place seen_tail, const runtime::Deadline& deadline,
                       runtime::Waiting waiting) {
  const auto moved = [this, seen_tail] { return !(tail() == seen_tail); };
  if (data_spin_.until(moved)) return true;
  std::uint32_t seen = 0;
  {
    const shared::Access access;
    seen = shared::fetch_or(at_ + kReaders, kSleeps) | kSleeps;
  }
  if (moved() || (seen & kOthersGone) != 0 || stops_receiving_.load()) return true;
  bool in_time = true;
  try {
    in_time = runtime::park_shared(at_ + kReaders, seen, deadline, waiting);
  } catch (...) {
    pass_on();
    throw;
  }
  pass_on();
  return in_time;
}

// Passes a wake-up on. One message wakes one reader and clears kSleeps, although more readers may
// be parked, and this thread may have been woken in place of another. So it sets the flag again for
// the next publish(), and wakes one more reader if the ring is not empty.
void Ring::pass_on() noexcept {
  const shared::Access access;
  shared::fetch_or(at_ + kReaders, kSleeps);
  if (!(tail() == head())) wake_sleepers(at_ + kReaders, 1);
}

Ring::Received Ring::receive(Incoming& message, SharedNote& note,
                             const runtime::Deadline& deadline, runtime::Waiting waiting,
                             std::size_t most_bytes) {
  bool in_time = true;
  for (;;) {
    const Place seen_tail = tail();
    const bool nobody_writes = (word(kReaders) & kOthersGone) != 0;
    Look result = look(message, note, most_bytes);
    if (result == Look::busy || result == Look::in_fragments) {
      result = look_patiently(message, note, most_bytes, deadline, waiting);
    }
    switch (result) {
      case Look::received: return Received::yes;
      case Look::too_long: return Received::too_long;
      case Look::nobody_writes: return Received::nobody_writes;
      case Look::dropped: continue;
      default: break;
    }
    if (nobody_writes && tail() == head()) return Received::nobody_writes;
    if (!in_time || stops_receiving_.load()) return Received::not_now;
    in_time = wait_beyond(seen_tail, deadline, waiting);
  }
}

Ring::Received Ring::try_receive(Incoming& message, SharedNote& note, std::size_t most_bytes) {
  const bool nobody_writes = (word(kReaders) & kOthersGone) != 0;
  Look result = Look::dropped;
  while (result == Look::dropped) {
    result = look(message, note, most_bytes);
    if (result == Look::in_fragments) {
      result = look_patiently(message, note, most_bytes, std::nullopt, {trace::Reason::pipe});
    }
  }
  switch (result) {
    case Look::received: return Received::yes;
    case Look::too_long: return Received::too_long;
    case Look::nobody_writes: return Received::nobody_writes;
    default: return nobody_writes && tail() == head() ? Received::nobody_writes
                                                      : Received::not_now;
  }
}

// True if the message at the head can still be completed. Consumes leftovers of dead processes. The
// caller holds an Access.
bool Ring::ready_locked() noexcept {
  Place head = begin_to_read();
  Header header;
  for (;;) {
    if (units_there(head) == 0) return false;
    copy_out(head, 0, &header, sizeof header);
    if (header.first()) break;
    head = advance(head, header);
  }
  if (header.last()) return true;
  // Fragmented: an abort marker may follow.
  seen_tail_ = tail();
  for (Place next = head.after(header.units(), header.last()); !(next == seen_tail_);
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
bool Ring::ready() noexcept {
  const bool nobody_writes = (word(kReaders) & kOthersGone) != 0;
  const shared::Access access;
  if (!robust_lock::try_take(at_ + kReadLock)) return nobody_writes || !(tail() == head());
  const Held lock(at_ + kReadLock);
  return ready_locked() || nobody_writes;
}

bool Ring::poll(const runtime::Deadline& deadline, runtime::Waiting waiting) {
  bool in_time = true;
  for (;;) {
    const Place seen_tail = tail();
    const bool nobody_writes = (word(kReaders) & kOthersGone) != 0;
    if (robust_lock::take(at_ + kReadLock, deadline, waiting)) {
      const Held lock(at_ + kReadLock);
      const shared::Access access;
      if (ready_locked() || nobody_writes) return true;
    }
    if (!in_time || stops_receiving_.load()) return false;
    in_time = wait_beyond(seen_tail, deadline, waiting);
  }
}

std::uint32_t Ring::messages() const noexcept {
  const Place head = this->head();
  return tail().messages_since(head);
}

// ---- the kernel

void Ring::readers_gone(Offset at) noexcept {
  const shared::Access access;
  shared::fetch_or(at + kReaders, kGone);
  shared::fetch_or(at + kWriters, kOthersGone);
  wake_sleepers(at + kWriters, platform::kAllWaiters);
}

void Ring::writers_gone(Offset at) noexcept {
  const shared::Access access;
  shared::fetch_or(at + kReaders, kOthersGone);
  wake_sleepers(at + kReaders, platform::kAllWaiters);
}

bool Ring::process_died(Offset at, std::uint32_t capacity, std::uint32_t number) noexcept {
  const shared::Access access;
  bool unfinished = false;
  if (robust_lock::is_held_by(at + kWriteLock, number) && shared::load(at + kStreaming) != 0) {
    Ring ring(at, capacity);
    ring.abort(ring.tail());
    unfinished = true;
  }
  robust_lock::break_up(at + kWriteLock, number);
  robust_lock::break_up(at + kReadLock, number);
  wake_sleepers(at + kReaders, platform::kAllWaiters);
  wake_sleepers(at + kWriters, platform::kAllWaiters);
  return unfinished;
}

}  // namespace weft::multiprocessing
