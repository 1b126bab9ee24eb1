#include "weft/threading/barrier.h"

#include <atomic>
#include <list>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "support/crowd.h"
#include "support/eventually.h"
#include "support/recording.h"
#include "support/well_formed.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using threading::Barrier;
using threading::BrokenBarrierError;

TEST(BarrierStress, PhasesDoNotMix) {
  const int turns = rounds(2'000);
  std::vector<std::atomic<int>> came(static_cast<std::size_t>(turns));
  int actions = 0;  // no atomic: the barrier has to keep it right
  Barrier barrier(many_threads(), [&] { ++actions; });
  std::atomic<long> indices{0};
  const int threads = crowd([&](int) {
    for (std::size_t turn = 0; turn < came.size(); ++turn) {
      ++came[turn];
      indices += barrier.wait();
      ASSERT_EQ(came[turn], many_threads());
      ASSERT_GE(actions, static_cast<int>(turn) + 1);
    }
  });
  EXPECT_EQ(actions, turns);
  EXPECT_EQ(indices, static_cast<long>(turns) * threads * (threads - 1) / 2);
}

// More threads than parties: groups form as they come.
TEST(BarrierStress, MoreThreadsThanParties) {
  std::atomic<int> running{0};
  std::atomic<int> actions{0};
  Barrier barrier(2, [&] {
    EXPECT_EQ(++running, 1) << "two actions at a time";
    ++actions;
    --running;
  });
  // An even number of waits, each by whoever comes next: nobody is left without a partner.
  const int waits = rounds(40'000) / 2 * 2;
  std::atomic<int> begun{0};
  crowd([&](int) {
    while (begun++ < waits) barrier.wait();
  });
  EXPECT_EQ(actions, waits / 2);
}

// Some give up, one resets, actions throw: each wait ends, and in one of the ways there are.
TEST(BarrierStress, BrokenAndMended) {
  std::atomic<int> actions{0};
  Barrier barrier(3, [&] {
    if (++actions % 7 == 0) throw std::domain_error("out of order");
  });
  std::atomic<int> passed{0};
  std::atomic<int> broken{0};
  std::atomic<int> thrown{0};
  const int turns = rounds(2'000);
  const int threads = crowd([&](int number) {
    for (int i = 0; i < turns; ++i) {
      try {
        // A finite time, as the last ones may find no partners.
        barrier.wait(std::chrono::microseconds(20 * (1 + i % 10)));
        ++passed;
      } catch (const BrokenBarrierError&) {
        ++broken;
        if (number % 2 == 0) barrier.reset();
      } catch (const std::domain_error&) {
        ++thrown;
      }
    }
  });
  EXPECT_EQ(passed + broken + thrown, threads * turns);
  EXPECT_EQ(thrown, actions / 7);
  EXPECT_EQ(passed % 3, 0) << "who is let through is let through with the others";
  EXPECT_EQ(barrier.n_waiting(), 0);
}

TEST(BarrierStress, StoppedInTheMiddle) {
  for (int i = 0; i < rounds(100); ++i) {
    Recording recording;
    {
      std::atomic<int> turns{0};
      Barrier barrier(3, [&] { ++turns; });
      std::list<threading::Thread> threads;
      for (int n = 0; n < 7; ++n) {
        threads.emplace_back([&] {
          for (;;) barrier.wait();
        });
        threads.back().start();
      }
      ASSERT_TRUE(eventually([&] { return turns > i % 20; }));
      recording.stop();
      for (threading::Thread& thread : threads) {
        ASSERT_TRUE(eventually([&] { return !thread.is_alive(); })) << "round " << i;
      }
    }
    ASSERT_EQ(complaints_of_stopped(recording), kNone);
  }
}

}  // namespace
}  // namespace weft::test
