#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "weft/trace/record.h"

namespace weft::trace {

/// What a writer does when its ring is full.
enum class Policy : std::uint32_t {
  /// Keeps the record in the backlog, and blocks where it may: nothing is lost while there is a
  /// reader.
  wait = 0,
  drop = 1,  ///< drops the record and counts it
};

/// State of a writer's backlog.
enum class BacklogState : std::uint32_t {
  nothing = 0,
  records = 1,
  records_and_parked = 2,  ///< the writer waits until the reader releases slots and wakes it
};

/// A bounded single-producer single-consumer ring buffer of records, which the page reads through
/// shared memory: the layout is part of the trace format. Indices increase freely and wrap at 2^32.
///
/// Writing never blocks, as most records are written while a primitive's lock is held. With
/// Policy::wait, a record that finds the ring full goes to a backlog, which only the writer
/// accesses, as do all later ones until it is empty: the order is kept. At its next scheduling
/// point, where it holds no lock of the core, the writer drains the backlog into the ring and may
/// block for that (back-pressure): see runtime::ThreadState::flush_backlog.
///
/// Example:
///     RecordRing ring;
///     const std::atomic<std::uint32_t> stop = 0;
///     ring.write(Record{.kind = 1}, Policy::wait, stop);
///     const RecordRing::Unread unread = ring.unread();
///     for (std::uint32_t i = 0; i < unread.count; ++i) use(ring.slot(unread.first + i));
///     ring.release(unread.count);
class RecordRing {
 public:
  static constexpr std::uint32_t kCapacity = 8192;                          // slots: 256 KiB
  static constexpr std::uint32_t kMaxPayload = kCapacity / 2 * kSlotBytes;  // bytes

  RecordRing() = default;
  ~RecordRing();
  RecordRing(const RecordRing&) = delete;
  RecordRing& operator=(const RecordRing&) = delete;

  /// Writer. Appends the record; returns false if it was dropped. Never blocks. Once `stop` != 0
  /// the reader may be gone: then the backlog is bounded, to what a thread needs to end.
  bool write(const Record& record, Policy policy, const std::atomic<std::uint32_t>& stop) noexcept {
    const std::uint32_t head = head_.load(std::memory_order_relaxed);
    if (head - cached_tail_ == kCapacity) [[unlikely]]
      return write_full(record, {}, policy, stop);
    slots_[head % kCapacity] = record;
    head_.store(head + 1, std::memory_order_release);
    return true;
  }

  /// Writer. Appends the record and its payload, at most kMaxPayload bytes, as one unit.
  bool write(Record record, std::string_view payload, Policy policy,
             const std::atomic<std::uint32_t>& stop) noexcept;

  /// Writer.
  bool has_backlog() const noexcept { return has_backlog_; }
  /// Writer. Moves as many records as fit from the backlog to the ring; true if it is empty now.
  bool flush_backlog() noexcept;
  /// Writer, with a backlog and without any lock. Blocks until the reader has released slots since
  /// the last `flush_backlog`, or until the time limit.
  void wait_for_reader(std::chrono::nanoseconds limit) noexcept;
  /// Writer. Drops and counts the records of the backlog that don't fit into the ring.
  void drop_backlog() noexcept;

  /// Reader. The slots that were written but not released: [first, first + count).
  struct Unread {
    std::uint32_t first;
    std::uint32_t count;
  };
  Unread unread() const noexcept;
  const Record& slot(std::uint32_t index) const noexcept { return slots_[index % kCapacity]; }
  /// Reader. Releases the first `count` slots, and wakes the writer if it waits.
  void release(std::uint32_t count) noexcept;
  std::uint32_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }
  /// Reader. State of the writer's backlog. To be loaded before `unread`: if it is `nothing`, all
  /// records written so far are in the ring.
  BacklogState backlog_state() const noexcept {
    return static_cast<BacklogState>(backlog_state_.load());
  }

  /// Offsets in bytes within the ring, for the trace format.
  struct Layout {
    std::uint32_t head, tail, dropped, backlog, slots;
  };
  static constexpr Layout layout() noexcept;

 private:
  struct Backlog;

  // Limit of the backlog once the run is stopped.
  static constexpr std::uint32_t kStoppedBacklogSlots = 1024;

  bool write_full(const Record& record, std::string_view payload, Policy policy,
                  const std::atomic<std::uint32_t>& stop) noexcept;
  bool push_backlog(const Record& record, std::string_view payload, std::size_t max_slots) noexcept;
  void put(const Record& record, std::string_view payload) noexcept;

  alignas(64) std::atomic<std::uint32_t> head_{0};
  // The writer's cached copy of tail_, which avoids cache-line transfers from the reader (as in
  // rigtorp's SPSCQueue). While there is a backlog: a value that makes the ring look full.
  std::uint32_t cached_tail_ = 0;
  std::uint32_t tail_at_flush_ = 0;  // tail_ as of the last flush_backlog
  bool has_backlog_ = false;
  Backlog* backlog_ = nullptr;  // the writer's; allocated at the first overflow
  alignas(64) std::atomic<std::uint32_t> tail_{0};
  alignas(64) std::atomic<std::uint32_t> dropped_{0};
  std::atomic<std::uint32_t> backlog_state_{0};  // a BacklogState
  alignas(64) Record slots_[kCapacity];
};
static_assert(sizeof(RecordRing) == 192 + RecordRing::kCapacity * kSlotBytes);

constexpr RecordRing::Layout RecordRing::layout() noexcept {
  return {offsetof(RecordRing, head_), offsetof(RecordRing, tail_), offsetof(RecordRing, dropped_),
          offsetof(RecordRing, backlog_state_), offsetof(RecordRing, slots_)};
}

/// Where the page finds the rings of a process. Part of the trace format.
struct Directory {
  static constexpr std::uint32_t kMagic = 0x43525457;  // "WTRC"
  static constexpr std::uint32_t kRingLimit = 128;

  std::uint32_t magic = kMagic;
  std::uint32_t version = kFormatVersion;
  std::uint32_t process = 1;
  std::uint32_t ring_capacity = RecordRing::kCapacity;
  std::uint32_t ring_limit = kRingLimit;
  std::atomic<std::uint32_t> ring_count{0};
  Policy policy = Policy::wait;
  std::uint32_t reserved = 0;
  std::atomic<RecordRing*> rings[kRingLimit] = {};
};

}  // namespace weft::trace
