#include "demos/kit/primes.h"

#include "weft/runtime/point.h"

namespace weft::demos {
namespace {

bool is_prime(std::uint32_t number) {
  if (number < 2) return false;
  if (number % 2 == 0) return number == 2;
  // The square of a divisor may not fit into 32 bits.
  for (std::uint64_t divisor = 3; divisor * divisor <= number; divisor += 2) {
    if (number % divisor == 0) return false;
  }
  return true;
}

}  // namespace

std::int64_t count_primes(std::uint32_t first, std::uint32_t last) {
  std::int64_t primes = 0;
  for (std::uint32_t number = first; number < last; ++number) {
    runtime::checkpoint();
    if (is_prime(number)) ++primes;
  }
  return primes;
}

}  // namespace weft::demos
