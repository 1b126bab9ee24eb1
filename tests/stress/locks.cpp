// Whatever lets one at a time in, under more threads than processors: what it guards is counted.
#include <atomic>
#include <chrono>
#include <list>

#include <gtest/gtest.h>

#include "support/crowd.h"
#include "support/eventually.h"
#include "support/recording.h"
#include "support/rest.h"
#include "support/well_formed.h"
#include "weft/threading/condition.h"
#include "weft/threading/guard.h"
#include "weft/threading/lock.h"
#include "weft/threading/read_write_lock.h"
#include "weft/threading/rlock.h"
#include "weft/threading/semaphore.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using threading::Guard;

/// A ReadWriteLock that is only ever written.
struct WriteLock : threading::ReadWriteLock {
  bool acquire(bool blocking = true, runtime::Timeout timeout = std::nullopt,
               runtime::Where where = runtime::Where::current()) {
    return acquire_write(blocking, timeout, where);
  }
  void release() { release_write(); }
};

template <class T>
struct LockStress : testing::Test {};
using Lockables = testing::Types<threading::Lock, threading::RLock, threading::Condition,
                                 threading::Semaphore, threading::BoundedSemaphore, WriteLock>;
TYPED_TEST_SUITE(LockStress, Lockables);

TYPED_TEST(LockStress, OneAtATime) {
  TypeParam lock;
  long counter = 0;  // no atomic: the lock has to keep it right
  const int turns = rounds(100'000);
  const int threads = crowd([&](int) {
    for (int i = 0; i < turns; ++i) {
      const Guard guard(lock);
      ++counter;
    }
  });
  EXPECT_EQ(counter, static_cast<long>(threads) * turns);
}

// The others are at it all the time and let nobody else in of their own accord.
TYPED_TEST(LockStress, NobodyStarves) {
  TypeParam lock;
  std::atomic<bool> satisfied{false};
  crowd([&](int number) {
    if (number == 0) {
      for (int i = 0; i < rounds(100); ++i) const Guard guard(lock);
      satisfied = true;
    } else {
      while (!satisfied) const Guard guard(lock);
    }
  });
}

// Some wait, some only look, some give up: nobody's turn is lost and nobody's counted twice.
TYPED_TEST(LockStress, SomeGiveUp) {
  TypeParam lock;
  long counter = 0;
  std::atomic<long> expected{0};
  crowd([&](int number) {
    for (int i = 0; i < rounds(50'000); ++i) {
      bool got = true;
      switch (number % 3) {
        case 0: lock.acquire(); break;
        case 1: got = lock.acquire(false); break;
        default: got = lock.acquire(true, std::chrono::microseconds(i % 50));
      }
      if (!got) continue;
      ++counter;
      lock.release();
      ++expected;
    }
  });
  EXPECT_EQ(counter, expected);
  EXPECT_TRUE(lock.acquire(false)) << "somebody left it locked";
  lock.release();
}

TYPED_TEST(LockStress, TheRecordsTellWhoHadItAndInWhichOrder) {
  Recording recording;
  {
    TypeParam lock;
    crowd([&](int) {
      for (int i = 0; i < rounds(500); ++i) const Guard guard(lock);
    });
  }
  EXPECT_EQ(complaints(recording.finish()), kNone);
}

// The run ends while they are at it.
TYPED_TEST(LockStress, StoppedInTheMiddle) {
  for (int i = 0; i < rounds(100); ++i) {
    Recording recording;
    {
      TypeParam lock;
      std::atomic<int> turns{0};
      std::list<threading::Thread> threads;
      for (int n = 0; n < 8; ++n) {
        threads.emplace_back([&, n] {
          for (;;) {
            rest_after(turns);
            if (n % 2 == 0) {
              const Guard guard(lock);
              ++turns;
            } else if (lock.acquire(true, 20us)) {
              ++turns;
              lock.release();
            }
          }
        });
        threads.back().start();
      }
      ASSERT_TRUE(eventually([&] { return turns > 10 * (i % 10); }));
      recording.stop();
      for (threading::Thread& thread : threads) {
        ASSERT_TRUE(eventually([&] { return !thread.is_alive(); })) << "round " << i;
      }
    }
    ASSERT_EQ(complaints_of_stopped(recording), kNone);
  }
}

// A recursion of several levels, of which some are entered by trying.
TEST(RLockStress, Levels) {
  threading::RLock lock;
  long counter = 0;
  const int turns = rounds(100'000);
  const int threads = crowd([&](int) {
    for (int i = 0; i < turns; ++i) {
      const Guard first(lock);
      const Guard second(lock);
      ASSERT_TRUE(lock.acquire(false));
      ASSERT_EQ(lock.recursion_count(), 3U);
      ++counter;
      lock.release();
    }
  });
  EXPECT_EQ(counter, static_cast<long>(threads) * turns);
  EXPECT_FALSE(lock.locked());
}

}  // namespace
}  // namespace weft::test
