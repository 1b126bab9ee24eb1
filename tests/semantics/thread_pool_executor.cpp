// Python's concurrent.futures.ThreadPoolExecutor. The comment on a test is the row of Python's
// semantics it is about; where C++ differs, it says how.
#include "weft/futures/thread_pool_executor.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <list>
#include <memory>
#include <mutex>
#include <numeric>
#include <optional>
#include <ranges>
#include <set>
#include <sstream>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "support/background.h"
#include "support/recording.h"
#include "support/well_formed.h"
#include "weft/futures/wait.h"
#include "weft/threading/event.h"
#include "weft/threading/lock.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using futures::CancelledError;
using futures::Future;
using futures::ThreadPoolExecutor;
using threading::Event;
using trace::Kind;
using trace::Reason;

std::vector<int> numbers(int count) {
  std::vector<int> all(static_cast<std::size_t>(count));
  std::iota(all.begin(), all.end(), 0);
  return all;
}

int square(int x) { return x * x; }

/// Something that can't be divided by zero, as Python's divmod.
int divided(int by) {
  if (by == 0) throw std::domain_error("division by zero");
  return 60 / by;
}

struct ExecutorSemantics : testing::Test {
  /// Begins, waits for `go`, and ends.
  void block() {
    ++started;
    go.wait();
  }
  Future<void> submit_blocker(ThreadPoolExecutor& pool) {
    return pool.submit([this] { block(); });
  }
  bool all_started(int count) {
    return eventually([&] { return started == count; });
  }
  /// Waits until workers had nothing to do so many times, which a result that is there does not say.
  bool was_idle(std::size_t times) {
    return eventually([&] {
      return recording.count([](const Entry& entry) {
        return entry.kind == Kind::blocked &&
               entry.detail == static_cast<std::uint32_t>(Reason::task);
      }) >= times;
    });
  }

  void TearDown() override {
    go.set();
    EXPECT_EQ(complaints(recording.finish()), kNone);
  }

  Recording recording;
  Event go;
  std::atomic<int> started{0};
};

TEST_F(ExecutorSemantics, submit_returns_a_future_of_the_result) {
  ThreadPoolExecutor pool(2);
  EXPECT_EQ(pool.submit([] { return 42; }).result(), 42);
  EXPECT_EQ(pool.submit(square, 16).result(), 256);
  EXPECT_EQ(
      pool.submit([](std::string a, int b) { return a + std::to_string(b); }, "x", 1).result(),
      "x1");
  EXPECT_EQ(
      *pool.submit([](std::unique_ptr<int> p) { return p; }, std::make_unique<int>(7)).result(), 7);
  int called = 0;
  static_assert(std::is_same_v<decltype(pool.submit([&] { ++called; })), Future<void>>);
  pool.submit([&] { ++called; }).result();
  EXPECT_EQ(called, 1);
}

// max_workers<=0 ValueError; default min(32, cpu+4).
TEST_F(ExecutorSemantics, F01_max_workers) {
  for (const std::int64_t workers : {std::int64_t{0}, std::int64_t{-1}, INT64_MIN}) {
    try {
      const ThreadPoolExecutor pool(workers);
      ADD_FAILURE() << "accepted " << workers;
    } catch (const ValueError& error) {
      EXPECT_EQ(error.what(), "max_workers must be greater than 0, not " + std::to_string(workers));
    }
  }
  EXPECT_EQ(ThreadPoolExecutor().max_workers(), std::min(32U, platform::cpu_count() + 4));
  EXPECT_EQ(ThreadPoolExecutor(7).max_workers(), 7U);
  EXPECT_EQ(ThreadPoolExecutor(INT64_MAX).max_workers(), UINT32_MAX);
}

// Worker threads are created on demand (only if no idle worker), named prefix_N (default
// ThreadPoolExecutor-K_N).
TEST_F(ExecutorSemantics, F02_no_worker_before_the_first_task) {
  { const ThreadPoolExecutor pool(5); }
  EXPECT_EQ(recording.count([](const Entry& entry) { return entry.kind == Kind::thread_start; }),
            0U);
}

// CPython: test_thread_pool.test_idle_thread_reuse.
TEST_F(ExecutorSemantics, F02_an_idle_worker_is_used_again) {
  std::set<std::uint32_t> workers;
  {
    ThreadPoolExecutor pool(5);
    for (std::size_t i = 1; i <= 4; ++i) {
      workers.insert(pool.submit(threading::get_ident).result());
      ASSERT_TRUE(was_idle(i));
    }
  }
  EXPECT_EQ(workers.size(), 1U);
}

// CPython: test_thread_pool.test_saturation.
TEST_F(ExecutorSemantics, F02_no_more_workers_than_max_workers) {
  {
    ThreadPoolExecutor pool(4);
    for (int i = 0; i < 60; ++i) submit_blocker(pool);
    ASSERT_TRUE(all_started(4));
    go.set();
  }
  EXPECT_EQ(started, 60);
  EXPECT_EQ(by_thread(recording.finish()).size(), 5U);
}

TEST_F(ExecutorSemantics, F02_worker_names) {
  const auto worker_names = [&](ThreadPoolExecutor& pool) {
    threading::Lock lock;
    std::vector<std::string> names;
    Event all_here;
    std::list<Future<void>> done;
    for (int i = 0; i < 3; ++i) {
      done.push_back(pool.submit([&] {
        bool complete = false;
        {
          const std::lock_guard guard(lock);
          names.push_back(threading::current_thread_name());
          complete = names.size() == 3;
        }
        if (complete) all_here.set();
        all_here.wait();
      }));
    }
    for (const auto& future : done) future.result();
    std::ranges::sort(names);
    return names;
  };
  ThreadPoolExecutor special(3, "SpecialPool");
  EXPECT_EQ(worker_names(special),
            (std::vector<std::string>{"SpecialPool_0", "SpecialPool_1", "SpecialPool_2"}));
  ThreadPoolExecutor usual(3);
  const auto names = worker_names(usual);
  for (std::size_t i = 0; i < names.size(); ++i) {
    EXPECT_TRUE(names[i].starts_with("ThreadPoolExecutor-")) << names[i];
    EXPECT_TRUE(names[i].ends_with("_" + std::to_string(i))) << names[i];
  }
}

