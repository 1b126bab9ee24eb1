// Callbacks of pools and executors that end the pool, or the executor, that calls them.
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "weft/errors.h"
#include "weft/futures/future.h"
#include "weft/multiprocessing/event.h"
#include "weft/multiprocessing/pool.h"
#include "weft/multiprocessing/process.h"
#include "weft/multiprocessing/process_pool_executor.h"
#include "weft/runtime/park.h"
#include "weft/threading/event.h"

namespace {

using namespace std::chrono_literals;
using weft::RuntimeError;
using weft::ValueError;
using weft::futures::Future;
namespace mp = weft::multiprocessing;
using mp::Entry;
using mp::Pool;
using mp::ProcessPoolExecutor;

const Entry square("callbacks.square", [](int x) { return x * x; });
const Entry fail("callbacks.fail", [](int) -> int { throw ValueError("on purpose"); });
const Entry square_when("callbacks.square_when", [](mp::Event event, int x) {
  event.wait();
  return x * x;
});

/// What `action` throws, in words.
template <class Action>
std::string error_of(Action action) {
  try {
    action();
  } catch (const RuntimeError& error) {
    return error.what();
  }
  return "none";
}

constexpr auto kCannotJoin = "cannot join current thread";

TEST(CallbackSemantics, M20_ACallbackCannotWaitForItsExecutor) {
  ProcessPoolExecutor executor(1);
  mp::Event goes_on;
  weft::threading::Event called;
  std::string error;
  Future<int> first = executor.submit(square_when, goes_on, 3);
  Future<int> second = executor.submit(square_when, goes_on, 4);
  first.add_done_callback([&](const Future<int>&) {
    error = error_of([&] { executor.shutdown(true); });
    called.set();
  });
  goes_on.set();
  called.wait();
  EXPECT_EQ(error, kCannotJoin);
  // It is shut down all the same, and does what it was given.
  EXPECT_THROW(executor.submit(square, 1), RuntimeError);
  EXPECT_EQ(second.result(), 16);
  executor.shutdown(true);
}

TEST(CallbackSemantics, M20_ACallbackMayShutItsExecutorDownWithoutWaiting) {
  ProcessPoolExecutor executor(1);
  mp::Event goes_on;
  weft::threading::Event called;
  Future<int> first = executor.submit(square_when, goes_on, 3);
  first.add_done_callback([&](const Future<int>&) {
    executor.shutdown(false);
    called.set();
  });
  goes_on.set();
  called.wait();
  executor.shutdown(true);
  EXPECT_TRUE(executor.workers().empty());
}

TEST(CallbackSemantics, M20_ACallbackMayDestroyItsExecutor) {
  auto executor = std::make_unique<ProcessPoolExecutor>(1);
  mp::Event goes_on;
  weft::threading::Event called;
  Future<int> first = executor->submit(square_when, goes_on, 3);
  Future<int> second = executor->submit(square_when, goes_on, 4);
  const std::vector<mp::ProcessRef> workers = executor->workers();
  first.add_done_callback([&](const Future<int>&) {
    executor.reset();
    called.set();
  });
  goes_on.set();
  called.wait();
  EXPECT_EQ(second.result(), 16);
  for (const mp::ProcessRef& worker : workers)
    mp::wait({worker.sentinel()});  // they end by themselves
}

// The thread that ends what a dead worker leaves is another one than that which takes results.
TEST(CallbackSemantics, M20_ACallbackOfABrokenExecutorMayEndIt) {
  for (const bool destroy : {false, true}) {
    auto executor = std::make_unique<ProcessPoolExecutor>(1);
    mp::Event never;
    weft::threading::Event called;
    std::string error = "none";
    Future<int> lost = executor->submit(square_when, never, 1);
    lost.add_done_callback([&](const Future<int>&) {
      if (destroy) {
        executor.reset();
      } else {
        error = error_of([&] { executor->shutdown(true); });
      }
      called.set();
    });
    executor->workers().at(0).kill();
    called.wait();
    EXPECT_THROW(lost.result(), mp::BrokenProcessPool);
    EXPECT_EQ(error, destroy ? "none" : kCannotJoin);
  }
}

TEST(CallbackSemantics, M14_ACallbackCannotWaitForItsPool) {
  Pool pool(1);
  weft::threading::Event called;
  std::string error;
  const mp::Callbacks<int> callbacks{[&](const int&) {
                                       pool.close();
                                       error = error_of([&] { pool.join(); });
                                       called.set();
                                     },
                                     {}};
  const auto result = pool.apply_async(callbacks, square, 3);
  called.wait();
  EXPECT_EQ(error, kCannotJoin);
  EXPECT_EQ(result.get(), 9);
  pool.join();
}

TEST(CallbackSemantics, M14_ACallbackMayDestroyItsPool) {
  for (const bool fails : {false, true}) {
    auto pool = std::make_unique<Pool>(2);
    weft::threading::Event called;
    const auto destroy = [&] {
      pool.reset();
      called.set();
    };
    const mp::Callbacks<int> callbacks{[&](const int&) { destroy(); },
                                       [&](const std::exception_ptr&) { destroy(); }};
    std::optional<mp::AsyncResult<int>> result;
    if (fails) {
      result = pool->apply_async(callbacks, fail, 3);
    } else {
      result = pool->apply_async(callbacks, square, 3);
    }
    called.wait();
    if (fails) {
      EXPECT_THROW(result->get(), ValueError);
    } else {
      EXPECT_EQ(result->get(), 9);
    }
  }
}

TEST(CallbackSemantics, M14_ACallbackMayHandOutFurtherTasks) {
  Pool pool(1);
  weft::threading::Event called;
  std::optional<mp::AsyncResult<int>> second;
  const mp::Callbacks<int> callbacks{[&](const int& x) {
                                       second = pool.apply_async(square, x);
                                       called.set();
                                     },
                                     {}};
  pool.apply_async(callbacks, square, 3);
  called.wait();
  EXPECT_EQ(second->get(), 81);
}

}  // namespace
