#pragma once

#include <cstdint>

#include "weft/runtime/object.h"
#include "weft/runtime/point.h"

namespace weft::multiprocessing {

/// A task of a pool in the trace: it is submitted in one process, and runs and ends in another. Its
/// records are the first, the second and the third of an object of its own.
enum class TaskRecord : std::uint32_t { submit = 1, start = 2, finish = 3 };

/// A number for a further task; 0 if the calling thread is not traced.
std::uint32_t new_task_number() noexcept;

/// `detail`: of a submission the pool's number; of an end 1 if it failed.
void note_task(std::uint32_t task, TaskRecord record, std::uint32_t detail) noexcept;

/// A task that runs, for the length of a scope.
class TaskNote {
 public:
  explicit TaskNote(std::uint32_t task) noexcept : task_(task) {
    if (task_ != 0) note_task(task_, TaskRecord::start, 0);
  }
  ~TaskNote() {
    if (task_ != 0) note_task(task_, TaskRecord::finish, failed_);
  }
  TaskNote(const TaskNote&) = delete;
  TaskNote& operator=(const TaskNote&) = delete;

  void failed() const noexcept { failed_ = 1; }

 private:
  const std::uint32_t task_;
  mutable std::uint32_t failed_ = 0;
};

}  // namespace weft::multiprocessing
