#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <new>

#include "weft/futures/internal/task_allocator.h"
#include "weft/runtime/object.h"

namespace weft::futures {

/// A unit of work that an executor queues and runs. Submission passes one reference to the
/// executor, which releases it by exactly one call of `run`, `discard` or `drop`.
class Task {
 public:
  Task() = default;
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;

  /// Runs the task, unless it was cancelled. Handles its exceptions, by storing them in its future
  /// or by reporting them, except Stopped, which propagates. `executor`: the executor's number in
  /// the trace.
  virtual void run(std::uint32_t executor) = 0;
  /// Called instead if the task will not be run: cancels it, or completes it with the exception
  /// `why` if that is not null.
  virtual void discard(const std::exception_ptr& why) noexcept = 0;

  /// Called instead if the executor rejected the task: only releases the reference.
  virtual void drop() noexcept = 0;

  runtime::Object& object() noexcept { return object_; }

  static void* operator new(std::size_t size) { return allocate_task(size); }
  static void operator delete(void* memory, std::size_t size) noexcept {
    deallocate_task(memory, size);
  }
  // Over-aligned tasks are rare: they bypass the free lists.
  static void* operator new(std::size_t size, std::align_val_t alignment) {
    return ::operator new(size, alignment);
  }
  static void operator delete(void* memory, std::align_val_t alignment) noexcept {
    ::operator delete(memory, alignment);
  }

 protected:
  virtual ~Task() = default;

 private:
  runtime::Object object_{trace::ObjectType::future};
};

}  // namespace weft::futures
