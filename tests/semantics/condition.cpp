// Python's threading.Condition. The comment on a test is the row of Python's semantics it is
// about; where C++ differs, it says how.
#include "weft/threading/condition.h"

#include <list>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "support/background.h"
#include "support/on_another_thread.h"
#include "weft/runtime/session.h"
#include "weft/threading/event.h"
#include "weft/threading/guard.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using threading::Condition;
using threading::Guard;
using threading::Lock;
using threading::RLock;

struct ConditionSemantics : testing::Test {
  /// A thread that waits on the condition, notes in `woken` that it was, and returns.
  Background& waiter(int number, runtime::Timeout timeout = std::nullopt) {
    return waiters.emplace_back([this, number, timeout] {
      const Guard guard(condition);
      ++waiting;
      const bool notified = condition.wait(timeout);
      (notified ? woken : timed_out).push_back(number);
    });
  }

  /// Waits until so many of them wait. Who counted itself under the lock and let go of it waits.
  bool all_wait(int count) {
    return eventually([&] {
      const Guard guard(condition);
      return waiting == count;
    });
  }

  bool eventually_woken(std::size_t count) {
    return eventually([&] {
      const Guard guard(condition);
      return woken.size() == count;
    });
  }

  void notify(std::uint32_t n) {
    const Guard guard(condition);
    condition.notify(n);
  }

  const runtime::Session session{runtime::Session::Options{}};
  Condition condition;
  int waiting = 0;             // guarded by condition
  std::vector<int> woken;      // guarded by condition
  std::vector<int> timed_out;  // guarded by condition
  std::list<Background> waiters;
};

// Condition() owns an RLock; wait/notify without it: RuntimeError.
TEST_F(ConditionSemantics, T14_wait_and_notify_without_the_lock) {
  EXPECT_THROW(condition.wait(), RuntimeError);
  EXPECT_THROW(condition.wait(0ns), RuntimeError);
  EXPECT_THROW(condition.notify(), RuntimeError);
  EXPECT_THROW(condition.notify_all(), RuntimeError);
  EXPECT_THROW(condition.wait_for([] { return false; }, 0ns), RuntimeError);
  EXPECT_THROW(condition.release(), RuntimeError);
  EXPECT_TRUE(condition.acquire(false)) << "a refused call took the lock";
  condition.release();
}

TEST_F(ConditionSemantics, T14_owns_an_rlock) {
  condition.acquire();
  EXPECT_TRUE(condition.acquire(false)) << "not re-entrant";
  condition.release();
  on_another_thread([&] {
    EXPECT_FALSE(condition.acquire(false));
    EXPECT_THROW(condition.wait(0ns), RuntimeError) << "held by another thread";
    EXPECT_THROW(condition.notify(), RuntimeError);
    EXPECT_THROW(condition.release(), RuntimeError);
  });
  condition.release();
  EXPECT_TRUE(is_free_for_others(condition));
}

TEST_F(ConditionSemantics, T14_uses_a_given_rlock) {
  RLock lock;
  Condition with_lock(lock);
  with_lock.acquire();
  EXPECT_TRUE(lock.is_owned());
  EXPECT_NO_THROW(with_lock.notify());
  with_lock.release();
  EXPECT_FALSE(lock.locked());
  EXPECT_THROW(with_lock.notify(), RuntimeError);
}

TEST_F(ConditionSemantics, T14_uses_a_given_lock) {
  Lock lock;
  Condition with_lock(lock);
  with_lock.acquire();
  EXPECT_FALSE(lock.acquire(false));
  with_lock.release();
  EXPECT_TRUE(lock.acquire(false));
  EXPECT_FALSE(with_lock.acquire(false));
  EXPECT_NO_THROW(with_lock.notify()) << "holding the lock itself is enough";
  lock.release();
}

TEST_F(ConditionSemantics, T14_two_conditions_share_a_lock) {
  Lock lock;
  Condition full(lock);
  Condition empty(lock);
  bool is_full = false;
  Background consumer([&] {
    const Guard guard(lock);
    full.wait_for([&] { return is_full; });
    is_full = false;
    empty.notify();
  });
  Background producer([&] {
    const Guard guard(lock);
    is_full = true;
    full.notify();
    empty.wait_for([&] { return !is_full; });
  });
  EXPECT_TRUE(consumer.ends());
  EXPECT_TRUE(producer.ends());
}

