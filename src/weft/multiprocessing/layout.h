#pragma once

#include <cstdint>

#include "weft/platform/process_table.h"

/// What the core keeps in the shared memory behind the process table's public words. Only C++ reads it.
namespace weft::multiprocessing::layout {

using platform::process_table::slot_at;
using platform::shared::Offset;

/// Bytes of a run's shared memory; natively it takes what is used of it.
inline constexpr std::uint32_t kSharedBytes = 32 << 20;

/// Further words of a process's slot.
namespace slot {
using namespace platform::process_table::slot;  // NOLINT: one list of words
inline constexpr Offset kClaimed = kPrivate;         ///< 0: free; else 1 + its parent's slot, or kOrphan
inline constexpr Offset kFlags = kPrivate + 4;       ///< see below
inline constexpr Offset kLaunch = kPrivate + 8;      ///< where that lies what it is to do; 0: taken
inline constexpr Offset kLaunchBytes = kPrivate + 12;
inline constexpr Offset kParentSlot = kPrivate + 16;
inline constexpr Offset kObject = kPrivate + 20;     ///< its number in the trace
inline constexpr Offset kSequence = kPrivate + 24;   ///< how many records the trace has of it
/// Counts the processes of this slot that have ended: those who wait for an end sleep on it. It goes
/// on counting when the slot is used again, so nobody takes one process for another.
inline constexpr Offset kEndings = kPrivate + 28;
inline constexpr Offset kStop = kPrivate + 32;       ///< 1: end as soon as you can
/// What the process asks of the kernel, see kernel.h.
inline constexpr Offset kRequest = kPrivate + 36;
inline constexpr Offset kRequestArgument = kPrivate + 40;  ///< three words
inline constexpr Offset kAnswer = kPrivate + 52;           ///< two words
static_assert(kAnswer + 8 <= kFailureText);

inline constexpr std::uint32_t kOrphan = 0xffff'ffff;

inline constexpr std::uint32_t kDaemon = 1;    ///< flag: may not have children
inline constexpr std::uint32_t kEndNoted = 2;  ///< flag: it has written its end to the trace itself
inline constexpr std::uint32_t kFinished = 4;  ///< flag: it has come to its own end, not by os_exit()
inline constexpr std::uint32_t kEndsWithParent = 8;  ///< flag: it is terminated when its parent ends
}  // namespace slot

/// Words of the whole run.
namespace run {
inline constexpr Offset kNextObject = platform::process_table::kEnd;  ///< serial numbers given so far
inline constexpr Offset kNextTask = kNextObject + 4;  ///< numbers of pools' tasks given so far
/// Changes whenever a process has ended or, while kWaiters is not 0, when something can be received:
/// those who wait for one of several things sleep on it.
inline constexpr Offset kReady = kNextObject + 8;
inline constexpr Offset kWaiters = kNextObject + 12;
inline constexpr Offset kToLookAt = kNextObject + 64;  ///< a bit an object: its holds have changed
}  // namespace run

inline constexpr std::uint32_t kObjects = 1024;  ///< shared objects at once

/// An entry of the table of objects.
namespace object {
inline constexpr Offset kGeneration = 0;  ///< odd while there is an object; never goes back
inline constexpr Offset kKind = 4;
inline constexpr Offset kData = 8;
inline constexpr Offset kDataBytes = 12;
inline constexpr Offset kNumber = 16;    ///< in the trace
inline constexpr Offset kSequence = 20;  ///< how many records the trace has of it
inline constexpr Offset kChanges = 24;   ///< counted up before a hold is given back
inline constexpr Offset kNameBytes = 28;
inline constexpr Offset kName = 32;
inline constexpr std::uint32_t kMostNameBytes = 64;
inline constexpr Offset kHolds = kName + kMostNameBytes;
inline constexpr std::uint32_t kRoles = 2;
inline constexpr std::uint32_t kHolders = platform::process_table::kSlots + 1;
inline constexpr Offset kBytes = kHolds + kRoles * kHolders * 4 + 24;
static_assert(kBytes % 64 == 0);
}  // namespace object

inline constexpr Offset kObjectTable = run::kToLookAt + kObjects / 8 + 64;
inline constexpr Offset kHeap = kObjectTable + kObjects * object::kBytes;

constexpr Offset object_at(std::uint32_t index) { return kObjectTable + index * object::kBytes; }
constexpr Offset hold_at(std::uint32_t index, std::uint32_t role, std::uint32_t holder) {
  return object_at(index) + object::kHolds + (role * object::kHolders + holder) * 4;
}

}  // namespace weft::multiprocessing::layout
