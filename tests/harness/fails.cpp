#include <gtest/gtest.h>

TEST(Canary, Fails) { EXPECT_EQ(1, 2); }
TEST(Canary, Passes) {}
