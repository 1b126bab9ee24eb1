#pragma once

#include <cstdint>

#include "weft/trace/kinds.h"

namespace weft::trace {

/// One thing that happened; 32 bytes, little endian, read by the page as they lie in memory.
struct Record {
  std::uint64_t time = 0;      ///< ns on the run's clock
  std::uint64_t argument = 0;  ///< for a kind with a payload: its length in bytes
  std::uint32_t object = 0;    ///< 0: none
  std::uint32_t sequence = 0;  ///< order on the object, from 1; 0: unordered
  std::uint32_t detail = 0;
  std::uint32_t kind : 8 = 0;
  std::uint32_t thread : 24 = 0;  ///< number of the thread in its process
};
static_assert(sizeof(Record) == 32);

/// A record's place in a ring; a payload fills as many as it needs after its record.
inline constexpr std::uint32_t kSlotBytes = sizeof(Record);

constexpr std::uint32_t payload_slots(std::uint64_t bytes) {
  return static_cast<std::uint32_t>((bytes + kSlotBytes - 1) / kSlotBytes);
}

}  // namespace weft::trace
