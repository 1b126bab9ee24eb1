// The headers for whole modules of Python, and weft::time.
#include "weft/weft.h"

#include <chrono>
#include <limits>

#include <gtest/gtest.h>

#include "support/eventually.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;

TEST(Umbrellas, AThreadAQueueAPoolAndAProcessAreThere) {
  queue::Queue<int> items;
  {
    threading::Thread thread([&] { items.put(20); });
    thread.start();
  }
  futures::ThreadPoolExecutor pool(1);
  EXPECT_EQ(items.get() + pool.submit([] { return 22; }).result(), 42);
  EXPECT_FALSE(multiprocessing::current_process().name().empty());
  EXPECT_FALSE(version.empty());
}

TEST(Time, SleepsAtLeastAsLongAsAsked) {
  EXPECT_GE(time_of([] { weft::time::sleep(2ms); }), 2ms);
  EXPECT_GE(time_of([] { weft::time::sleep(0.002s); }), 2ms);
  weft::time::sleep(0s);
}

TEST(Time, SleepRefusesWhatPythonRefuses) {
  EXPECT_THROW(weft::time::sleep(-1ns), ValueError);
  EXPECT_THROW(weft::time::sleep(-0.1s), ValueError);
  EXPECT_THROW(weft::time::sleep(std::numeric_limits<double>::quiet_NaN() * 1s), ValueError);
  EXPECT_THROW(weft::time::sleep(std::chrono::years(300)), OverflowError);
  EXPECT_THROW(weft::time::sleep(1e10s), OverflowError);
  EXPECT_THROW(weft::time::sleep(std::numeric_limits<double>::infinity() * 1s), OverflowError);
}

TEST(Time, MonotonicGoesOnWithASleep) {
  const auto before = weft::time::monotonic();
  weft::time::sleep(1ms);
  EXPECT_GE(weft::time::monotonic() - before, 1ms);
}

}  // namespace
}  // namespace weft::test
