#pragma once

#include <algorithm>

#include "weft/platform/cpu.h"

namespace weft::platform {

/// Spins with bounded exponential backoff for some 10 µs, calling `attempt` until it returns true;
/// for something that is held for a few instructions, such as a mutex. Returns false if it never
/// did: the owner may be preempted, and the caller should block.
///
/// The pauses grow so that the owner's cache line stays undisturbed: the owner may release and
/// re-acquire many times meanwhile, which outweighs the two cache-line transfers of a handoff.
template <class Try>
bool try_with_backoff(Try attempt) noexcept {
  constexpr int kMinPauses = 16;
  constexpr int kMaxPauses = 64;
  constexpr int kTries = 8;
  if (cpu_count() == 1) return false;
  int pauses = kMinPauses;
  for (int i = 0; i < kTries; ++i) {
    for (int n = 0; n < pauses; ++n) cpu_pause();
    if (attempt()) return true;
    pauses = std::min(2 * pauses, kMaxPauses);
  }
  return false;
}

}  // namespace weft::platform
