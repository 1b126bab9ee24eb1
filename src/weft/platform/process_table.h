#pragma once

#include <cstdint>

#include "weft/platform/shared.h"

/// The beginning of the shared memory: what the processes, the kernel and the machine know of each
/// other. The layout is part of the C ABI: web/src/machine/shared.ts reads and writes it,
/// at offsets generated from here (playground/format.h).
namespace weft::platform::process_table {

using shared::Offset;

inline constexpr std::uint32_t kMagic = 0x48534657;  // "WFSH"
inline constexpr std::uint32_t kVersion = 1;
/// Processes of a run at once, the first one included. Slot 0 is that of the first.
inline constexpr std::uint32_t kSlots = 64;

namespace header {
inline constexpr Offset kMagic = 0;
inline constexpr Offset kVersion = 4;
inline constexpr Offset kSize = 8;          ///< bytes of the shared memory
inline constexpr Offset kEvents = 12;       ///< counts what the kernel has to see; it sleeps on it
inline constexpr Offset kNextNumber = 16;   ///< of the next process
inline constexpr Offset kOrigin = 24;       ///< f64: zero of the run's clock, as in Control (machine)
/// In a browser a thread that sleeps may go on sleeping, and swallow wake-ups, for seconds after its
/// process was ended. While this count is not 0, there may be some, and whoever wakes wakes everybody.
inline constexpr Offset kDying = 32;
/// Workers of the run's processes, of which a browser has only so many, and how many there may be; in
/// WebAssembly.
inline constexpr Offset kWorkers = 36;
inline constexpr Offset kWorkerLimit = 40;
inline constexpr Offset kBytes = 64;
}  // namespace header

/// A slot's life: free → requested (its parent has filled it in) → starting (kernel) → accepted (the
/// system has a process for it) → running (the process itself) → ended (whoever knows) → reaped (the kernel has cleaned up
/// behind it) → free (its parent wants to know no more). Or: starting → failed → free.
enum State : std::uint32_t {
  kFree = 0, kRequested = 1, kStarting = 2, kAccepted = 3, kRunning = 4, kEnded = 5, kReaped = 6, kFailed = 7,
};

namespace slot {
inline constexpr Offset kState = 0;      ///< State; its changes are waited for
inline constexpr Offset kNumber = 4;     ///< of the process in the run, from 1: what the trace knows it by
inline constexpr Offset kParent = 8;     ///< number of its parent
inline constexpr Offset kExitCode = 12;  ///< signed, as Python's: status, or minus the signal; once ended
inline constexpr Offset kKilled = 16;    ///< 1: it changes nothing any more, see shared::Access; or has noted its exit code
inline constexpr Offset kInside = 20;    ///< how many of its threads have an Access
inline constexpr Offset kSignal = 24;    ///< a signal that the kernel is to send; 0: none
inline constexpr Offset kProcessId = 28; ///< the system's number; in WebAssembly the same as kNumber
inline constexpr Offset kFailure = 32;   ///< why it failed: bytes of UTF-8 from kFailureText on
inline constexpr Offset kFailureText = 128;
inline constexpr std::uint32_t kMostFailureText = 128;
/// From 36 to 127: the core's own, see multiprocessing/.
inline constexpr Offset kPrivate = 36;
inline constexpr Offset kBytes = 256;
}  // namespace slot

inline constexpr Offset kFirstSlot = header::kBytes;
inline constexpr Offset kEnd = kFirstSlot + kSlots * slot::kBytes;  ///< from here on: the core's heap

constexpr Offset slot_at(std::uint32_t slot) { return kFirstSlot + slot * slot::kBytes; }

}  // namespace weft::platform::process_table
