// Pools and executors whose workers, initializers or memory fail: everybody who waits is told, and nothing
// goes on for ever.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "support/eventually.h"
#include "support/leaves_nothing.h"
#include "support/scale.h"
#include "weft/errors.h"
#include "weft/futures/future.h"
#include "weft/multiprocessing/connection.h"
#include "weft/multiprocessing/event.h"
#include "weft/multiprocessing/manager.h"
#include "weft/multiprocessing/pool.h"
#include "weft/multiprocessing/process.h"
#include "weft/multiprocessing/process_pool_executor.h"
#include "weft/multiprocessing/queue.h"
#include "weft/multiprocessing/value.h"
#include "weft/runtime/park.h"
#include "weft/threading/guard.h"

namespace {

using namespace std::chrono_literals;
using weft::RuntimeError;
using weft::ValueError;
using weft::futures::Future;
namespace mp = weft::multiprocessing;
using mp::BrokenProcessPool;
using mp::Connection;
using mp::Entry;
using mp::Event;
using mp::Lockless;
using mp::Pipe;
using mp::Pool;
using mp::Process;
using mp::ProcessPoolExecutor;
using mp::Value;

const Entry square("failures.square", [](int x) { return x * x; });
const Entry nothing("failures.nothing", [] {});
const Entry length_of("failures.length_of", [](const std::string& text) { return text.size(); });
const Entry wait_for("failures.wait_for", [](Event event) { event.wait(); });
const Entry tell_and_wait("failures.tell_and_wait", [](Connection told, Event event) {
  told.send(1);
  event.wait();
});
const Entry process_number("failures.process_number",
                           [](int) { return mp::current_process().number(); });

using PoolFailures = weft::test::LeavesNothing;

// ---- initializers

/// Counts the workers that were started, and ends as it is told.
const Entry initialize("failures.initialize", [](Value<int> started, int code) {
  {
    const weft::threading::Guard guard(started.get_lock());
    started.set(started.get() + 1);
  }
  if (code < 0) throw ValueError("on purpose");
  throw weft::SystemExit{code};
});

TEST_F(PoolFailures, M20_AnInitializerThatEndsInAnyWayBreaksAnExecutor) {
  for (const int code : {-1, 0, 3, 256}) {
    Value<int> started(0);
    ProcessPoolExecutor executor(1,
                                 {.initializer = mp::initialize_with(initialize, started, code)});
    try {
      EXPECT_THROW(executor.submit(square, 1).result(), BrokenProcessPool) << code;
    } catch (const BrokenProcessPool&) {
      // It was broken before anything was submitted.
    }
    executor.shutdown();
    EXPECT_EQ(started.get(), 1) << code;
  }
}

TEST_F(PoolFailures, M18_AnInitializerThatFailsEndsThePool) {
  for (const int code : {-1, 0, 3}) {
    Value<int> started(0);
    Pool pool(1, {.initializer = mp::initialize_with(initialize, started, code)});
    std::string error;
    try {
      pool.apply(square, 1);
    } catch (const RuntimeError& found) {
      error = found.what();
    } catch (const ValueError&) {
      error = "the initializer";  // the pool had ended before anything was handed out
    }
    EXPECT_TRUE(error.find("initializer") != error.npos) << error;
    EXPECT_THROW(pool.apply(square, 1), ValueError);
    pool.join();  // there are no workers any more
    EXPECT_GE(started.get(), 1);
  }
}

// ---- children of workers

const Entry start_a_process("failures.start_a_process", [](int code) {
  Process process(square, code);
  process.start();
  process.join();
  return process.exitcode().value();
});
const Entry may_start_a_process("failures.may_start_a_process", [](int) {
  try {
    Process process(nothing);
    process.start();
    process.join();
    return true;
  } catch (const weft::AssertionError&) {
    return false;
  }
});
const Entry use_an_executor("failures.use_an_executor", [](int x) {
  ProcessPoolExecutor inner(1);
  return inner.submit(square, x).result();
});
const Entry is_daemon("failures.is_daemon", [](int) { return mp::current_process().daemon(); });

TEST_F(PoolFailures, M05_AnExecutorsWorkersMayHaveChildrenAndAPoolsMayNot) {
  ProcessPoolExecutor executor(1);
  EXPECT_EQ(executor.submit(start_a_process, 1).result(), 0);
  EXPECT_EQ(executor.submit(use_an_executor, 7).result(), 49);
  EXPECT_FALSE(executor.submit(is_daemon, 0).result());
  EXPECT_FALSE(executor.workers().at(0).daemon());
  Pool pool(1);
  EXPECT_FALSE(pool.apply(may_start_a_process, 0));
  EXPECT_TRUE(pool.apply(is_daemon, 0));
  EXPECT_TRUE(pool.workers().at(0).daemon());
}

const Entry leave_an_executor("failures.leave_an_executor", [] {
  auto* const executor = new ProcessPoolExecutor(1);  // nobody shuts it down
  executor->submit(square, 1).result();
});

// Its workers are no daemons, but end as daemons do.
TEST_F(PoolFailures, M07_AProcessThatLeavesAnExecutorEnds) {
  Process process(leave_an_executor);
  process.start();
  process.join();
  EXPECT_EQ(process.exitcode(), 0);
}

// ---- no room

/// Takes all entries of the table of shared objects.
std::vector<Value<int>> all_objects() {
  std::vector<Value<int>> taken;
  try {
    for (;;) {
      taken.emplace_back(0, mp::ValueOptions{.lock = Lockless()});
      static_cast<void>(taken.back().get());
    }
  } catch (const RuntimeError&) {
    taken.pop_back();
  }
  return taken;
}

std::ptrdiff_t count_objects() { return std::ranges::count(weft::test::objects_in_use(), '\n'); }

/// Objects that earlier tests of this process have left for good: a handle in a message that nobody received
/// stays until the run ends. What was given back is gone after a moment.
std::ptrdiff_t objects_left_by_others() {
  static const std::ptrdiff_t left = [] {
    std::ptrdiff_t least = count_objects();
    for (int i = 0; i < 500 && least != 0; ++i) {
      weft::runtime::sleep_for(10ms);
      least = std::min(least, count_objects());
    }
    return least;
  }();
  return left;
}

/// Calls `action` when 0, 1, … objects can still be made, until it does not throw RuntimeError; returns how
/// many it took.
template <class Action>
std::ptrdiff_t objects_needed(Action action) {
  const std::ptrdiff_t left = objects_left_by_others();
  if (!weft::test::eventually([left] { return count_objects() <= left; })) return -1;
  std::vector<Value<int>> taken = all_objects();
  const std::ptrdiff_t all = count_objects();
  for (std::ptrdiff_t room = 0;; ++room) {
    if (!weft::test::eventually([&] { return count_objects() == all - room; })) return -1;
    try {
      action();
      return room;
    } catch (const RuntimeError&) {
      taken.pop_back();
    }
  }
}

TEST_F(PoolFailures, WithoutRoomThereAreRuntimeErrors) {
  EXPECT_EQ(objects_needed([] { static_cast<void>(mp::Lock().locked()); }), 1);
  EXPECT_EQ(objects_needed([] { static_cast<void>(mp::RLock().locked()); }), 1);
  EXPECT_EQ(objects_needed([] { static_cast<void>(mp::Queue<int>().qsize()); }), 1);
  EXPECT_EQ(objects_needed([] { mp::SimpleQueue<int>().put(1); }), 1);
  EXPECT_EQ(objects_needed([] { static_cast<void>(Event().is_set()); }), 1);
}

TEST_F(PoolFailures, WithoutRoomAPoolIsARuntimeError) {
  EXPECT_GE(objects_needed([] { EXPECT_EQ(Pool(2).apply(square, 3), 9); }), 3);
}

TEST_F(PoolFailures, WithoutRoomSubmitIsARuntimeError) {
  EXPECT_GE(objects_needed([] { EXPECT_EQ(ProcessPoolExecutor(1).submit(square, 3).result(), 9); }),
            3);
}

TEST_F(PoolFailures, WithoutRoomAnExecutorCanBeUsedLater) {
  ProcessPoolExecutor executor(1);
  {
    const auto taken = all_objects();
    EXPECT_THROW(executor.submit(square, 3), RuntimeError);
  }
  EXPECT_TRUE(weft::test::eventually([&executor] {
    try {
      return executor.submit(square, 3).result() == 9;
    } catch (const RuntimeError&) {
      return false;
    }
  }));
}

TEST_F(PoolFailures, WithoutRoomAManagerIsARuntimeError) {
  const auto taken = all_objects();
  EXPECT_THROW(mp::Manager(), RuntimeError);
}

// ---- public reports

// cpython #94777: a worker dies while arguments that are larger than the pipe are on their way to it.
TEST_F(PoolFailures, M20_AWorkerThatDiesWhileItsArgumentsAreSentBreaksTheExecutor) {
  const std::string large(8'000'000, 'x');
  ProcessPoolExecutor executor(1);
  auto [told, tell] = Pipe(false);
  Event never;
  auto running = executor.submit(tell_and_wait, tell, never);
  EXPECT_EQ(told.recv<int>(), 1);
  auto sending = executor.submit(length_of, large);
  auto pending = executor.submit(length_of, large);
  executor.workers().at(0).kill();
  EXPECT_THROW(running.result(), BrokenProcessPool);
  EXPECT_THROW(sending.result(), BrokenProcessPool);
  EXPECT_THROW(pending.result(), BrokenProcessPool);
  executor.shutdown();
}

TEST_F(PoolFailures, M20_AWorkerThatDiesWhileArgumentsAreSentIsReplaced) {
  const std::string large(8'000'000, 'x');
  Pool pool(1);
  auto [told, tell] = Pipe(false);
  Event never;
  auto lost = pool.apply_async(tell_and_wait, tell, never);
  EXPECT_EQ(told.recv<int>(), 1);
  auto sending = pool.apply_async(length_of, large);
  pool.workers().at(0).kill();
  EXPECT_EQ(sending.get(), large.size());
  EXPECT_FALSE(lost.ready());
}

// cpython #96062, #91315: the only worker is killed while idle, in a task, and while others wait.
TEST_F(PoolFailures, M20_TheOnlyWorkerIsReplacedWheneverItIsKilled) {
  for (const std::optional<std::int32_t> max_tasks :
       {std::optional<std::int32_t>(), std::optional(1)}) {
    Pool pool(1, {.maxtasksperchild = max_tasks});
    const auto kill_worker = [&pool] {
      std::vector<mp::ProcessRef> workers;
      ASSERT_TRUE(weft::test::eventually([&] { return !(workers = pool.workers()).empty(); }));
      workers[0].kill();
      mp::wait({workers[0].sentinel()});
    };
    kill_worker();
    EXPECT_EQ(pool.apply(square, 3), 9);
    kill_worker();
    EXPECT_EQ(pool.apply(square, 4), 16);
    auto [told, tell] = Pipe(false);
    Event never;
    auto lost = pool.apply_async(tell_and_wait, tell, never);
    EXPECT_EQ(told.recv<int>(), 1);
    std::vector<mp::AsyncResult<int>> later;
    for (int i = 0; i < 20; ++i) later.push_back(pool.apply_async(square, i));
    kill_worker();
    for (int i = 0; i < 20; ++i) EXPECT_EQ(later[static_cast<std::size_t>(i)].get(), i * i);
    EXPECT_FALSE(lost.ready());
    pool.close();
    pool.join();
    EXPECT_THROW(lost.get(), RuntimeError);
  }
}

// cpython #115634, #152967: workers that are replaced while the executor is shut down.
TEST_F(PoolFailures, M18_TasksOfAnExecutorThatIsGoneAreDoneByNewWorkers) {
  for (const bool waits : {true, false}) {
    std::vector<Future<std::uint32_t>> futures;
    {
      ProcessPoolExecutor executor(1, {.max_tasks_per_child = 2});
      for (int i = 0; i < 10; ++i) futures.push_back(executor.submit(process_number, i));
      if (!waits) executor.shutdown(false);
    }
    std::set<std::uint32_t> processes;
    for (const auto& future : futures) processes.insert(future.result());
    EXPECT_EQ(processes.size(), 5u);
  }
}

// folly #2093: the pool is destroyed as soon as its result is there.
TEST_F(PoolFailures, M17_APoolMayBeDestroyedOnceItsResultIsThere) {
  for (int i = 0; i < weft::test::rounds(60); ++i) {
    std::atomic<int> called{0};
    auto pool = std::make_unique<Pool>(1);
    const mp::Callbacks<int> callbacks{[&called](const int& x) { called += x; }, {}};
    const auto result = pool->apply_async(callbacks, square, i);
    EXPECT_EQ(result.get(), i * i);
    pool.reset();
    EXPECT_EQ(called, i * i);
  }
}

TEST_F(PoolFailures, M20_AnExecutorMayBeDestroyedOnceItsFutureIsDone) {
  for (int i = 0; i < weft::test::rounds(60); ++i) {
    auto executor = std::make_unique<ProcessPoolExecutor>(1);
    auto future = executor->submit(square, i);
    EXPECT_EQ(future.result(), i * i);
    executor.reset();
    EXPECT_TRUE(future.done());
  }
}

}  // namespace
