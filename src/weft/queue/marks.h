#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace weft::queue {

/// Tells of each place of a ring whether an item is there. Each mark lies in one line of memory with its
/// item, so that the lines of several places travel between the processors at the same time; the only
/// word that told it of all places would have to make the way there and back for each few of them.
class Marks {
 public:
  using Mark = std::atomic<std::uint32_t>;
  static constexpr std::uint32_t kFree = 0;
  static constexpr std::uint32_t kFilled = 1;

  /// Of no places.
  Marks() = default;
  /// `count` marks, from `first` on, `stride` bytes from one to the next.
  Marks(Mark& first, std::uint32_t stride, std::uint32_t count) noexcept
      : first_(reinterpret_cast<std::byte*>(&first)), stride_(stride), count_(count) {}

  explicit operator bool() const noexcept { return first_ != nullptr; }
  Mark& operator[](std::uint32_t place) const noexcept {
    return *reinterpret_cast<Mark*>(first_ + std::size_t{place} * stride_);
  }
  /// The place after that one.
  std::uint32_t after(std::uint32_t place) const noexcept {
    return place + 1 == count_ ? 0 : place + 1;
  }

 private:
  std::byte* first_ = nullptr;
  std::uint32_t stride_ = 0;
  std::uint32_t count_ = 0;
};

}  // namespace weft::queue
