#pragma once

#include <algorithm>

#include "weft/platform/cpu.h"

namespace weft::platform {

/// Tries to get what another thread has for a few instructions at a time, such as a mutex, for some
/// 10 µs: returns false if that was not enough, as then the other one may be asleep.
///
/// The pauses between two tries grow. Whoever has it does best with its cache line undisturbed, and
/// may give and take it many times meanwhile; that makes up for the line's way to another processor
/// and back.
template <class Try>
bool try_with_backoff(Try try_it) noexcept {
  constexpr int kFewestPauses = 16;
  constexpr int kMostPauses = 64;
  constexpr int kTries = 8;
  if (cpu_count() == 1) return false;
  int pauses = kFewestPauses;
  for (int i = 0; i < kTries; ++i) {
    for (int n = 0; n < pauses; ++n) cpu_pause();
    if (try_it()) return true;
    pauses = std::min(2 * pauses, kMostPauses);
  }
  return false;
}

}  // namespace weft::platform
