// Python's threading.Lock. The comment on a test is the row of Python's semantics it is about;
// where C++ differs, it says how.
#include "weft/threading/lock.h"

#include <chrono>
#include <list>
#include <mutex>
#include <stdexcept>

#include <gtest/gtest.h>

#include "support/background.h"
#include "weft/runtime/session.h"
#include "weft/threading/event.h"
#include "weft/threading/guard.h"
#include "weft/threading/limits.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using threading::Guard;
using threading::Lock;

struct LockSemantics : testing::Test {
  ~LockSemantics() override {
    if (lock.locked()) lock.release();  // a held lock must not be destroyed
  }

  const runtime::Session session{runtime::Session::Options{}};
  Lock lock;
};

// Lock.acquire(blocking=False, timeout=t) ValueError; timeout<0 (not -1) ValueError; too large
// OverflowError. (No -1: a timeout may be absent.)
TEST_F(LockSemantics, T10_bad_arguments_of_acquire) {
  EXPECT_THROW(lock.acquire(false, 1s), ValueError);
  EXPECT_THROW(lock.acquire(false, 0ns), ValueError);
  EXPECT_THROW(lock.acquire(true, -1ns), ValueError);
  EXPECT_THROW(lock.acquire(true, -100s), ValueError);
  EXPECT_FALSE(lock.locked()) << "a refused call took the lock";

  lock.acquire();
  EXPECT_THROW(lock.acquire(false, 1s), ValueError);
  EXPECT_THROW(lock.acquire(true, -1ns), ValueError);
}

// CPython: lock_tests.LockTests.test_timeout.
TEST_F(LockSemantics, T10_a_timeout_beyond_the_maximum) {
  using std::chrono::floor;
  using std::chrono::hours;
  using threading::TIMEOUT_MAX;
  const hours most = floor<hours>(TIMEOUT_MAX);
  EXPECT_THROW(lock.acquire(true, most + hours(1)), OverflowError);
  EXPECT_THROW(lock.acquire(true, std::chrono::years(300)), OverflowError);
  EXPECT_THROW(lock.acquire(true, hours::min()), ValueError) << "negative all the same";
  EXPECT_FALSE(lock.locked()) << "a refused call took the lock";
  EXPECT_TRUE(lock.acquire(true, most));
  threading::Event event;
  EXPECT_THROW(event.wait(most + hours(1)), OverflowError);
  EXPECT_FALSE(event.wait(hours::min()));
}

TEST_F(LockSemantics, T10_a_huge_timeout_waits_as_long_as_it_takes) {
  EXPECT_TRUE(lock.acquire(true, std::chrono::nanoseconds::max()));
  Background waiter([&] { EXPECT_TRUE(lock.acquire(true, std::chrono::nanoseconds::max())); });
  ASSERT_TRUE(waiter.falls_asleep());
  lock.release();
  EXPECT_TRUE(waiter.ends());
}

// Lock.release() when unlocked: RuntimeError; any thread may release.
TEST_F(LockSemantics, T11_release_when_unlocked) {
  try {
    lock.release();
    ADD_FAILURE() << "released";
  } catch (const RuntimeError& error) {
    EXPECT_STREQ(error.what(), "release unlocked lock");
  }
  lock.acquire();
  lock.release();
  EXPECT_THROW(lock.release(), RuntimeError);
  EXPECT_TRUE(lock.acquire(false)) << "a refused release broke the lock";
}

TEST_F(LockSemantics, T11_any_thread_may_release) {
  lock.acquire();
  Background other([&] { lock.release(); });
  EXPECT_TRUE(other.ends());
  EXPECT_FALSE(lock.locked());
  EXPECT_TRUE(lock.acquire(true, kLongEnough));
}

// Lock.acquire returns True/False; timed acquire False leaves lock state intact.
TEST_F(LockSemantics, T12_what_acquire_returns) {
  EXPECT_FALSE(lock.locked());
  EXPECT_TRUE(lock.acquire());
  EXPECT_TRUE(lock.locked());
  EXPECT_FALSE(lock.acquire(false));
  EXPECT_FALSE(lock.acquire(true, 0ns));
  lock.release();
  EXPECT_FALSE(lock.locked());
  EXPECT_TRUE(lock.acquire(false));
  lock.release();
  EXPECT_TRUE(lock.acquire(true, 0ns)) << "a free lock needs no time";
}

