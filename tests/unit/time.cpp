#include "weft/runtime/time.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <ratio>
#include <type_traits>

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

// Not a wrapped number: the conversion to nanoseconds overflows unnoticed.
TEST(Timeout, OneOfMoreThanNanosecondsCanCountIsRefused) {
  using std::chrono::hours;
  using std::chrono::nanoseconds;
  constexpr runtime::Timeout kMost = std::chrono::floor<hours>(nanoseconds::max());
  static_assert(kMost == std::chrono::floor<hours>(nanoseconds::max()));
  EXPECT_THROW(runtime::Timeout(std::chrono::floor<hours>(nanoseconds::max()) + 1h), OverflowError);
  EXPECT_THROW(runtime::Timeout{hours::max()}, OverflowError);
  EXPECT_THROW((runtime::Timeout(std::chrono::duration<std::uint64_t>(UINT64_MAX))), OverflowError);
  EXPECT_THROW((runtime::Timeout(std::chrono::duration<std::uint64_t, std::nano>(UINT64_MAX))),
               OverflowError);
  EXPECT_EQ(runtime::Timeout(std::chrono::duration<std::int32_t>(INT32_MAX)),
            std::chrono::seconds(INT32_MAX));
  EXPECT_EQ(runtime::Timeout(hours::min()), nanoseconds::min());
  EXPECT_EQ(runtime::Timeout(nanoseconds::min()), nanoseconds::min());
}

TEST(Timeout, IsAnOptionalDuration) {
  EXPECT_EQ(runtime::Timeout(), std::nullopt);
  EXPECT_EQ(runtime::Timeout(std::nullopt), std::nullopt);
  EXPECT_EQ(runtime::Timeout(std::optional<std::chrono::nanoseconds>(5ns)), 5ns);
  EXPECT_EQ(runtime::Timeout(1s), 1000ms);
  EXPECT_EQ(runtime::Timeout(1s), runtime::Timeout(1000ms));
  EXPECT_NE(runtime::Timeout(1s), runtime::Timeout());
  EXPECT_EQ(runtime::Timeout(1s), std::optional<std::chrono::nanoseconds>(1s));
  static_assert(!std::is_convertible_v<int, runtime::Timeout>, "of what unit?");
  static_assert(!std::is_convertible_v<std::chrono::duration<double>, runtime::Timeout>);
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