// Condition.wait returns True if notified, False on timeout; releases all recursion levels and
// restores them.
TEST_F(ConditionSemantics, T15_wait_returns_true_if_notified) {
  waiter(1);
  ASSERT_TRUE(all_wait(1));
  notify(1);
  EXPECT_TRUE(waiters.back().ends());
  EXPECT_EQ(woken, std::vector<int>{1});
}

TEST_F(ConditionSemantics, T15_wait_returns_false_on_timeout) {
  const Guard guard(condition);
  bool notified = true;
  EXPECT_GE(time_of([&] { notified = condition.wait(10ms); }), 10ms);
  EXPECT_FALSE(notified);
  EXPECT_FALSE(condition.wait(0ns));
  EXPECT_FALSE(condition.wait(-1s)) << "a negative timeout only looks";
}

TEST_F(ConditionSemantics, T15_releases_and_restores_the_lock) {
  bool held_after = false;
  waiters.emplace_back([&] {
    condition.acquire();
    ++waiting;
    condition.wait();
    held_after = !is_free_for_others(condition);
    condition.release();
  });
  ASSERT_TRUE(all_wait(1)) << "the lock was not released";
  notify(1);
  EXPECT_TRUE(waiters.back().ends());
  EXPECT_TRUE(held_after);
}

TEST_F(ConditionSemantics, T15_the_lock_is_held_again_after_a_timeout) {
  condition.acquire();
  EXPECT_FALSE(condition.wait(1ms));
  EXPECT_FALSE(is_free_for_others(condition));
  condition.release();
}

// CPython: lock_tests.RLockTests and ConditionTests, together: all levels go and come back.
TEST_F(ConditionSemantics, T15_releases_and_restores_all_levels) {
  RLock lock;
  Condition with_lock(lock);
  std::uint32_t depth_after = 0;
  std::atomic<bool> is_waiting{false};
  Background waits([&] {
    for (int i = 0; i < 3; ++i) lock.acquire();
    is_waiting = true;
    with_lock.wait();
    depth_after = lock.recursion_count();
    for (int i = 0; i < 3; ++i) lock.release();
  });
  ASSERT_TRUE(eventually([&] { return is_waiting.load(); }));
  {
    const Guard guard(lock);  // only to be had if all three were released
    with_lock.notify();
  }
  EXPECT_TRUE(waits.ends());
  EXPECT_EQ(depth_after, 3U);
  EXPECT_TRUE(lock.acquire(false));
  lock.release();
}

TEST_F(ConditionSemantics, T15_a_timeout_restores_all_levels_too) {
  condition.acquire();
  condition.acquire();
  EXPECT_FALSE(condition.wait(1ms));
  condition.release();
  EXPECT_FALSE(is_free_for_others(condition)) << "one level is left";
  condition.release();
  EXPECT_TRUE(is_free_for_others(condition));
}

// A notified thread comes back only once it has the lock.
TEST_F(ConditionSemantics, T15_notify_does_not_release_the_lock) {
  waiter(1);
  ASSERT_TRUE(all_wait(1));
  condition.acquire();
  condition.notify();
  EXPECT_TRUE(waiters.back().is_alive());
  EXPECT_TRUE(woken.empty());
  condition.release();
  EXPECT_TRUE(waiters.back().ends());
}

// Condition.wait_for returns the predicate's last value (falsy on timeout).
TEST_F(ConditionSemantics, T16_wait_for_returns_the_last_value) {
  int state = 0;  // guarded by condition
  waiters.emplace_back([&] {
    const Guard guard(condition);
    ++waiting;
    EXPECT_TRUE(condition.wait_for([&] { return state == 4; }));
    EXPECT_EQ(state, 4);
  });
  ASSERT_TRUE(all_wait(1));
  for (int i = 0; i < 4; ++i) {
    const Guard guard(condition);
    ++state;
    condition.notify();
  }
  EXPECT_TRUE(waiters.back().ends());
}

