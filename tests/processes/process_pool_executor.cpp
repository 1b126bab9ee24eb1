// Python's concurrent.futures.ProcessPoolExecutor: row M20 of docs/semantics.md, and what it has in common
// with ThreadPoolExecutor.
#include "weft/multiprocessing/process_pool_executor.h"

#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "weft/errors.h"
#include "weft/futures/wait.h"
#include "weft/multiprocessing/event.h"
#include "weft/multiprocessing/process.h"
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

const Entry square("executor.square", [](int x) { return x * x; });
const Entry fail("executor.fail", [](int) -> int { throw ValueError("on purpose"); });
const Entry die("executor.die", [] { mp::os_exit(3); });
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
  auto dead = executor.submit(die);
  std::vector<Future<int>> pending;
  EXPECT_THROW(dead.result(), BrokenProcessPool);
  EXPECT_THROW(waiting.result(), BrokenProcessPool);
  EXPECT_THROW(executor.submit(square, 1), BrokenProcessPool);
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
  ProcessPoolExecutor executor(1, mp::initialize_with(bad_initializer));
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

}  // namespace
