#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "weft/trace/record.h"

namespace weft::trace {

/// What a writer does that finds its ring full.
enum class Policy : std::uint32_t {
  wait = 0,  ///< keeps the record until there is room, and waits for that where it may: nothing is lost
  drop = 1,  ///< drops the record and counts it
};

/// What the writer of a ring has in its backlog.
enum class Behind : std::uint32_t {
  nothing = 0,
  records = 1,
  records_and_sleeps = 2,  ///< until the reader gives slots back, and wakes it
};

/// Single-producer single-consumer ring of records, which the page reads through shared memory:
/// the layout is the trace format's. Indices run freely and wrap at 2^32.
///
/// Writing never blocks: most records are written while a primitive's lock is held. What finds no room
/// goes to a backlog, which only the writer sees; with it go all later records, so that their order stays.
/// At its next point, where it holds no lock of the core, the writer waits until the backlog is in the
/// ring: see runtime::ThreadState::catch_up.
class Ring {
 public:
  static constexpr std::uint32_t kCapacity = 8192;                     // slots: 256 KiB
  static constexpr std::uint32_t kMaxPayload = kCapacity / 2 * kSlotBytes;  // bytes

  Ring() = default;
  ~Ring();
  Ring(const Ring&) = delete;
  Ring& operator=(const Ring&) = delete;

  /// Writer. Appends the record; returns false if it was dropped. Never blocks. Once `stop` != 0 the reader
  /// may be gone: then the backlog takes no more than a thread needs to end.
  bool write(const Record& record, Policy policy, const std::atomic<std::uint32_t>& stop) noexcept {
    const std::uint32_t head = head_.load(std::memory_order_relaxed);
    if (head - seen_tail_ == kCapacity) [[unlikely]] return write_full(record, {}, policy, stop);
    slots_[head % kCapacity] = record;
    head_.store(head + 1, std::memory_order_release);
    return true;
  }

  /// Writer. Appends the record and its payload, of kMaxPayload bytes at most, in one step.
  bool write(Record record, std::string_view payload, Policy policy,
             const std::atomic<std::uint32_t>& stop) noexcept;

  /// Writer. True if records wait for room.
  bool is_behind() const noexcept { return is_behind_; }
  /// Writer. Moves what there is room for from the backlog to the ring; true if nothing is left there.
  bool catch_up() noexcept;
  /// Writer, behind and without any lock. Blocks until the reader has made room since the last `catch_up`,
  /// or until the time is over.
  void wait_for_reader(std::chrono::nanoseconds limit) noexcept;
  /// Writer. Drops the records of the backlog, and counts them.
  void drop_backlog() noexcept;

  /// Reader. Slots written and not yet read: [first, first + count).
  struct Unread {
    std::uint32_t first;
    std::uint32_t count;
  };
  Unread unread() const noexcept;
  const Record& slot(std::uint32_t index) const noexcept { return slots_[index % kCapacity]; }
  /// Reader. Gives `count` slots back to the writer and wakes it if it waits.
  void release(std::uint32_t count) noexcept;
  std::uint32_t dropped() const noexcept { return dropped_.load(std::memory_order_relaxed); }
  /// Reader. What the writer is behind with: to be looked at before `unread`, whose records are the earlier ones.
  Behind behind() const noexcept { return static_cast<Behind>(behind_.load()); }

  /// Bytes from the ring's beginning, for the trace format.
  struct Layout {
    std::uint32_t head, tail, dropped, behind, slots;
  };
  static constexpr Layout layout() noexcept;

 private:
  struct Backlog;

  static constexpr std::uint32_t kLastSlots = 1024;  // of a backlog, once the run was stopped

  bool write_full(const Record& record, std::string_view payload, Policy policy,
                  const std::atomic<std::uint32_t>& stop) noexcept;
  bool set_aside(const Record& record, std::string_view payload, std::size_t most_slots) noexcept;
  void put(const Record& record, std::string_view payload) noexcept;

  alignas(64) std::atomic<std::uint32_t> head_{0};
  // The writer's copy of tail_, to leave the reader's line alone. While there is a backlog it is a
  // tail that makes the ring look full.
  std::uint32_t seen_tail_ = 0;
  std::uint32_t caught_up_to_ = 0;  // the tail that the last catch_up saw
  bool is_behind_ = false;
  Backlog* backlog_ = nullptr;  // the writer's; made for the first record that finds no room
  alignas(64) std::atomic<std::uint32_t> tail_{0};
  alignas(64) std::atomic<std::uint32_t> dropped_{0};
  std::atomic<std::uint32_t> behind_{0};  // a Behind
  alignas(64) Record slots_[kCapacity];
};
static_assert(sizeof(Ring) == 192 + Ring::kCapacity * kSlotBytes);

constexpr Ring::Layout Ring::layout() noexcept {
  return {offsetof(Ring, head_), offsetof(Ring, tail_), offsetof(Ring, dropped_),
          offsetof(Ring, behind_), offsetof(Ring, slots_)};
}

/// Where the page finds the rings of a process.
struct Directory {
  static constexpr std::uint32_t kMagic = 0x43525457;  // "WTRC"
  static constexpr std::uint32_t kRingLimit = 128;

  std::uint32_t magic = kMagic;
  std::uint32_t version = kFormatVersion;
  std::uint32_t process = 1;
  std::uint32_t ring_capacity = Ring::kCapacity;
  std::uint32_t ring_limit = kRingLimit;
  std::atomic<std::uint32_t> ring_count{0};
  Policy policy = Policy::wait;
  std::uint32_t reserved = 0;
  std::atomic<Ring*> rings[kRingLimit] = {};
};

}  // namespace weft::trace
