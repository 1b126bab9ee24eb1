#include "weft/runtime/internal/spurious_wakes.h"

#include "weft/runtime/internal/identity.h"

namespace weft::runtime::testing {
namespace {

std::atomic<std::uint32_t> chosen_seed{1};
constinit thread_local std::uint64_t parks = 0;

// The finalizer of SplitMix64.
std::uint64_t scattered(std::uint64_t z) noexcept {
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

}  // namespace

void spurious_wakes(std::uint32_t per_thousand, std::uint32_t seed) noexcept {
  chosen_seed.store(seed, std::memory_order_relaxed);
  spurious_wakes_per_thousand.store(per_thousand, std::memory_order_relaxed);
}

bool wakes_for_nothing_now() noexcept {
  const std::uint64_t where =
      (std::uint64_t{chosen_seed.load(std::memory_order_relaxed)} << 32) + (identity() << 20);
  return scattered(where + ++parks * 0x9e3779b97f4a7c15) % 1000 <
         spurious_wakes_per_thousand.load(std::memory_order_relaxed);
}

}  // namespace weft::runtime::testing
