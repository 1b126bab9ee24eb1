#pragma once

#include <cstdint>

#include "weft/ipc/shared_object_view.h"
#include "weft/ipc/wait_queue.h"
#include "weft/runtime/park.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"

namespace weft::multiprocessing {

/// The common state of Lock and RLock: a robust lock in the shared memory, whose lock word names
/// the owner process, so that the supervisor can recover it from owner death.
///
/// A barging lock: a thread that finds it free acquires it, even if others wait, as strict FIFO
/// order would cost a switch between processes per acquisition (lock convoy). Starvation is bounded
/// by a starvation mode, similar to that of Go's sync.Mutex: a waiter that has waited for 2 ms and
/// finds the lock held after a wake-up reserves it (kReserved); a reserved lock is acquired only by
/// threads that have waited as long. Contended acquisition spins for a bounded time, then waits in
/// the lock's WaitQueue.
class ProcessLock : public ipc::SharedObjectView {
 public:
  using Offset = platform::shared::Offset;

  explicit ProcessLock(ipc::ObjectHandle held);

  /// Allocates a lock in the shared memory. Throws RuntimeError if there is no room.
  static ipc::ObjectHandle make(bool recursive, const ObjectOptions& options);

  bool recursive() const noexcept { return recursive_; }
  bool acquire(bool block, runtime::Timeout timeout, runtime::Where where);
  void release();
  void recover();
  bool locked() const noexcept;

  // For Condition::wait.

  /// True if the calling thread owns the RLock, or the calling process the Lock.
  bool is_mine() const noexcept;
  /// Releases the lock at whatever recursion depth it is held, and returns that depth.
  std::uint32_t release_all() noexcept;
  /// Blocks until the lock is reacquired to that depth, even if it is abandoned, and returns
  /// whether it is: then it is held and remains abandoned. Not stoppable.
  enum class Reacquired { consistent, abandoned };
  Reacquired reacquire(std::uint32_t depth, runtime::Where where);
  /// Throws AbandonedError; the first call after an owner's death records it in the trace.
  [[noreturn]] void throw_abandoned();

  /// For the supervisor: true if that process owns the lock, or it is abandoned.
  static bool is_left_by(Offset at, std::uint32_t process) noexcept;

 private:
  friend struct LockRecovery;

  static constexpr Offset kWord = 0;
  static constexpr Offset kThread = 4;  ///< recursive: runtime::identity of the owner thread
  static constexpr Offset kDepth = 8;   ///< recursive: recursion depth
  static constexpr Offset kDied = 12;   ///< number of the last owner that died; and kDeathRecorded
  static constexpr std::uint32_t kBytes = 16;

  // The lock word is a wait queue's. Its value: the number of the owner process (0: free), and:
  static constexpr std::uint32_t kAbandoned = 0x4000'0000;  // an owner died (FUTEX_OWNER_DIED)
  static constexpr std::uint32_t kReserved = 0x2000'0000;   // starvation mode
  static constexpr std::uint32_t kOwner = 0x1fff'ffff;
  // In kDied: the death is in the trace.
  static constexpr std::uint32_t kDeathRecorded = 0x8000'0000;

  struct Acquisition;

  std::uint32_t word() const noexcept { return platform::shared::load(at + kWord); }
  void set_owner(std::uint32_t depth) noexcept;
  bool acquire_slow(runtime::Deadline deadline, runtime::Stoppable stoppable, runtime::Where where,
                    std::uint32_t depth, std::uint32_t accepted);
  void release_word() noexcept;
  static void lift_reservation(ipc::WaitQueue queue) noexcept;

  const bool recursive_;
};

}  // namespace weft::multiprocessing
