#include <gtest/gtest.h>

TEST(Canary, Traps) { __builtin_trap(); }
