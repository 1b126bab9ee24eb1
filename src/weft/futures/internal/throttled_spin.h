#pragma once

#include <cstdint>

#include "weft/runtime/internal/spin.h"

namespace weft::futures {

/// A throttled adaptive spin: it polls only on every fourth iteration, as each poll takes the cache
/// line away from its writers. Between polls results accumulate (coalescing), which is cheaper for
/// both sides.
class ThrottledSpin {
 public:
  /// Polls `ready()` until it returns true; returns false when the spin ended and the caller should
  /// park.
  template <class Ready>
  bool until(Ready ready) noexcept {
    std::uint32_t iterations = 0;
    return spin_.until([&] { return iterations++ % kIterationsPerPoll == 0 && ready(); });
  }

 private:
  static constexpr std::uint32_t kIterationsPerPoll = 4;

  runtime::Spin spin_;
};

}  // namespace weft::futures
