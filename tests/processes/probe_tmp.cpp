#include <gtest/gtest.h>
TEST(Tmp, Passes) { EXPECT_EQ(1, 1); }
TEST(Tmp, Fails) { EXPECT_EQ(1, 2); }
