// Python's concurrent.futures.wait and as_completed. The comment on a test is the row of Python's
// semantics it is about; where C++ differs, it says how.
#include "weft/futures/wait.h"

#include <atomic>
#include <list>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/background.h"
#include "weft/futures/as_completed.h"
#include "weft/futures/thread_pool_executor.h"
#include "weft/threading/event.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using futures::as_completed;
using futures::Future;
using futures::ReturnWhen;
using futures::ThreadPoolExecutor;
using futures::wait;
using threading::Event;

using Futures = std::vector<Future<int>>;

struct WaitSemantics : testing::Test {
  WaitSemantics() {
    finished.set_result(42);
    failed.set_exception(std::make_exception_ptr(std::out_of_range("far")));
    cancelled.cancel();
  }

  const runtime::Session session{runtime::Session::Options{}};
  Future<int> pending;
  Future<int> other;
  Future<int> finished;
  Future<int> failed;
  Future<int> cancelled;
};

// wait() -> (done,not_done) sets, never raises on timeout; FIRST_COMPLETED / FIRST_EXCEPTION /
// ALL_COMPLETED. (Sets are vectors in the order given, each future once.)
TEST_F(WaitSemantics, F15_20369_duplicates_count_once) {
  const auto [done, not_done] = wait(Futures{finished, finished}, std::nullopt);
  EXPECT_EQ(done, Futures{finished});
  EXPECT_TRUE(not_done.empty());
}

TEST_F(WaitSemantics, F15_of_nothing) {
  for (const auto when :
       {ReturnWhen::FIRST_COMPLETED, ReturnWhen::FIRST_EXCEPTION, ReturnWhen::ALL_COMPLETED}) {
    const auto [done, not_done] = wait(Futures{}, std::nullopt, when);
    EXPECT_TRUE(done.empty());
    EXPECT_TRUE(not_done.empty());
  }
}

TEST_F(WaitSemantics, F15_first_completed) {
  Futures done;
  Futures not_done;
  Background waiter([&] {
    auto all = wait(Futures{pending, other}, std::nullopt, ReturnWhen::FIRST_COMPLETED);
    done = all.done;
    not_done = all.not_done;
  });
  ASSERT_TRUE(waiter.falls_asleep());
  other.set_result(1);
  ASSERT_TRUE(waiter.ends());
  EXPECT_EQ(done, Futures{other});
  EXPECT_EQ(not_done, Futures{pending});
}

TEST_F(WaitSemantics, F15_first_completed_some_already_completed) {
  const auto [done, not_done] =
      wait(Futures{cancelled, finished, pending}, std::nullopt, ReturnWhen::FIRST_COMPLETED);
  EXPECT_EQ(done, (Futures{cancelled, finished}));
  EXPECT_EQ(not_done, Futures{pending});
}

TEST_F(WaitSemantics, F15_first_exception) {
  Futures done;
  Futures not_done;
  Background waiter([&] {
    auto all = wait(Futures{finished, pending, other}, std::nullopt, ReturnWhen::FIRST_EXCEPTION);
    done = all.done;
    not_done = all.not_done;
  });
  ASSERT_TRUE(waiter.falls_asleep());
  other.set_exception(std::make_exception_ptr(std::runtime_error("broken")));
  ASSERT_TRUE(waiter.ends());
  EXPECT_EQ(done, (Futures{finished, other}));
  EXPECT_EQ(not_done, Futures{pending});
}

TEST_F(WaitSemantics, F15_first_exception_some_already_complete) {
  Future<int> one;
  Background waiter([&] {
    const auto [done, not_done] =
        wait(Futures{finished, cancelled, pending, one}, std::nullopt, ReturnWhen::FIRST_EXCEPTION);
    EXPECT_EQ(done, (Futures{finished, cancelled, one}));
    EXPECT_EQ(not_done, Futures{pending});
  });
  ASSERT_TRUE(waiter.falls_asleep()) << "neither a result nor a cancellation is an exception";
  one.set_exception(std::make_exception_ptr(std::runtime_error("broken")));
  EXPECT_TRUE(waiter.ends());
}

TEST_F(WaitSemantics, F15_first_exception_one_already_failed) {
  const auto [done, not_done] =
      wait(Futures{failed, pending}, std::nullopt, ReturnWhen::FIRST_EXCEPTION);
  EXPECT_EQ(done, Futures{failed});
  EXPECT_EQ(not_done, Futures{pending});
}

