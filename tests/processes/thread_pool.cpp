// Python's multiprocessing.pool.ThreadPool: row M25 of docs/semantics.md.
#include "weft/multiprocessing/thread_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <memory>
#include <numeric>
#include <optional>
#include <ranges>
#include <string>
#include <tuple>
#include <vector>

#include "weft/errors.h"
#include "weft/runtime/park.h"
#include "weft/threading/event.h"
#include "weft/threading/thread_ref.h"

namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using weft::RuntimeError;
using weft::TimeoutError;
using weft::ValueError;
using weft::threading::Event;
namespace mp = weft::multiprocessing;
using mp::ThreadPool;

const auto square = [](int x) { return x * x; };
const auto fail_on_three = [](int x) {
  if (x == 3) throw ValueError("three");
  return x;
};

std::vector<int> numbers(int count) {
  std::vector<int> all(static_cast<std::size_t>(count));
  std::iota(all.begin(), all.end(), 0);
  return all;
}

std::vector<int> squares(int count) {
  std::vector<int> all = numbers(count);
  for (int& x : all) x *= x;
  return all;
}

TEST(ThreadPoolSemantics, M25_Apply) {
  ThreadPool pool(2);
  EXPECT_EQ(pool.apply(square, 7), 49);
  EXPECT_EQ(pool.apply([](const std::string& a, int n) { return a + std::to_string(n); }, "a", 1),
            "a1");
  int here = 0;
  pool.apply([&here] { here = 1; });  // a thread sees what its caller does
  EXPECT_EQ(here, 1);
  EXPECT_EQ(*pool.apply([] { return std::make_unique<int>(3); }), 3);
  EXPECT_THROW(pool.apply(fail_on_three, 3), ValueError);
}

TEST(ThreadPoolSemantics, M25_ApplyAsyncAndItsCallbacks) {
  ThreadPool pool(1);
  Event event;
  auto result = pool.apply_async([&event] {
    event.wait();
    return 5;
  });
  EXPECT_FALSE(result.ready());
  EXPECT_THROW(result.successful(), ValueError);
  EXPECT_THROW(result.get(1ms), TimeoutError);
  event.set();
  EXPECT_EQ(result.get(), 5);
  EXPECT_TRUE(result.successful());
  std::atomic<int> value{0};
  std::atomic<int> errors{0};
  const mp::Callbacks<int> callbacks{[&](const int& x) { value = x; },
                                     [&](const std::exception_ptr&) { ++errors; }};
  EXPECT_EQ(pool.apply_async(callbacks, fail_on_three, 4).get(), 4);
  EXPECT_EQ(value, 4);
  const auto failed = pool.apply_async(callbacks, fail_on_three, 3);
  EXPECT_THROW(failed.get(), ValueError);
  EXPECT_FALSE(failed.successful());
  EXPECT_EQ(errors, 1);
}

TEST(ThreadPoolSemantics, M25_MapKeepsTheOrder) {
  ThreadPool pool(3);
  for (const std::size_t chunksize : {0U, 1U, 7U, 1000U}) {
    EXPECT_EQ(pool.map(square, numbers(500), chunksize), squares(500)) << chunksize;
  }
  EXPECT_EQ(pool.map(square, {1, 2, 3}), (std::vector{1, 4, 9}));
  EXPECT_EQ(pool.map(square, std::vector<int>()), std::vector<int>());
  EXPECT_EQ(pool.map([](bool b) { return !b; }, std::vector{true, false}),
            (std::vector{false, true}));
  EXPECT_EQ(pool.map([](int) {}, numbers(3)).size(), 3U);
  std::size_t size = 0;
  const mp::Callbacks<std::vector<int>> callbacks{
      [&](const std::vector<int>& all) { size = all.size(); }, {}};
  EXPECT_EQ(pool.map_async(square, numbers(10), 3, callbacks).get(), squares(10));
  EXPECT_EQ(size, 10U);
}

TEST(ThreadPoolSemantics, M25_MapWaitsForAllAndThenThrows) {
  ThreadPool pool(2);
  std::atomic<int> count{0};
  const auto counted = [&count](int x) {
    ++count;
    return fail_on_three(x);
  };
  EXPECT_THROW(pool.map(counted, numbers(20), 2), ValueError);
  EXPECT_EQ(count, 20);
}

TEST(ThreadPoolSemantics, M25_StarmapUnpacksTuples) {
  ThreadPool pool(2);
  const std::vector<std::tuple<int, std::string>> pairs{{1, "a"}, {2, "b"}};
  const auto join = [](int n, const std::string& s) { return s + std::to_string(n); };
  EXPECT_EQ(pool.starmap(join, pairs), (std::vector{"a1"s, "b2"s}));
  EXPECT_EQ(pool.starmap_async(join, pairs, 2).get(), (std::vector{"a1"s, "b2"s}));
}

