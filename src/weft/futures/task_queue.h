#pragma once

#include <cstddef>
#include <memory>
#include <utility>

#include "weft/futures/task.h"

namespace weft::futures {

/// Tasks in the order of submission. Blocks of addresses, not a list through the tasks: who takes a
/// batch need not wait for one task's memory to find the next. Not for several threads at once.
class TaskQueue {
 public:
  TaskQueue() = default;
  TaskQueue(const TaskQueue&) = delete;
  TaskQueue& operator=(const TaskQueue&) = delete;
  ~TaskQueue() {
    while (first_ != nullptr) delete std::exchange(first_, first_->next);
    delete spare_;
  }

  std::size_t size() const noexcept { return size_; }

  void push(Task& task) {
    if (last_ == nullptr || end_ == kBlock) add_block();
    last_->tasks[end_++] = &task;
    ++size_;
  }

  /// Puts back what was taken before, a list through the tasks, to be taken first.
  void put_back(Task* list) noexcept {
    Task** end = &list;
    while (*end != nullptr) {
      ++size_;
      end = &(*end)->next;
    }
    *end = std::exchange(returned_, list);
  }

  /// The first `count` tasks, of which there are so many, as a list through the tasks.
  Task* take(std::size_t count) noexcept {
    Task* list = nullptr;
    Task** end = &list;
    size_ -= count;
    for (; count > 0; --count) {
      Task* task = pop();
      *end = task;
      end = &task->next;
    }
    *end = nullptr;
    return list;
  }

 private:
  static constexpr std::size_t kBlock = 255;

  struct Block {
    Task* tasks[kBlock];
    Block* next = nullptr;
  };

  void add_block() {
    Block* block = spare_ != nullptr ? std::exchange(spare_, nullptr) : new Block;
    block->next = nullptr;
    (last_ != nullptr ? last_->next : first_) = block;
    last_ = block;
    end_ = 0;
  }

  Task* pop() noexcept {
    if (returned_ != nullptr) return std::exchange(returned_, returned_->next);
    if (begin_ == kBlock) {
      Block* empty = std::exchange(first_, first_->next);
      begin_ = 0;
      if (spare_ == nullptr) {
        spare_ = empty;
      } else {
        delete empty;
      }
    }
    return first_->tasks[begin_++];
  }

  Task* returned_ = nullptr;
  Block* first_ = nullptr;
  Block* last_ = nullptr;
  Block* spare_ = nullptr;
  std::size_t begin_ = 0;  // in first_
  std::size_t end_ = 0;    // in last_
  std::size_t size_ = 0;
};

}  // namespace weft::futures