TEST_F(LockSemantics, T12_state_after_timeout) {
  lock.acquire();
  bool got = true;
  EXPECT_GE(time_of([&] { got = lock.acquire(true, 10ms); }), 10ms);
  EXPECT_FALSE(got);
  EXPECT_TRUE(lock.locked());
  lock.release();
  EXPECT_FALSE(lock.locked());
  EXPECT_TRUE(lock.acquire(false));
}

TEST_F(LockSemantics, T12_try_acquire_contended) {
  lock.acquire();
  bool got = true;
  Background other([&] { got = lock.acquire(false); });
  EXPECT_TRUE(other.ends());
  EXPECT_FALSE(got);
}

// CPython: lock_tests.test_acquire_contended.
TEST_F(LockSemantics, T12_all_who_wait_get_it_one_after_the_other) {
  lock.acquire();
  int inside = 0;  // guarded by lock
  int turns = 0;   // guarded by lock
  std::list<Background> waiters;
  for (int i = 0; i < 5; ++i) {
    waiters.emplace_back([&] {
      lock.acquire();
      EXPECT_EQ(++inside, 1);
      ++turns;
      --inside;
      lock.release();
    });
  }
  for (Background& waiter : waiters) ASSERT_TRUE(waiter.falls_asleep());
  EXPECT_EQ(turns, 0);
  lock.release();
  for (Background& waiter : waiters) EXPECT_TRUE(waiter.ends());
  EXPECT_EQ(turns, 5);
  EXPECT_FALSE(lock.locked());
}

// CPython: lock_tests.test_reacquire: not re-entrant, the owner waits for itself.
TEST_F(LockSemantics, T13_is_not_reentrant) {
  std::atomic<int> phase{0};
  Background thread([&] {
    lock.acquire();
    phase = 1;
    lock.acquire();
    phase = 2;
  });
  ASSERT_TRUE(thread.falls_asleep());
  EXPECT_EQ(phase, 1);
  lock.release();
  EXPECT_TRUE(thread.ends());
  EXPECT_EQ(phase, 2);
}

// A waiter with a timeout gets a lock that is released in time.
TEST_F(LockSemantics, T12_released_in_time) {
  lock.acquire();
  bool got = false;
  Background waiter([&] { got = lock.acquire(true, kLongEnough); });
  ASSERT_TRUE(waiter.falls_asleep());
  lock.release();
  EXPECT_TRUE(waiter.ends());
  EXPECT_TRUE(got);
}

// One who gives up must not take the wake-up of another with him.
TEST_F(LockSemantics, T12_a_timeout_does_not_swallow_a_release) {
  for (int i = 0; i < 20; ++i) {
    lock.acquire();
    Background patient([&] {
      lock.acquire();
      lock.release();
    });
    Background hasty([&] {
      if (lock.acquire(true, std::chrono::microseconds(50 * i))) lock.release();
    });
    ASSERT_TRUE(patient.falls_asleep());
    lock.release();
    ASSERT_TRUE(patient.ends());
    ASSERT_TRUE(hasty.ends());
  }
}

// with lock: releases on exception.
TEST_F(LockSemantics, T28_a_guard_releases_on_exception) {
  EXPECT_THROW(
      {
        const Guard guard(lock);
        EXPECT_TRUE(lock.locked());
        throw std::runtime_error("inside");
      },
      std::runtime_error);
  EXPECT_FALSE(lock.locked());
  {
    const std::unique_lock guard(lock, std::try_to_lock);
    EXPECT_TRUE(guard.owns_lock());
    const std::unique_lock second(lock, std::try_to_lock);
    EXPECT_FALSE(second.owns_lock());
  }
  EXPECT_FALSE(lock.locked());
}

// What happened before a release happens before what follows the acquire.
TEST_F(LockSemantics, publishes_what_was_written_under_it) {
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

}  // namespace
}  // namespace weft::test