TEST(ThreadPoolSemantics, M25_ImapIsOrderedAndGoesOnAfterAFailure) {
  ThreadPool pool(2);
  auto results = pool.imap(fail_on_three, std::vector{1, 2, 3, 4});
  EXPECT_EQ(results.next(), 1);
  EXPECT_EQ(results.next(), 2);
  EXPECT_THROW(results.next(), ValueError);
  EXPECT_EQ(results.next(), 4);
  EXPECT_EQ(results.next(), std::nullopt);
  std::vector<int> all;
  for (const int x : pool.imap(square, numbers(100), 9)) all.push_back(x);
  EXPECT_EQ(all, squares(100));
  all.clear();
  for (const int x : pool.imap_unordered(square, numbers(100))) all.push_back(x);
  std::ranges::sort(all);
  EXPECT_EQ(all, squares(100));
  EXPECT_THROW(pool.imap(square, numbers(3), 0), ValueError);
}

TEST(ThreadPoolSemantics, M25_ImapOfAnEndlessRangeIsBounded) {
  std::atomic<int> most{0};  // outlives the pool: at its end tasks are still in flight
  ThreadPool pool(2);
  const auto seen = [&most](int x) {
    int before = most;
    while (before < x && !most.compare_exchange_weak(before, x)) {
    }
    return x;
  };
  auto results = pool.imap(seen, std::views::iota(0), {.buffersize = 5});
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(results.next(), i);
    EXPECT_LE(most, i + 5);
  }
}

TEST(ThreadPoolSemantics, M25_JoinAndSubmitWantTheRightState) {
  EXPECT_THROW(ThreadPool(0), ValueError);
  ThreadPool pool(1);
  EXPECT_THROW(pool.join(), ValueError);
  auto result = pool.map_async(square, numbers(100), 1);
  pool.close();
  EXPECT_THROW(pool.apply(square, 1), ValueError);
  EXPECT_THROW(pool.map(square, numbers(3)), ValueError);
  EXPECT_THROW(pool.imap(square, numbers(3)), ValueError);
  pool.join();
  EXPECT_EQ(result.get(), squares(100));
}

TEST(ThreadPoolSemantics, M25_TerminateDiscardsWhatHasNotBegun) {
  Event begun;
  Event go_on;
  std::atomic<int> calls{0};
  ThreadPool pool(1);
  const auto call = [&] {
    ++calls;
    begun.set();
    go_on.wait();
  };
  const auto first = pool.apply_async(call);
  const auto second = pool.apply_async(call);
  auto stream = pool.imap(square, numbers(3));
  begun.wait();
  pool.terminate();
  EXPECT_THROW(first.get(), RuntimeError);
  EXPECT_THROW(second.get(), RuntimeError);
  EXPECT_THROW(stream.next(), RuntimeError);
  EXPECT_EQ(stream.next(), std::nullopt);
  go_on.set();
  pool.join();
  EXPECT_EQ(calls, 1);
  EXPECT_THROW(pool.apply(square, 1), ValueError);
}

TEST(ThreadPoolSemantics, M25_TheEndOfThePoolIsTerminate) {
  std::atomic<bool> ended{false};
  std::optional<mp::AsyncResult<int>> result;
  Event begun;
  {
    ThreadPool pool(1);
    pool.apply_async([&] {
      begun.set();
      weft::runtime::sleep_for(1ms);
      ended = true;
    });
    result = pool.apply_async(square, 2);
    begun.wait();
  }
  EXPECT_TRUE(ended);
  EXPECT_THROW(result->get(), RuntimeError);
}

TEST(ThreadPoolSemantics, M25_ACallMayDestroyThePool) {
  auto pool = std::make_unique<ThreadPool>(2);
  Event go_on;
  auto result = pool->apply_async([&] {
    go_on.wait();
    EXPECT_THROW(pool->join(), ValueError);
    pool->close();
    EXPECT_THROW(pool->join(), RuntimeError);
    pool.reset();
  });
  go_on.set();
  result.wait();
}

TEST(ThreadPoolSemantics, M25_TheInitializerRunsFirstInEachThread) {
  thread_local int greeting = 0;
  ThreadPool pool(2, {.initializer = [] { greeting = 42; }});
  EXPECT_EQ(pool.map([](int) { return greeting; }, numbers(10), 1), std::vector<int>(10, 42));
}

TEST(ThreadPoolSemantics, M25_AFailingInitializerEndsThePool) {
  ThreadPool pool(1, {.initializer = [] { throw ValueError("on purpose"); }});
  EXPECT_THROW(pool.apply(square, 1), RuntimeError);
  EXPECT_THROW(pool.apply(square, 1), ValueError);
}

}  // namespace
