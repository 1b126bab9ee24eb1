#include "weft/ipc/shared_allocator.h"

#include <algorithm>
#include <iterator>

namespace weft::ipc {
namespace {

constexpr std::uint32_t rounded_up(std::uint32_t bytes) {
  return (bytes + SharedAllocator::kAlignment - 1) / SharedAllocator::kAlignment *
         SharedAllocator::kAlignment;
}

}  // namespace

SharedAllocator::SharedAllocator(Offset begin, Offset end) {
  const Offset first = rounded_up(begin);
  free_.emplace(first, (end - first) / kAlignment * kAlignment);
}

std::optional<SharedAllocator::Offset> SharedAllocator::allocate(std::uint32_t bytes) {
  if (bytes > platform::shared::size()) return std::nullopt;
  const std::uint32_t needed = std::max(rounded_up(bytes), kAlignment);
  const auto found =
      std::ranges::find_if(free_, [needed](const auto& piece) { return piece.second >= needed; });
  if (found == free_.end()) return std::nullopt;
  const auto [place, size] = *found;
  free_.erase(found);
  if (size > needed) free_.emplace(place + needed, size - needed);
  taken_.emplace(place, needed);
  used_ += needed;
  platform::shared::fill_with_zeros(place, needed);
  return place;
}

void SharedAllocator::free(Offset place) {
  const auto taken = taken_.find(place);
  std::uint32_t size = taken->second;
  taken_.erase(taken);
  used_ -= size;
  auto next = free_.lower_bound(place);
  if (next != free_.end() && place + size == next->first) {
    size += next->second;
    next = free_.erase(next);
  }
  if (next != free_.begin()) {
    const auto before = std::prev(next);
    if (before->first + before->second == place) {
      before->second += size;
      return;
    }
  }
  free_.emplace(place, size);
}

}  // namespace weft::ipc
