#pragma once

#include <cstdint>

#include "weft/runtime/spin.h"
#include "weft/runtime/thread_state.h"

namespace weft::futures {

/// Looking for a while before sleeping, but seldom: what is looked at lies in memory that others
/// write, and each look holds them up. What comes meanwhile comes in greater numbers, which is
/// cheaper for both sides.
class Patience {
 public:
  /// Calls `ready` until it returns true, or until it is better to sleep: returns false.
  template <class Ready>
  bool until(Ready ready) noexcept {
    // Whom it waits for may be waiting for the GIL.
    if (runtime::plugged != nullptr && runtime::plugged->gil != nullptr) return ready();
    std::uint32_t turns = 0;
    return spin_.until([&] { return ++turns % kTurnsALook == 0 && ready(); });
  }

 private:
#ifdef __EMSCRIPTEN__
  static constexpr std::uint32_t kTurnsALook = 64;
#else
  static constexpr std::uint32_t kTurnsALook = 4;
#endif

  runtime::Spin spin_;
};

}  // namespace weft::futures
