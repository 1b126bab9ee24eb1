#pragma once

#include "weft/runtime/internal/thread_state.h"

namespace weft::runtime {

/// RAII: declares that the calling thread computes `object`, a future, for the length of a scope. A
/// thread that waits for the future then waits for this one: an edge of the deadlock report's
/// wait-for graph.
class TaskScope {
 public:
  explicit TaskScope(const Object& object) noexcept
      : thread_(session_thread), before_(thread_ != nullptr ? thread_->current_task : nullptr) {
    if (thread_ != nullptr) [[unlikely]]
      thread_->current_task = &object;
  }
  ~TaskScope() {
    if (thread_ != nullptr) [[unlikely]]
      thread_->current_task = before_;
  }
  TaskScope(const TaskScope&) = delete;
  TaskScope& operator=(const TaskScope&) = delete;

 private:
  ThreadState* const thread_;
  const Object* const before_;
};

}  // namespace weft::runtime
