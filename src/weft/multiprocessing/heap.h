#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>

#include "weft/platform/shared.h"

namespace weft::multiprocessing {

/// Which parts of the shared memory are taken. Only the kernel's thread gives and takes, and what it
/// knows about it is its own: whoever is killed leaves nothing half done here.
class Heap {
 public:
  using Offset = platform::shared::Offset;

  /// Everything begins at a multiple of this many bytes, a cache line.
  static constexpr std::uint32_t kAlignment = 64;

  /// Of the memory from `begin` up to `end`.
  Heap(Offset begin, Offset end);

  /// Takes as many bytes, that are 0 then; nothing if there is no such piece any more.
  std::optional<Offset> allocate(std::uint32_t bytes);
  /// Gives back what was taken at that place.
  void free(Offset place);

  /// Bytes that are taken.
  std::uint32_t used() const noexcept { return used_; }

 private:
  std::map<Offset, std::uint32_t> free_;             // pieces that do not touch each other: bytes
  std::unordered_map<Offset, std::uint32_t> taken_;  // bytes
  std::uint32_t used_ = 0;
};

}  // namespace weft::multiprocessing
