#pragma once

#include <cstdio>
#include <cstdlib>

/// In checked builds (WEFT_CHECKED): asserts that no scheduling point lies inside a section that
/// other threads enter by spinning. Under a controlled scheduler such a thread would spin
/// endlessly, as the owner is never scheduled.
namespace weft::platform {

#ifdef WEFT_CHECKED

inline constinit thread_local int critical_sections = 0;

inline void enter_critical_section() noexcept { ++critical_sections; }
inline void leave_critical_section() noexcept { --critical_sections; }

/// Aborts with a message if the calling thread is in a critical section.
inline void check_no_critical_section() noexcept {
  if (critical_sections == 0) return;
  std::fprintf(stderr, "weft: a scheduling point inside a critical section\n");
  std::abort();
}

#else

inline void enter_critical_section() noexcept {}
inline void leave_critical_section() noexcept {}
inline void check_no_critical_section() noexcept {}

#endif

}  // namespace weft::platform
