// Python's multiprocessing.Pool: rows M13 to M20 and M26 of docs/semantics.md.
#include "weft/multiprocessing/pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <numeric>
#include <ranges>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "support/recording.h"
#include "weft/errors.h"
#include "weft/multiprocessing/event.h"
#include "weft/multiprocessing/process.h"
#include "weft/multiprocessing/value.h"
#include "weft/runtime/park.h"
#include "weft/threading/thread.h"

namespace {

using namespace std::chrono_literals;
using weft::RuntimeError;
using weft::TimeoutError;
using weft::ValueError;
namespace mp = weft::multiprocessing;
using mp::Entry;
using mp::Event;
using mp::ImapOptions;
using mp::Pool;
using mp::Value;

struct Tangled : std::runtime_error {
  using std::runtime_error::runtime_error;
};

int greeting = 0;

const Entry square("pool.square", [](int x) { return x * x; });
const Entry add("pool.add", [](int a, int b) { return a + b; });
const Entry fail_on_three("pool.fail_on_three", [](int x) {
  if (x == 3) throw ValueError("three");
  return x;
});
const Entry tangle("pool.tangle", [] { throw Tangled("knots"); });
const Entry die("pool.die", [](int code) { mp::os_exit(code); });
const Entry process_number("pool.process_number",
                           [](int) { return mp::current_process().number(); });
const Entry wait_for("pool.wait_for", [](Event event) { event.wait(); });
/// Waits until it may, and returns its number, or fails if that is 3.
struct Turn {
  Event comes;
  int number = 0;
};
void serialise(mp::Archive& archive, Turn& turn) { archive(turn.comes, turn.number); }
const Entry take_turn("pool.take_turn", [](Turn turn) {
  turn.comes.wait();
  if (turn.number == 3) throw ValueError("three");
  return turn.number;
});
const Entry count_up("pool.count_up", [](Value<int> count, int x) {
  const weft::threading::Guard guard(count.get_lock());
  count.set(count.get() + 1);
  return fail_on_three(x);
});
const Entry greet("pool.greet", [](int value) { greeting = value; });
const Entry greeted("pool.greeted", [] { return greeting; });
const Entry hang("pool.hang", [] { weft::runtime::sleep_for(1h); });

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

TEST(PoolSemantics, M13_MapKeepsTheOrder) {
  Pool pool(2);
  for (const std::size_t chunksize : {0U, 1U, 7U, 1000U}) {
    EXPECT_EQ(pool.map(square, numbers(500), chunksize), squares(500)) << chunksize;
  }
  EXPECT_EQ(pool.map(square, std::vector<int>()), std::vector<int>());
  EXPECT_EQ(pool.apply(square, 7), 49);
}

TEST(PoolSemantics, M13_TheUsualChunksAreFourForEachWorkerRoundedUp) {
  weft::test::Recording recording;
  {
    Pool pool(2);
    pool.map(square, numbers(100));  // 13 calls a task
    pool.map(square, numbers(100), 30);
  }
  const auto& entries = recording.finish();
  EXPECT_EQ(std::ranges::count(entries, weft::trace::Kind::task_submit, &weft::test::Entry::kind),
            8 + 4);
}

TEST(PoolSemantics, M13_StarmapUnpacksTuples) {
  Pool pool(2);
  const std::vector<std::tuple<int, int>> pairs{{1, 2}, {3, 4}, {5, 6}};
  EXPECT_EQ(pool.starmap(add, pairs), (std::vector<int>{3, 7, 11}));
}

// A reference into a temporary's result would dangle.
TEST(PoolSemantics, M13_GetOfATemporaryReturnsAValue) {
  Pool pool(1);
  const std::vector<int> one{7};
  decltype(auto) values = pool.map_async(square, one).get();
  static_assert(std::is_same_v<decltype(values), std::vector<int>>);
  EXPECT_EQ(values, std::vector<int>{49});
  const auto kept = pool.map_async(square, one);
  static_assert(std::is_same_v<decltype(kept.get()), const std::vector<int>&>);
  EXPECT_EQ(kept.get(), values);
}

TEST(PoolSemantics, M13_WithoutItemsThereIsNothingToDo) {
  Pool pool(1);
  const std::vector<int> none;
  EXPECT_TRUE(pool.map_async(square, none, 3).get().empty());
  EXPECT_TRUE(pool.starmap(add, std::vector<std::tuple<int, int>>()).empty());
  EXPECT_EQ(pool.imap(square, none).next(), std::nullopt);
  EXPECT_EQ(pool.imap_unordered(square, none).next(), std::nullopt);
}

TEST(PoolSemantics, M13_ItemsThatCannotBeHadEndTheirJobOnly) {
  Pool pool(1);
  const auto items = std::views::iota(0, 5) | std::views::transform([](int i) {
                       if (i == 3) throw Tangled("item 3");
                       return i;
                     });
  EXPECT_THROW(pool.map(square, items, 1), Tangled);
  EXPECT_THROW(pool.imap(square, items), Tangled);
  EXPECT_THROW(pool.imap_unordered(square, items), Tangled);
  EXPECT_EQ(pool.map(square, numbers(10)), squares(10));
}

TEST(PoolSemantics, M14_AsyncResult) {
  Pool pool(1);
  Event event;
  auto result = pool.apply_async(wait_for, event);
  EXPECT_FALSE(result.ready());
  EXPECT_THROW(result.successful(), ValueError);
  EXPECT_THROW(result.get(10ms), TimeoutError);
  result.wait(1ms);
  event.set();
  result.get();
  EXPECT_TRUE(result.ready());
  EXPECT_TRUE(result.successful());
  auto failed = pool.apply_async(fail_on_three, 3);
  failed.wait();
  EXPECT_FALSE(failed.successful());
  EXPECT_THROW(failed.get(), ValueError);
}

TEST(PoolSemantics, M14_Callbacks) {
  Pool pool(2);
  std::atomic<int> value{0};
  std::atomic<int> errors{0};
  std::atomic<std::size_t> values{0};
  const mp::Callbacks<int> callbacks{[&](const int& x) { value = x; },
                                     [&](const std::exception_ptr&) { ++errors; }};
  pool.apply_async(callbacks, fail_on_three, 4);
  pool.apply_async(callbacks, fail_on_three, 3);
  pool.map_async(square, numbers(10), 1, {[&](const auto& all) { values = all.size(); }, {}});
  pool.close();
  pool.join();
  EXPECT_EQ(value, 4);
  EXPECT_EQ(errors, 1);
  EXPECT_EQ(values, 10u);
}

TEST(PoolSemantics, M14_CallbacksOfAMapAndTheirThread) {
  Pool pool(1);
  std::string thread;
  int calls = 0;
  int errors = 0;
  using All = std::vector<int>;
  const mp::Callbacks<All> callbacks{[&](const All&) {
                                       thread = weft::threading::current_thread_name();
                                       ++calls;
                                     },
                                     [&](const std::exception_ptr&) { ++errors; }};
  const std::vector<std::tuple<int, int>> pairs{{1, 2}, {3, 4}};
  EXPECT_EQ(pool.starmap_async(add, pairs, 1, callbacks).get(), (All{3, 7}));
  EXPECT_NE(thread, weft::threading::current_thread_name());
  EXPECT_THROW(pool.map_async(fail_on_three, numbers(9), 2, callbacks).get(), ValueError);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(errors, 1);
}

TEST(PoolSemantics, M14_CallbacksHaveRunWhenTheResultIsThere) {
  Pool pool(1);
  for (int i = 0; i < 50; ++i) {
    std::atomic<int> seen{0};
    const mp::Callbacks<int> callbacks{[&seen](const int& x) {
                                         weft::runtime::sleep_for(100us);
                                         seen = x;
                                       },
                                       {}};
    EXPECT_EQ(pool.apply_async(callbacks, square, 3).get(), 9);
    EXPECT_EQ(seen, 9);
  }
}

TEST(PoolSemantics, M14_ExceptionsComeBack) {
  Pool pool(1);
  try {
    pool.apply(tangle);
    FAIL();
  } catch (const mp::RemoteError& error) {
    EXPECT_EQ(error.type, "Tangled");
    EXPECT_STREQ(error.what(), "knots");
  }
}

TEST(PoolSemantics, M15_ImapIsOrderedAndGoesOnAfterAFailure) {
  Pool pool(2);
  auto results = pool.imap(fail_on_three, std::vector<int>{1, 2, 3, 4});
  EXPECT_EQ(results.next(), 1);
  EXPECT_EQ(results.next(), 2);
  EXPECT_THROW(results.next(), ValueError);
  EXPECT_EQ(results.next(), 4);
  EXPECT_EQ(results.next(), std::nullopt);
  EXPECT_EQ(results.next(), std::nullopt);
  std::vector<int> all;
  for (const int x : pool.imap(square, numbers(100), 9)) all.push_back(x);
  EXPECT_EQ(all, squares(100));
}

TEST(PoolSemantics, M15_NextHasATimeout) {
  Pool pool(1);
  Event event;
  auto results = pool.imap(wait_for, std::vector<Event>{event});
  EXPECT_THROW(results.next(10ms), TimeoutError);
  event.set();
  EXPECT_TRUE(results.next().has_value());
}

TEST(PoolSemantics, M15_ImapUnorderedGivesEachOnce) {
  Pool pool(2);
  std::vector<int> all;
  for (const int x : pool.imap_unordered(square, numbers(100))) all.push_back(x);
  std::ranges::sort(all);
  EXPECT_EQ(all, squares(100));
}

TEST(PoolSemantics, M15_ImapUnorderedGivesWhatIsDoneFirst) {
  Pool pool(2);
  std::vector<Turn> turns;
  for (int number = 1; number <= 4; ++number) turns.push_back({Event(), number});
  for (std::size_t i = 1; i < 4; ++i) turns[i].comes.set();
  auto results = pool.imap_unordered(take_turn, turns);
  EXPECT_EQ(results.next(), 2);
  EXPECT_THROW(results.next(), ValueError);
  EXPECT_EQ(results.next(), 4);
  EXPECT_THROW(results.next(10ms), TimeoutError);
  turns[0].comes.set();
  EXPECT_EQ(results.next(), 1);
  EXPECT_EQ(results.next(), std::nullopt);
}

TEST(PoolSemantics, M15_ImapGivesResultsBeforeAllAreThere) {
  Pool pool(1);
  std::vector<Turn> turns{{Event(), 1}, {Event(), 2}};
  turns[0].comes.set();
  auto results = pool.imap(take_turn, turns);
  EXPECT_EQ(results.next(), 1);
  EXPECT_THROW(results.next(10ms), TimeoutError);
  turns[1].comes.set();
  EXPECT_EQ(results.next(), 2);
}

/// Its items are read one by one; it has no size.
auto endless(std::atomic<int>& read) {
  return std::views::iota(0) | std::views::transform([&read](int i) {
           ++read;
           return i;
         });
}

TEST(PoolSemantics, M26_ImapOfAnEndlessRangeReadsAsResultsAreTaken) {
  std::atomic<int> read{0};
  Pool pool(2);
  auto results = pool.imap(square, endless(read), {.buffersize = 3});
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(results.next(), i * i);
    EXPECT_LE(read, i + 3);  // of which i are taken
  }
}

