#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "weft/futures/internal/task.h"
#include "weft/platform/cpu.h"

namespace weft::futures {

/// A worker's local run queue: a FIFO ring buffer to which the owner appends and from which any
/// thread takes, the owner and thieves alike, by compare-and-swap on `top_`, as in Go's and tokio's
/// run queues. Unlike theirs it grows, as Chase and Lev's deque does.
class RunQueue {
 public:
  RunQueue() {
    arrays_.push_back(std::make_unique<Array>(kFirstCapacity));
    array_.store(arrays_.back().get(), relaxed);
  }
  RunQueue(const RunQueue&) = delete;
  RunQueue& operator=(const RunQueue&) = delete;

  /// Appends tasks. Called by the owner. Sequentially consistent, for the store-load pattern of
  /// InjectionQueue::fill.
  void put(Task* const* tasks, std::size_t count) {
    const std::size_t bottom = bottom_.load(std::memory_order_relaxed);
    Array* array = array_.load(std::memory_order_relaxed);
    if (bottom + count - cached_top_ > array->capacity()) {
      cached_top_ = top_.load(std::memory_order_acquire);
      while (bottom + count - cached_top_ > array->capacity()) array = grow(bottom);
    }
    for (std::size_t i = 0; i < count; ++i) array->at(bottom + i).store(tasks[i], relaxed);
    bottom_.store(bottom + count, std::memory_order_seq_cst);
  }

  /// Takes the first task; null if there is none. Callable by any thread.
  Task* take() noexcept {
    Task* task = nullptr;
    return take(&task, 1) == 1 ? task : nullptr;
  }

  /// Steal half (Hendler & Shavit): takes half of the tasks, rounded up, but at most `max`, from
  /// the front; returns their number. Callable by any thread.
  std::size_t steal_half(Task** tasks, std::size_t max) noexcept {
    return take(tasks, std::min(max, (size() + 1) / 2));
  }

  std::size_t size() const noexcept {
    const std::size_t top = top_.load(std::memory_order_acquire);
    return bottom_.load(std::memory_order_seq_cst) - top;
  }

  /// Number of tasks taken since construction.
  std::size_t taken() const noexcept { return top_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::size_t kFirstCapacity = 64;
  static constexpr std::size_t kAhead = 4;
  static constexpr auto relaxed = std::memory_order_relaxed;

  class Array {
   public:
    explicit Array(std::size_t capacity)
        : mask_(capacity - 1), slots_(std::make_unique<std::atomic<Task*>[]>(capacity)) {}
    std::size_t capacity() const noexcept { return mask_ + 1; }
    std::atomic<Task*>& at(std::size_t index) noexcept { return slots_[index & mask_]; }

   private:
    const std::size_t mask_;
    const std::unique_ptr<std::atomic<Task*>[]> slots_;
  };

  // Reads the slots speculatively; a successful exchange validates them, as a slot is not
  // overwritten before top_ has passed it.
  std::size_t take(Task** tasks, std::size_t max) noexcept {
    std::size_t top = top_.load(std::memory_order_acquire);
    for (;;) {
      const std::size_t available = bottom_.load(std::memory_order_acquire) - top;
      if (available == 0 || max == 0) return 0;
      const std::size_t count = std::min(max, available);
      Array& array = *array_.load(std::memory_order_acquire);
      for (std::size_t i = 0; i < count; ++i) tasks[i] = array.at(top + i).load(relaxed);
      platform::prefetch(array.at(top + count + kAhead).load(relaxed));
      if (top_.compare_exchange_weak(top, top + count, std::memory_order_acq_rel,
                                     std::memory_order_acquire)) {
        return count;
      }
    }
  }

  // Thieves may go on reading the old array: it holds the same tasks, and is kept until
  // destruction.
  Array* grow(std::size_t bottom) {
    Array& old = *arrays_.back();
    arrays_.push_back(std::make_unique<Array>(2 * old.capacity()));
    Array& array = *arrays_.back();
    for (std::size_t i = cached_top_; i != bottom; ++i) {
      array.at(i).store(old.at(i).load(relaxed), relaxed);
    }
    array_.store(&array, std::memory_order_release);
    return &array;
  }

  alignas(64) std::atomic<std::size_t> top_{0};
  alignas(64) std::atomic<std::size_t> bottom_{0};
  std::size_t cached_top_ = 0;                  // the owner's cached lower bound of top_
  std::vector<std::unique_ptr<Array>> arrays_;  // the owner's; all kept until destruction
  std::atomic<Array*> array_{nullptr};
};

}  // namespace weft::futures
