#pragma once

#include <thread>

#include "weft/runtime/internal/thread_state.h"
#include "weft/runtime/point.h"

namespace weft::test {

/// True on a thread of a session whose scheduler is controlled: then a loop that waits for another
/// thread has to pass points, and time is virtual.
inline bool scheduled() noexcept {
  return runtime::session_thread != nullptr && runtime::session_thread->scheduler != nullptr &&
         runtime::session_thread->scheduler->is_controlled();
}

/// Lets other threads run, whoever schedules them.
inline void yield() noexcept {
  if (scheduled()) {
    runtime::yield_hint();
  } else {
    std::this_thread::yield();
  }
}

}  // namespace weft::test