// Queued work is taken in the order of submission.
TEST_F(ExecutorSemantics, F02_one_worker_works_in_order) {
  std::vector<int> order;
  {
    ThreadPoolExecutor pool(1);
    for (int i = 0; i < 100; ++i) pool.submit([&order, i] { order.push_back(i); });
  }
  EXPECT_EQ(order, numbers(100));
}

// submit after shutdown: RuntimeError "cannot schedule new futures after shutdown".
TEST_F(ExecutorSemantics, F03_submit_after_shutdown) {
  ThreadPoolExecutor pool(2);
  pool.submit([] {});
  pool.shutdown();
  try {
    pool.submit([] {});
    ADD_FAILURE() << "accepted";
  } catch (const RuntimeError& error) {
    EXPECT_STREQ(error.what(), "cannot schedule new futures after shutdown");
  }
  EXPECT_THROW(pool.map(square, numbers(3)), RuntimeError);
  pool.shutdown();
}

TEST_F(ExecutorSemantics, F03_a_task_that_submits_after_shutdown_gets_the_error) {
  ThreadPoolExecutor pool(1);
  auto late = pool.submit([&] {
    block();
    pool.submit([] {});
  });
  ASSERT_TRUE(all_started(1));
  pool.shutdown(false);
  go.set();
  EXPECT_THROW(late.result(), RuntimeError);
}

// Future.cancel: True if pending (again True), False if running or finished.
TEST_F(ExecutorSemantics, F04_cancel_what_has_not_begun) {
  bool ran = false;
  {
    ThreadPoolExecutor pool(1);
    auto first = submit_blocker(pool);
    ASSERT_TRUE(all_started(1));
    auto second = pool.submit([&] { ran = true; });
    EXPECT_FALSE(first.cancel());
    EXPECT_TRUE(first.running());
    EXPECT_FALSE(second.running());
    EXPECT_TRUE(second.cancel());
    EXPECT_TRUE(second.cancel());
    EXPECT_THROW(second.result(), CancelledError);
    go.set();
    first.result();
    EXPECT_FALSE(first.cancel());
  }
  EXPECT_FALSE(ran);
}

// CPython: test_shutdown.test_hang_gh94440: cancelled right before shutdown.
TEST_F(ExecutorSemantics, F04_cancelled_right_before_shutdown) {
  ThreadPoolExecutor pool(1);
  pool.submit([] {}).result();
  pool.submit([] {}).cancel();
  pool.shutdown(true);
}

// result(timeout) -> TimeoutError (builtin) without affecting the task.
TEST_F(ExecutorSemantics, F05_timeout_leaves_the_task_alone) {
  ThreadPoolExecutor pool(1);
  auto future = pool.submit([&] {
    block();
    return 5;
  });
  ASSERT_TRUE(all_started(1));
  EXPECT_THROW(future.result(1ms), TimeoutError);
  EXPECT_THROW(future.exception(1ms), TimeoutError);
  EXPECT_TRUE(future.running());
  go.set();
  EXPECT_EQ(future.result(), 5);
}

// done callbacks run once, in order added, in the completing thread.
// Python lets them, at the price of a worker.
TEST_F(ExecutorSemantics, F06_nobody_else_completes_a_task_that_has_begun) {
  ThreadPoolExecutor pool(1);
  Event begun;
  auto future = pool.submit([&] {
    begun.set();
    go.wait();
    return 1;
  });
  begun.wait();
  EXPECT_THROW(future.set_result(2), futures::InvalidStateError);
  EXPECT_THROW(future.set_exception(std::make_exception_ptr(std::domain_error("two"))),
               futures::InvalidStateError);
  EXPECT_THROW(future.set_running_or_notify_cancel(), futures::InvalidStateError);
  go.set();
  EXPECT_EQ(future.result(), 1);
  EXPECT_EQ(pool.submit([] { return 3; }).result(), 3) << "the worker lives";
}

TEST_F(ExecutorSemantics, F07_callbacks_run_in_the_worker) {
  ThreadPoolExecutor pool(1, "pool");
  auto future = submit_blocker(pool);
  std::string where;
  Event called;
  future.add_done_callback([&](const Future<void>&) {
    where = threading::current_thread_name();
    called.set();
  });
  go.set();
  ASSERT_TRUE(called.wait(kLongEnough));
  EXPECT_EQ(where, "pool_0");
}

TEST_F(ExecutorSemantics, F07_a_callback_that_throws_does_not_hurt_the_worker) {
  ThreadPoolExecutor pool(1);
  auto future = submit_blocker(pool);
  future.add_done_callback([](const Future<void>&) { throw std::runtime_error("doh!"); });
  go.set();
  future.result();
  EXPECT_EQ(pool.submit(square, 3).result(), 9);
  EXPECT_TRUE(eventually([&] {
    return recording.count([](const Entry& entry) { return entry.kind == Kind::error; }) == 1;
  }));
}

// map() submits everything eagerly, yields in input order, stops at the shortest iterable.
TEST_F(ExecutorSemantics, F09_map_yields_in_input_order) {
  ThreadPoolExecutor pool(3);
  std::vector<int> results;
  for (const int result : pool.map(square, numbers(10))) results.push_back(result);
  EXPECT_EQ(results, (std::vector<int>{0, 1, 4, 9, 16, 25, 36, 49, 64, 81}));
}

