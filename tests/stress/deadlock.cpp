// Deadlocks that are none must not be found, those that are must be, however close the race.
#include <gtest/gtest.h>

#include <atomic>
#include <deque>

#include "support/recording.h"
#include "support/scale.h"
#include "support/well_formed.h"
#include "weft/futures/thread_pool_executor.h"
#include "weft/queue/queue.h"
#include "weft/threading/event.h"
#include "weft/threading/gil.h"
#include "weft/threading/guard.h"
#include "weft/threading/lock.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using threading::Guard;
using threading::Lock;
using threading::Thread;

// All but one sleep nearly all of the time.
TEST(DeadlockStress, ATokenThatGoesRound) {
  const runtime::Session session({});
  const int threads = many_threads();
  const int laps = rounds(2000);
  std::deque<queue::Queue<int>> seats(static_cast<std::size_t>(threads));
  std::deque<Thread> all;
  for (int i = 0; i < threads; ++i) {
    all.emplace_back([&, i] {
      for (int lap = 0; lap < laps; ++lap) {
        const int token = seats[static_cast<std::size_t>(i)].get();
        seats[static_cast<std::size_t>((i + 1) % threads)].put(token + 1);
      }
    });
  }
  for (Thread& thread : all) thread.start();
  seats[0].put(0);
  for (Thread& thread : all) thread.join();
  EXPECT_FALSE(session.deadlocked());
  EXPECT_EQ(seats[0].get(), threads * laps);
}

// The one who wakes the others ends at the same moment.
TEST(DeadlockStress, WokenByTheLastActOfAThread) {
  const runtime::Session session({});
  for (int round = 0; round < rounds(3000); ++round) {
    threading::Event go;
    Thread waits([&] { go.wait(); });
    Thread wakes([&] { go.set(); });
    waits.start();
    wakes.start();
    waits.join();
    wakes.join();
  }
  EXPECT_FALSE(session.deadlocked());
}

TEST(DeadlockStress, PoolsThatComeAndGo) {
  const runtime::Session session({});
  for (int round = 0; round < rounds(500); ++round) {
    futures::ThreadPoolExecutor pool(3);
    int sum = 0;
    for (int i = 0; i < 10; ++i) sum += pool.submit([i] { return i; }).result();
    EXPECT_EQ(sum, 45);
  }
  EXPECT_FALSE(session.deadlocked());
}

TEST(DeadlockStress, EveryRealOneIsFound) {
  for (int round = 0; round < rounds(1000); ++round) {
    Recording recording;
    std::atomic<int> stopped{0};
    {
      Lock first;
      Lock second;
      std::atomic<int> ready{0};
      const auto take = [&](Lock& one, Lock& other) {
        try {
          const Guard guard(one);
          ++ready;
          while (ready != 2) {
          }
          const Guard inner(other);
        } catch (const runtime::Stopped&) {
          ++stopped;
          throw;
        }
      };
      Thread a([&] { take(first, second); });
      Thread b([&] { take(second, first); });
      a.start();
      b.start();
      EXPECT_THROW(recording.session().wait_for_threads(), runtime::Stopped);
    }
    EXPECT_EQ(stopped, 2);
    const auto& entries = recording.finish();
    EXPECT_EQ(complaints(entries), kNone);
    EXPECT_EQ(of_kind(entries, trace::Kind::deadlock).size(), 1U);
  }
}

// A thread that waits may be the last, or the one that ends: both at once here.
TEST(DeadlockStress, FoundWhenTheLastOneEndsWhileAnotherParks) {
  for (int round = 0; round < rounds(2000); ++round) {
    runtime::Session session({});
    threading::Event never;
    Thread brief([] {});
    brief.start();
    EXPECT_THROW(never.wait(), runtime::Stopped);
    EXPECT_TRUE(session.deadlocked());
  }
}

TEST(GilStress, ManyThreadsWithEveryKindOfWait) {
  Recording recording;
  std::int64_t sum = 0;
  const int threads = many_threads();
  const int each = rounds(50'000);
  {
    const threading::Gil gil(20us);
    Lock lock;
    std::deque<Thread> all;
    for (int i = 0; i < threads; ++i) {
      all.emplace_back([&, i] {
        for (int k = 0; k < each; ++k) {
          sum = sum + 1;  // the GIL guards it: there is no point in between
          if ((k + i) % 64 == 0) runtime::sleep_for(1us);
          if ((k + i) % 16 == 0) {
            const Guard guard(lock);
            runtime::checkpoint();
          }
          runtime::checkpoint();
        }
      });
    }
    for (Thread& thread : all) thread.start();
    for (Thread& thread : all) thread.join();
  }
  EXPECT_EQ(sum, std::int64_t{threads} * each);
  EXPECT_EQ(complaints(recording.finish()), kNone);
}

}  // namespace
}  // namespace weft::test