TEST(PoolSemantics, M26_TheUsualBoundIsFourTasksForEachWorker) {
  std::atomic<int> read{0};
  Pool pool(2);
  auto results = pool.imap_unordered(square, endless(read), 5);
  EXPECT_EQ(read, 4 * 2 * 5);
  std::set<int> seen;
  for (int i = 0; i < 100; ++i) seen.insert(*results.next());
  EXPECT_EQ(seen.size(), 100U);
  EXPECT_LE(read, 99 + 4 * 2 * 5);
}

TEST(PoolSemantics, M26_ARangeWithoutASizeIsReadToItsEnd) {
  Pool pool(2);
  std::vector<int> items = numbers(100);
  auto odd = items | std::views::filter([](int i) { return i % 2 != 0; });
  std::vector<int> all;
  for (const int x : pool.imap(square, odd, 7)) all.push_back(x);
  ASSERT_EQ(all.size(), 50U);
  EXPECT_EQ(all.back(), 99 * 99);
  all.clear();
  for (const int x : pool.imap_unordered(square, std::move(odd))) all.push_back(x);
  EXPECT_EQ(all.size(), 50U);
  for (const ImapOptions options : {ImapOptions{.buffersize = 1}, ImapOptions{.chunksize = 9}}) {
    all.clear();
    for (const int x : pool.imap(square, items, options)) all.push_back(x);
    EXPECT_EQ(all, squares(100));
  }
  EXPECT_EQ(pool.imap(square, std::vector<int>(), {.buffersize = 2}).next(), std::nullopt);
  EXPECT_THROW(pool.imap(square, items, {.buffersize = 0}), ValueError);
  EXPECT_THROW(pool.imap(square, std::views::iota(0), 0), ValueError);
}

