#include "weft/threading/guard.h"

#include <cstring>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include "support/background.h"
#include "support/on_another_thread.h"
#include "support/recording.h"
#include "support/well_formed.h"
#include "weft/runtime/session.h"
#include "weft/threading/condition.h"
#include "weft/threading/lock.h"
#include "weft/threading/read_write_lock.h"
#include "weft/threading/rlock.h"
#include "weft/threading/semaphore.h"

namespace weft::test {
namespace {

using threading::Guard;

template <class T>
struct Guards : testing::Test {};
using Lockables = testing::Types<threading::Lock, threading::RLock, threading::Condition,
                                 threading::Semaphore, threading::BoundedSemaphore>;
TYPED_TEST_SUITE(Guards, Lockables);

TYPED_TEST(Guards, HoldsItForTheScope) {
  TypeParam lockable;
  {
    const Guard guard(lockable);
    EXPECT_FALSE(is_free_for_others(lockable));
  }
  EXPECT_TRUE(is_free_for_others(lockable));
}

TYPED_TEST(Guards, WaitsForIt) {
  const runtime::Session session({});
  TypeParam lockable;
  bool inside = false;
  lockable.acquire();
  Background other([&] {
    const Guard guard(lockable);
    inside = true;
  });
  ASSERT_TRUE(other.falls_asleep());
  EXPECT_FALSE(inside);
  lockable.release();
  EXPECT_TRUE(other.ends());
  EXPECT_TRUE(inside);
}

/// Notes the place it is acquired from.
struct Witness {
  runtime::Where where;
  bool acquire(bool = true, runtime::Timeout = std::nullopt,
               runtime::Where place = runtime::Where::current()) {
    where = place;
    return true;
  }
  void release() {}
};

TEST(Guard, KnowsThePlaceInTheSource) {
  Witness witness;
  const auto line = static_cast<std::uint32_t>(__LINE__) + 1;
  const Guard guard(witness);
  EXPECT_EQ(guard.where().line(), line);
  EXPECT_EQ(witness.where.line(), line);
  EXPECT_NE(std::strstr(witness.where.file_name(), "guard.cpp"), nullptr);
}

// As Python's `with lock: lock.release()`.
TYPED_TEST(Guards, ThrowsIfItWasReleasedMeanwhile) {
  TypeParam lockable;
  const auto release_twice = [&] {
    const Guard guard(lockable);
    lockable.release();
  };
  if constexpr (std::is_same_v<TypeParam, threading::Semaphore>) {
    EXPECT_NO_THROW(release_twice()) << "one more permit is no error";
  } else if constexpr (std::is_same_v<TypeParam, threading::BoundedSemaphore>) {
    EXPECT_THROW(release_twice(), ValueError);
  } else {
    EXPECT_THROW(release_twice(), RuntimeError);
    EXPECT_TRUE(is_free_for_others(lockable));
  }
}

// There is room for one exception only: the other is reported.
TEST(Guard, AnExceptionOnItsWayIsNotReplaced) {
  Recording recording;
  threading::Lock lock;
  EXPECT_THROW(
      {
        const Guard guard(lock);
        lock.release();
        throw std::domain_error("on its way");
      },
      std::domain_error);
  EXPECT_EQ(payloads(recording.finish(), trace::Kind::error),
            std::vector<std::string>{
                "Exception in thread MainThread: RuntimeError: release unlocked lock"});
}

TEST(Guard, OfAReadWriteLockThrowsToo) {
  threading::ReadWriteLock lock;
  EXPECT_THROW(
      {
        const threading::ReadGuard guard(lock);
        lock.release_read();
      },
      RuntimeError);
  EXPECT_THROW(
      {
        const threading::WriteGuard guard(lock);
        lock.release_write();
      },
      RuntimeError);
}

}  // namespace
}  // namespace weft::test
