#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace weft::queue {

/// The full/empty flags of a ring's slots, one per slot (as FastForward's queue signals by its
/// slots). A flag shares a cache line with the start of its item, so that one cache-line transfer
/// brings both, and the transfers of several slots overlap. A shared counter would be one line that
/// bounces between the cores every few items.
class SlotFlags {
 public:
  using Flag = std::atomic<std::uint32_t>;
  static constexpr std::uint32_t kFree = 0;
  static constexpr std::uint32_t kFilled = 1;

  /// No slots.
  SlotFlags() = default;
  /// `count` flags, the first at `first`, `stride` bytes apart.
  SlotFlags(Flag& first, std::uint32_t stride, std::uint32_t count) noexcept
      : first_(reinterpret_cast<std::byte*>(&first)), stride_(stride), count_(count) {}

  explicit operator bool() const noexcept { return first_ != nullptr; }
  Flag& operator[](std::uint32_t slot) const noexcept {
    return *reinterpret_cast<Flag*>(first_ + std::size_t{slot} * stride_);
  }
  /// Index of the next slot, modulo the ring's size.
  std::uint32_t after(std::uint32_t slot) const noexcept {
    return slot + 1 == count_ ? 0 : slot + 1;
  }

 private:
  std::byte* first_ = nullptr;
  std::uint32_t stride_ = 0;
  std::uint32_t count_ = 0;
};

}  // namespace weft::queue
