#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>

namespace weft::queue {

/// Items that leave in the order in which they came. Lies in chunks of about a kilobyte, of which
/// one is kept in reserve: no push moves what is there already, and a queue that stays short stops
/// allocating.
template <class T>
class Fifo {
 public:
  Fifo() = default;
  Fifo(const Fifo&) = delete;
  Fifo& operator=(const Fifo&) = delete;
  ~Fifo() {
    while (size_ != 0) drop_first();
    delete first_;
    delete spare_;
  }

  /// An empty one of the same kind.
  Fifo none() const { return Fifo(); }

  std::size_t size() const noexcept { return size_; }

  void push(T&& item) {
    if (last_ == nullptr || end_ == kChunk) append_chunk();
    ::new (last_->place(end_)) T(std::move(item));
    ++end_;
    ++size_;
  }

  /// Removes and returns the oldest item; there must be one.
  T pop() {
    T item = std::move(*first_->item(begin_));
    drop_first();
    return item;
  }

  void swap(Fifo& other) noexcept {
    std::swap(first_, other.first_);
    std::swap(last_, other.last_);
    std::swap(spare_, other.spare_);
    std::swap(begin_, other.begin_);
    std::swap(end_, other.end_);
    std::swap(size_, other.size_);
  }

 private:
  static constexpr std::size_t kChunk = std::max<std::size_t>(8, 1024 / sizeof(T));

  struct Chunk {
    void* place(std::size_t i) noexcept { return bytes + i * sizeof(T); }
    T* item(std::size_t i) noexcept { return std::launder(static_cast<T*>(place(i))); }

    Chunk* next = nullptr;
    alignas(T) std::byte bytes[kChunk * sizeof(T)];
  };

  void append_chunk() {
    Chunk* chunk = spare_ != nullptr ? std::exchange(spare_, nullptr) : new Chunk;
    chunk->next = nullptr;
    (last_ != nullptr ? last_->next : first_) = chunk;
    last_ = chunk;
    end_ = 0;
  }

  void drop_first() noexcept {
    std::destroy_at(first_->item(begin_));
    --size_;
    if (++begin_ == kChunk) drop_chunk();
  }

  void drop_chunk() noexcept {
    Chunk* chunk = std::exchange(first_, first_->next);
    if (first_ == nullptr) last_ = nullptr;
    begin_ = 0;
    delete std::exchange(spare_, chunk);
  }

  Chunk* first_ = nullptr;  // null: there is none, and no last one
  Chunk* last_ = nullptr;
  Chunk* spare_ = nullptr;
  std::size_t begin_ = 0;  // of the oldest item, in the first chunk
  std::size_t end_ = 0;    // behind the newest item, in the last chunk
  std::size_t size_ = 0;
};

}  // namespace weft::queue
