#pragma once

#include <cstdint>
#include <exception>

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

  Task* next = nullptr;  // the executor's lists

 protected:
  virtual ~Task() = default;

 private:
  runtime::Object object_{trace::ObjectType::future};
};

}  // namespace weft::futures