TEST(PoolSemantics, M26_WhatTheRangeThrowsComesInItsPlaceAndIsTheLast) {
  Pool pool(1);
  const auto items = std::views::iota(0) | std::views::transform([](int i) {
                       if (i == 3) throw Tangled("item 3");
                       return i;
                     });
  for (const std::size_t chunksize : {1U, 2U, 9U}) {
    auto results = pool.imap(square, items, chunksize);
    EXPECT_EQ(results.next(), 0);
    EXPECT_EQ(results.next(), 1);
    EXPECT_EQ(results.next(), 4);
    EXPECT_THROW(results.next(), Tangled);
    EXPECT_EQ(results.next(), std::nullopt);
  }
  EXPECT_EQ(pool.map(square, numbers(10)), squares(10));
}

TEST(PoolSemantics, M26_AFailureIsThatOfItsTaskAndTheOthersCome) {
  Pool pool(1);
  auto results = pool.imap(fail_on_three, std::views::iota(0), {.chunksize = 2, .buffersize = 4});
  for (const int i : {0, 1}) EXPECT_EQ(results.next(), i);
  EXPECT_THROW(results.next(), ValueError);
  EXPECT_THROW(results.next(), ValueError);
  for (const int i : {4, 5}) EXPECT_EQ(results.next(), i);
}