TEST_F(ExecutorSemantics, F09_map_yields_in_input_order_even_if_the_first_is_the_slowest) {
  ThreadPoolExecutor pool(2);
  std::atomic<int> done{0};
  auto results = pool.map(
      [&](int i) {
        if (i == 0) go.wait();
        ++done;
        return i;
      },
      numbers(5));
  EXPECT_TRUE(eventually([&] { return done == 4; }));
  go.set();
  std::vector<int> order;
  for (const int result : results) order.push_back(result);
  EXPECT_EQ(order, numbers(5));
}

// CPython: test_thread_pool.test_map_submits_without_iteration.
TEST_F(ExecutorSemantics, F09_map_submits_eagerly) {
  std::atomic<int> finished{0};
  ThreadPoolExecutor pool(2);
  const auto results = pool.map([&](int) { ++finished; }, numbers(10));
  EXPECT_TRUE(eventually([&] { return finished == 10; })) << "nobody iterated";
}

TEST_F(ExecutorSemantics, F09_map_over_nothing) {
  ThreadPoolExecutor pool(1);
  auto results = pool.map(square, std::vector<int>{});
  EXPECT_TRUE(results.begin() == results.end());
}

// map(timeout) counts from the map() call and raises TimeoutError from next(); a task exception
// surfaces at its position.
TEST_F(ExecutorSemantics, F10_map_with_timeout) {
  ThreadPoolExecutor pool(3);
  // The workers' start is not to count: in WebAssembly it may take longer than the timeout.
  for (const int result : pool.map([](int i) { return i; }, numbers(3))) EXPECT_GE(result, 0);
  auto results = pool.map(
      [&](int i) {
        if (i == 2) go.wait();
        return i;
      },
      numbers(3), 1s);
  std::vector<int> got;
  EXPECT_THROW(
      {
        for (const int result : results) got.push_back(result);
      },
      TimeoutError);
  EXPECT_EQ(got, (std::vector<int>{0, 1}));
  go.set();
}

TEST_F(ExecutorSemantics, F10_the_time_runs_from_the_call) {
  ThreadPoolExecutor pool(1);
  auto results = pool.map([&](int) { block(); }, numbers(1), 20ms);
  runtime::sleep_for(25ms);
  // It has passed already: no further wait.
  EXPECT_LT(time_of([&] { EXPECT_THROW(*results.begin(), TimeoutError); }), kLongEnough);
  go.set();
}

TEST_F(ExecutorSemantics, F10_an_exception_surfaces_at_its_position) {
  ThreadPoolExecutor pool(2);
  auto results = pool.map(divided, std::vector<int>{2, 3, 0, 5});
  auto next = results.begin();
  EXPECT_EQ(*next, 30);
  ++next;
  EXPECT_EQ(*next, 20);
  ++next;
  EXPECT_THROW(*next, std::domain_error);
}

// closing/exhausting the map iterator early cancels the not-yet-started futures.
// Python's iterator has ended then.
TEST_F(ExecutorSemantics, F10_after_an_exception_the_results_behind_it) {
  ThreadPoolExecutor pool(1);
  auto results = pool.map(
      [](int n) {
        if (n == 2) throw std::domain_error("two");
        return n;
      },
      std::vector<int>{1, 2, 3});
  auto next = results.begin();
  EXPECT_EQ(*next, 1);
  ++next;
  EXPECT_THROW(*next, std::domain_error);
  ++next;
  EXPECT_EQ(*next, 3);
}

TEST_F(ExecutorSemantics, F11_dropping_the_results_cancels_what_has_not_begun) {
  std::atomic<int> ran{0};
  ThreadPoolExecutor pool(1);
  {
    const auto results = pool.map(
        [&](int) {
          block();
          ++ran;
        },
        numbers(10));
    ASSERT_TRUE(all_started(1));
  }
  go.set();
  pool.shutdown();
  EXPECT_EQ(ran, 1);
}

// CPython: test_thread_pool.test_executor_map_current_future_cancel.
TEST_F(ExecutorSemantics, F11_a_timeout_cancels_the_awaited_and_those_behind_it) {
  std::vector<std::string> log;
  {
    ThreadPoolExecutor pool(1);
    auto first = submit_blocker(pool);
    ASSERT_TRUE(all_started(1));
    {
      auto results = pool.map([&](const std::string& name) { log.push_back(name); },
                              std::vector<std::string>{"second", "third"}, 0ns);
      EXPECT_THROW(*results.begin(), TimeoutError);
    }
    go.set();
    first.result();
  }
  EXPECT_TRUE(log.empty());
}

// shutdown(wait=False) returns at once; pending work still runs. cancel_futures=True cancels
// queued, not running.
TEST_F(ExecutorSemantics, F12_shutdown_without_waiting) {
  std::optional<ThreadPoolExecutor> pool(2);
  std::vector<Future<void>> all;
  for (int i = 0; i < 6; ++i) all.push_back(submit_blocker(*pool));
  ASSERT_TRUE(all_started(2));
  pool->shutdown(false);
  EXPECT_EQ(started, 2) << "waited, or ran everything at once";
  EXPECT_FALSE(all.back().done());
  go.set();
  for (const auto& future : all) future.result();
  EXPECT_EQ(started, 6);
  pool.reset();
}

TEST_F(ExecutorSemantics, F12_shutdown_waits_for_all_work) {
  ThreadPoolExecutor pool(2);
  std::vector<Future<int>> all;
  for (int i = 0; i < 50; ++i) all.push_back(pool.submit(square, i));
  pool.shutdown();
  for (int i = 0; i < 50; ++i) {
    EXPECT_TRUE(all[static_cast<std::size_t>(i)].done());
    EXPECT_EQ(all[static_cast<std::size_t>(i)].result(0ns), i * i);
  }
}

