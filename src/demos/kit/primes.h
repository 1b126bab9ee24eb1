#pragma once

#include <cstdint>

namespace weft::demos {

/// How many prime numbers there are from `first` to below `last`, by trial division: work for a
/// processor, with a checkpoint at each number.
std::int64_t count_primes(std::uint32_t first, std::uint32_t last);

}  // namespace weft::demos
