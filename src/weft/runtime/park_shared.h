#pragma once

#include <cstdint>

#include "weft/platform/futex.h"
#include "weft/platform/shared.h"
#include "weft/runtime/park.h"

/// As park.h, for words in the memory that the processes of a run share.
namespace weft::runtime {

/// Sleeps while the word is `expected`, until woken or until the deadline. Returns false if the
/// deadline passed. May return true for no reason: callers look again. Throws Stopped.
///
/// Whoever could end the wait may be in another process: it is never part of a deadlock report.
bool park_shared(platform::shared::Offset word, std::uint32_t expected, Deadline deadline,
                 Waiting waiting, Stoppable stoppable = Stoppable::yes);

/// Wakes at most `count` threads, of whatever processes, that are parked on the word.
inline void wake_shared(platform::shared::Offset word,
                        std::uint32_t count = platform::kEverybody) noexcept {
  platform::shared::wake(word, count);
}

}  // namespace weft::runtime
