#pragma once

#include <atomic>
#include <cstdint>

/// For tests: parks that end for no reason, which every primitive has to bear.
namespace weft::runtime::testing {

/// Of a thousand parks in the whole process so many do not sleep but return as if woken; which ones,
/// follows from `seed` and from how many parks each thread made. 0 switches it off.
void spurious_wakes(std::uint32_t per_thousand, std::uint32_t seed = 1) noexcept;

inline std::atomic<std::uint32_t> spurious_wakes_per_thousand{0};
bool wakes_for_nothing_now() noexcept;

/// True if the park that begins is to return at once.
inline bool wakes_for_nothing() noexcept {
  return spurious_wakes_per_thousand.load(std::memory_order_relaxed) != 0 &&
         wakes_for_nothing_now();
}

}  // namespace weft::runtime::testing
