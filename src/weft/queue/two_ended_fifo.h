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
/// A linked list of chunks of about 1 KiB, one spare chunk being kept for reuse: a push never moves
/// existing items, and a queue that stays short stops allocating.
template <class T>
class TwoEndedFifo {
  struct Chunk;

 public:
  TwoEndedFifo() = default;
  TwoEndedFifo(const TwoEndedFifo&) = delete;
  TwoEndedFifo& operator=(const TwoEndedFifo&) = delete;
  /// Requires that all items have been removed.
  ~TwoEndedFifo() {
    while (front_.chunk != nullptr) delete std::exchange(front_.chunk, front_.chunk->next);
    delete spare_.load(std::memory_order_relaxed);
  }

  /// Appends the item.
  void push(T&& item) {
    if (back_.chunk == nullptr || back_.place == kChunk) append_chunk();
    ::new (back_.chunk->at(back_.place)) T(std::move(item));
    ++back_.place;
  }

  /// The oldest item. Requires that there is one, whose push happens before this.
  T& first() noexcept {
    if (front_.place == kChunk) next_chunk();
    return *front_.chunk->item(front_.place);
  }

  /// Destroys the moved-from oldest item. Requires a preceding call of first().
  void drop_first() noexcept { std::destroy_at(front_.chunk->item(front_.place++)); }

  /// Owns items that were removed all at once, and destroys them.
  class Rest {
   public:
    Rest() = default;
    Rest(const Rest&) = delete;
    Rest& operator=(const Rest&) = delete;
    ~Rest() {
      for (; size_ != 0; --size_) {
        if (place_ == kChunk) drop_chunk();
        std::destroy_at(chunk_->item(place_++));
      }
      while (chunk_ != nullptr) drop_chunk();
    }

    std::size_t size() const noexcept { return size_; }

   private:
    friend class TwoEndedFifo;
    void drop_chunk() noexcept {
      delete std::exchange(chunk_, chunk_->next);
      place_ = 0;
    }

    Chunk* chunk_ = nullptr;
    std::uint32_t place_ = 0;
    std::size_t size_ = 0;
  };

  /// Moves all items, of which there are `size`, to `rest`, which must be empty. Requires that the
  /// caller holds both ends.
  void take_all(std::size_t size, Rest& rest) noexcept {
    rest.chunk_ = std::exchange(front_.chunk, nullptr);
    rest.place_ = std::exchange(front_.place, 0);
    rest.size_ = size;
    back_ = Position();
  }

 private:
  static constexpr std::size_t kCacheLine = 64;
  static constexpr std::uint32_t kChunk = std::max<std::uint32_t>(8, 1024 / sizeof(T));

  struct Chunk {
    void* at(std::uint32_t i) noexcept { return bytes + i * sizeof(T); }
    T* item(std::uint32_t i) noexcept { return std::launder(static_cast<T*>(at(i))); }

    Chunk* next = nullptr;
    alignas(T) std::byte bytes[kChunk * sizeof(T)];
  };

  // The links, and front_.chunk, need not be atomic: they are written before the push of an item,
  // which happens before the consumer follows them.
  void append_chunk() {
    Chunk* chunk = spare_.exchange(nullptr, std::memory_order_acquire);
    if (chunk == nullptr) chunk = new Chunk;
    chunk->next = nullptr;
    (back_.chunk != nullptr ? back_.chunk->next : front_.chunk) = chunk;
    back_.chunk = chunk;
    back_.place = 0;
  }

  void next_chunk() noexcept {
    Chunk* const chunk = std::exchange(front_.chunk, front_.chunk->next);
    front_.place = 0;
    delete spare_.exchange(chunk, std::memory_order_acq_rel);
  }

  // Each on its own cache line, against false sharing between the ends.
  struct alignas(kCacheLine) Position {
    Chunk* chunk = nullptr;  // null before the first item
    std::uint32_t place = 0;
  };

  Position back_;   // one past the newest item
  Position front_;  // the oldest item; equal to back_ if there is none
  alignas(kCacheLine) std::atomic<Chunk*> spare_{nullptr};
};

}  // namespace weft::queue
