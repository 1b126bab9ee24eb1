#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <utility>

namespace weft::queue {

/// Items that leave in the order in which they came, with two ends at which one thread each can work
/// at the same time: one places items, one takes them. Both know by other means how many there are.
///
/// Lies in chunks of about a kilobyte, of which one is kept in reserve: no push moves what is there
/// already, and a queue that stays short stops allocating.
template <class T>
class TwoEndedFifo {
  struct Chunk;

 public:
  TwoEndedFifo() = default;
  TwoEndedFifo(const TwoEndedFifo&) = delete;
  TwoEndedFifo& operator=(const TwoEndedFifo&) = delete;
  /// Its items have to be gone.
  ~TwoEndedFifo() {
    while (front_.chunk != nullptr) delete std::exchange(front_.chunk, front_.chunk->next);
    delete spare_.load(std::memory_order_relaxed);
  }

  /// Puts the item behind the others.
  void push(T&& item) {
    if (back_.chunk == nullptr || back_.place == kChunk) append_chunk();
    ::new (back_.chunk->at(back_.place)) T(std::move(item));
    ++back_.place;
  }

  /// The oldest item. There must be one, whose push happened before.
  T& first() noexcept {
    if (front_.place == kChunk) next_chunk();
    return *front_.chunk->item(front_.place);
  }

  /// Destroys what is left of the oldest item, after first().
  void drop_first() noexcept { std::destroy_at(front_.chunk->item(front_.place++)); }

  /// Items that were taken out all at once; they are destroyed with it.
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

  /// Moves all items, which are so many, to `rest`, which is empty. For who is at both ends.
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

  // Who takes the items sees the chunks' links, and the first chunk itself, as it sees the push.
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

  // Each in a line of memory of its own.
  struct alignas(kCacheLine) Position {
    Chunk* chunk = nullptr;  // null: there was no item yet
    std::uint32_t place = 0;
  };

  Position back_;   // behind the newest item
  Position front_;  // of the oldest item, or behind it
  alignas(kCacheLine) std::atomic<Chunk*> spare_{nullptr};
};

}  // namespace weft::queue
