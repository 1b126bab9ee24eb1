#include "weft/threading/guard.h"

#include <cstring>

#include <gtest/gtest.h>

#include "support/background.h"
#include "support/on_another_thread.h"
#include "weft/runtime/session.h"
#include "weft/threading/condition.h"
#include "weft/threading/lock.h"
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

}  // namespace
}  // namespace weft::test
