#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

#include "weft/queue/marks.h"

namespace weft::queue {

/// As TwoEndedFifo, for a few items at most: a ring of places, each of which lies in lines of memory
/// of its own. Whoever places an item or takes one says so at its mark, and looks there first whether
/// it can be done.
template <class T>
class PlaceRing {
  struct Place;

 public:
  /// With so many places; none: it is not used.
  explicit PlaceRing(std::size_t places)
      : places_(places != 0 ? std::make_unique<Place[]>(places) : nullptr),
        marks_(places != 0 ? Marks(places_[0].mark, sizeof(Place), static_cast<std::uint32_t>(places))
                           : Marks()) {}
  PlaceRing(const PlaceRing&) = delete;
  PlaceRing& operator=(const PlaceRing&) = delete;

  /// If so many items of the type are few.
  static constexpr bool fits(std::size_t items) noexcept { return items <= kMostBytes / sizeof(Place); }

  const Marks& marks() const noexcept { return marks_; }

  /// Puts the item behind the others: there must be a free place.
  void push(T&& item) {
    ::new (static_cast<void*>(places_[back_].bytes)) T(std::move(item));
    back_ = marks_.after(back_);
  }

  /// The oldest item. There must be one, whose push happened before.
  T& first() noexcept { return *places_[front_].item(); }

  /// Destroys what is left of the oldest item, after first().
  void drop_first() noexcept {
    std::destroy_at(places_[front_].item());
    front_ = marks_.after(front_);
  }

  /// Items that were taken out all at once, but still lie where they were; they are destroyed with it.
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

  /// Gives all items, which are so many, to `rest`, which is empty. For who is at both ends, and the
  /// last one to use it.
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
  alignas(kCacheLine) std::uint32_t back_ = 0;   // behind the newest item
  alignas(kCacheLine) std::uint32_t front_ = 0;  // of the oldest item
};

}  // namespace weft::queue
