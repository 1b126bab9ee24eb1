// Python's threading.Barrier. The comment on a test is the row of Python's semantics it is about;
// where C++ differs, it says how.
#include "weft/threading/barrier.h"

#include <atomic>
#include <list>
#include <set>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

#include "support/background.h"
#include "support/recording.h"
#include "support/well_formed.h"
#include "weft/runtime/session.h"
#include "weft/threading/event.h"
#include "weft/threading/guard.h"
#include "weft/threading/lock.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using threading::Barrier;
using threading::BrokenBarrierError;
using threading::Event;
using threading::Guard;
using threading::Lock;
using trace::Kind;

constexpr int kParties = 5;

struct BarrierSemantics : testing::Test {
  /// Runs `body` on so many threads and waits for them all.
  template <class Body>
  void on_threads(int count, Body body) {
    std::list<Background> threads;
    for (int i = 0; i < count; ++i) threads.emplace_back([body, i]() mutable { body(i); });
    for (Background& thread : threads) ASSERT_TRUE(thread.ends());
  }

  /// Threads that wait at the barrier, and count how that ended.
  void wait_in_background(int count, runtime::Timeout timeout = std::nullopt) {
    for (int i = 0; i < count; ++i) {
      waiters.emplace_back([this, timeout] {
        try {
          barrier.wait(timeout);
          ++passed;
        } catch (const BrokenBarrierError&) {
          ++broken;
        }
      });
    }
    for (Background& waiter : waiters) ASSERT_TRUE(waiter.falls_asleep());
  }

  void expect_ends() {
    for (Background& waiter : waiters) EXPECT_TRUE(waiter.ends());
    waiters.clear();
  }

  const runtime::Session session{runtime::Session::Options{}};
  Barrier barrier{kParties};
  std::atomic<int> passed{0};
  std::atomic<int> broken{0};
  std::list<Background> waiters;
};

// Barrier(0) ValueError; wait() returns distinct 0..parties-1; action runs once, by one thread,
// before release. CPython: lock_tests.BarrierTests.
TEST_F(BarrierSemantics, T23_bad_arguments) {
  EXPECT_THROW(Barrier(0), ValueError);
  EXPECT_THROW(Barrier(-1), ValueError);
}

// CPython: test_constructor.
TEST_F(BarrierSemantics, T23_a_new_one) {
  EXPECT_EQ(barrier.parties(), kParties);
  EXPECT_EQ(barrier.n_waiting(), 0);
  EXPECT_FALSE(barrier.broken());
}

// CPython: test_barrier, test_barrier_10.
TEST_F(BarrierSemantics, T23_nobody_goes_on_before_all_have_come) {
  constexpr int kTurns = 10;
  std::atomic<int> before[kTurns] = {};
  std::atomic<int> after[kTurns] = {};
  on_threads(kParties, [&](int) {
    for (int turn = 0; turn < kTurns; ++turn) {
      ++before[turn];
      barrier.wait();
      EXPECT_EQ(before[turn], kParties);
      if (turn > 0) {
        EXPECT_EQ(after[turn - 1], kParties);
      }
      ++after[turn];
    }
  });
  EXPECT_EQ(barrier.n_waiting(), 0);
  EXPECT_FALSE(barrier.broken());
}

// CPython: test_wait_return.
TEST_F(BarrierSemantics, T23_wait_returns_distinct_numbers) {
  Lock lock;
  std::vector<std::int32_t> numbers;  // guarded by lock
  on_threads(kParties, [&](int) {
    const std::int32_t number = barrier.wait();
    const Guard guard(lock);
    numbers.push_back(number);
  });
  EXPECT_EQ(numbers.size(), static_cast<std::size_t>(kParties));
  const std::set<std::int32_t> distinct(numbers.begin(), numbers.end());
  EXPECT_EQ(distinct, (std::set{0, 1, 2, 3, 4}));
}

// CPython: test_action.
TEST_F(BarrierSemantics, T23_the_action_runs_once_before_anybody_goes_on) {
  std::atomic<int> actions{0};
  std::atomic<bool> is_party{false};
  Lock lock;
  std::set<std::uint32_t> parties;  // guarded by lock
  Barrier with_action(kParties, [&] {
    ++actions;
    const Guard guard(lock);
    is_party = parties.contains(threading::get_ident());
  });
  on_threads(kParties, [&](int) {
    {
      const Guard guard(lock);
      parties.insert(threading::get_ident());
    }
    with_action.wait();
    EXPECT_EQ(actions, 1);
  });
  EXPECT_TRUE(is_party) << "the action ran on a thread of its own";
}

