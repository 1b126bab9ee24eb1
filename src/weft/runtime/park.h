#pragma once

#include <atomic>
#include <cstdint>

#include "weft/platform/futex.h"
#include "weft/runtime/object.h"
#include "weft/runtime/session_thread.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"
#include "weft/trace/kinds.h"

/// The one place where anything in Weft waits.
namespace weft::runtime {

/// What a parked thread waits for, for those who look on.
struct Waiting {
  trace::Reason reason;
  Object* object = nullptr;
  Where where = Where();  ///< the call that waits, in the source of whoever made it
  bool outside = false;   ///< it takes somebody outside the session to end the wait
  /// The bits of the word that tell whether the wait is over. The others may change while somebody
  /// sleeps, who is not woken for it; but none of these may.
  std::uint32_t mask = ~std::uint32_t{0};
  /// Once the wait is over: who ended it and by which record, as trace::waker; 0 until then, or if that is
  /// unknown. Null: it always is.
  const std::atomic<std::uint64_t>* ended_by = nullptr;
  /// The same where only the sequence number of that record is known.
  const std::atomic<std::uint32_t>* ended_by_record = nullptr;
};

enum class Stoppable {
  yes,  ///< a stopped run throws Stopped out of the wait
  no,   ///< the wait goes on: for destructors, which must not leave before the others do
};

/// Sleeps while `word == expected`, until woken or until the deadline. Returns false if the
/// deadline passed. May return true for no reason: callers look again. Throws Stopped.
bool park(const std::atomic<std::uint32_t>& word, std::uint32_t expected, Deadline deadline,
          Waiting waiting, Stoppable stoppable = Stoppable::yes);

void wake_in_session(const ThreadState& thread, const std::atomic<std::uint32_t>& word,
                     std::uint32_t count) noexcept;

/// Wakes at most `count` threads parked on `word`, whose memory may be gone already.
inline void wake(const std::atomic<std::uint32_t>& word,
                 std::uint32_t count = platform::kEverybody) noexcept {
  if (plugged != nullptr) [[unlikely]] {
    wake_in_session(*plugged, word, count);
  } else {
    platform::futex_wake(word, count);
  }
}

/// Blocks the calling thread for `duration`; does nothing if it is not positive. Throws Stopped.
/// Python: https://docs.python.org/3/library/time.html#time.sleep
void sleep_for(std::chrono::nanoseconds duration);

}  // namespace weft::runtime
