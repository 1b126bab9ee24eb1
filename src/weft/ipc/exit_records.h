#pragma once

#include <atomic>
#include <cstdint>

#include "weft/platform/mutex.h"
#include "weft/runtime/session.h"

namespace weft::ipc {

/// Writes exit records to the trace for processes that could not write their own, for example
/// because they were killed. Called by the supervisor, which is no thread of a session, when it
/// reaps them.
class ExitRecords {
 public:
  /// Makes the calling thread's session the target of records, until that session ends. Has no
  /// effect if the thread is not traced.
  void follow_session();

  /// Records the end of that slot's process. Has no effect without a session, or if the trace has
  /// no ring left.
  void write(std::uint32_t slot) noexcept;

 private:
  void leave(std::uint32_t serial) noexcept;

  std::atomic<std::uint32_t> follows_{0};  // the session's serial number; 0: none
  platform::Mutex mutex_;
  runtime::Session* session_ WEFT_GUARDED_BY(mutex_) = nullptr;
  trace::RecordRing* ring_ WEFT_GUARDED_BY(mutex_) = nullptr;  // taken for the first record
};

}  // namespace weft::ipc
