#include "demos/kit/random.h"

#include <gtest/gtest.h>

namespace weft::test {
namespace {

using demos::Random;

// The published sequence for this seed; Python's twins make the same one.
TEST(Random, IsSplitMix64) {
  Random random(1234567);
  EXPECT_EQ(random.next(), 6457827717110365317U);
  EXPECT_EQ(random.next(), 3203168211198807973U);
  EXPECT_EQ(random.next(), 9817491932198370423U);
  EXPECT_EQ(random.next(), 4593380528125082431U);
  EXPECT_EQ(random.next(), 16408922859458223821U);
}

TEST(Random, UniformStaysBelowOneAndFillsTheRange) {
  Random random(1);
  double least = 1;
  double most = 0;
  double sum = 0;
  constexpr int kNumbers = 10'000;
  for (int i = 0; i < kNumbers; ++i) {
    const double x = random.uniform();
    ASSERT_GE(x, 0);
    ASSERT_LT(x, 1);
    least = std::min(least, x);
    most = std::max(most, x);
    sum += x;
  }
  EXPECT_LT(least, 0.01);
  EXPECT_GT(most, 0.99);
  EXPECT_NEAR(sum / kNumbers, 0.5, 0.02);
}

TEST(Random, SpreadStaysWithinItsPercentage) {
  Random random(2);
  double most = 0;
  for (int i = 0; i < 1'000; ++i) {
    const double x = random.spread(20, 50);
    ASSERT_GE(x, 10);
    ASSERT_LT(x, 30);
    most = std::max(most, x);
  }
  EXPECT_GT(most, 29);
  EXPECT_EQ(Random(3).spread(20, 0), 20);
}

}  // namespace
}  // namespace weft::test