TEST_F(ConditionSemantics, T16_a_predicate_that_throws_leaves_nothing_behind) {
  {
    const Guard guard(condition);
    int looks = 0;
    const auto look = [&] {
      if (++looks == 2) throw std::domain_error("out of order");
      return false;
    };
    EXPECT_THROW(condition.wait_for(look, 1ms), std::domain_error);
    EXPECT_THROW(condition.wait_for([]() -> bool { throw std::domain_error("at once"); }),
                 std::domain_error);
  }
  EXPECT_TRUE(is_free_for_others(condition));
}

TEST_F(ConditionSemantics, T16_wait_for_is_false_on_timeout) {
  const Guard guard(condition);
  bool value = true;
  EXPECT_GE(time_of([&] { value = condition.wait_for([] { return false; }, 10ms); }), 10ms);
  EXPECT_FALSE(value);
}

TEST_F(ConditionSemantics, T16_wait_for_does_not_wait_if_it_holds) {
  const Guard guard(condition);
  int calls = 0;
  EXPECT_TRUE(condition.wait_for([&] { return ++calls > 0; }, -1s));
  EXPECT_EQ(calls, 1);
}

TEST_F(ConditionSemantics, T16_the_timeout_is_for_the_whole_wait) {
  // Notified again and again, but the predicate never holds.
  std::atomic<bool> done{false};
  waiters.emplace_back([&] {
    const Guard guard(condition);
    EXPECT_FALSE(condition.wait_for([] { return false; }, 50ms));
    done = true;
  });
  EXPECT_TRUE(eventually([&] {
    notify(1);
    return done.load();
  }));
}

// notify(n) wakes at most n; with no waiters it is lost (not remembered).
TEST_F(ConditionSemantics, T17_notify_wakes_at_most_n) {
  for (int i = 1; i <= 5; ++i) waiter(i);
  ASSERT_TRUE(all_wait(5));
  notify(3);
  ASSERT_TRUE(eventually_woken(3));
  notify(0);
  {
    const Guard guard(condition);
    EXPECT_EQ(woken.size(), 3U);
  }
  notify(100);
  for (Background& each : waiters) EXPECT_TRUE(each.ends());
  EXPECT_EQ(woken.size(), 5U);
}

TEST_F(ConditionSemantics, T17_notify_all_wakes_all) {
  for (int i = 1; i <= 5; ++i) waiter(i);
  ASSERT_TRUE(all_wait(5));
  {
    const Guard guard(condition);
    condition.notify_all();
  }
  for (Background& each : waiters) EXPECT_TRUE(each.ends());
}

TEST_F(ConditionSemantics, T17_a_notification_without_waiters_is_lost) {
  const Guard guard(condition);
  condition.notify(3);
  condition.notify_all();
  EXPECT_FALSE(condition.wait(1ms));
}

TEST_F(ConditionSemantics, T17_one_who_came_later_is_not_notified) {
  waiter(1);
  ASSERT_TRUE(all_wait(1));
  waiters.emplace_back([&] {
    const Guard guard(condition);
    condition.notify_all();
    // Still under the lock: this wait comes after the notification.
    EXPECT_FALSE(condition.wait(1ms));
  });
  for (Background& each : waiters) EXPECT_TRUE(each.ends());
  EXPECT_EQ(woken, std::vector<int>{1});
}

TEST_F(ConditionSemantics, T17_a_timeout_does_not_swallow_a_notification) {
  // Whoever timed out is no waiter any more: of two, the one who stays is woken.
  waiter(1, 1ms);
  EXPECT_TRUE(waiters.back().ends());
  waiter(2);
  ASSERT_TRUE(all_wait(2));
  notify(1);
  EXPECT_TRUE(waiters.back().ends());
  EXPECT_EQ(timed_out, std::vector<int>{1});
  EXPECT_EQ(woken, std::vector<int>{2});
}

TEST_F(ConditionSemantics, T17_timeouts_in_the_middle_of_the_line) {
  waiter(1);
  ASSERT_TRUE(all_wait(1));
  waiter(2, 5ms);
  ASSERT_TRUE(all_wait(2));
  waiter(3);
  ASSERT_TRUE(all_wait(3));
  EXPECT_TRUE(std::next(waiters.begin())->ends());
  notify(2);
  for (Background& each : waiters) EXPECT_TRUE(each.ends());
  EXPECT_EQ(timed_out, std::vector<int>{2});
  EXPECT_EQ(woken.size(), 2U);
}

