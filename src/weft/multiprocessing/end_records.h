#pragma once

#include <atomic>
#include <cstdint>

#include "weft/platform/mutex.h"
#include "weft/runtime/session.h"

namespace weft::multiprocessing {

/// What the trace is told of ends of processes that could not tell of it themselves: by the kernel, which
/// is no thread of the run, in the moment in which it sees them.
class EndRecords {
 public:
  /// From now on they are written to the trace of the calling thread's session, for as long as there is
  /// that session. Does nothing if the thread is not traced.
  void follow_session();

  /// The process of that slot has ended.
  void write(std::uint32_t slot) noexcept;

 private:
  void leave(std::uint32_t serial) noexcept;

  std::atomic<std::uint32_t> follows_{0};  // the session's serial number; 0: none
  platform::Mutex mutex_;
  runtime::Session* session_ = nullptr;  // guarded by mutex_, as is the next
  trace::Ring* ring_ = nullptr;          // from the first record on
};

}  // namespace weft::multiprocessing
