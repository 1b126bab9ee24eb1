#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

#include "weft/queue/marks.h"

namespace weft::queue {

/// A bounded FIFO for few items: a slot ring. Each slot ("place") is aligned to a cache line
/// against false sharing and has a full/empty flag (Marks). The caller checks and sets the
/// flags. As for TwoEndedFifo, its two ends may be used concurrently, by one thread at a time each.
template <class T>
class PlaceRing {
  struct Place;

 public:
  /// A ring of `places` slots; with 0 it must not be used.
  explicit PlaceRing(std::size_t places)
      : places_(places != 0 ? std::make_unique<Place[]>(places) : nullptr),
        marks_(places != 0 ? Marks(places_[0].mark, sizeof(Place), static_cast<std::uint32_t>(places))
                           : Marks()) {}
  PlaceRing(const PlaceRing&) = delete;
  PlaceRing& operator=(const PlaceRing&) = delete;

  /// True if a ring of `items` slots is small enough, at most kMostBytes.
  static constexpr bool fits(std::size_t items) noexcept { return items <= kMostBytes / sizeof(Place); }

  const Marks& marks() const noexcept { return marks_; }

  /// Appends the item. Requires a free slot.
  void push(T&& item) {
    ::new (static_cast<void*>(places_[back_].bytes)) T(std::move(item));
    back_ = marks_.after(back_);
  }

  /// The oldest item. Requires that there is one, whose push happens before this.
  T& first() noexcept { return *places_[front_].item(); }

  /// Destroys the moved-from oldest item.
  void drop_first() noexcept {
    std::destroy_at(places_[front_].item());
    front_ = marks_.after(front_);
  }

  /// Owns items that were removed all at once, and destroys them. They remain in their slots until
  /// then.
  class Rest {
   public:
    Rest() = default;
    Rest(const Rest&) = delete;
    Rest& operator=(const Rest&) = delete;
    ~Rest() {
      for (; size_ != 0; --size_) ring_->drop_first();
    }

   private:
    friend class PlaceRing;
    PlaceRing* ring_ = nullptr;
    std::size_t size_ = 0;
  };

  /// Passes all items, of which there are `size`, to `rest`, which must be empty. Requires that the
  /// caller holds both ends, and that the ring is not used afterwards.
  void take_all(std::size_t size, Rest& rest) noexcept {
    rest.ring_ = this;
    rest.size_ = size;
  }

 private:
  static constexpr std::size_t kCacheLine = 64;
  static constexpr std::size_t kMostBytes = 8192;

  struct alignas(kCacheLine) Place {
    T* item() noexcept { return std::launder(reinterpret_cast<T*>(bytes)); }

    Marks::Mark mark{Marks::kFree};
    alignas(T) std::byte bytes[sizeof(T)];
  };

  const std::unique_ptr<Place[]> places_;
  const Marks marks_;
  alignas(kCacheLine) std::uint32_t back_ = 0;   // one past the newest item
  alignas(kCacheLine) std::uint32_t front_ = 0;  // the oldest item
};

}  // namespace weft::queue
