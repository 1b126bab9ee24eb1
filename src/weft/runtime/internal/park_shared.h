#pragma once

#include <cstdint>

#include "weft/platform/futex.h"
#include "weft/platform/shared.h"
#include "weft/runtime/park.h"

/// Parking, as in park.h, on words of the memory that the processes of a run share.
namespace weft::runtime {

/// Blocks while the word is `expected`, until woken or until the deadline. Returns false if the
/// deadline passed. Wake-ups may be spurious. Throws Stopped, and RuntimeError under a controlled
/// scheduler.
///
/// The waker may be in another process, so the wait is never part of a deadlock report.
bool park_shared(platform::shared::Offset word, std::uint32_t expected, Deadline deadline,
                 Waiting waiting, Stoppable stoppable = Stoppable::yes);

/// Wakes at most `count` threads, of all processes, that are parked on the word.
inline void wake_shared(platform::shared::Offset word,
                        std::uint32_t count = platform::kAllWaiters) noexcept {
  platform::shared::wake(word, count);
}

}  // namespace weft::runtime