TEST(PoolSemantics, M26_OfAPoolThatIsClosedComesWhatWasSent) {
  Pool pool(1);
  auto results = pool.imap(square, std::views::iota(0), {.buffersize = 3});
  pool.close();
  for (const int i : {0, 1, 4}) EXPECT_EQ(results.next(), i);
  EXPECT_THROW(results.next(), ValueError);
  EXPECT_EQ(results.next(), std::nullopt);
  pool.join();
}

TEST(PoolSemantics, M26_OfAPoolThatIsTerminatedComesAnError) {
  Pool pool(1);
  Event never;
  std::vector<Event> events{never, never, never};
  auto results = pool.imap(wait_for, events, {.buffersize = 1});
  pool.terminate();
  EXPECT_THROW(results.next(), RuntimeError);
}

TEST(PoolSemantics, M26_ThreadsMayShareAnIterator) {
  Pool pool(2);
  auto results = pool.imap_unordered(
      square, std::views::iota(0, 300) | std::views::filter([](int) { return true; }),
      {.buffersize = 4});
  std::atomic<int> taken{0};
  std::vector<weft::threading::Thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&taken, results]() mutable {
      while (results.next()) ++taken;
    });
    threads.back().start();
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(taken, 300);
}

TEST(PoolSemantics, M16_JoinAndSubmitWantTheRightState) {
  Pool pool(1);
  EXPECT_THROW(pool.join(), ValueError);
  auto result = pool.map_async(square, numbers(100), 1);
  pool.close();
  EXPECT_THROW(pool.apply(square, 1), ValueError);
  EXPECT_THROW(pool.map(square, numbers(3)), ValueError);
  pool.join();
  EXPECT_EQ(result.get(), squares(100));
}

TEST(PoolSemantics, M16_AfterTerminateNothingIsTaken) {
  Pool pool(1);
  pool.terminate();
  EXPECT_THROW(pool.apply(square, 1), ValueError);
  EXPECT_THROW(pool.imap(square, numbers(3)), ValueError);
  pool.close();
  pool.terminate();
  pool.join();
  EXPECT_THROW(pool.map(square, numbers(3)), ValueError);
}

