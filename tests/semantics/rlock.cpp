// Python's threading.RLock. The comment on a test is the row of Python's semantics it is about;
// where C++ differs, it says how.
#include "weft/threading/rlock.h"

#include <list>
#include <stdexcept>

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
using threading::Guard;
using threading::RLock;
using trace::Kind;

struct RLockSemantics : testing::Test {
  const runtime::Session session{runtime::Session::Options{}};
  RLock lock;
};

template <class Action>
void expect_unacquired(Action action) {
  try {
    action();
    ADD_FAILURE() << "released";
  } catch (const RuntimeError& error) {
    EXPECT_STREQ(error.what(), "cannot release un-acquired lock");
  }
}

// Lock.acquire(blocking=False, timeout=t) ValueError; timeout<0 (not -1) ValueError.
TEST_F(RLockSemantics, T10_bad_arguments_of_acquire) {
  EXPECT_THROW(lock.acquire(false, 1s), ValueError);
  EXPECT_THROW(lock.acquire(true, -1ns), ValueError);
  EXPECT_FALSE(lock.locked()) << "a refused call took the lock";
}

// Lock.acquire returns True/False; timed acquire False leaves lock state intact.
TEST_F(RLockSemantics, T12_what_acquire_returns) {
  EXPECT_TRUE(lock.acquire());
  EXPECT_TRUE(lock.locked());
  EXPECT_FALSE(on_another_thread([&] { return lock.acquire(false); }));
  lock.release();
  EXPECT_FALSE(lock.locked());
  EXPECT_TRUE(lock.acquire(true, 0ns)) << "a free lock needs no time";
  lock.release();
}

TEST_F(RLockSemantics, T12_state_after_timeout) {
  lock.acquire();
  on_another_thread([&] {
    bool got = true;
    EXPECT_GE(time_of([&] { got = lock.acquire(true, 10ms); }), 10ms);
    EXPECT_FALSE(got);
    EXPECT_FALSE(lock.is_owned());
  });
  EXPECT_EQ(lock.recursion_count(), 1U);
  lock.release();
  EXPECT_TRUE(is_free_for_others(lock));
}

// CPython: lock_tests.test_acquire_contended.
TEST_F(RLockSemantics, T12_all_who_wait_get_it_one_after_the_other) {
  lock.acquire();
  int inside = 0;  // guarded by lock
  int turns = 0;   // guarded by lock
  std::list<Background> waiters;
  for (int i = 0; i < 5; ++i) {
    waiters.emplace_back([&] {
      const Guard outer(lock);
      const Guard inner(lock);
      EXPECT_EQ(++inside, 1);
      ++turns;
      --inside;
    });
  }
  for (Background& waiter : waiters) ASSERT_TRUE(waiter.falls_asleep());
  EXPECT_EQ(turns, 0);
  lock.release();
  for (Background& waiter : waiters) EXPECT_TRUE(waiter.ends());
  EXPECT_EQ(turns, 5);
  EXPECT_FALSE(lock.locked());
}

// RLock is re-entrant, owner-checked: foreign or extra release is RuntimeError "cannot release
// un-acquired lock".
TEST_F(RLockSemantics, T13_is_reentrant) {
  lock.acquire();
  EXPECT_TRUE(lock.acquire());
  EXPECT_TRUE(lock.acquire(false));
  EXPECT_TRUE(lock.acquire(true, 0ns));
  for (int left = 3; left > 0; --left) {
    lock.release();
    EXPECT_FALSE(is_free_for_others(lock)) << left << " levels are left";
  }
  lock.release();
  EXPECT_TRUE(is_free_for_others(lock));
}

TEST_F(RLockSemantics, T13_an_extra_release_is_refused) {
  expect_unacquired([&] { lock.release(); });
  lock.acquire();
  lock.acquire();
  lock.release();
  lock.release();
  expect_unacquired([&] { lock.release(); });
  EXPECT_TRUE(is_free_for_others(lock)) << "a refused release broke the lock";
}

TEST_F(RLockSemantics, T13_a_foreign_release_is_refused) {
  lock.acquire();
  on_another_thread([&] { expect_unacquired([&] { lock.release(); }); });
  EXPECT_EQ(lock.recursion_count(), 1U);
  EXPECT_FALSE(is_free_for_others(lock));
  lock.release();
}

TEST_F(RLockSemantics, T13_recursion_count_and_is_owned) {
  EXPECT_EQ(lock.recursion_count(), 0U);
  EXPECT_FALSE(lock.is_owned());
  lock.acquire();
  EXPECT_EQ(lock.recursion_count(), 1U);
  lock.acquire();
  EXPECT_EQ(lock.recursion_count(), 2U);
  EXPECT_TRUE(lock.is_owned());
  on_another_thread([&] {
    EXPECT_EQ(lock.recursion_count(), 0U);
    EXPECT_FALSE(lock.is_owned());
    EXPECT_TRUE(lock.locked());
  });
  lock.release();
  EXPECT_EQ(lock.recursion_count(), 1U);
  lock.release();
  EXPECT_FALSE(lock.is_owned());
  EXPECT_FALSE(lock.locked());
}

// A thread that ended with the lock is gone for good: nobody after it is taken for it, even if it
// runs where that one ran.
TEST_F(RLockSemantics, T13_an_ended_owner_is_nobody_else) {
  on_another_thread([&] { lock.acquire(); });
  for (int i = 0; i < 20; ++i) {
    on_another_thread([&] {
      EXPECT_FALSE(lock.is_owned());
      EXPECT_FALSE(lock.acquire(false));
      EXPECT_THROW(lock.release(), RuntimeError);
    });
  }
}

// with lock: releases on exception.
TEST_F(RLockSemantics, T28_a_guard_releases_on_exception) {
  EXPECT_THROW(
      {
        const Guard outer(lock);
        const Guard inner(lock);
        EXPECT_EQ(lock.recursion_count(), 2U);
        throw std::runtime_error("inside");
      },
      std::runtime_error);
  EXPECT_FALSE(lock.locked());
}

TEST_F(RLockSemantics, publishes_what_was_written_under_it) {
  int written = 0;  // no atomic: the lock has to make it right
  lock.acquire();
  Background reader([&] {
    const Guard guard(lock);
    EXPECT_EQ(written, 1);
  });
  ASSERT_TRUE(reader.falls_asleep());
  written = 1;
  lock.release();
  EXPECT_TRUE(reader.ends());
}

TEST(RLockRecords, every_level_with_its_depth) {
  Recording recording;
  RLock lock;
  lock.acquire();
  lock.acquire();
  lock.release();
  lock.release();
  const auto& entries = recording.finish();
  std::vector<std::pair<Kind, std::uint64_t>> seen;
  for (const Entry& entry : entries) {
    if (entry.kind == Kind::lock_acquire || entry.kind == Kind::lock_release) {
      seen.emplace_back(entry.kind, entry.argument);
    }
  }
  const std::vector<std::pair<Kind, std::uint64_t>> expected{{Kind::lock_acquire, 1},
                                                             {Kind::lock_acquire, 2},
                                                             {Kind::lock_release, 1},
                                                             {Kind::lock_release, 0}};
  EXPECT_EQ(seen, expected);
  EXPECT_EQ(complaints(entries), kNone);
}

}  // namespace
}  // namespace weft::test
