// Python's threading.Semaphore and BoundedSemaphore. The comment on a test is the row of Python's
// semantics it is about; where C++ differs, it says how.
#include "weft/threading/semaphore.h"

#include <atomic>
#include <list>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "support/background.h"
#include "support/on_another_thread.h"
#include "support/recording.h"
#include "support/well_formed.h"
#include "weft/runtime/session.h"
#include "weft/threading/guard.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using threading::BoundedSemaphore;
using threading::Guard;
using threading::Semaphore;
using trace::Kind;

template <class T>
struct SemaphoreSemantics : testing::Test {
  const runtime::Session session{runtime::Session::Options{}};
};
using Both = testing::Types<Semaphore, BoundedSemaphore>;
TYPED_TEST_SUITE(SemaphoreSemantics, Both);

// Semaphore(-1) ValueError; release(0) ValueError; acquire(False,timeout=1) ValueError.
TYPED_TEST(SemaphoreSemantics, T19_bad_arguments) {
  EXPECT_THROW(TypeParam(-1), ValueError);
  EXPECT_NO_THROW(TypeParam(0));
  TypeParam semaphore(1);
  EXPECT_THROW(semaphore.release(0), ValueError);
  EXPECT_THROW(semaphore.release(-1), ValueError);
  EXPECT_THROW(semaphore.acquire(false, 1s), ValueError);
  EXPECT_THROW(semaphore.acquire(false, 0ns), ValueError);
  EXPECT_EQ(semaphore.value(), 1) << "a refused call changed it";
}

TYPED_TEST(SemaphoreSemantics, T19_a_negative_timeout_only_looks) {
  TypeParam semaphore(1);
  EXPECT_TRUE(semaphore.acquire(true, -1s));
  EXPECT_FALSE(semaphore.acquire(true, -1s));
}

// CPython: lock_tests.test_default_value.
TYPED_TEST(SemaphoreSemantics, T19_there_is_one_permit_by_default) {
  TypeParam semaphore;
  EXPECT_TRUE(semaphore.acquire());
  EXPECT_FALSE(semaphore.acquire(false));
  semaphore.release();
  EXPECT_TRUE(semaphore.acquire(false));
}

// CPython: lock_tests.test_acquire, test_try_acquire, test_try_acquire_contended.
TYPED_TEST(SemaphoreSemantics, T19_as_many_as_there_are_permits) {
  TypeParam semaphore(2);
  EXPECT_TRUE(semaphore.acquire());
  EXPECT_TRUE(semaphore.acquire(false)) << "the same thread may take several";
  EXPECT_FALSE(semaphore.acquire(false));
  EXPECT_FALSE(on_another_thread([&] { return semaphore.acquire(false); }));
  on_another_thread([&] { semaphore.release(); });
  EXPECT_TRUE(semaphore.acquire(false)) << "any thread may give back";
  EXPECT_EQ(semaphore.value(), 0);
}

// CPython: lock_tests.test_acquire_timeout.
TYPED_TEST(SemaphoreSemantics, T19_acquire_with_a_timeout) {
  TypeParam semaphore(2);
  semaphore.acquire();
  semaphore.acquire();
  bool got = true;
  EXPECT_GE(time_of([&] { got = semaphore.acquire(true, 10ms); }), 10ms);
  EXPECT_FALSE(got);
  semaphore.release();
  EXPECT_TRUE(semaphore.acquire(true, 10ms));
}

// CPython: lock_tests.test_acquire_contended.
TYPED_TEST(SemaphoreSemantics, T19_each_permit_lets_one_waiter_through) {
  TypeParam semaphore(7);
  for (int i = 0; i < 7; ++i) semaphore.acquire();
  std::atomic<int> through{0};
  std::list<Background> waiters;
  for (int i = 0; i < 10; ++i) {
    waiters.emplace_back([&] {
      semaphore.acquire();
      ++through;
    });
  }
  for (Background& waiter : waiters) ASSERT_TRUE(waiter.falls_asleep());
  for (int i = 0; i < 6; ++i) semaphore.release();
  EXPECT_TRUE(eventually([&] { return through == 6; }));
  EXPECT_FALSE(semaphore.acquire(false));
  for (int i = 0; i < 4; ++i) semaphore.release();
  for (Background& waiter : waiters) EXPECT_TRUE(waiter.ends());
  EXPECT_EQ(through, 10);
  EXPECT_EQ(semaphore.value(), 0);
}

// CPython: lock_tests.test_multirelease.
TYPED_TEST(SemaphoreSemantics, T19_release_of_several) {
  TypeParam semaphore(5);
  for (int i = 0; i < 5; ++i) semaphore.acquire();
  std::atomic<int> through{0};
  std::list<Background> waiters;
  for (int i = 0; i < 3; ++i) {
    waiters.emplace_back([&] {
      semaphore.acquire();
      ++through;
    });
  }
  for (Background& waiter : waiters) ASSERT_TRUE(waiter.falls_asleep());
  semaphore.release(5);
  for (Background& waiter : waiters) EXPECT_TRUE(waiter.ends());
  EXPECT_EQ(through, 3);
  EXPECT_EQ(semaphore.value(), 2);
}

