#include "demos/kit/most.h"

#include <deque>

#include <gtest/gtest.h>

#include "weft/threading/thread.h"

namespace weft::test {
namespace {

using demos::AtOnce;
using demos::Most;

TEST(Most, KeepsTheLargestOfAllThreads) {
  Most most;
  EXPECT_EQ(most.value(), 0);
  std::deque<threading::Thread> threads;
  for (std::int64_t i = 0; i < 4; ++i) {
    threads.emplace_back([&most, i] {
      for (std::int64_t n = 0; n < 1000; ++n) most.report(n * 4 + i);
    });
    threads.back().start();
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(most.value(), 3999);
}

TEST(AtOnce, CountsThoseWhoAreIn) {
  AtOnce place;
  place.enter();
  place.enter();
  place.leave();
  place.enter();
  EXPECT_EQ(place.most(), 2);
  place.enter();
  EXPECT_EQ(place.most(), 3);
}

}  // namespace
}  // namespace weft::test