// CPython wakes Condition waiters FIFO (deque order; documented as implementation detail).
TEST_F(ConditionSemantics, T18_waiters_are_woken_in_the_order_in_which_they_came) {
  constexpr int kWaiters = 6;
  for (int i = 1; i <= kWaiters; ++i) {
    waiter(i);
    ASSERT_TRUE(all_wait(i));
  }
  std::vector<int> expected;
  for (int i = 1; i <= kWaiters; ++i) {
    notify(1);
    ASSERT_TRUE(eventually_woken(static_cast<std::size_t>(i)));
    expected.push_back(i);
    const Guard guard(condition);
    ASSERT_EQ(woken, expected);
  }
}

// CPython: lock_tests.test_notify, in its essence: those who wait again are notified again.
TEST_F(ConditionSemantics, T17_waiting_a_second_time) {
  std::atomic<int> rounds{0};
  for (int i = 0; i < 3; ++i) {
    waiters.emplace_back([&] {
      const Guard guard(condition);
      for (int round = 0; round < 2; ++round) {
        ++waiting;
        EXPECT_TRUE(condition.wait());
        ++rounds;
      }
    });
  }
  ASSERT_TRUE(all_wait(3));
  notify(3);
  ASSERT_TRUE(all_wait(6));
  EXPECT_EQ(rounds, 3);
  notify(3);
  for (Background& each : waiters) EXPECT_TRUE(each.ends());
  EXPECT_EQ(rounds, 6);
}

// with condition: all of Lock/RLock/Condition/Semaphore are context managers.
TEST_F(ConditionSemantics, T28_a_guard_releases_on_exception) {
  EXPECT_THROW(
      {
        const Guard inside(condition);
        throw std::runtime_error("inside");
      },
      std::runtime_error);
  EXPECT_TRUE(is_free_for_others(condition));
}

// Over a plain Lock any holder will do, as in Python: nobody can tell that it is another thread's.
TEST_F(ConditionSemantics, T14_notified_by_a_thread_that_does_not_hold_the_plain_lock) {
  Lock lock;
  Condition with_lock(lock);
  bool notified = false;
  Background sleeper([&] {
    const Guard guard(lock);
    notified = with_lock.wait();
  });
  ASSERT_TRUE(sleeper.falls_asleep());
  threading::Event taken;
  threading::Event go;
  Background holder([&] {
    const Guard guard(lock);
    taken.set();
    go.wait();
  });
  ASSERT_TRUE(taken.wait(kLongEnough));
  EXPECT_NO_THROW(with_lock.notify());
  go.set();
  EXPECT_TRUE(sleeper.ends());
  EXPECT_TRUE(notified);
  EXPECT_TRUE(holder.ends());
  EXPECT_THROW(with_lock.notify(), RuntimeError) << "held by nobody";
}

TEST_F(ConditionSemantics, T14_waiting_with_a_plain_lock_that_another_thread_holds) {
  Lock lock;
  Condition with_lock(lock);
  lock.acquire();
  Background foreign([&] {
    EXPECT_TRUE(with_lock.wait()) << "released the other thread's lock, as in Python";
    lock.release();
  });
  ASSERT_TRUE(foreign.falls_asleep());
  EXPECT_FALSE(lock.locked());
  {
    const Guard guard(lock);
    with_lock.notify();
  }
  EXPECT_TRUE(foreign.ends());
}

// A lesson, not a fault: cpython #74912.
TEST_F(ConditionSemantics, T17_what_is_notified_before_it_waits_is_not_remembered) {
  waiter(1);
  ASSERT_TRUE(all_wait(1));
  notify(3);
  waiter(2, 1ms);
  ASSERT_TRUE(eventually_woken(1));
  for (Background& each : waiters) EXPECT_TRUE(each.ends());
  EXPECT_EQ(woken, std::vector<int>{1});
  EXPECT_EQ(timed_out, std::vector<int>{2});
}

}  // namespace
}  // namespace weft::test
