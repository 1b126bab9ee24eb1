#pragma once

#include <cstdio>
#include <cstdlib>

/// In checked builds (WEFT_CHECKED): that no scheduling point lies inside a section which other
/// threads enter by spinning. Under a controlled scheduler such a thread would spin for ever, as the
/// one inside never gets its turn.
namespace weft::platform {

#ifdef WEFT_CHECKED

inline constinit thread_local int critical_sections = 0;

inline void enter_critical_section() noexcept { ++critical_sections; }
inline void leave_critical_section() noexcept { --critical_sections; }

/// Ends the program with a message if the calling thread is inside one.
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