// Python lets a waiter be overtaken; here nobody is.
TYPED_TEST(SemaphoreSemantics, T19_first_come_first_served) {
  TypeParam semaphore(1);
  semaphore.acquire();
  std::vector<int> order;  // by whoever has the permit
  std::list<Background> waiters;
  for (int i = 0; i < 5; ++i) {
    waiters.emplace_back([&, i] {
      semaphore.acquire();
      order.push_back(i);
      semaphore.release();
    });
    ASSERT_TRUE(waiters.back().falls_asleep());
  }
  semaphore.release();
  for (Background& waiter : waiters) EXPECT_TRUE(waiter.ends());
  EXPECT_EQ(order, (std::vector{0, 1, 2, 3, 4}));
}

// One who gives up must not take the permit of another with him.
TYPED_TEST(SemaphoreSemantics, T19_a_timeout_does_not_swallow_a_release) {
  for (int i = 0; i < 20; ++i) {
    TypeParam semaphore(1);
    semaphore.acquire();
    Background hasty([&] {
      if (semaphore.acquire(true, std::chrono::microseconds(50 * i))) semaphore.release();
    });
    Background patient([&] { semaphore.acquire(); });
    ASSERT_TRUE(patient.falls_asleep());
    semaphore.release();
    ASSERT_TRUE(patient.ends());
    ASSERT_TRUE(hasty.ends());
  }
}

// CPython: lock_tests.SemaphoreTests.test_release_unacquired.
TEST(SemaphoreRelease, T20_a_plain_one_may_be_released_beyond_its_first_value) {
  Semaphore semaphore(1);
  semaphore.release();
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(semaphore.acquire(false));
  EXPECT_FALSE(semaphore.acquire(false));
}

// BoundedSemaphore over-release: ValueError "Semaphore released too many times".
// CPython: BoundedSemaphoreTests.test_release_unacquired, test_BoundedSemaphore_limit.
TEST(SemaphoreRelease, T20_a_bounded_one_may_not) {
  BoundedSemaphore semaphore(2);
  try {
    semaphore.release();
    ADD_FAILURE() << "released";
  } catch (const ValueError& error) {
    EXPECT_STREQ(error.what(), "Semaphore released too many times");
  }
  semaphore.acquire();
  semaphore.acquire();
  EXPECT_THROW(semaphore.release(3), ValueError);
  EXPECT_EQ(semaphore.value(), 0) << "a refused release gave some back";
  semaphore.release(2);
  EXPECT_THROW(semaphore.release(), ValueError);
  EXPECT_THROW(BoundedSemaphore(0).release(), ValueError);
}

// with semaphore: releases on exception.
TYPED_TEST(SemaphoreSemantics, T28_a_guard_releases_on_exception) {
  TypeParam semaphore(2);
  EXPECT_THROW(
      {
        const Guard one(semaphore);
        const Guard two(semaphore);
        EXPECT_FALSE(semaphore.acquire(false));
        throw std::runtime_error("inside");
      },
      std::runtime_error);
  EXPECT_EQ(semaphore.value(), 2);
}

TYPED_TEST(SemaphoreSemantics, publishes_what_was_written_before_the_release) {
  TypeParam semaphore(1);
  semaphore.acquire();
  int written = 0;  // no atomic: the semaphore has to make it right
  Background reader([&] {
    semaphore.acquire();
    EXPECT_EQ(written, 1);
  });
  ASSERT_TRUE(reader.falls_asleep());
  written = 1;
  semaphore.release();
  EXPECT_TRUE(reader.ends());
}

TEST(SemaphoreRecords, tell_the_value_after_each_step) {
  Recording recording;
  {
    Semaphore semaphore(1, "gate");
    semaphore.acquire();
    Background waiter([&] { semaphore.acquire(); });
    ASSERT_TRUE(waiter.falls_asleep());
    semaphore.release(3);
    EXPECT_TRUE(waiter.ends());
  }
  const auto& entries = recording.finish();
  EXPECT_EQ(complaints(entries), kNone);
  std::vector<std::pair<Kind, std::uint64_t>> seen;
  for (const auto& [object, records] : by_object(entries)) {
    for (const Entry& entry : records) {
      if (entry.kind == Kind::semaphore_open || entry.kind == Kind::semaphore_acquire ||
          entry.kind == Kind::semaphore_release) {
        seen.emplace_back(entry.kind, entry.argument);
      }
    }
  }
  const std::vector<std::pair<Kind, std::uint64_t>> expected{{Kind::semaphore_open, 1},
                                                             {Kind::semaphore_acquire, 0},
                                                             {Kind::semaphore_release, 3},
                                                             {Kind::semaphore_acquire, 2}};
  EXPECT_EQ(seen, expected);
  EXPECT_EQ(of_kind(entries, Kind::semaphore_release).at(0).detail, 3U);
}

}  // namespace
}  // namespace weft::test
