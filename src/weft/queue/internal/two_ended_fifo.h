#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

namespace weft::queue {

/// An unbounded FIFO whose two ends may be used concurrently, by one thread at a time each. It does
/// not count its items: the caller ensures that there is one to take, and that its push happens
/// before.
///
/// A linked list of segments of about 1 KiB, one spare segment being kept for reuse: a push never
/// moves existing items, and a queue that stays short stops allocating.
template <class T>
class TwoEndedFifo {
  struct Segment;

 public:
  TwoEndedFifo() = default;
  TwoEndedFifo(const TwoEndedFifo&) = delete;
  TwoEndedFifo& operator=(const TwoEndedFifo&) = delete;
  /// Requires that all items have been removed.
  ~TwoEndedFifo() {
    while (front_.segment != nullptr) delete std::exchange(front_.segment, front_.segment->next);
    delete spare_.load(std::memory_order_relaxed);
  }

  /// Appends the item.
  void push(T&& item) {
    if (back_.segment == nullptr || back_.slot == kSegmentSlots) append_segment();
    ::new (back_.segment->at(back_.slot)) T(std::move(item));
    ++back_.slot;
  }

  /// The oldest item. Requires that there is one, whose push happens before this.
  T& first() noexcept {
    if (front_.slot == kSegmentSlots) next_segment();
    return *front_.segment->item(front_.slot);
  }

  /// Destroys the moved-from oldest item. Requires a preceding call of first().
  void drop_first() noexcept { std::destroy_at(front_.segment->item(front_.slot++)); }

  /// Owns items that were removed all at once, and destroys them.
  class Remainder {
   public:
    Remainder() = default;
    Remainder(const Remainder&) = delete;
    Remainder& operator=(const Remainder&) = delete;
    ~Remainder() {
      for (; size_ != 0; --size_) {
        if (slot_ == kSegmentSlots) drop_segment();
        std::destroy_at(segment_->item(slot_++));
      }
      while (segment_ != nullptr) drop_segment();
    }

    std::size_t size() const noexcept { return size_; }

   private:
    friend class TwoEndedFifo;
    void drop_segment() noexcept {
      delete std::exchange(segment_, segment_->next);
      slot_ = 0;
    }

    Segment* segment_ = nullptr;
    std::uint32_t slot_ = 0;
    std::size_t size_ = 0;
  };

  /// Moves all items, of which there are `size`, to `remainder`, which must be empty. Requires that
  /// the caller holds both ends.
  void take_all(std::size_t size, Remainder& remainder) noexcept {
    remainder.segment_ = std::exchange(front_.segment, nullptr);
    remainder.slot_ = std::exchange(front_.slot, 0);
    remainder.size_ = size;
    back_ = Position();
  }

 private:
  static constexpr std::size_t kCacheLine = 64;
  static constexpr std::uint32_t kSegmentSlots = std::max<std::uint32_t>(8, 1024 / sizeof(T));

  struct Segment {
    void* at(std::uint32_t i) noexcept { return bytes + i * sizeof(T); }
    T* item(std::uint32_t i) noexcept { return std::launder(static_cast<T*>(at(i))); }

    Segment* next = nullptr;
    alignas(T) std::byte bytes[kSegmentSlots * sizeof(T)];
  };

  // The links, and front_.segment, need not be atomic: they are written before the push of an item,
  // which happens before the consumer follows them.
  void append_segment() {
    Segment* segment = spare_.exchange(nullptr, std::memory_order_acquire);
    if (segment == nullptr) segment = new Segment;
    segment->next = nullptr;
    (back_.segment != nullptr ? back_.segment->next : front_.segment) = segment;
    back_.segment = segment;
    back_.slot = 0;
  }

  void next_segment() noexcept {
    Segment* const segment = std::exchange(front_.segment, front_.segment->next);
    front_.slot = 0;
    delete spare_.exchange(segment, std::memory_order_acq_rel);
  }

  // Each on its own cache line, against false sharing between the ends.
  struct alignas(kCacheLine) Position {
    Segment* segment = nullptr;  // null before the first item
    std::uint32_t slot = 0;
  };

  Position back_;   // one past the newest item
  Position front_;  // the oldest item; equal to back_ if there is none
  alignas(kCacheLine) std::atomic<Segment*> spare_{nullptr};
};

}  // namespace weft::queue
