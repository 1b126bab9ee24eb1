#include "demos/gil/points.h"

#include <numbers>

#include <gtest/gtest.h>

namespace weft::test {
namespace {

using demos::gil::count_inside;
using demos::gil::kPointsInBlock;

TEST(Points, TheSumDoesNotDependOnTheShares) {
  const std::int64_t whole = count_inside(0, 40);
  EXPECT_EQ(count_inside(0, 13) + count_inside(13, 14) + count_inside(14, 40), whole);
  EXPECT_EQ(count_inside(7, 7), 0);
}

TEST(Points, ApproachPi) {
  constexpr std::int64_t kBlocks = 1000;
  const double share =
      static_cast<double>(count_inside(0, kBlocks)) / static_cast<double>(kBlocks * kPointsInBlock);
  EXPECT_NEAR(4 * share, std::numbers::pi, 0.01);
}

}  // namespace
}  // namespace weft::test