TEST_F(ExecutorSemantics, F12_cancel_futures_cancels_what_is_queued) {
  ThreadPoolExecutor pool(2);
  std::vector<Future<void>> all;
  for (int i = 0; i < 20; ++i) all.push_back(submit_blocker(pool));
  ASSERT_TRUE(all_started(2));
  pool.shutdown(false, true);
  EXPECT_EQ(std::ranges::count_if(all, [](const auto& f) { return f.cancelled(); }), 18);
  go.set();
  pool.shutdown();
  for (const auto& future : all) {
    EXPECT_TRUE(future.done());
    if (!future.cancelled()) {
      EXPECT_EQ(future.exception(), nullptr);
    }
  }
  EXPECT_EQ(started, 2);
}

TEST_F(ExecutorSemantics, F12_cancelling_runs_callbacks) {
  ThreadPoolExecutor pool(1);
  submit_blocker(pool);
  ASSERT_TRUE(all_started(1));
  auto queued = pool.submit([] {});
  bool told = false;
  queued.add_done_callback([&](const Future<void>& future) { told = future.cancelled(); });
  pool.shutdown(false, true);
  EXPECT_TRUE(told);
  go.set();
}

TEST_F(ExecutorSemantics, F12_shutdown_twice_and_from_several_threads) {
  ThreadPoolExecutor pool(2);
  submit_blocker(pool);
  ASSERT_TRUE(all_started(1));
  std::list<Background> closers;
  for (int i = 0; i < 3; ++i) closers.emplace_back([&] { pool.shutdown(); });
  for (Background& closer : closers) ASSERT_TRUE(closer.falls_asleep());
  go.set();
  for (Background& closer : closers) EXPECT_TRUE(closer.ends());
  pool.shutdown();
}

// with ThreadPoolExecutor(): exit == shutdown(wait=True), also on exception; nothing is cancelled.
TEST_F(ExecutorSemantics, F13_the_end_of_the_scope_runs_everything) {
  std::vector<Future<int>> all;
  {
    ThreadPoolExecutor pool(2);
    for (int i = 0; i < 30; ++i) all.push_back(pool.submit(square, i));
  }
  for (const auto& future : all) {
    EXPECT_TRUE(future.done());
    EXPECT_FALSE(future.cancelled());
  }
}

TEST_F(ExecutorSemantics, F13_also_when_left_by_exception) {
  std::vector<Future<int>> all;
  EXPECT_THROW(
      {
        ThreadPoolExecutor pool(2);
        for (int i = 0; i < 30; ++i) all.push_back(pool.submit(square, i));
        throw std::runtime_error("on the way out");
      },
      std::runtime_error);
  for (const auto& future : all) EXPECT_FALSE(future.cancelled());
  EXPECT_EQ(all.back().result(0ns), 29 * 29);
}

// CPython: test_shutdown.test_del_shutdown: results outlive the pool.
TEST_F(ExecutorSemantics, F13_map_results_outlive_the_pool) {
  std::optional<ThreadPoolExecutor> pool(5);
  auto results = pool->map(square, numbers(10));
  pool.reset();
  int i = 0;
  for (const int result : results) {
    EXPECT_EQ(result, i * i);
    ++i;
  }
  EXPECT_EQ(i, 10);
}

// initializer that raises -> pool broken: pending futures and later submit raise BrokenThreadPool.
// CPython: test_init. (Python's initargs are what the initializer captures.)
TEST_F(ExecutorSemantics, F16_each_worker_calls_the_initializer_first) {
  std::atomic<int> initialized{0};
  thread_local int mine = 0;
  const auto initialize = [&initialized, value = 7] {
    mine = value;
    ++initialized;
  };
  ThreadPoolExecutor pool(2, {.initializer = initialize});
  EXPECT_EQ(initialized, 0) << "no worker yet";
  std::vector<Future<int>> all;
  for (int i = 0; i < 10; ++i) all.push_back(pool.submit([] { return mine; }));
  for (const auto& future : all) EXPECT_EQ(future.result(), 7);
  pool.shutdown();
  EXPECT_GE(initialized, 1);
  EXPECT_LE(initialized, 2);
}

TEST_F(ExecutorSemantics, F16_an_initializer_that_throws_breaks_the_pool) {
  const auto fail = [this] {
    go.wait();
    throw std::runtime_error("no memory of it");
  };
  ThreadPoolExecutor pool(1, {.thread_name_prefix = "broken", .initializer = fail});
  std::vector<Future<void>> all;
  for (int i = 0; i < 3; ++i) all.push_back(pool.submit([] {}));
  auto cancelled = pool.submit([] {});
  pool.post([] { ADD_FAILURE() << "ran in a broken pool"; });
  EXPECT_TRUE(cancelled.cancel());
  go.set();
  for (const auto& future : all) EXPECT_THROW(future.result(), futures::BrokenThreadPool);
  EXPECT_TRUE(cancelled.cancelled());
  try {
    pool.submit([] {});
    ADD_FAILURE() << "accepted";
  } catch (const futures::BrokenThreadPool& error) {
    EXPECT_STREQ(error.what(),
                 "A thread initializer failed, the thread pool is not usable anymore");
  }
  pool.shutdown();
  EXPECT_THROW(pool.submit([] {}), futures::BrokenExecutor) << "rather than the shutdown";
  const auto& entries = recording.finish();
  EXPECT_EQ(of_kind(entries, Kind::executor_broken).size(), 1U);
  EXPECT_EQ(payloads(entries, Kind::error),
            std::vector<std::string>{
                "Exception in thread broken_0: std::runtime_error: no memory of it"});
}