// CPython: test_single_thread.
TEST_F(BarrierSemantics, T23_one_party_does_not_wait) {
  int actions = 0;
  Barrier alone(1, [&] { ++actions; });
  EXPECT_EQ(alone.wait(), 0);
  EXPECT_EQ(alone.wait(), 0);
  EXPECT_EQ(actions, 2);
}

TEST_F(BarrierSemantics, T23_n_waiting) {
  wait_in_background(2);
  EXPECT_EQ(barrier.n_waiting(), 2);
  wait_in_background(1);
  EXPECT_EQ(barrier.n_waiting(), 3);
  barrier.abort();
  expect_ends();
  EXPECT_EQ(barrier.n_waiting(), 0);
}

// A thread that comes while the action runs belongs to the next phase, whose action is not run
// before this one is over.
TEST_F(BarrierSemantics, T23_coming_while_the_action_runs) {
  Event acting;
  Event go_on;
  std::atomic<int> running{0};
  std::atomic<int> actions{0};
  Barrier pair(2, [&] {
    EXPECT_EQ(++running, 1);
    acting.set();
    go_on.wait();
    --running;
    ++actions;
  });
  std::list<Background> threads;
  for (int i = 0; i < 2; ++i) threads.emplace_back([&] { pair.wait(); });
  ASSERT_TRUE(acting.wait(kLongEnough));
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] { pair.wait(); });
    ASSERT_TRUE(threads.back().falls_asleep());
  }
  EXPECT_EQ(pair.n_waiting(), 0);
  go_on.set();
  for (Background& thread : threads) EXPECT_TRUE(thread.ends());
  EXPECT_EQ(actions, 2);
}

// Barrier: a timed-out wait, abort() or a raising action breaks it -> BrokenBarrierError for all;
// later wait() too. CPython: test_abort.
TEST_F(BarrierSemantics, T24_abort_breaks_it) {
  wait_in_background(kParties - 1);
  barrier.abort();
  expect_ends();
  EXPECT_EQ(broken, kParties - 1);
  EXPECT_EQ(passed, 0);
  EXPECT_TRUE(barrier.broken());
  EXPECT_THROW(barrier.wait(), BrokenBarrierError);
  EXPECT_THROW(barrier.wait(0ns), BrokenBarrierError);
  barrier.abort();
  EXPECT_TRUE(barrier.broken());
}

// CPython: test_timeout.
TEST_F(BarrierSemantics, T24_a_timeout_breaks_it_for_all) {
  wait_in_background(kParties - 2);
  EXPECT_GE(time_of([&] { EXPECT_THROW(barrier.wait(10ms), BrokenBarrierError); }), 10ms);
  expect_ends();
  EXPECT_EQ(broken, kParties - 2);
  EXPECT_TRUE(barrier.broken());
}

// CPython: test_default_timeout.
TEST_F(BarrierSemantics, T24_the_default_timeout) {
  Barrier impatient(2, {.timeout = 10ms});
  EXPECT_GE(time_of([&] { EXPECT_THROW(impatient.wait(), BrokenBarrierError); }), 10ms);
  EXPECT_TRUE(impatient.broken());
}

TEST_F(BarrierSemantics, T24_a_negative_timeout_only_looks) {
  EXPECT_THROW(barrier.wait(-1s), BrokenBarrierError);
  EXPECT_TRUE(barrier.broken());
  Barrier alone(1);
  EXPECT_EQ(alone.wait(-1s), 0) << "the last one need not wait";
}

TEST_F(BarrierSemantics, T24_an_action_that_throws_breaks_it) {
  Barrier faulty(kParties, [] { throw std::domain_error("out of order"); });
  std::atomic<int> thrown{0};
  std::atomic<int> told{0};
  on_threads(kParties, [&](int) {
    try {
      faulty.wait();
      ADD_FAILURE() << "went on";
    } catch (const std::domain_error&) {
      ++thrown;
    } catch (const BrokenBarrierError&) {
      ++told;
    }
  });
  EXPECT_EQ(thrown, 1) << "who ran it gets what it threw";
  EXPECT_EQ(told, kParties - 1);
  EXPECT_TRUE(faulty.broken());
  EXPECT_THROW(faulty.wait(), BrokenBarrierError);
}

// Once all have come only the action is left to wait for, however long it takes: a time that runs out
// meanwhile breaks nothing. (Python: the same.)
TEST_F(BarrierSemantics, T24_no_timeout_while_the_action_runs) {
  for (int i = 0; i < 40; ++i) {
    std::atomic<int> actions{0};
    std::atomic<int> told{0};
    Barrier pair(2, [&] {
      ++actions;
      runtime::sleep_for(3ms);
    });
    on_threads(2, [&](int n) {
      try {
        // Of the first one's time some rounds see the end before the other comes, some in the action.
        n == 0 ? pair.wait(std::chrono::microseconds(100 * i)) : pair.wait(kLongEnough);
      } catch (const BrokenBarrierError&) {
        ++told;
      }
    });
    EXPECT_EQ(told, actions == 1 ? 0 : 2);
    EXPECT_EQ(pair.broken(), actions == 0);
  }
}

