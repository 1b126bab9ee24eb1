#pragma once

#include <cstdint>

#include "weft/platform/process_table.h"

/// The layout of the core's part of the shared memory, beyond the public words of the process
/// table. Only C++ accesses it. After the process table: the run's words, the object table, the
/// heap.
namespace weft::ipc::layout {

using platform::process_table::slot_at;
using platform::shared::Offset;

/// Bytes of a run's shared memory. Natively they are reserved, and committed on first use.
inline constexpr std::uint32_t kSharedBytes = 32 << 20;

/// Further words of a process's slot.
namespace slot {
using namespace platform::process_table::slot;   // NOLINT: one list of words
inline constexpr Offset kClaimed = kPrivate;     ///< 1 + parent's slot, or kOrphan; 0: free
inline constexpr Offset kFlags = kPrivate + 4;   ///< see below
inline constexpr Offset kLaunch = kPrivate + 8;  ///< offset of the launch record
inline constexpr Offset kLaunchBytes = kPrivate + 12;
inline constexpr Offset kParentSlot = kPrivate + 16;
inline constexpr Offset kObject = kPrivate + 20;    ///< its number in the trace
inline constexpr Offset kSequence = kPrivate + 24;  ///< sequence number of its last trace record
/// An eventcount of the exits of this slot's processes; joining threads park on it. It is not reset
/// when the slot is reused, which rules out an ABA problem.
inline constexpr Offset kEndings = kPrivate + 28;
inline constexpr Offset kStop = kPrivate + 32;  ///< 1: the run is stopped
/// The process's request to the supervisor, see supervisor.h.
inline constexpr Offset kRequest = kPrivate + 36;
inline constexpr Offset kRequestArgument = kPrivate + 40;  ///< three words
inline constexpr Offset kReply = kPrivate + 52;            ///< two words; the second is unused
static_assert(kReply + 8 <= kFailureText);

inline constexpr std::uint32_t kOrphan = 0xffff'ffff;

inline constexpr std::uint32_t kDaemon = 1;        ///< flag: may not have children
inline constexpr std::uint32_t kExitRecorded = 2;  ///< flag: it has written its own exit record
inline constexpr std::uint32_t kFinished = 4;  ///< flag: run_child() completed: no kill, os_exit()
inline constexpr std::uint32_t kEndsWithParent = 8;  ///< flag: terminated when its parent ends
}  // namespace slot

/// Words of the whole run.
namespace run {
inline constexpr Offset kNextObject = platform::process_table::kEnd;  ///< object numbers assigned
inline constexpr Offset kNextTask = kNextObject + 4;  ///< numbers of pools' tasks assigned
/// An eventcount on which threads park that wait for any of several objects (see wait.h): it is
/// incremented when a process is reaped and, while kWaiters is not 0, when an object becomes ready.
inline constexpr Offset kReady = kNextObject + 8;
/// Number of those threads; an upper bound, as a killed process leaves its own counted.
inline constexpr Offset kWaiters = kNextObject + 12;
/// One bit per object: a holder has dropped its last reference in a role; the supervisor polls it.
inline constexpr Offset kToPoll = kNextObject + 64;
}  // namespace run

inline constexpr std::uint32_t kObjects = 1024;  ///< most shared objects at a time

/// An entry of the table of objects.
namespace object {
inline constexpr Offset kGeneration = 0;  ///< odd while in use; monotonic, detects stale ObjectRefs
inline constexpr Offset kKind = 4;
inline constexpr Offset kData = 8;
inline constexpr Offset kDataBytes = 12;
inline constexpr Offset kNumber = 16;    ///< the object's number in the trace
inline constexpr Offset kSequence = 20;  ///< sequence number of its last trace record
inline constexpr Offset kChanges = 24;   ///< incremented before each drop of a reference
inline constexpr Offset kNameBytes = 28;
inline constexpr Offset kName = 32;
inline constexpr std::uint32_t kMaxNameBytes = 64;
/// Reference counts, one per role and holder: a process's slot, or the last one for handles in
/// transit.
inline constexpr Offset kHandleCounts = kName + kMaxNameBytes;
inline constexpr std::uint32_t kRoles = 2;
inline constexpr std::uint32_t kHolders = platform::process_table::kSlots + 1;
inline constexpr Offset kUnrecorded = kHandleCounts + kRoles * kHolders * 4;  ///< 1: Recorded::no
inline constexpr Offset kBytes = kUnrecorded + 24;
static_assert(kBytes % 64 == 0);
}  // namespace object

inline constexpr Offset kObjectTable = run::kToPoll + kObjects / 8 + 64;
inline constexpr Offset kAllocatorBegin = kObjectTable + kObjects * object::kBytes;

constexpr Offset object_at(std::uint32_t index) { return kObjectTable + index * object::kBytes; }
constexpr Offset handle_count_at(std::uint32_t index, std::uint32_t role, std::uint32_t holder) {
  return object_at(index) + object::kHandleCounts + (role * object::kHolders + holder) * 4;
}

}  // namespace weft::ipc::layout
