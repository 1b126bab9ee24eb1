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

// Not earlier: what is left until then, which waits compute, must not overflow.
TEST(Deadline, ANegativeTimeoutIsOver) {
  for (const std::chrono::nanoseconds timeout :
       {0ns, -1ns, std::chrono::nanoseconds(-1h), std::chrono::nanoseconds::min()}) {
    const runtime::Time before = Clock::now();
    const runtime::Deadline deadline = deadline_after(timeout);
    EXPECT_GE(*deadline, before);
    EXPECT_LE(*deadline, Clock::now());
  }
}

TEST(Deadline, ANegativeTimeoutIsRefusedWherePythonRefusesIt) {
  EXPECT_THROW(deadline_after_non_negative(-1ns), ValueError);
  EXPECT_NO_THROW(deadline_after_non_negative(0ns));
}

}  // namespace
}  // namespace weft::test