TEST_F(ExecutorSemantics, F16_what_runs_in_a_broken_pool_goes_on) {
  std::atomic<int> initialized{0};
  const auto fail_second = [&] {
    if (++initialized == 2) throw std::runtime_error("the second one");
  };
  ThreadPoolExecutor pool(2, {.initializer = fail_second});
  auto running = submit_blocker(pool);
  ASSERT_TRUE(all_started(1));
  EXPECT_THROW(pool.submit([] {}).result(), futures::BrokenThreadPool);
  EXPECT_TRUE(running.running());
  go.set();
  EXPECT_NO_THROW(running.result());
}

// post: no row of Python's, which has nothing of the kind.
TEST_F(ExecutorSemantics, post_runs_in_order_and_reports_exceptions) {
  std::vector<int> order;
  {
    ThreadPoolExecutor pool(1, "posted");
    for (int i = 0; i < 50; ++i) {
      pool.post([&order, i] { order.push_back(i); });
      pool.submit([&order, i] { order.push_back(i); });
    }
    pool.post([] { throw std::runtime_error("nobody asks"); });
    EXPECT_EQ(pool.submit(square, 3).result(), 9) << "the worker goes on";
    pool.shutdown();
    EXPECT_THROW(pool.post([] {}), RuntimeError);
  }
  std::vector<int> expected;
  for (int i = 0; i < 50; ++i) expected.insert(expected.end(), 2, i);
  EXPECT_EQ(order, expected);
  EXPECT_EQ(
      payloads(recording.finish(), Kind::error),
      std::vector<std::string>{"Exception in thread posted_0: std::runtime_error: nobody asks"});
}

TEST_F(ExecutorSemantics, F12_cancel_futures_drops_what_was_posted) {
  auto held = std::make_shared<int>(1);
  ThreadPoolExecutor pool(1);
  submit_blocker(pool);
  ASSERT_TRUE(all_started(1));
  pool.post([held] { ADD_FAILURE() << "ran"; });
  pool.shutdown(false, true);
  EXPECT_EQ(held.use_count(), 1);
  go.set();
}

TEST_F(ExecutorSemantics, F12_a_worker_can_not_wait_for_its_own_pool) {
  ThreadPoolExecutor pool(1);
  EXPECT_THROW(pool.submit([&] { pool.shutdown(); }).result(), RuntimeError);
}

// CPython: test_shutdown.test_del_shutdown. (No garbage collector: the last owner may be a task.)
// Outside of a session, whose end would have to wait for the pool's threads, which nobody can join.
TEST(ExecutorOutsideSessions, F13_a_pool_destroyed_by_its_own_task_runs_the_rest) {
  Event go;
  Future<int> last;
  Future<void> destroyer;
  {
    auto pool = std::make_unique<ThreadPoolExecutor>(2);
    ThreadPoolExecutor& there = *pool;
    destroyer = there.submit([&go, pool = std::move(pool)]() mutable {
      go.wait();
      pool.reset();
    });
    for (int i = 0; i < 10; ++i) last = there.submit(square, i);
  }
  go.set();
  EXPECT_NO_THROW(destroyer.result());
  EXPECT_EQ(last.result(), 81);
}

// A task waiting on another task of a full pool deadlocks (documented) -> must be detectable. (The
// trace shows a worker that waits for a future nobody works on; Stop ends it.)
TEST(ExecutorDeadlock, F17_a_task_that_waits_for_a_task_of_its_full_pool) {
  Recording recording;
  bool stopped = false;
  std::optional<Future<int>> inner;
  Future<int> outer;
  {
    ThreadPoolExecutor pool(1);
    outer = pool.submit([&] {
      inner = pool.submit([] { return 1; });
      return inner->result();
    });
    ASSERT_TRUE(eventually([&] { return recording.sleepers(Reason::future) == 1; }));
    EXPECT_FALSE(outer.done());
    recording.stop();
    try {
      outer.result();
    } catch (const runtime::Stopped&) {
      stopped = true;
    }
  }
  EXPECT_TRUE(stopped);
  EXPECT_TRUE(inner->cancelled()) << "queued work of a stopped run is cancelled";
  EXPECT_EQ(complaints(recording.finish()), kNone);
}

// BaseException from a task (e.g. SystemExit) is captured in the future, worker survives.
TEST_F(ExecutorSemantics, F18_anything_a_task_throws_is_captured) {
  ThreadPoolExecutor pool(1);
  const std::uint32_t worker = pool.submit(threading::get_ident).result();
  auto number = pool.submit([]() -> int { throw 42; });
  auto error = pool.submit([] { throw std::out_of_range("far"); });
  EXPECT_THROW(number.result(), int);
  EXPECT_THROW(error.result(), std::out_of_range);
  EXPECT_EQ(pool.submit(threading::get_ident).result(), worker);
}

// CPython: executor.test_no_stale_references: what the callable owns is gone when it is done.
TEST_F(ExecutorSemantics, what_the_callable_owns_is_gone_when_its_future_is_done) {
  auto held = std::make_shared<int>(1);
  ThreadPoolExecutor pool(1);
  auto done = pool.submit([held] { return *held; });
  auto failed = pool.submit([held] { throw std::runtime_error("broken"); });
  done.result();
  EXPECT_THROW(failed.result(), std::runtime_error);
  EXPECT_EQ(held.use_count(), 1);
}

// CPython: executor.test_shutdown_race_issue12456.
TEST_F(ExecutorSemantics, shutdown_right_after_map) {
  ThreadPoolExecutor pool(3);
  std::atomic<int> ran{0};
  const auto results = pool.map([&](int) { ++ran; }, numbers(4));
  pool.shutdown();
  EXPECT_EQ(ran, 4);
}

TEST_F(ExecutorSemantics, tasks_may_submit_tasks) {
  ThreadPoolExecutor pool(2);
  auto outer = pool.submit([&] { return pool.submit(square, 5); });
  EXPECT_EQ(outer.result().result(), 25);
}

