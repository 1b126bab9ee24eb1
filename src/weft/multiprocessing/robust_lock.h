#pragma once

#include <cstdint>

#include "weft/platform/shared.h"
#include "weft/runtime/park.h"
#include "weft/runtime/time.h"

/// A lock in a word of the shared memory that guards the inside of an object. It belongs to a process;
/// when that has ended, the kernel gives it back: what it guards must be sound at every instruction.
///
/// | word                       | meaning                                |
/// | -------------------------- | -------------------------------------- |
/// | 0                          | free                                   |
/// | number                     | held by a thread of that process       |
/// | number, kContended set     | … and somebody may sleep until it goes |
namespace weft::multiprocessing::robust_lock {

using platform::shared::Offset;

inline constexpr std::uint32_t kContended = 0x8000'0000;

/// Takes it if it is free. With an Access.
bool try_take(Offset word) noexcept;

/// Blocks until it has it. Returns false if the deadline passed first. Throws Stopped.
bool take(Offset word, const runtime::Deadline& deadline, runtime::Waiting waiting,
          runtime::Stoppable stoppable = runtime::Stoppable::yes);

/// Wakes a waiter. With an Access.
void give_back(Offset word) noexcept;

/// True if the process of that number holds it.
bool is_held_by(Offset word, std::uint32_t number) noexcept;

/// By the kernel: frees what that process held, which has ended, and wakes everybody who waits. Even if
/// it held nothing, it may have been about to wake somebody.
void break_up(Offset word, std::uint32_t number) noexcept;

/// Holds one for the length of a scope. Waiting for it cannot be stopped.
class Guard {
 public:
  Guard(Offset word, runtime::Waiting waiting) noexcept;
  ~Guard();
  Guard(const Guard&) = delete;
  Guard& operator=(const Guard&) = delete;

 private:
  const Offset word_;
};

}  // namespace weft::multiprocessing::robust_lock
