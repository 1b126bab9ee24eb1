#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string_view>

#include "weft/trace/record.h"

namespace weft::trace {

/// What a writer does that finds its ring full.
enum class Policy : std::uint32_t {
  wait = 0,  ///< waits for the reader: nothing is lost, the run is slowed down
  drop = 1,  ///< drops the record and counts it
};

/// Single-producer single-consumer ring of records, which the page reads through shared memory:
/// the layout is the trace format's. Indices run freely and wrap at 2^32.
class Ring {
 public:
  static constexpr std::uint32_t kCapacity = 8192;                     // slots: 256 KiB
  static constexpr std::uint32_t kMaxPayload = kCapacity / 2 * kSlotBytes;  // bytes

  /// Writer. Appends the record; returns false if it was dropped. `stop` != 0 ends any waiting.
  bool write(const Record& record, Policy policy, const std::atomic<std::uint32_t>& stop) noexcept {
    const std::uint32_t head = head_.load(std::memory_order_relaxed);
    if (head - seen_tail_ == kCapacity && !make_room(1, policy, stop)) return false;
    slots_[head % kCapacity] = record;
    head_.store(head + 1, std::memory_order_release);
    return true;
  }

  /// Writer. Appends the record and its payload, of kMaxPayload bytes at most, in one step.
  bool write(Record record, std::string_view payload, Policy policy,
             const std::atomic<std::uint32_t>& stop) noexcept;

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

 private:
  bool make_room(std::uint32_t slots, Policy policy,
                 const std::atomic<std::uint32_t>& stop) noexcept;

  alignas(64) std::atomic<std::uint32_t> head_{0};
  std::uint32_t seen_tail_ = 0;  // the writer's copy of tail_, to leave the reader's line alone
  alignas(64) std::atomic<std::uint32_t> tail_{0};
  alignas(64) std::atomic<std::uint32_t> dropped_{0};
  std::atomic<std::uint32_t> waiting_{0};
  alignas(64) Record slots_[kCapacity];
};
static_assert(sizeof(Ring) == 192 + Ring::kCapacity * kSlotBytes);

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
