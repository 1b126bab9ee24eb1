#pragma once

#include <atomic>
#include <cstdint>

/// For tests: injects spurious wake-ups, which every primitive has to tolerate.
namespace weft::runtime::testing {

/// Lets so many of a thousand parks in the process return at once as if woken. Which ones is
/// determined by `seed`, the thread's identity and its number of parks. 0 switches it off.
void spurious_wakes(std::uint32_t per_thousand, std::uint32_t seed = 1) noexcept;

inline std::atomic<std::uint32_t> spurious_wakes_per_thousand{0};
bool wakes_for_nothing_now() noexcept;

/// True if the park that begins shall return at once.
inline bool wakes_for_nothing() noexcept {
  return spurious_wakes_per_thousand.load(std::memory_order_relaxed) != 0 &&
         wakes_for_nothing_now();
}

}  // namespace weft::runtime::testing
