#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

#include "weft/futures/task.h"
#include "weft/platform/cpu.h"

namespace weft::futures {

/// A worker's own tasks, first in, first out: the worker puts in, any thread takes. Grows as needed.
class TaskRing {
 public:
  TaskRing() {
    arrays_.push_back(std::make_unique<Array>(kFirstCapacity));
    array_.store(arrays_.back().get(), relaxed);
  }
  TaskRing(const TaskRing&) = delete;
  TaskRing& operator=(const TaskRing&) = delete;

  /// By its owner. As for TaskQueue::fill, whoever looks for tasks is seen after this or finds them.
  void put(Task* const* tasks, std::size_t count) {
    const std::size_t bottom = bottom_.load(std::memory_order_relaxed);
    Array* array = array_.load(std::memory_order_relaxed);
    if (bottom + count - seen_top_ > array->capacity()) {
      seen_top_ = top_.load(std::memory_order_acquire);
      while (bottom + count - seen_top_ > array->capacity()) array = grow(bottom);
    }
    for (std::size_t i = 0; i < count; ++i) array->at(bottom + i).store(tasks[i], relaxed);
    bottom_.store(bottom + count, std::memory_order_seq_cst);
  }

  /// By any thread: the first, null if there is none.
  Task* take() noexcept {
    Task* task = nullptr;
    return take(&task, 1) == 1 ? task : nullptr;
  }

  /// Takes the first half, but at most `most`, and returns how many.
  std::size_t take_half(Task** tasks, std::size_t most) noexcept {
    return take(tasks, std::min(most, (size() + 1) / 2));
  }

  std::size_t size() const noexcept {
    const std::size_t top = top_.load(std::memory_order_acquire);
    return bottom_.load(std::memory_order_seq_cst) - top;
  }

  /// How many have been taken so far.
  std::size_t taken() const noexcept { return top_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::size_t kFirstCapacity = 64;
  static constexpr std::size_t kAhead = 4;
  static constexpr auto relaxed = std::memory_order_relaxed;

  class Array {
   public:
    explicit Array(std::size_t capacity)
        : mask_(capacity - 1), places_(std::make_unique<std::atomic<Task*>[]>(capacity)) {}
    std::size_t capacity() const noexcept { return mask_ + 1; }
    std::atomic<Task*>& at(std::size_t index) noexcept { return places_[index & mask_]; }

   private:
    const std::size_t mask_;
    const std::unique_ptr<std::atomic<Task*>[]> places_;
  };

  // What is read before the exchange holds if that succeeds: a place is not used again before it is
  // taken.
  std::size_t take(Task** tasks, std::size_t most) noexcept {
    std::size_t top = top_.load(std::memory_order_acquire);
    for (;;) {
      const std::size_t there = bottom_.load(std::memory_order_acquire) - top;
      if (there == 0 || most == 0) return 0;
      const std::size_t count = std::min(most, there);
      Array& array = *array_.load(std::memory_order_acquire);
      for (std::size_t i = 0; i < count; ++i) tasks[i] = array.at(top + i).load(relaxed);
      platform::prefetch(array.at(top + count + kAhead).load(relaxed));
      if (top_.compare_exchange_weak(top, top + count, std::memory_order_acq_rel,
                                     std::memory_order_acquire)) {
        return count;
      }
    }
  }

  // Those who read in the old array find there what they would find in the new one.
  Array* grow(std::size_t bottom) {
    Array& old = *arrays_.back();
    arrays_.push_back(std::make_unique<Array>(2 * old.capacity()));
    Array& array = *arrays_.back();
    for (std::size_t i = seen_top_; i != bottom; ++i) {
      array.at(i).store(old.at(i).load(relaxed), relaxed);
    }
    array_.store(&array, std::memory_order_release);
    return &array;
  }

  alignas(64) std::atomic<std::size_t> top_{0};
  alignas(64) std::atomic<std::size_t> bottom_{0};
  std::size_t seen_top_ = 0;                     // the owner's
  std::vector<std::unique_ptr<Array>> arrays_;  // the owner's; none is destroyed before the others
  std::atomic<Array*> array_{nullptr};
};

}  // namespace weft::futures
