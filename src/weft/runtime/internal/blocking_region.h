#pragma once

#include "weft/runtime/internal/thread_state.h"

namespace weft::runtime {

/// RAII: a scope in which the calling thread may block; its scheduler lets other threads run
/// meanwhile. Releases the GIL, as Py_BEGIN_ALLOW_THREADS does, and re-acquires it at the end.
class BlockingRegion {
 public:
  explicit BlockingRegion(ThreadState& thread) noexcept : thread_(thread) {
    if (thread_.scheduler != nullptr) [[unlikely]] {
      thread_.scheduler->begin_blocking(thread_, trace::GilRelease::waits);
    }
  }
  ~BlockingRegion() {
    if (thread_.scheduler != nullptr) [[unlikely]]
      thread_.scheduler->end_blocking(thread_);
  }
  BlockingRegion(const BlockingRegion&) = delete;
  BlockingRegion& operator=(const BlockingRegion&) = delete;

 private:
  ThreadState& thread_;
};

}  // namespace weft::runtime
