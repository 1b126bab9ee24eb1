// Python's concurrent.futures.ProcessPoolExecutor: rows M20 and M27 of docs/semantics.md, and what it has in common
// with ThreadPoolExecutor.
#include "weft/multiprocessing/process_pool_executor.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <numeric>
#include <set>
#include <string>
#include <vector>

#include "support/recording.h"
#include "weft/errors.h"
#include "weft/futures/wait.h"
#include "weft/multiprocessing/event.h"
#include "weft/multiprocessing/process.h"
#include "weft/multiprocessing/value.h"
#include "weft/runtime/park.h"

namespace {

using namespace std::chrono_literals;
using weft::RuntimeError;
using weft::TimeoutError;
using weft::ValueError;
using weft::futures::CancelledError;
using weft::futures::Future;
namespace mp = weft::multiprocessing;
using mp::BrokenProcessPool;
using mp::Entry;
using mp::Event;
using mp::ProcessPoolExecutor;
using mp::Value;

const Entry square("executor.square", [](int x) { return x * x; });
const Entry fail("executor.fail", [](int) -> int { throw ValueError("on purpose"); });
const Entry fail_on_four("executor.fail_on_four", [](int x) {
  if (x == 4) throw ValueError("four");
  return x;
});
const Entry is_even("executor.is_even", [](int x) { return x % 2 == 0; });
const Entry nothing("executor.nothing", [](int) {});
const Entry process_number("executor.process_number",
                           [](int) { return mp::current_process().number(); });
const Entry count_up("executor.count_up", [](Value<int> count) {
  const weft::threading::Guard guard(count.get_lock());
  count.set(count.get() + 1);
});
struct Gate {
  Event opens;
  Value<int> passed{0};
};
void serialise(mp::Archive& archive, Gate& gate) { archive(gate.opens, gate.passed); }
const Entry wait_and_count("executor.wait_and_count", [](Gate gate) {
  gate.opens.wait();
  gate.passed.set(gate.passed.get() + 1);
});
const Entry die("executor.die", [](int code) { mp::os_exit(code); });
const Entry wait_for("executor.wait_for", [](Event event) { event.wait(); });
const Entry bad_initializer("executor.bad_initializer", [] { throw RuntimeError("on purpose"); });

TEST(ProcessPoolExecutorSemantics, M20_RunsFunctionsInProcesses) {
  ProcessPoolExecutor executor(2);
  Future<int> squared = executor.submit(square, 7);
  EXPECT_EQ(squared.result(), 49);
  EXPECT_TRUE(squared.done());
  EXPECT_THROW(executor.submit(fail, 1).result(), ValueError);
  std::vector<int> all;
  for (const int x : executor.map(square, std::vector<int>{1, 2, 3})) all.push_back(x);
  EXPECT_EQ(all, (std::vector<int>{1, 4, 9}));
}

TEST(ProcessPoolExecutorSemantics, M20_ADeadWorkerBreaksIt) {
  ProcessPoolExecutor executor(2);
  Event never;
  auto waiting = executor.submit(wait_for, never);
  auto dead = executor.submit(die, 3);
  EXPECT_THROW(dead.result(), BrokenProcessPool);
  EXPECT_THROW(waiting.result(), BrokenProcessPool);
  EXPECT_THROW(executor.submit(square, 1), BrokenProcessPool);
}

TEST(ProcessPoolExecutorSemantics, M20_AWorkerThatExitsWith0BreaksItToo) {
  for (const auto max_tasks : {std::optional<std::int32_t>(), std::optional<std::int32_t>(1)}) {
    ProcessPoolExecutor executor(1, {.max_tasks_per_child = max_tasks});
    EXPECT_THROW(executor.submit(die, 0).result(), BrokenProcessPool);
    EXPECT_THROW(executor.submit(square, 1), BrokenProcessPool);
  }
}

TEST(ProcessPoolExecutorSemantics, M20_AKilledWorkerBreaksIt) {
  ProcessPoolExecutor executor(1);
  Event never;
  auto waiting = executor.submit(wait_for, never);
  std::vector<Future<int>> pending;
  for (int i = 0; i < 10; ++i) pending.push_back(executor.submit(square, i));
  executor.workers().at(0).kill();
  EXPECT_THROW(waiting.result(), BrokenProcessPool);
  for (const auto& future : pending) EXPECT_THROW(future.result(), BrokenProcessPool);
}

TEST(ProcessPoolExecutorSemantics, M20_AFailingInitializerBreaksIt) {
  ProcessPoolExecutor executor(1, {.initializer = mp::initialize_with(bad_initializer)});
  try {
    EXPECT_THROW(executor.submit(square, 1).result(), BrokenProcessPool);
  } catch (const BrokenProcessPool&) {
    // It was broken before anything was submitted.
  }
}

TEST(ProcessPoolExecutorSemantics, M20_WhatIsPendingCanBeCancelled) {
  ProcessPoolExecutor executor(1);
  Event event;
  auto running = executor.submit(wait_for, event);
  auto queued = executor.submit(square, 1);  // on its way to the worker
  auto pending = executor.submit(square, 2);
  EXPECT_FALSE(running.cancel());
  EXPECT_TRUE(pending.cancel());
  EXPECT_THROW(running.result(10ms), TimeoutError);
  event.set();
  EXPECT_EQ(queued.result(), 1);
  EXPECT_THROW(pending.result(), CancelledError);
}

TEST(ProcessPoolExecutorSemantics, M20_Shutdown) {
  EXPECT_THROW(ProcessPoolExecutor(0), ValueError);
  ProcessPoolExecutor executor(2);
  auto squared = executor.submit(square, 3);
  executor.shutdown();
  EXPECT_EQ(squared.result(), 9);
  EXPECT_THROW(executor.submit(square, 1), RuntimeError);
  executor.shutdown();
}

TEST(ProcessPoolExecutorSemantics, M20_ShutdownCancelsWhatIsPending) {
  ProcessPoolExecutor executor(1);
  Event event;
  auto running = executor.submit(wait_for, event);
  std::vector<Future<int>> queued;
  for (int i = 0; i < 5; ++i) queued.push_back(executor.submit(square, i));
  executor.shutdown(false, true);
  event.set();
  running.result();
  EXPECT_EQ(queued[0].result(), 0);
  EXPECT_THROW(queued[4].result(), CancelledError);
}

std::vector<int> numbers(int count) {
  std::vector<int> all(static_cast<std::size_t>(count));
  std::iota(all.begin(), all.end(), 0);
  return all;
}

template <class Results>
auto all_of(Results results) {
  std::vector<std::decay_t<decltype(*results.begin())>> all;
  for (const auto& result : results) all.push_back(result);
  return all;
}

TEST(ProcessPoolExecutorSemantics, M13_MapKeepsTheOrderInChunksOfAnySize) {
  ProcessPoolExecutor executor(2);
  std::vector<int> squares = numbers(100);
  std::vector<bool> even;
  for (int& x : squares) {
    even.push_back(x % 2 == 0);
    x *= x;
  }
  for (const std::int64_t chunksize : {1, 7, 100, 1'000'000}) {
    EXPECT_EQ(all_of(executor.map(square, numbers(100), std::nullopt, chunksize)), squares)
        << chunksize;
    EXPECT_EQ(all_of(executor.map(is_even, numbers(100), std::nullopt, chunksize)), even)
        << chunksize;
    int calls = 0;
    auto results = executor.map(nothing, numbers(10), std::nullopt, chunksize);
    for (auto each = results.begin(); each != results.end(); ++each, ++calls) *each;
    EXPECT_EQ(calls, 10) << chunksize;
  }
  EXPECT_TRUE(all_of(executor.map(square, std::vector<int>(), std::nullopt, 3)).empty());
}

TEST(ProcessPoolExecutorSemantics, M13_AChunkIsOneTask) {
  weft::test::Recording recording;
  {
    ProcessPoolExecutor executor(2);
    all_of(executor.map(square, numbers(100), std::nullopt, 30));
  }
  const auto& entries = recording.finish();
  EXPECT_EQ(std::ranges::count(entries, weft::trace::Kind::task_submit, &weft::test::Entry::kind),
            4);
}

TEST(ProcessPoolExecutorSemantics, M13_AFailureIsThatOfItsChunk) {
  ProcessPoolExecutor executor(2);
  auto results = executor.map(fail_on_four, numbers(8), std::nullopt, 3);
  std::vector<int> before;
  EXPECT_THROW(for (const int x : results) before.push_back(x), ValueError);
  EXPECT_EQ(before, (std::vector<int>{0, 1, 2}));
}

TEST(ProcessPoolExecutorSemantics, M13_ChunksOfLessThanOneAreValueErrors) {
  ProcessPoolExecutor executor(1);
  for (const std::int64_t chunksize : {0, -3}) {
    try {
      executor.map(square, numbers(2), std::nullopt, chunksize);
      FAIL() << chunksize;
    } catch (const ValueError& error) {
      EXPECT_EQ(error.what(), "chunksize must be >= 1, not " + std::to_string(chunksize));
    }
  }
}

TEST(ProcessPoolExecutorSemantics, M13_MapHasATimeoutAndTheEndOfItsResultsCancels) {
  ProcessPoolExecutor executor(1);
  Gate gate;
  {
    auto results = executor.map(wait_and_count, std::vector<Gate>(9, gate), 10ms, 2);
    EXPECT_THROW(*results.begin(), TimeoutError);
  }
  gate.opens.set();
  executor.shutdown();
  EXPECT_EQ(gate.passed.get(), 4);  // one chunk was being worked on, and one on its way
}

TEST(ProcessPoolExecutorSemantics, M18_MaxTasksPerChildRecyclesWorkers) {
  ProcessPoolExecutor executor(1, {.max_tasks_per_child = 2});
  const auto processes = all_of(executor.map(process_number, numbers(6)));
  EXPECT_EQ((std::set<std::uint32_t>(processes.begin(), processes.end()).size()), 3u);
  EXPECT_EQ(processes[0], processes[1]);
  EXPECT_NE(processes[1], processes[2]);
}

TEST(ProcessPoolExecutorSemantics, M18_EveryWorkerIsInitializedAndNoTaskIsLost) {
  Value<int> workers(0);
  std::vector<Future<std::uint32_t>> processes;
  {
    ProcessPoolExecutor executor(
        2, {.initializer = mp::initialize_with(count_up, workers), .max_tasks_per_child = 1});
    for (int i = 0; i < 12; ++i) processes.push_back(executor.submit(process_number, i));
    executor.shutdown(false);
  }
  std::set<std::uint32_t> seen;
  for (const auto& each : processes) seen.insert(each.result());
  EXPECT_EQ(seen.size(), 12u);
  EXPECT_GE(workers.get(), 12);
}

TEST(ProcessPoolExecutorSemantics, M18_AChunkIsOneTaskOfAWorker) {
  ProcessPoolExecutor executor(1, {.max_tasks_per_child = 1});
  const auto processes = all_of(executor.map(process_number, numbers(6), std::nullopt, 3));
  EXPECT_EQ((std::set<std::uint32_t>(processes.begin(), processes.end()).size()), 2u);
}

TEST(ProcessPoolExecutorSemantics, M18_BadNumbersAreValueErrors) {
  for (const std::int32_t number : {0, -1}) {
    try {
      ProcessPoolExecutor executor(1, {.max_tasks_per_child = number});
      FAIL() << number;
    } catch (const ValueError& error) {
      EXPECT_EQ(error.what(), "max_tasks_per_child must be >= 1, not " + std::to_string(number));
    }
    EXPECT_THROW(ProcessPoolExecutor{number}, ValueError);
  }
}

// Ends the workers by the method, with one call in each worker, one in flight, and some pending.
void expect_ends(void (ProcessPoolExecutor::*end)()) {
  ProcessPoolExecutor executor(2);
  Event never;
  std::vector<Future<void>> futures;
  for (int i = 0; i < 6; ++i) futures.push_back(executor.submit(wait_for, never));
  const auto workers = executor.workers();
  ASSERT_EQ(workers.size(), 2U);
  (executor.*end)();
  EXPECT_THROW(futures.front().result(), BrokenProcessPool);
  EXPECT_THROW(futures.back().result(), CancelledError);
  for (const auto& future : futures) {
    EXPECT_TRUE(future.cancelled() || future.exception() != nullptr);
  }
  EXPECT_THROW(executor.submit(square, 1), RuntimeError);
  (executor.*end)();  // may be repeated
  executor.shutdown();
  for (const mp::ProcessRef& worker : workers) EXPECT_FALSE(worker.is_alive());
}

TEST(ProcessPoolExecutorSemantics, M27_TerminateWorkers) {
  expect_ends(&ProcessPoolExecutor::terminate_workers);
}

TEST(ProcessPoolExecutorSemantics, M27_KillWorkers) {
  expect_ends(&ProcessPoolExecutor::kill_workers);
}

TEST(ProcessPoolExecutorSemantics, M27_WithoutWorkersThereIsNothingToEnd) {
  ProcessPoolExecutor executor(2);
  executor.terminate_workers();
  executor.kill_workers();
  EXPECT_TRUE(executor.workers().empty());
  EXPECT_THROW(executor.submit(square, 1), RuntimeError);
}

TEST(ProcessPoolExecutorSemantics, M27_WorkersThatAreIdleAreEndedToo) {
  ProcessPoolExecutor executor(2);
  EXPECT_EQ(executor.submit(square, 3).result(), 9);
  executor.kill_workers();
  executor.shutdown();
}

}  // namespace
