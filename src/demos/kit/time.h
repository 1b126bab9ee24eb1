#pragma once

#include <chrono>

#include "weft/runtime/park.h"
#include "weft/runtime/time.h"

/// Times as demos state them: a number of milliseconds, which need not be whole.
namespace weft::demos {

inline std::chrono::nanoseconds milliseconds(double count) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::duration<double, std::milli>(count));
}

/// Waits as for something slow: a server, a disk, a person.
inline void wait_ms(double count) { runtime::sleep_for(milliseconds(count)); }

inline double milliseconds_since(runtime::Time start) {
  return std::chrono::duration<double, std::milli>(runtime::Clock::now() - start).count();
}

}  // namespace weft::demos
