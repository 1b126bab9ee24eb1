#include "weft/threading/semaphore.h"

#include <algorithm>
#include <atomic>
#include <memory>

#include <gtest/gtest.h>

#include "support/crowd.h"
#include "support/eventually.h"
#include "support/recording.h"
#include "support/well_formed.h"
#include "weft/threading/guard.h"

namespace weft::test {
namespace {

using threading::BoundedSemaphore;
using threading::Guard;
using threading::Semaphore;
using trace::Kind;

TEST(SemaphoreStress, NeverMoreInsideThanPermits) {
  constexpr int kPermits = 3;
  BoundedSemaphore semaphore(kPermits);
  std::atomic<int> inside{0};
  std::atomic<int> most{0};
  crowd([&](int) {
    for (int i = 0; i < rounds(100'000); ++i) {
      const Guard guard(semaphore);
      const int now = ++inside;
      for (int seen = most; seen < now && !most.compare_exchange_weak(seen, now);) {
      }
      --inside;
    }
  });
  EXPECT_LE(most, kPermits);
  EXPECT_EQ(semaphore.value(), kPermits);
}

// As many are taken as were given, however they are given and whoever gives up.
TEST(SemaphoreStress, PermitsAreNeitherLostNorMade) {
  Semaphore semaphore(0);
  std::atomic<long> given{0};
  std::atomic<long> taken{0};
  crowd([&](int number) {
    for (int i = 0; i < rounds(50'000); ++i) {
      if (number % 2 == 0) {
        semaphore.release(1 + i % 3);
        given += 1 + i % 3;
      } else if (semaphore.acquire(true, std::chrono::microseconds(i % 40))) {
        ++taken;
      }
    }
  });
  EXPECT_EQ(semaphore.value(), given - taken);
}

TEST(SemaphoreStress, EveryReleaseIsFelt) {
  Semaphore there(0);
  Semaphore back(0);
  const int turns = rounds(20'000);
  threading::Thread partner([&] {
    for (int i = 0; i < turns; ++i) {
      there.acquire();
      back.release();
    }
  });
  partner.start();
  for (int i = 0; i < turns; ++i) {
    there.release();
    ASSERT_TRUE(back.acquire(true, kLongEnough)) << i;
  }
}

// Whoever got the permit may throw the semaphore away.
TEST(SemaphoreStress, MayBeDestroyedAsSoonAsItIsAcquired) {
  for (int i = 0; i < rounds(4'000); ++i) {
    auto semaphore = std::make_unique<Semaphore>(0);
    threading::Thread giver([told = semaphore.get()] { told->release(); });
    giver.start();
    semaphore->acquire();
    semaphore.reset();
  }
}

// The value after each step, in the order of the records.
TEST(SemaphoreStress, TheRecordsAddUp) {
  Recording recording;
  {
    BoundedSemaphore semaphore(2);
    crowd([&](int) {
      for (int i = 0; i < rounds(1'000); ++i) const Guard guard(semaphore);
    });
  }
  const auto& entries = recording.finish();
  EXPECT_EQ(complaints(entries), kNone);
  std::uint64_t value = 0;
  for (const auto& [object, records] : by_object(entries)) {
    for (const Entry& entry : records) {
      switch (entry.kind) {
        case Kind::semaphore_open: value = entry.argument; continue;
        case Kind::semaphore_acquire: value -= 1; break;
        case Kind::semaphore_release: value += entry.detail; break;
        default: continue;
      }
      ASSERT_EQ(entry.argument, value) << "at " << entry.sequence;
      ASSERT_LE(value, 2U);
    }
  }
  EXPECT_EQ(value, 2U);
}

}  // namespace
}  // namespace weft::test