TEST_F(ExecutorSemantics, what_happens_before_submit_happens_before_the_task) {
  ThreadPoolExecutor pool(1);
  int written = 1;  // no atomic: submit has to make it right
  EXPECT_EQ(pool.submit([&] { return written; }).result(), 1);
  written = 2;
  EXPECT_EQ(pool.submit([&] { return written; }).result(), 2);
}

#ifdef __EMSCRIPTEN__
// Waiting workers of one pool and the limit: submit says what Python's thread start would.
TEST_F(ExecutorSemantics, WasmRefusesAWorkerBeyondTheLimit) {
  const auto limit = static_cast<int>(platform::thread_limit());
  {
    ThreadPoolExecutor pool(limit + 5);
    // The recording's reader is a thread, too.
    for (int i = 0; i < limit - 1; ++i) submit_blocker(pool);
    ASSERT_TRUE(all_started(limit - 1));
    EXPECT_THROW(submit_blocker(pool), RuntimeError);
    go.set();
    ASSERT_TRUE(eventually([&] { return recording.sleepers(Reason::task) > 0; }));
    EXPECT_EQ(pool.submit(square, 2).result(), 4) << "the pool goes on with those it has";
  }
}
#endif

template <class Results>
auto collect(Results&& results) {
  std::vector<typename std::remove_cvref_t<decltype(results.begin())>::value_type> all;
  for (auto&& result : results) all.push_back(std::forward<decltype(result)>(result));
  return all;
}

TEST_F(ExecutorSemantics, F09_map_over_items_written_down) {
  ThreadPoolExecutor pool(2);
  EXPECT_EQ(collect(pool.map(square, {1, 2, 3})), (std::vector<int>{1, 4, 9}));
  EXPECT_EQ(collect(pool.map(square, {1, 2, 3}, kLongEnough)), (std::vector<int>{1, 4, 9}));
}

TEST_F(ExecutorSemantics, F09_map_over_views) {
  ThreadPoolExecutor pool(2);
  const auto even = [](int n) { return n % 2 == 0; };
  std::vector<int> all = numbers(6);
  // A filter remembers where it begins, so a const one can't be iterated over.
  EXPECT_EQ(collect(pool.map(square, all | std::views::filter(even))),
            (std::vector<int>{0, 4, 16}));
  auto view = all | std::views::filter(even);
  EXPECT_EQ(collect(pool.map(square, view)), (std::vector<int>{0, 4, 16}));
  EXPECT_EQ(collect(pool.map(square, std::views::iota(0, 3))), (std::vector<int>{0, 1, 4}));
  EXPECT_EQ(collect(pool.map(square, all | std::views::transform(square))),
            (std::vector<int>{0, 1, 16, 81, 256, 625}));
  EXPECT_EQ(all, numbers(6)) << "what a view shows stays where it is";
  std::vector<bool> bits{true, false};
  EXPECT_EQ(collect(pool.map([](bool bit) { return bit ? 1 : 0; }, bits)),
            (std::vector<int>{1, 0}));
}

TEST_F(ExecutorSemantics, F09_map_over_what_can_only_be_moved) {
  ThreadPoolExecutor pool(2);
  std::vector<std::unique_ptr<int>> items;
  for (int i = 0; i < 3; ++i) items.push_back(std::make_unique<int>(i));
  auto results = pool.map(
      [](std::unique_ptr<int> item) {
        *item += 10;
        return item;
      },
      std::move(items));
  int expected = 10;
  for (std::unique_ptr<int> result : results) EXPECT_EQ(*result, expected++);
  EXPECT_EQ(expected, 13);
}

TEST_F(ExecutorSemantics, F09_map_leaves_an_lvalue_alone) {
  ThreadPoolExecutor pool(2);
  std::vector<std::string> items{"one", "two"};
  EXPECT_EQ(collect(pool.map([](std::string item) { return item + "!"; }, items)),
            (std::vector<std::string>{"one!", "two!"}));
  EXPECT_EQ(items, (std::vector<std::string>{"one", "two"}));
}

// CPython: test_thread_pool.test_map.
TEST_F(ExecutorSemantics, F09_map_over_several_ranges) {
  ThreadPoolExecutor pool(2);
  const auto add = [](int a, long b) { return a + b; };
  const std::vector<int> some = numbers(5);
  EXPECT_EQ(collect(pool.map(add, some, std::list<long>{10, 20, 30})),
            (std::vector<long>{10, 21, 32}));
  EXPECT_EQ(collect(pool.map(add, some, std::views::iota(10L), kLongEnough)),
            (std::vector<long>{10, 12, 14, 16, 18}));
  EXPECT_EQ(collect(pool.map(add, {1, 2}, {10L, 20L, 30L})), (std::vector<long>{11, 22}));
  EXPECT_EQ(collect(pool.map(add, some, std::vector<long>{})), std::vector<long>{});
  const auto join = [](const auto&... all) { return (std::string() + ... + all); };
  const std::vector<std::string> texts{"a", "b"};
  EXPECT_EQ(collect(pool.map(join, texts, texts, texts)), (std::vector<std::string>{"aaa", "bbb"}));
  EXPECT_EQ(collect(pool.map(join, texts, texts, texts, texts, texts)),
            (std::vector<std::string>{"aaaaa", "bbbbb"}));
  EXPECT_EQ(texts, (std::vector<std::string>{"a", "b"})) << "moved out of an lvalue";
}

