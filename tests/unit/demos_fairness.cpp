#include <gtest/gtest.h>

#include "demos/dining-philosophers/fairness.h"

namespace weft::test {
namespace {

using demos::dining_philosophers::fairness;

TEST(Fairness, IsOneIfAllHaveTheSame) {
  EXPECT_DOUBLE_EQ(fairness({7}), 1);
  EXPECT_DOUBLE_EQ(fairness({3, 3, 3, 3}), 1);
  EXPECT_DOUBLE_EQ(fairness({0.25, 0.25}), 1);
}

TEST(Fairness, IsOneOfAllIfOneHasEverything) {
  EXPECT_DOUBLE_EQ(fairness({5, 0, 0, 0}), 0.25);
  EXPECT_DOUBLE_EQ(fairness({0, 1}), 0.5);
}

TEST(Fairness, FallsAsSharesDrawApart) {
  EXPECT_DOUBLE_EQ(fairness({1, 3}), 0.8);
  EXPECT_GT(fairness({2, 2, 2}), fairness({1, 2, 3}));
  EXPECT_GT(fairness({1, 2, 3}), fairness({0, 2, 4}));
}

TEST(Fairness, IsOneIfThereIsNothingToShare) {
  EXPECT_DOUBLE_EQ(fairness({0, 0, 0}), 1);
  EXPECT_DOUBLE_EQ(fairness({}), 1);
}

}  // namespace
}  // namespace weft::test
