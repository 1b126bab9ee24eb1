#pragma once

#include <cstdint>

#include "weft/platform/shared.h"

/// The process table, at the beginning of the shared memory: what the processes, the supervisor and
/// the machine exchange. The layout is part of the C ABI: web/src/machine/shared.ts reads and
/// writes it, at offsets generated from here (playground/format.h).
namespace weft::platform::process_table {

using shared::Offset;

inline constexpr std::uint32_t kMagic = 0x48534657;  // "WFSH"
inline constexpr std::uint32_t kVersion = 1;
/// Most processes of a run at a time, including the first one, which has slot 0.
inline constexpr std::uint32_t kSlots = 64;

namespace header {
inline constexpr Offset kMagic = 0;
inline constexpr Offset kVersion = 4;
inline constexpr Offset kSize = 8;         ///< bytes of the shared memory
inline constexpr Offset kEvents = 12;      ///< event count: what the supervisor blocks on
inline constexpr Offset kNextNumber = 16;  ///< number of the next process
inline constexpr Offset kOrigin = 24;      ///< f64: zero of the run's clock, as in Control
/// In a browser a blocked thread may stay in the wait queue, and swallow wake-ups, for seconds
/// after its process was ended. While this count of such processes is not 0, every wake-up wakes
/// all waiters.
inline constexpr Offset kDying = 32;
/// WebAssembly only: the number of web workers of the run's processes, and its limit, as a browser
/// allows only so many.
inline constexpr Offset kWorkers = 36;
inline constexpr Offset kWorkerLimit = 40;
inline constexpr Offset kBytes = 64;
}  // namespace header

/// States of a slot:
///
///   free → requested   the parent has filled the slot in
///        → starting    the supervisor has taken the request
///        → accepted    the system has created the process
///        → running     by the process itself
///        → ended       by the process, the supervisor or the machine, whichever knows first
///        → reaped      by the supervisor, which has recovered what the process held
///        → free        by the parent, or by the supervisor if the parent is gone
///   starting → failed → free
enum State : std::uint32_t {
  kFree = 0,
  kRequested = 1,
  kStarting = 2,
  kAccepted = 3,
  kRunning = 4,
  kEnded = 5,
  kReaped = 6,
  kFailed = 7,
};

namespace slot {
inline constexpr Offset kState = 0;   ///< State; changes wake those blocked on it
inline constexpr Offset kNumber = 4;  ///< the process's number in the run and the trace, from 1
inline constexpr Offset kParent = 8;  ///< number of its parent
/// Signed, as Python's exitcode: the status, or minus the signal. Valid once ended.
inline constexpr Offset kExitCode = 12;
/// 1: the process may change the shared memory no more, see shared::Access; or, natively, it has
/// stored its exit code.
inline constexpr Offset kKilled = 16;
inline constexpr Offset kInside = 20;     ///< number of its threads that hold an Access
inline constexpr Offset kSignal = 24;     ///< a signal that the supervisor is to send; 0: none
inline constexpr Offset kProcessId = 28;  ///< the system's process id; in WebAssembly kNumber
/// Why it failed: length in bytes of the UTF-8 text at kFailureText.
inline constexpr Offset kFailure = 32;
inline constexpr Offset kFailureText = 128;
inline constexpr std::uint32_t kMaxFailureText = 128;
/// Bytes 36 to 127 belong to the core, see ipc/layout.h.
inline constexpr Offset kPrivate = 36;
inline constexpr Offset kBytes = 256;
}  // namespace slot

inline constexpr Offset kFirstSlot = header::kBytes;
inline constexpr Offset kEnd = kFirstSlot + kSlots * slot::kBytes;  ///< here the core's heap begins

constexpr Offset slot_at(std::uint32_t slot) { return kFirstSlot + slot * slot::kBytes; }

}  // namespace weft::platform::process_table
