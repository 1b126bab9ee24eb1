#pragma once

#include <cstdint>

#include "weft/platform/shared.h"
#include "weft/runtime/park.h"
#include "weft/runtime/time.h"

/// A robust mutex in a word of the shared memory, whose waiters a WaitQueue has, for the internal
/// state of an object. The owner is a process. When it dies, the supervisor releases the lock
/// (owner-death recovery) without EOWNERDEAD: the protected state must be consistent at every
/// instruction, or the object's process_died() repairs it first.
///
/// | value  | meaning                          |
/// | ------ | -------------------------------- |
/// | 0      | free                             |
/// | number | held by a thread of that process |
namespace weft::ipc::robust_lock {

using platform::shared::Offset;

/// Acquires it if it is free. The caller holds an Access.
bool try_acquire(Offset word) noexcept;

/// Acquires it: spins briefly, then parks. Returns false if the deadline passed first. Throws
/// Stopped.
bool acquire(Offset word, const runtime::Deadline& deadline, runtime::Waiting waiting,
             runtime::Stoppable stoppable = runtime::Stoppable::yes);

/// Releases it and wakes one waiter. The caller holds an Access.
void release(Offset word) noexcept;

/// True if a thread of that process holds it.
bool is_held_by(Offset word, std::uint32_t number) noexcept;

/// Called by the supervisor: releases the lock if the dead process held it, and wakes all waiters
/// in any case, as the process may have died between its release and its wake-up.
void recover_from_owner_death(Offset word, std::uint32_t number) noexcept;

/// Scoped lock. Its wait cannot be stopped.
class Guard {
 public:
  Guard(Offset word, runtime::Waiting waiting) noexcept;
  ~Guard();
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;

 private:
  const Offset word_;
};

}  // namespace weft::ipc::robust_lock