// Python's abort() and reset() wait for the action; here they don't, and the action may call them.
TEST_F(BarrierSemantics, T24_the_action_may_abort) {
  Barrier* self = nullptr;
  Barrier pair(2, [&] { self->abort(); });
  self = &pair;
  std::atomic<int> told{0};
  on_threads(2, [&](int) {
    try {
      pair.wait();
    } catch (const BrokenBarrierError&) {
      ++told;
    }
  });
  EXPECT_EQ(told, 2);
  EXPECT_TRUE(pair.broken());
}

// Barrier.reset(): waiters get BrokenBarrierError, barrier becomes usable again.
// CPython: test_reset.
TEST_F(BarrierSemantics, T25_reset_sends_waiters_away_and_begins_anew) {
  wait_in_background(kParties - 1);
  barrier.reset();
  expect_ends();
  EXPECT_EQ(broken, kParties - 1);
  EXPECT_FALSE(barrier.broken());
  EXPECT_EQ(barrier.n_waiting(), 0);
  on_threads(kParties, [&](int) { EXPECT_NO_THROW(barrier.wait()); });
}

// CPython: test_abort_and_reset.
TEST_F(BarrierSemantics, T25_reset_mends_a_broken_one) {
  wait_in_background(kParties - 1);
  barrier.abort();
  expect_ends();
  EXPECT_THROW(barrier.wait(), BrokenBarrierError);
  barrier.reset();
  EXPECT_FALSE(barrier.broken());
  on_threads(kParties, [&](int) { EXPECT_NO_THROW(barrier.wait()); });
}

TEST_F(BarrierSemantics, T25_reset_of_an_empty_one_changes_nothing) {
  barrier.reset();
  on_threads(kParties, [&](int) { EXPECT_NO_THROW(barrier.wait()); });
}

TEST_F(BarrierSemantics, T25_reset_while_the_action_runs) {
  Event acting;
  Event go_on;
  Barrier pair(2, [&] {
    acting.set();
    go_on.wait();
  });
  std::atomic<int> told{0};
  std::list<Background> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      try {
        pair.wait();
      } catch (const BrokenBarrierError&) {
        ++told;
      }
    });
  }
  ASSERT_TRUE(acting.wait(kLongEnough));
  pair.reset();
  EXPECT_FALSE(pair.broken());
  go_on.set();
  for (Background& thread : threads) EXPECT_TRUE(thread.ends());
  EXPECT_EQ(told, 2);
  on_threads(2, [&](int) { EXPECT_NO_THROW(pair.wait()); });
}

template <class T>
concept CanBeHeld = requires(T& object) { threading::Guard<T>(object); };

// all of Lock/RLock/Condition/Semaphore are context managers, Event/Barrier are not.
TEST_F(BarrierSemantics, T28_is_no_context_manager) {
  EXPECT_TRUE(CanBeHeld<Lock>);
  EXPECT_FALSE(CanBeHeld<Barrier>);
  EXPECT_FALSE(CanBeHeld<Event>);
}

TEST_F(BarrierSemantics, publishes_what_was_written_before_it) {
  std::vector<int> written(kParties);  // no atomics: the barrier has to make it right
  on_threads(kParties, [&](int i) {
    written[static_cast<std::size_t>(i)] = 1;
    barrier.wait();
    for (const int value : written) EXPECT_EQ(value, 1);
  });
}

TEST(BarrierRecords, tell_who_came_and_when_all_went_on) {
  Recording recording;
  {
    Barrier pair(2);
    Background first([&] { pair.wait(); });
    ASSERT_TRUE(first.falls_asleep());
    pair.wait();
    EXPECT_TRUE(first.ends());
    pair.abort();
    pair.reset();
  }
  const auto& entries = recording.finish();
  EXPECT_EQ(complaints(entries), kNone);
  std::vector<std::pair<Kind, std::uint64_t>> seen;
  for (const auto& [object, records] : by_object(entries)) {
    for (const Entry& entry : records) {
      if (entry.kind >= Kind::barrier_open && entry.kind <= Kind::barrier_reset) {
        seen.emplace_back(entry.kind, entry.argument);
      }
    }
  }
  const std::vector<std::pair<Kind, std::uint64_t>> expected{
      {Kind::barrier_open, 2}, {Kind::barrier_arrive, 0}, {Kind::barrier_arrive, 1},
      {Kind::barrier_pass, 0}, {Kind::barrier_break, 0},  {Kind::barrier_reset, 0}};
  EXPECT_EQ(seen, expected);
}

}  // namespace
}  // namespace weft::test
