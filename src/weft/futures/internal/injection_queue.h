#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "weft/futures/internal/task.h"
#include "weft/platform/mutex.h"

namespace weft::futures {

/// An unbounded FIFO of tasks: any number of producers, one consumer at a time. A linked list of
/// array segments; producers reserve slots by fetch-and-add, as in folly's UnboundedQueue and LCRQ,
/// and take a lock only to append a segment. A producer first reserves a slot, which fixes the
/// order, and then fills it; a reserved slot that is not filled yet hides those behind it from the
/// consumer.
///
/// `tail_` packs the address of the last segment and the index of its next free slot into one word,
/// as segments are aligned to kAlignment; so one addition reserves a slot.
class InjectionQueue {
 public:
  using Slot = std::atomic<Task*>;

  InjectionQueue() : head_(new Segment), tail_(word_of(head_)), begun_(word_of(head_)) {}
  InjectionQueue(const InjectionQueue&) = delete;
  InjectionQueue& operator=(const InjectionQueue&) = delete;
  ~InjectionQueue() {  // requires that there are no tasks
    while (head_ != nullptr) delete std::exchange(head_, head_->next.load());
    delete spare_.load();
  }

  // Callable by any thread.

  /// Reserves the next slot; null after close().
  Slot* reserve() {
    for (;;) {
      std::uintptr_t tail = tail_.load(std::memory_order_relaxed);
      if (tail < kAlignment) return nullptr;
      if (index_of(tail) < kSlots) {
        tail = tail_.fetch_add(1, std::memory_order_acq_rel);
        if (tail < kAlignment) return nullptr;
        if (index_of(tail) < kSlots) return &segment_of(tail)->slots[index_of(tail)];
      }
      add_segment();
    }
  }

  /// Publishes the task, sequentially consistent for the store-load (Dekker) pattern: a thread that
  /// stores a flag and then polls for tasks either finds the task, or a later load of the flag by
  /// the caller of this sees the store, if all of these are sequentially consistent.
  static void fill(Slot& slot, Task& task) noexcept {
    slot.store(&task, std::memory_order_seq_cst);
  }

  /// No slot is reserved after this.
  void close() noexcept {
    const platform::LockGuard guard(growth_);
    if (is_closed()) return;
    end_.store(in_bounds(tail_.exchange(0, std::memory_order_acq_rel)), std::memory_order_release);
  }
  bool is_closed() const noexcept { return tail_.load(std::memory_order_relaxed) < kAlignment; }

  /// False only if there is neither a task nor a reserved slot; may return a false positive.
  bool seems_to_have_tasks() const noexcept {
    return begun_.load(std::memory_order_relaxed) != end();
  }

  /// Position of the next slot; changes with each reservation.
  std::uintptr_t end() const noexcept {
    const std::uintptr_t tail = tail_.load(std::memory_order_acquire);
    return tail < kAlignment ? end_.load(std::memory_order_acquire) : in_bounds(tail);
  }

  // Callable by one thread at a time, the consumer.

  /// The first task; null if there is none, or if its slot is not filled yet.
  Task* first() noexcept {
    if (begin_ == kSlots && !leave_segment()) return nullptr;
    return head_->slots[begin_].load(std::memory_order_seq_cst);
  }

  /// Removes up to `max` tasks from the front and returns their number.
  std::size_t take(Task** tasks, std::size_t max) noexcept {
    std::size_t count = 0;
    for (; count < max; ++count) {
      Task* const task = first();
      if (task == nullptr) break;
      __builtin_prefetch(task);
      head_->slots[begin_++].store(nullptr, std::memory_order_relaxed);
      tasks[count] = task;
    }
    begun_.store(word_of(head_) + begin_, std::memory_order_relaxed);
    return count;
  }

  /// Number of slots reserved and not taken, but at most `max`.
  std::size_t size(std::size_t max) const noexcept {
    const std::uintptr_t last = end();
    std::size_t before = 0;
    for (const Segment* segment = head_; segment != segment_of(last); before += kSlots) {
      segment = segment->next.load(std::memory_order_acquire);
      if (segment == nullptr || before > max + kSlots) return max;
    }
    const std::size_t upto_last = before + index_of(last);
    return upto_last < begin_ ? 0 : std::min(max, upto_last - begin_);
  }

 private:
  static constexpr std::uintptr_t kAlignment = 8192;
  // Indices from here to kAlignment absorb the fetch-and-adds of threads that find the segment full
  // at the same time.
  static constexpr std::size_t kSlots = 1000;

  struct alignas(kAlignment) Segment {
    Slot slots[kSlots] = {};
    std::atomic<Segment*> next{nullptr};
  };

  static std::uintptr_t word_of(const Segment* segment) noexcept {
    return reinterpret_cast<std::uintptr_t>(segment);
  }
  static Segment* segment_of(std::uintptr_t word) noexcept {
    return reinterpret_cast<Segment*>(word & ~(kAlignment - 1));
  }
  static std::size_t index_of(std::uintptr_t word) noexcept { return word & (kAlignment - 1); }
  static std::uintptr_t in_bounds(std::uintptr_t word) noexcept {
    return index_of(word) <= kSlots ? word : word - index_of(word) + kSlots;
  }

  void add_segment() {
    const platform::LockGuard guard(growth_);
    const std::uintptr_t tail = tail_.load(std::memory_order_relaxed);
    if (index_of(tail) < kSlots) return;  // another thread appended one, or closed the queue
    Segment* segment = spare_.exchange(nullptr, std::memory_order_acq_rel);
    if (segment == nullptr) segment = new Segment;
    segment_of(tail)->next.store(segment, std::memory_order_release);
    tail_.store(word_of(segment), std::memory_order_release);
  }

  // All slots of the first segment have been filled and taken, so no thread accesses it any more;
  // it becomes the spare one.
  bool leave_segment() noexcept {
    Segment* const next = head_->next.load(std::memory_order_acquire);
    if (next == nullptr) return false;
    Segment* const left = std::exchange(head_, next);
    begin_ = 0;
    begun_.store(word_of(head_), std::memory_order_relaxed);
    left->next.store(nullptr, std::memory_order_relaxed);
    delete spare_.exchange(left, std::memory_order_acq_rel);
    return true;
  }

  Segment* head_;          // the consumer's, as is the next
  std::size_t begin_ = 0;  // in head_
  alignas(64) std::atomic<std::uintptr_t> tail_;
  alignas(64) std::atomic<std::uintptr_t> begun_;  // head_ and begin_, published for pollers
  std::atomic<std::uintptr_t> end_{0};             // tail_ at the moment of close()
  std::atomic<Segment*> spare_{nullptr};
  platform::Mutex growth_;
};

}  // namespace weft::futures