TEST_F(WaitSemantics, F15_first_exception_without_one_is_all_completed) {
  Background waiter([&] {
    const auto [done, not_done] =
        wait(Futures{pending, other}, std::nullopt, ReturnWhen::FIRST_EXCEPTION);
    EXPECT_EQ(done, (Futures{pending, other}));
    EXPECT_TRUE(not_done.empty());
  });
  ASSERT_TRUE(waiter.falls_asleep());
  pending.set_result(1);
  other.cancel();
  EXPECT_TRUE(waiter.ends());
}

TEST_F(WaitSemantics, F15_all_completed) {
  Background waiter([&] {
    const auto [done, not_done] = wait(Futures{failed, pending, cancelled, other, finished});
    EXPECT_EQ(done.size(), 5U);
    EXPECT_TRUE(not_done.empty());
  });
  ASSERT_TRUE(waiter.falls_asleep());
  pending.set_result(1);
  EXPECT_TRUE(waiter.is_alive());
  other.cancel();
  EXPECT_TRUE(waiter.ends());
}

TEST_F(WaitSemantics, F15_the_time_running_out_is_no_error) {
  for (const auto when :
       {ReturnWhen::FIRST_COMPLETED, ReturnWhen::FIRST_EXCEPTION, ReturnWhen::ALL_COMPLETED}) {
    EXPECT_GE(time_of([&] {
                const auto [done, not_done] = wait(Futures{pending, other}, 10ms, when);
                EXPECT_TRUE(done.empty());
                EXPECT_EQ(not_done, (Futures{pending, other}));
              }),
              9ms);
  }
  const auto [done, not_done] = wait(Futures{finished, pending}, 0ns);
  EXPECT_EQ(done, Futures{finished});
  EXPECT_EQ(not_done, Futures{pending});
  pending.set_result(1);  // nobody is told who waits no more
  other.set_result(1);
}

// CPython: test_wait.test_pending_calls_race.
TEST_F(WaitSemantics, F15_many_that_end_while_one_waits) {
  Event go;
  ThreadPoolExecutor pool(4);
  Futures all;
  for (int i = 0; i < 100; ++i) {
    all.push_back(pool.submit([&go, i] {
      go.wait();
      return i;
    }));
  }
  Background waiter([&] { EXPECT_EQ(wait(all).done.size(), 100U); });
  ASSERT_TRUE(waiter.falls_asleep());
  go.set();
  EXPECT_TRUE(waiter.ends());
}

TEST_F(WaitSemantics, F15_several_wait_for_the_same) {
  std::list<Background> waiters;
  for (int i = 0; i < 4; ++i) {
    waiters.emplace_back([&] { EXPECT_EQ(wait(Futures{pending, finished}).done.size(), 2U); });
  }
  for (Background& waiter : waiters) ASSERT_TRUE(waiter.falls_asleep());
  pending.set_result(1);
  for (Background& waiter : waiters) EXPECT_TRUE(waiter.ends());
}

// as_completed: already-done first, completion order, duplicates once, TimeoutError "n (of m)
// futures unfinished".
TEST_F(WaitSemantics, F14_already_done_first_then_in_the_order_of_completion) {
  Futures order;
  Background waiter([&] {
    for (const auto& future : as_completed(Futures{pending, cancelled, other, finished})) {
      order.push_back(future);
    }
  });
  ASSERT_TRUE(waiter.falls_asleep());
  other.set_result(1);
  pending.set_result(2);
  ASSERT_TRUE(waiter.ends());
  EXPECT_EQ(order, (Futures{cancelled, finished, other, pending}));
}

TEST_F(WaitSemantics, F14_a_zero_timeout_yields_what_is_done) {
  Futures order;
  try {
    for (const auto& future : as_completed(Futures{finished, pending, failed, cancelled}, 0ns)) {
      order.push_back(future);
    }
    ADD_FAILURE() << "no TimeoutError";
  } catch (const TimeoutError& error) {
    EXPECT_STREQ(error.what(), "1 (of 4) futures unfinished");
  }
  EXPECT_EQ(order, (Futures{finished, failed, cancelled}));
}