TEST(PoolSemantics, M17_TheEndOfThePoolIsTerminate) {
  std::optional<mp::AsyncResult<std::monostate>> result;
  {
    Pool pool(2);
    result = pool.apply_async(hang);
  }
  EXPECT_THROW(result->get(), RuntimeError);
}

TEST(PoolSemantics, M18_MaxtasksperchildRecyclesWorkers) {
  Pool pool(1, {.maxtasksperchild = 2});
  const auto processes = pool.map(process_number, numbers(6), 1);
  EXPECT_EQ((std::set<std::uint32_t>(processes.begin(), processes.end()).size()), 3u);
  EXPECT_EQ(processes[0], processes[1]);
  EXPECT_NE(processes[1], processes[2]);
}

TEST(PoolSemantics, M18_APoolThatIsClosedEarlyRecyclesItsWorkersToTheEnd) {
  Pool pool(2, {.maxtasksperchild = 1});
  auto result = pool.map_async(process_number, numbers(12), 1);
  pool.close();
  pool.join();
  const auto processes = result.get();
  EXPECT_EQ((std::set<std::uint32_t>(processes.begin(), processes.end()).size()), 12u);
}

TEST(PoolSemantics, M18_BadNumbersAreValueErrors) {
  const auto text_of = [](std::int32_t processes, Pool::Options options) -> std::string {
    try {
      Pool(processes, std::move(options));
    } catch (const ValueError& error) {
      return error.what();
    }
    return "nothing";
  };
  EXPECT_EQ(text_of(-1, {}), "Number of processes must be at least 1, not -1");
  EXPECT_EQ(text_of(1, {.maxtasksperchild = 0}),
            "maxtasksperchild must be a positive int or None, not 0");
  Pool pool(1);
  EXPECT_THROW(pool.imap(square, numbers(2), 0), ValueError);
  EXPECT_THROW(pool.imap_unordered(square, numbers(2), 0), ValueError);
}

TEST(PoolSemantics, M18_TheInitializerRunsFirstInEachWorker) {
  Pool pool(2, {.initializer = mp::initialize_with(greet, 42)});
  for (int i = 0; i < 10; ++i) EXPECT_EQ(pool.apply(greeted), 42);
}

TEST(PoolSemantics, M18_TheInitializersHandlesReachEveryWorker) {
  Value<int> workers(0);
  Pool pool(1, {.initializer = mp::initialize_with(count_up, workers, 1), .maxtasksperchild = 1});
  std::set<std::uint32_t> seen;
  for (int i = 0; i < 5; ++i) seen.insert(pool.apply(process_number, 0));
  EXPECT_EQ(seen.size(), 5U);
  EXPECT_GE(workers.get(), 5);
}

TEST(PoolSemantics, M19_MapWaitsForAllAndThenThrows) {
  Pool pool(2);
  Value<int> count(0);
  std::vector<std::tuple<Value<int>, int>> items;
  for (int i = 0; i < 20; ++i) items.emplace_back(count, i);
  EXPECT_THROW(pool.starmap(count_up, items, 1), ValueError);
  EXPECT_EQ(count.get(), 20);
}

TEST(PoolSemantics, M20_ADeadWorkerIsReplacedAndItsTaskLost) {
  Pool pool(2);
  auto lost = pool.apply_async(die, 3);
  EXPECT_THROW(lost.get(100ms), TimeoutError);
  EXPECT_EQ(pool.map(square, numbers(100), 1), squares(100));
  EXPECT_FALSE(lost.ready());
  pool.close();
  pool.join();
  EXPECT_THROW(lost.get(), RuntimeError);
}

TEST(PoolSemantics, M20_AKilledWorkerIsReplaced) {
  Pool pool(2);
  EXPECT_EQ(pool.apply(square, 2), 4);
  const auto workers = pool.workers();
  for (const mp::ProcessRef& worker : workers) worker.kill();
  for (const mp::ProcessRef& worker : workers) worker.join();  // else it takes a task along
  EXPECT_EQ(pool.map(square, numbers(100), 1), squares(100));
}

}  // namespace