TEST_F(ExecutorSemantics, F09_map_over_several_ranges_moves_out_of_those_that_are_rvalues) {
  ThreadPoolExecutor pool(2);
  std::vector<std::unique_ptr<int>> owned;
  for (int i = 0; i < 3; ++i) owned.push_back(std::make_unique<int>(i));
  std::vector<std::string> names{"one", "two"};
  auto results = pool.map(
      [](std::unique_ptr<int> item, std::string name) {
        *item += static_cast<int>(name.size());
        return item;
      },
      std::move(owned), names);
  int expected = 3;
  for (std::unique_ptr<int> result : results) EXPECT_EQ(*result, expected++);
  EXPECT_EQ(expected, 5);
  EXPECT_EQ(names, (std::vector<std::string>{"one", "two"}));
}

// Read once, and without a size.
TEST_F(ExecutorSemantics, F09_map_over_a_stream) {
  ThreadPoolExecutor pool(2);
  std::istringstream stream("1 2 3");
  EXPECT_EQ(collect(pool.map(square, std::views::istream<int>(stream))),
            (std::vector<int>{1, 4, 9}));
  std::istringstream other("4 5 6 7");
  const std::vector<int> two{1, 2};
  EXPECT_EQ(collect(pool.map(std::plus<int>(), two, std::views::istream<int>(other))),
            (std::vector<int>{5, 7}));
}

// CPython: test_map_with_buffersize, test_map_with_buffersize_on_multiple_iterables.
TEST_F(ExecutorSemantics, F19_map_with_a_buffersize) {
  ThreadPoolExecutor pool(2);
  const std::vector<int> four = numbers(4);
  for (const std::int64_t size : {1, 2, 4, 8}) {
    EXPECT_EQ(collect(pool.map(square, four, {.buffersize = size})),
              (std::vector<int>{0, 1, 4, 9}));
    EXPECT_EQ(collect(pool.map(std::plus<int>(), four, four, {.buffersize = size})),
              (std::vector<int>{0, 2, 4, 6}));
    EXPECT_EQ(collect(pool.map(square, {1, 2, 3}, {.buffersize = size})),
              (std::vector<int>{1, 4, 9}));
    EXPECT_EQ(collect(pool.map(square, std::vector<int>{}, {.buffersize = size})),
              std::vector<int>{});
  }
  EXPECT_EQ(collect(pool.map(square, four, futures::MapOptions{})), (std::vector<int>{0, 1, 4, 9}));
}

// CPython: test_map_buffersize_validation.
TEST_F(ExecutorSemantics, F19_a_buffersize_below_1) {
  ThreadPoolExecutor pool(1);
  for (const std::int64_t size : {0, -1}) {
    try {
      pool.map(square, numbers(3), {.buffersize = size});
      ADD_FAILURE() << "accepted " << size;
    } catch (const ValueError& error) {
      EXPECT_EQ(error.what(), "buffersize must be None or > 0, not " + std::to_string(size));
    }
  }
}

// CPython: test_map_with_buffersize_on_infinite_iterable,
// test_map_with_buffersize_when_buffer_is_full.
TEST_F(ExecutorSemantics, F19_fetches_as_many_items_as_the_buffer_holds) {
  ThreadPoolExecutor pool(2);
  int fetched = 0;
  auto counted = std::views::iota(0) | std::views::transform([&](int i) {
                   ++fetched;
                   return i;
                 });
  auto results = pool.map(square, counted, {.buffersize = 3});
  EXPECT_EQ(fetched, 3);
  auto next = results.begin();
  for (int i = 0; i < 5; ++i, ++next) {
    EXPECT_EQ(fetched, 3 + i);
    EXPECT_EQ(*next, i * i);
    EXPECT_EQ(*next, i * i) << "one more look";
    EXPECT_EQ(fetched, 4 + i) << "a result that is taken makes room";
  }
}

TEST_F(ExecutorSemantics, F19_does_not_submit_before_there_is_room) {
  std::atomic<int> ran{0};
  ThreadPoolExecutor pool(4);
  auto results = pool.map(
      [&](int i) {
        if (i == 0) go.wait();
        ++ran;
        return i;
      },
      std::views::iota(0), {.buffersize = 3});
  ASSERT_TRUE(eventually([&] { return ran == 2; }));
  std::vector<int> got;
  Background reader([&] {
    for (const int result : results) {
      got.push_back(result);
      if (result == 4) break;
    }
  });
  ASSERT_TRUE(reader.falls_asleep());
  EXPECT_EQ(ran, 2) << "the first is not done";
  go.set();
  ASSERT_TRUE(reader.ends());
  EXPECT_EQ(got, numbers(5));
}

// As a generator's `next`; and what is skipped makes room, too.
TEST_F(ExecutorSemantics, F19_results_that_are_passed_over) {
  ThreadPoolExecutor pool(1);
  auto results = pool.map(square, numbers(4), {.buffersize = 1});
  auto next = results.begin();
  ++next;
  ++next;
  EXPECT_EQ(*next, 4);
  ++next;
  ++next;
  EXPECT_TRUE(next == results.end());
}

TEST_F(ExecutorSemantics, F19_what_can_only_be_moved) {
  ThreadPoolExecutor pool(2);
  std::vector<std::unique_ptr<int>> items;
  for (int i = 0; i < 4; ++i) items.push_back(std::make_unique<int>(i));
  auto results = pool.map(
      [](std::unique_ptr<int> item) {
        *item += 10;
        return item;
      },
      std::move(items), {.buffersize = 2});
  auto moved = std::move(results);
  int expected = 10;
  for (std::unique_ptr<int> result : moved) EXPECT_EQ(*result, expected++);
  EXPECT_EQ(expected, 14);
}

