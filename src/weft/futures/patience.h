#pragma once

#include <cstdint>

#include "weft/runtime/spin.h"

namespace weft::futures {

/// Looking for a while before sleeping, but seldom: what is looked at lies in memory that others
/// write, and each look holds them up. What comes meanwhile comes in greater numbers, which is
/// cheaper for both sides.
class Patience {
 public:
  /// Calls `ready` until it returns true, or until it is better to sleep: returns false.
  template <class Ready>
  bool until(Ready ready) noexcept {
    std::uint32_t turns = 0;
    return spin_.until([&] { return turns++ % kTurnsALook == 0 && ready(); });
  }

 private:
  static constexpr std::uint32_t kTurnsALook = 4;

  runtime::Spin spin_;
};

}  // namespace weft::futures
