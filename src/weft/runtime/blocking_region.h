#pragma once

#include "weft/runtime/thread_state.h"

namespace weft::runtime {

/// A scope in which the calling thread may block: its scheduler lets other threads run meanwhile.
/// A GIL is released for its length.
class BlockingRegion {
 public:
  explicit BlockingRegion(ThreadState& thread) noexcept : thread_(thread) {
    if (thread_.scheduler != nullptr) [[unlikely]] {
      thread_.scheduler->begin_blocking(thread_, trace::GilRelease::waits);
    }
  }
  ~BlockingRegion() {
    if (thread_.scheduler != nullptr) [[unlikely]] thread_.scheduler->end_blocking(thread_);
  }
  BlockingRegion(const BlockingRegion&) = delete;
  BlockingRegion& operator=(const BlockingRegion&) = delete;

 private:
  ThreadState& thread_;
};

}  // namespace weft::runtime