TEST_F(ExecutorSemantics, F19_references_and_nothing) {
  ThreadPoolExecutor pool(2);
  std::vector<int> all{1, 2, 3};
  const auto odd = [](int n) { return n % 2 != 0; };
  const auto at = [&](int n) -> int& { return all[static_cast<std::size_t>(n - 1)]; };
  auto view = std::vector<int>(all) | std::views::filter(odd);
  for (int& each : pool.map(at, std::move(view), {.buffersize = 1})) each *= 10;
  EXPECT_EQ(all, (std::vector<int>{10, 2, 30}));
  std::atomic<int> ran{0};
  auto nothing = pool.map([&](int) { ++ran; }, numbers(5), {.buffersize = 2});
  for (auto next = nothing.begin(); next != nothing.end(); ++next) *next;
  EXPECT_EQ(ran, 5);
}

TEST_F(ExecutorSemantics, F19_an_exception_surfaces_at_its_position) {
  ThreadPoolExecutor pool(2);
  auto results = pool.map(divided, std::vector<int>{2, 0, 5, 6}, {.buffersize = 1});
  auto next = results.begin();
  EXPECT_EQ(*next, 30);
  ++next;
  EXPECT_THROW(*next, std::domain_error);
  ++next;
  EXPECT_EQ(*next, 12);
  ++next;
  EXPECT_EQ(*next, 10);
}

TEST_F(ExecutorSemantics, F19_timeout) {
  ThreadPoolExecutor pool(1);
  {
    auto results = pool.map([&](int) { block(); }, numbers(3), {.timeout = 1ms, .buffersize = 2});
    EXPECT_THROW(*results.begin(), TimeoutError);
    ASSERT_TRUE(all_started(1));
  }
  go.set();
  pool.shutdown();
  EXPECT_EQ(started, 1) << "what has not begun is cancelled";
}

// Python's raises the same, and has ended then.
TEST_F(ExecutorSemantics, F19_shutdown_before_all_is_submitted) {
  ThreadPoolExecutor pool(1);
  auto results = pool.map(square, numbers(5), {.buffersize = 2});
  pool.shutdown();
  auto next = results.begin();
  EXPECT_THROW(*next, RuntimeError) << "there is no place for the third";
  EXPECT_EQ(*next, 0);
  ++next;
  EXPECT_EQ(*next, 1);
  ++next;
  EXPECT_TRUE(next == results.end());
}

TEST_F(ExecutorSemantics, F19_results_outlive_the_pool) {
  std::optional<ThreadPoolExecutor> pool(2);
  auto results = pool->map(square, numbers(2), {.buffersize = 2});
  auto unfinished = pool->map(square, numbers(3), {.buffersize = 2});
  pool.reset();
  EXPECT_EQ(collect(results), (std::vector<int>{0, 1}));
  EXPECT_THROW(*unfinished.begin(), RuntimeError);
  EXPECT_EQ(collect(unfinished), (std::vector<int>{0, 1}));
}

TEST_F(ExecutorSemantics, F05_tasks_that_return_references) {
  ThreadPoolExecutor pool(1);
  int number = 1;
  auto future = pool.submit([&]() -> int& { return number; });
  static_assert(std::is_same_v<decltype(future), Future<int&>>);
  EXPECT_EQ(&future.result(), &number);
  const auto pick = [](std::vector<int>& from, std::size_t i) -> int& { return from[i]; };
  std::vector<int> all{1, 2, 3};
  pool.submit(pick, std::ref(all), 1).result() = 20;
  EXPECT_EQ(all, (std::vector<int>{1, 20, 3}));
  for (int& each : pool.map([&](std::size_t i) -> int& { return all[i]; }, {0, 2})) each *= 2;
  EXPECT_EQ(all, (std::vector<int>{2, 20, 6}));
  const auto constant = pool.submit([]() -> const std::string { return "const"; });
  EXPECT_EQ(constant.result(), "const");
}

TEST_F(ExecutorSemantics, F05_the_result_of_a_future_that_nobody_keeps) {
  ThreadPoolExecutor pool(1);
  int sum = 0;
  for (const int each : pool.submit([] { return std::vector<int>(1000, 3); }).result()) sum += each;
  EXPECT_EQ(sum, 3000);
  const std::unique_ptr<int> moved = pool.submit([] { return std::make_unique<int>(7); }).result();
  EXPECT_EQ(*moved, 7);
}

// cpython #155852, #95166: the error of a call is not that of the iteration.
TEST_F(ExecutorSemantics, F10_a_call_that_throws_timeout_error_does_not_end_the_rest) {
  ThreadPoolExecutor pool(1);
  auto results = pool.map(
      [](int n) {
        if (n == 2) throw TimeoutError("of the call itself");
        return n;
      },
      {1, 2, 3}, kLongEnough);
  auto next = results.begin();
  EXPECT_EQ(*next, 1);
  ++next;
  try {
    *next;
    ADD_FAILURE() << "threw nothing";
  } catch (const TimeoutError& error) {
    EXPECT_STREQ(error.what(), "of the call itself");
  }
  ++next;
  EXPECT_EQ(*next, 3);
}

// bshoshany/thread-pool #110: several wait for the end of all.
TEST_F(ExecutorSemantics, F12_several_wait_for_the_end_of_all_work) {
  ThreadPoolExecutor pool(2);
  const std::vector<Future<void>> futures{submit_blocker(pool), submit_blocker(pool)};
  ASSERT_TRUE(all_started(2));
  Background first([&] { pool.shutdown(); });
  Background second([&] { pool.shutdown(); });
  Background third([&] { EXPECT_TRUE(futures::wait(futures).not_done.empty()); });
  Background fourth([&] { EXPECT_TRUE(futures::wait(futures).not_done.empty()); });
  for (const Background* each : {&first, &second, &third, &fourth}) {
    ASSERT_TRUE(each->falls_asleep());
  }
  go.set();
  for (Background* each : {&first, &second, &third, &fourth}) EXPECT_TRUE(each->ends());
}

}  // namespace
}  // namespace weft::test
