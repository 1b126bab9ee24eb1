#include "weft/runtime/time.h"

#include <gtest/gtest.h>

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using runtime::Clock;
using runtime::deadline_after;
using runtime::deadline_after_non_negative;

TEST(Deadline, NoTimeoutIsNoDeadline) {
  EXPECT_EQ(deadline_after(std::nullopt), std::nullopt);
  EXPECT_EQ(deadline_after_non_negative(std::nullopt), std::nullopt);
}

TEST(Deadline, IsThatFarAway) {
  const runtime::Time before = Clock::now();
  const runtime::Deadline deadline = deadline_after(5ms);
  EXPECT_GE(*deadline, before + 5ms);
  EXPECT_LE(*deadline, Clock::now() + 5ms);
}

TEST(Deadline, ATimeoutBeyondTheClockIsNone) {
  EXPECT_EQ(deadline_after(std::chrono::nanoseconds::max()), std::nullopt);
  EXPECT_EQ(deadline_after_non_negative(std::chrono::nanoseconds::max()), std::nullopt);
  EXPECT_NE(deadline_after(24h * 365), std::nullopt);
}

TEST(Deadline, ANegativeTimeoutLiesInThePast) {
  const runtime::Deadline just_now = deadline_after(-1ns);
  const runtime::Deadline long_ago = deadline_after(std::chrono::nanoseconds::min());
  EXPECT_LT(*just_now, Clock::now());
  EXPECT_LT(*long_ago, *just_now);
}

TEST(Deadline, ANegativeTimeoutIsRefusedWherePythonRefusesIt) {
  EXPECT_THROW(deadline_after_non_negative(-1ns), ValueError);
  EXPECT_NO_THROW(deadline_after_non_negative(0ns));
}

}  // namespace
}  // namespace weft::test
