#include <gtest/gtest.h>

#include "demos/kit/primes.h"

namespace weft::test {
namespace {

using demos::count_primes;

TEST(CountPrimes, KnownNumbersOfThem) {
  EXPECT_EQ(count_primes(0, 2), 0);
  EXPECT_EQ(count_primes(0, 3), 1);
  EXPECT_EQ(count_primes(0, 10), 4);
  EXPECT_EQ(count_primes(0, 100), 25);
  EXPECT_EQ(count_primes(0, 10'000), 1229);
}

TEST(CountPrimes, FromTheFirstToBelowTheLast) {
  EXPECT_EQ(count_primes(7, 7), 0);
  EXPECT_EQ(count_primes(7, 8), 1);
  EXPECT_EQ(count_primes(7, 11), 1);
  EXPECT_EQ(count_primes(7, 12), 2);
}

TEST(CountPrimes, PartsAddUp) {
  EXPECT_EQ(count_primes(1'000'000, 1'001'000) + count_primes(1'001'000, 1'003'000),
            count_primes(1'000'000, 1'003'000));
}

// 65521² = 4293001441 is the largest square of a prime in 32 bits, 4294967291 the largest prime.
TEST(CountPrimes, NearTheEndOfTheNumbers) {
  EXPECT_EQ(count_primes(4'293'001'441, 4'293'001'442), 0);
  EXPECT_EQ(count_primes(4'294'967'280, 4'294'967'295), 1);
}

}  // namespace
}  // namespace weft::test
