#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>

#include "weft/platform/shared.h"

namespace weft::ipc {

/// A first-fit allocator for the shared memory. Not thread-safe: only the supervisor's thread uses
/// it. Its metadata lies outside the shared memory, in the supervisor's process, so a process that
/// is killed cannot leave it inconsistent.
class SharedAllocator {
 public:
  using Offset = platform::shared::Offset;

  /// Alignment and granularity of blocks, in bytes: a cache line, against false sharing.
  static constexpr std::uint32_t kAlignment = 64;

  /// A heap of the shared memory from `begin` up to `end`.
  SharedAllocator(Offset begin, Offset end);

  /// Allocates a zeroed block; nullopt if no free block is large enough.
  std::optional<Offset> allocate(std::uint32_t bytes);
  /// Frees the block at `place`, which allocate() returned.
  void free(Offset place);

  /// Bytes allocated, rounded up to blocks.
  std::uint32_t used() const noexcept { return used_; }

 private:
  std::map<Offset, std::uint32_t> free_;             // sizes of free blocks, coalesced
  std::unordered_map<Offset, std::uint32_t> taken_;  // sizes of allocated blocks
  std::uint32_t used_ = 0;
};

}  // namespace weft::ipc
