#pragma once

#include <cstdint>

#include "weft/runtime/object.h"
#include "weft/runtime/point.h"

namespace weft::multiprocessing {

/// Trace records of a pool's task. It is submitted in one process, starts and finishes in another;
/// the three are records 1, 2 and 3 of a trace object of its own.
enum class TaskEvent : std::uint32_t { submit = 1, start = 2, finish = 3 };

/// Allocates a task number; 0 if the calling thread is not traced.
std::uint32_t new_task_number() noexcept;

/// `detail`: for a submission the pool's number; for a finish 1 if the task failed.
void record_task(std::uint32_t task, TaskEvent event, std::uint32_t detail) noexcept;

/// Records the start and the finish of a task around a scope.
class TaskRecord {
 public:
  explicit TaskRecord(std::uint32_t task) noexcept : task_(task) {
    if (task_ != 0) record_task(task_, TaskEvent::start, 0);
  }
  ~TaskRecord() {
    if (task_ != 0) record_task(task_, TaskEvent::finish, failed_);
  }
  TaskRecord(const TaskRecord&) = delete;
  TaskRecord& operator=(const TaskRecord&) = delete;

  void failed() const noexcept { failed_ = 1; }

 private:
  const std::uint32_t task_;
  mutable std::uint32_t failed_ = 0;
};

}  // namespace weft::multiprocessing
