#pragma once

#include <cstdint>

#include "weft/trace/kinds.h"

namespace weft::trace {

/// One event: 32 bytes, little endian, which the page reads directly from memory.
///
/// Example:
///     RecordRing ring;
///     const std::atomic<std::uint32_t> stop = 0;
///     ring.write(Record{.time = 1000, .kind = 1, .thread = 1}, Policy::wait, stop);
///     ring.slot(ring.unread().first).time;   // 1000
struct Record {
  std::uint64_t time = 0;      ///< ns since the run's zero
  std::uint64_t argument = 0;  ///< for a kind with a payload: the payload's bytes
  std::uint32_t object = 0;    ///< 0: none
  std::uint32_t sequence = 0;  ///< position in the object's order, from 1; 0: unordered
  std::uint32_t detail = 0;
  std::uint32_t kind : 8 = 0;
  std::uint32_t thread : 24 = 0;  ///< the thread's number in its process
};
static_assert(sizeof(Record) == 32);

/// Size of a ring's slot, which holds a record. A payload occupies as many slots as it needs, after
/// its record.
inline constexpr std::uint32_t kSlotBytes = sizeof(Record);

constexpr std::uint32_t payload_slots(std::uint64_t bytes) {
  return static_cast<std::uint32_t>((bytes + kSlotBytes - 1) / kSlotBytes);
}

}  // namespace weft::trace
