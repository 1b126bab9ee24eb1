#pragma once

#include <atomic>
#include <cstdint>

#include "weft/platform/futex.h"
#include "weft/runtime/internal/session_thread.h"
#include "weft/runtime/object.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"
#include "weft/trace/kinds.h"

/// Parking: the blocking primitive under every operation that waits. It is a futex (in the sense of
/// Linux, and of WebKit's WTF::ParkingLot) which in a session also records the wait, throws Stopped
/// when the run is stopped, releases the GIL and takes part in deadlock detection.
namespace weft::runtime {

/// Describes a wait: for the trace and for deadlock reports.
///
/// Example:
///     std::atomic<std::uint32_t> word = 0;
///     threading::Thread thread([&] {
///       word = 1;
///       wake(word, 1);
///     });
///     thread.start();
///     while (word == 0) park(word, 0, std::nullopt, Waiting{trace::Reason::event});
struct Waiting {
  trace::Reason reason;
  Object* object = nullptr;
  Where where = Where();          ///< call site in the user's source
  bool ended_externally = false;  ///< from outside the session: no part of deadlock detection
  /// The bits of the word that decide whether the wait is over. Other bits may change while a
  /// thread is parked without a wake-up; these may not. The deadlock detector compares only these.
  std::uint32_t mask = ~std::uint32_t{0};
  /// Set by the waker before the wake-up: its thread and the record that ended the wait, as
  /// trace::waker(); 0 if unknown. Null: always unknown.
  const std::atomic<std::uint64_t>* ended_by = nullptr;
  /// As `ended_by` where only the sequence number of that record is known.
  const std::atomic<std::uint32_t>* ended_by_record = nullptr;
};

enum class Stoppable {
  yes,  ///< stopping the run interrupts the wait, which throws Stopped
  no,   ///< the wait isn't interrupted: for destructors, which must outlast the other threads
};

/// Blocks while `word == expected`, until woken or until the deadline. The comparison and the start
/// of the sleep are one atomic step, as FUTEX_WAIT's, so no wake-up is lost. Returns false if the
/// deadline passed. Wake-ups may be spurious: callers re-check their condition in a loop. Throws
/// Stopped, and RuntimeError for a wait that a controlled scheduler cannot schedule.
bool park(const std::atomic<std::uint32_t>& word, std::uint32_t expected, Deadline deadline,
          Waiting waiting, Stoppable stoppable = Stoppable::yes);

void wake_in_session(const ThreadState& thread, const std::atomic<std::uint32_t>& word,
                     std::uint32_t count) noexcept;

/// Wakes at most `count` threads parked on `word`. Only the address is used: the memory may have
/// been freed already.
inline void wake(const std::atomic<std::uint32_t>& word,
                 std::uint32_t count = platform::kAllWaiters) noexcept {
  if (session_thread != nullptr) [[unlikely]] {
    wake_in_session(*session_thread, word, count);
  } else {
    platform::futex_wake(word, count);
  }
}

/// Blocks the calling thread for at least `duration`; if that is not positive, it is a checkpoint
/// only. Throws Stopped.
/// Python: https://docs.python.org/3/library/time.html#time.sleep
void sleep_for(std::chrono::nanoseconds duration);

}  // namespace weft::runtime
