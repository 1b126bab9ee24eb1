#include "weft/platform/clock.h"

#include <atomic>
#include <cstdlib>

#include <gtest/gtest.h>

#include "support/scale.h"
#include "weft/platform/futex.h"
#include "weft/runtime/time.h"
#include "weft/threading/thread.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using platform::clock_now;

// Browsers' clocks go in steps of up to 20 µs, and their workers' clocks agree to within about
// a millisecond.
constexpr auto kBetweenThreads = 2ms;

TEST(Clock, NeverGoesBackInAThread) {
  auto last = clock_now();
  for (int i = 0; i < rounds(200'000); ++i) {
    const auto now = clock_now();
    ASSERT_GE(now, last);
    last = now;
  }
}

TEST(Clock, RunsAsFastAsAFutexSleeps) {
  const std::atomic<std::uint32_t> word{0};
  const auto start = clock_now();
  while (platform::futex_wait(word, 0, 30ms)) {
  }
  const auto slept = clock_now() - start;
  EXPECT_GE(slept, 29ms);
  EXPECT_LT(slept, 10s);
}

TEST(Clock, ThreadsAgree) {
  for (int i = 0; i < 20; ++i) {
    std::chrono::nanoseconds inside{};
    const auto before = clock_now();
    threading::Thread thread([&] { inside = clock_now(); });
    thread.start();
    thread.join();
    const auto after = clock_now();
    EXPECT_GE(inside, before - kBetweenThreads);
    EXPECT_LE(inside, after + kBetweenThreads);
  }
}

}  // namespace
}  // namespace weft::test
