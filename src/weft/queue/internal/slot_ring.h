#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

#include "weft/queue/internal/slot_flags.h"

namespace weft::queue {

/// A bounded FIFO for few items. Each slot is aligned to a cache line against false sharing and has
/// a full/empty flag (SlotFlags). The caller checks and sets the flags. As for TwoEndedFifo, its
/// two ends may be used concurrently, by one thread at a time each.
template <class T>
class SlotRing {
  struct Slot;

 public:
  /// A ring of that many slots; with 0 it must not be used.
  explicit SlotRing(std::size_t slots)
      : slots_(slots != 0 ? std::make_unique<Slot[]>(slots) : nullptr),
        flags_(slots != 0
                   ? SlotFlags(slots_[0].flag, sizeof(Slot), static_cast<std::uint32_t>(slots))
                   : SlotFlags()) {}
  SlotRing(const SlotRing&) = delete;
  SlotRing& operator=(const SlotRing&) = delete;

  /// True if a ring of `items` slots is small enough, at most kMaxBytes.
  static constexpr bool fits(std::size_t items) noexcept {
    return items <= kMaxBytes / sizeof(Slot);
  }

  const SlotFlags& flags() const noexcept { return flags_; }

  /// Appends the item. Requires a free slot.
  void push(T&& item) {
    ::new (static_cast<void*>(slots_[back_].bytes)) T(std::move(item));
    back_ = flags_.after(back_);
  }

  /// The oldest item. Requires that there is one, whose push happens before this.
  T& first() noexcept { return *slots_[front_].item(); }

  /// Destroys the moved-from oldest item.
  void drop_first() noexcept {
    std::destroy_at(slots_[front_].item());
    front_ = flags_.after(front_);
  }

  /// Owns items that were removed all at once, and destroys them. They remain in their slots until
  /// then.
  class Remainder {
   public:
    Remainder() = default;
    Remainder(const Remainder&) = delete;
    Remainder& operator=(const Remainder&) = delete;
    ~Remainder() {
      for (; size_ != 0; --size_) ring_->drop_first();
    }

   private:
    friend class SlotRing;
    SlotRing* ring_ = nullptr;
    std::size_t size_ = 0;
  };

  /// Passes all items, of which there are `size`, to `remainder`, which must be empty. Requires
  /// that the caller holds both ends, and that the ring is not used afterwards.
  void take_all(std::size_t size, Remainder& remainder) noexcept {
    remainder.ring_ = this;
    remainder.size_ = size;
  }

 private:
  static constexpr std::size_t kCacheLine = 64;
  static constexpr std::size_t kMaxBytes = 8192;

  struct alignas(kCacheLine) Slot {
    T* item() noexcept { return std::launder(reinterpret_cast<T*>(bytes)); }

    SlotFlags::Flag flag{SlotFlags::kFree};
    alignas(T) std::byte bytes[sizeof(T)];
  };

  const std::unique_ptr<Slot[]> slots_;
  const SlotFlags flags_;
  alignas(kCacheLine) std::uint32_t back_ = 0;   // one past the newest item
  alignas(kCacheLine) std::uint32_t front_ = 0;  // the oldest item
};

}  // namespace weft::queue
