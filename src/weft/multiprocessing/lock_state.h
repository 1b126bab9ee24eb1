#pragma once

#include <cstdint>

#include "weft/multiprocessing/view.h"
#include "weft/runtime/park.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"

namespace weft::multiprocessing {

/// What Lock and RLock are: a word that says which process holds it.
///
/// Whoever comes while it is free takes it, even if others wait, as a lock that always went to the one who
/// waits longest would cost a change of processes each time. But nobody waits for ever: one that was woken
/// after it had waited for some milliseconds, and found the lock taken again, reserves it for those who
/// have waited as long.
class LockState : public View {
 public:
  using Offset = platform::shared::Offset;

  explicit LockState(Hold held);

  /// A new one.
  static Hold make(bool recursive, std::string_view name);

  bool recursive() const noexcept { return recursive_; }
  bool acquire(bool block, runtime::Timeout timeout, runtime::Where where);
  void release();
  void recover();
  bool locked() const noexcept;

  // What Condition::wait does to the lock that it uses.

  /// True if the calling thread holds it; of a Lock: if the calling process does.
  bool is_mine() const noexcept;
  /// Gives it back, however often it is held.
  std::uint32_t release_all() noexcept;
  /// Takes it as often again, even if it is abandoned: then says so.
  enum class TakenBack { sound, abandoned };
  TakenBack take_back(std::uint32_t depth, runtime::Where where);
  /// Throws AbandonedError.
  [[noreturn]] void refuse();

  /// By the kernel: true if that process held it, or it is abandoned.
  static bool is_left_behind(Offset at, std::uint32_t process) noexcept;

 private:
  friend struct LockCare;

  static constexpr Offset kWord = 0;
  static constexpr Offset kThread = 4;  ///< runtime::identity of the thread that holds a recursive one
  static constexpr Offset kDepth = 8;   ///< how often it holds it
  static constexpr Offset kDied = 12;   ///< the process that died holding it; kTold: that is recorded
  static constexpr std::uint32_t kBytes = 16;

  // The word: the number of the process that holds it, 0: none; and:
  static constexpr std::uint32_t kAbandoned = 0x4000'0000;  // one died holding it
  static constexpr std::uint32_t kContended = 0x8000'0000;  // somebody may sleep on it
  static constexpr std::uint32_t kReserved = 0x2000'0000;   // only who has waited for long may take it
  static constexpr std::uint32_t kOwner = 0x1fff'ffff;
  static constexpr std::uint32_t kTold = 0x8000'0000;

  std::uint32_t word() const noexcept { return platform::shared::load(at + kWord); }
  void own(std::uint32_t depth) noexcept;
  bool take(runtime::Deadline deadline, runtime::Stoppable stoppable, runtime::Where where,
            std::uint32_t depth, std::uint32_t abandoned_too);
  void give_back() noexcept;
  void leave(bool reserved) noexcept;
  static void open_to_all(Offset at) noexcept;

  const bool recursive_;
};

}  // namespace weft::multiprocessing
