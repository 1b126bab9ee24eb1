#include "demos/kit/number.h"

#include <cstdint>
#include <limits>
#include <string>

#include <gtest/gtest.h>

namespace weft::test {
namespace {

using demos::to_text;

TEST(ToText, IsTheShortestThatReadsBack) {
  EXPECT_EQ(to_text(0.1), "0.1");
  EXPECT_EQ(to_text(20.0), "20");
  EXPECT_EQ(to_text(-1.5), "-1.5");
  EXPECT_EQ(to_text(1.0 / 3), "0.3333333333333333");
}

TEST(ToText, Integers) {
  EXPECT_EQ(to_text(std::int64_t{0}), "0");
  EXPECT_EQ(to_text(std::numeric_limits<std::int64_t>::min()), "-9223372036854775808");
  EXPECT_EQ(to_text(std::numeric_limits<std::uint64_t>::max()), "18446744073709551615");
}

TEST(ToText, WithSoManyDigits) {
  EXPECT_EQ(to_text(3.14159, 2), "3.14");
  EXPECT_EQ(to_text(2.0, 0), "2");
  EXPECT_EQ(to_text(0.999, 2), "1.00");
}

TEST(ToDecimal, HasNoExponent) {
  EXPECT_EQ(demos::to_decimal(1'000'000), "1000000");
  EXPECT_EQ(demos::to_decimal(0.5), "0.5");
  EXPECT_EQ(demos::to_decimal(0.000001), "0.000001");
  EXPECT_EQ(demos::to_decimal(-4294967295), "-4294967295");
  EXPECT_EQ(std::stod(demos::to_decimal(1e300)), 1e300);
}

}  // namespace
}  // namespace weft::test
