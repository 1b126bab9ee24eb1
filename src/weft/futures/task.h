#pragma once

#include <cstddef>
#include <cstdint>
#include <exception>
#include <new>

#include "weft/futures/task_nodes.h"
#include "weft/runtime/object.h"

namespace weft::futures {

/// Work that an executor queues and runs. Whoever queues it hands one ownership over, which `run`,
/// `discard` or `drop` ends; one of the three is called once.
class Task {
 public:
  Task() = default;
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;

  /// Does the work, unless it was cancelled. An exception goes where the task's own go; Stopped is
  /// thrown on. `executor` is the executor's number in the trace.
  virtual void run(std::uint32_t executor) = 0;
  /// The work will not be done: cancels it, or lets it fail with `why` if that is not null.
  virtual void discard(const std::exception_ptr& why) noexcept = 0;

  /// The executor did not take it.
  virtual void drop() noexcept = 0;

  runtime::Object& object() noexcept { return object_; }

  static void* operator new(std::size_t size) { return allocate_task(size); }
  static void operator delete(void* memory, std::size_t size) noexcept {
    deallocate_task(memory, size);
  }
  // What must lie at a place of its own is not worth keeping.
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