// The range may hold the last references: each future's state is gone when the iteration has passed it.
TEST_F(WaitSemantics, F14_the_futures_given_may_be_temporary) {
  int sum = 0;
  {
    ThreadPoolExecutor pool(2);
    Event go;
    const auto given = [&](int value) {
      return pool.submit([&go, value] {
        go.wait();
        return value;
      });
    };
    auto all = as_completed(Futures{given(1), given(2), given(3)});
    go.set();
    for (const auto& future : all) sum += future.result();
  }
  EXPECT_EQ(sum, 6);
}

// CPython: test_as_completed.test_correct_timeout_exception_msg.
TEST_F(WaitSemantics, F14_the_timeout_says_how_many) {
  const Futures all{cancelled, failed, finished, pending, other};
  EXPECT_GE(time_of([&] {
              try {
                for ([[maybe_unused]] const auto& future : as_completed(all, 10ms)) {
                }
                ADD_FAILURE() << "no TimeoutError";
              } catch (const TimeoutError& error) {
                EXPECT_STREQ(error.what(), "2 (of 5) futures unfinished");
              }
            }),
            9ms);
  pending.set_result(1);
  EXPECT_EQ(pending.result(), 1) << "the timeout left it alone";
}

// Python's generator has ended then; this one can be asked again.
TEST_F(WaitSemantics, F14_after_the_timeout_what_is_done_by_then) {
  auto all = as_completed(Futures{pending, other}, 0ns);
  EXPECT_THROW(*all.begin(), TimeoutError);
  other.set_result(1);
  auto next = all.begin();
  EXPECT_EQ(*next, other);
  ++next;
  EXPECT_THROW(*next, TimeoutError);
}

// Python's waits for the worker to come to it.
TEST(WaitForCancelled, F14_F15_a_cancelled_one_is_done_at_once) {
  const runtime::Session session{runtime::Session::Options{}};
  Event go;
  ThreadPoolExecutor pool(1);
  pool.post([&] { go.wait(); });
  const Futures queued{pool.submit([] { return 1; })};
  Future<int>(queued[0]).cancel();
  EXPECT_EQ(wait(queued).done, queued);
  for (const Future<int>& future : as_completed(queued)) EXPECT_TRUE(future.cancelled());
  go.set();
}

TEST_F(WaitSemantics, F14_duplicates_come_once) {
  int count = 0;
  for (const auto& future : as_completed(Futures{finished, failed, finished, failed})) {
    EXPECT_TRUE(future.done());
    ++count;
  }
  EXPECT_EQ(count, 2);
  Background waiter([&] {
    for (const auto& future : as_completed(Futures{pending, pending})) {
      EXPECT_EQ(future, pending);
      ++count;
    }
  });
  ASSERT_TRUE(waiter.falls_asleep());
  pending.set_result(1);
  EXPECT_TRUE(waiter.ends());
  EXPECT_EQ(count, 3);
}

TEST_F(WaitSemantics, F14_of_nothing) {
  for (const auto& future : as_completed(Futures{}, 0ns)) ADD_FAILURE() << future.done();
}

TEST_F(WaitSemantics, F14_left_early) {
  auto held = std::make_shared<int>(1);
  {
    Future<std::shared_ptr<int>> done;
    done.set_result(held);
    Future<std::shared_ptr<int>> never;
    for (const auto& future : as_completed(std::vector{done, never})) {
      EXPECT_EQ(future, done);
      break;
    }
    never.set_result(held);
  }
  EXPECT_EQ(held.use_count(), 1) << "nothing is kept";
}

TEST_F(WaitSemantics, F14_of_a_pool) {
  ThreadPoolExecutor pool(3);
  Futures all;
  for (int i = 0; i < 50; ++i) all.push_back(pool.submit([i] { return i; }));
  int sum = 0;
  for (const auto& future : as_completed(all)) sum += future.result(0ns);
  EXPECT_EQ(sum, 49 * 50 / 2);
}

// A stopped run ends the wait as it ends every other.
TEST(WaitStopped, wait_ends_with_the_run) {
  std::atomic<std::uint32_t> stop{0};
  runtime::Session session({nullptr, &stop});
  const Future<int> never;
  Background waiter([&] { EXPECT_THROW(wait(Futures{never}), runtime::Stopped); });
  ASSERT_TRUE(waiter.falls_asleep());
  stop = 1;
  EXPECT_TRUE(eventually([&] {
    session.wake_parked();
    return !waiter.is_alive();
  }));
}

}  // namespace
}  // namespace weft::test
