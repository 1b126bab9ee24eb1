#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "support/eventually.h"
#include "support/recording.h"
#include "support/well_formed.h"
#include "weft/futures/thread_pool_executor.h"
#include "weft/futures/wait.h"
#include "weft/queue/lifo_queue.h"
#include "weft/queue/queue.h"
#include "weft/queue/simple_queue.h"
#include "weft/runtime/gil.h"
#include "weft/runtime/simulated_work.h"
#include "weft/threading/barrier.h"
#include "weft/threading/condition.h"
#include "weft/threading/event.h"
#include "weft/threading/guard.h"
#include "weft/threading/lock.h"
#include "weft/threading/read_write_lock.h"
#include "weft/threading/rlock.h"
#include "weft/threading/semaphore.h"
#include "weft/threading/thread.h"

/// Where in the source the records of a trace were made, and who ended the waits that it tells of.
namespace weft::test {
namespace {

using namespace std::chrono_literals;
using trace::Kind;
using trace::Reason;
using trace::Unblocked;

// "tests/unit/trace_causes.cpp:12"
std::string here(int line) { return "tests/unit/trace_causes.cpp:" + std::to_string(line); }

std::string place_of(const Entries& entries, const Entry& entry) {
  for (const Entry& string : of_kind(entries, Kind::string)) {
    if (entry.where != 0 && string.detail == entry.where) return string.payload;
  }
  return "";
}

std::vector<std::string> places(const Entries& entries, Kind kind) {
  std::vector<std::string> found;
  for (const Entry& entry : of_kind(entries, kind)) found.push_back(place_of(entries, entry));
  return found;
}

using Places = std::vector<std::string>;

TEST(Where, IsWhereTheCallerCalls) {
  Recording recording;
  std::map<Kind, int> lines;
  threading::Lock lock;
  lines[Kind::lock_acquire] = __LINE__ + 1;
  lock.acquire();
  lock.release();
  threading::Event event;
  lines[Kind::event_set] = __LINE__ + 1;
  event.set();
  threading::Semaphore semaphore(3);
  lines[Kind::semaphore_acquire] = __LINE__ + 1;
  semaphore.acquire();
  threading::Barrier barrier(1);
  lines[Kind::barrier_arrive] = __LINE__ + 1;
  barrier.wait();
  threading::ReadWriteLock rw;
  lines[Kind::read_acquire] = __LINE__ + 1;
  rw.acquire_read();
  rw.release_read();
  lines[Kind::write_acquire] = __LINE__ + 1;
  rw.acquire_write();
  rw.release_write();
  queue::Queue<int> queue(4);
  lines[Kind::queue_put] = __LINE__ + 1;
  queue.put(1);
  lines[Kind::queue_get] = __LINE__ + 1;
  queue.get();
  threading::Thread thread([] {});
  lines[Kind::thread_start] = __LINE__ + 1;
  thread.start();
  lines[Kind::thread_join] = __LINE__ + 1;
  thread.join();
  {
    futures::ThreadPoolExecutor pool(1);
    lines[Kind::task_submit] = __LINE__ + 1;
    pool.submit([] { return 1; }).result();
  }
  const Entries& entries = recording.finish();
  for (const auto& [kind, line] : lines) {
    const Places found = places(entries, kind);
    ASSERT_FALSE(found.empty()) << static_cast<int>(kind);
    EXPECT_EQ(found.front(), here(line)) << static_cast<int>(kind);
  }
  EXPECT_EQ(of_kind(entries, Kind::semaphore_acquire).at(0).argument, 2U) << "the value, as before";
  EXPECT_EQ(of_kind(entries, Kind::queue_put).at(0).argument, 1U) << "the depth, as before";
}

TEST(Where, OfNotifyAndOfTheShortForms) {
  Recording recording;
  threading::Condition condition;
  const int notify = __LINE__ + 3;
  {
    const threading::Guard guard(condition);
    condition.notify();
    condition.notify_all();
  }
  queue::SimpleQueue<int> simple;
  const int simple_put = __LINE__ + 1;
  simple.put(1);
  simple.put_nowait(2);
  queue::LifoQueue<int> lifo;
  lifo.put_nowait(3);
  simple.get_nowait();
  lifo.get_nowait();
  const Entries& entries = recording.finish();
  EXPECT_EQ(places(entries, Kind::condition_notify), (Places{here(notify), here(notify + 1)}));
  EXPECT_EQ(places(entries, Kind::queue_put),
            (Places{here(simple_put), here(simple_put + 1), here(simple_put + 3)}));
  EXPECT_EQ(places(entries, Kind::queue_get), (Places{here(simple_put + 4), here(simple_put + 5)}));
  EXPECT_EQ(places(entries, Kind::lock_acquire), Places{here(notify - 1)}) << "the guard's scope";
}

TEST(Where, OfTasksWithArgumentsAndOfThoseOfMap) {
  Recording recording;
  const int first = __LINE__ + 3;
  {
    futures::ThreadPoolExecutor pool(1);
    pool.submit([](int n) { return n; }, 1).result();
    pool.submit([](int n, int m) { return n + m; }, 1, 2).result();
    pool.submit([](int n, int m, int k) { return n + m + k; }, 1, 2, 3).result();
    pool.submit([](int n, int m, int k, int i) { return n + m + k + i; }, 1, 2, 3, 4).result();
    for (const int n : pool.map([](int item) { return item; }, {7})) EXPECT_EQ(n, 7);
    const int five = pool.submit([](auto... n) { return (n + ...); }, 1, 2, 3, 4, 5).result();
    EXPECT_EQ(five, 15);
  }
  const auto& entries = recording.finish();
  EXPECT_EQ(places(entries, Kind::task_submit),
            (Places{here(first), here(first + 1), here(first + 2), here(first + 3), here(first + 4),
                    ""}));
}

TEST(Where, APlaceIsWrittenOnce) {
  Recording recording;
  threading::Lock lock;
  queue::Queue<int> queue;
  // More places than a thread remembers at a time, again and again, from two threads.
  const auto work = [&] {
    for (int i = 0; i < 200; ++i) {
      const threading::Guard guard(lock);
      queue.put(i);
      queue.get();
    }
  };
  threading::Thread other(work);
  other.start();
  work();
  other.join();
  std::vector<std::string> texts = payloads(recording.finish(), Kind::string);
  std::ranges::sort(texts);
  EXPECT_EQ(std::ranges::adjacent_find(texts), texts.end());
  EXPECT_GE(texts.size(), 4U);
}

TEST(Where, OfAWait) {
  Recording recording;
  threading::Event event;
  int line = 0;
  threading::Thread waiter([&] {
    line = __LINE__ + 1;
    event.wait();
  });
  waiter.start();
  ASSERT_TRUE(eventually([&] { return recording.sleepers(Reason::event) == 1; }));
  event.set();
  waiter.join();
  const Entries& entries = recording.finish();
  for (const Entry& entry : of_kind(entries, Kind::blocked)) {
    if (entry.detail == static_cast<std::uint32_t>(Reason::event)) {
      EXPECT_EQ(place_of(entries, entry), here(line));
    }
  }
}

TEST(Where, CostsNothingForWhatIsNotRecorded) {
  Recording recording;
  threading::Lock lock({.name = "silent", .recorded = Recorded::no});
  lock.acquire();
  lock.release();
  EXPECT_TRUE(payloads(recording.finish(), Kind::string).empty());
}

/// The waits of one reason that were ended by someone: waker's thread, and the record by which.
struct Cause {
  std::uint32_t waiter;
  std::uint32_t waker;
  std::optional<Entry> record;
};

std::vector<Cause> causes(const Entries& entries, Reason reason) {
  std::vector<Cause> found;
  const auto objects = by_object(entries);
  for (const auto& [thread, records] : by_thread(entries)) {
    for (std::size_t i = 1; i < records.size(); ++i) {
      const Entry& end = records[i];
      if (end.kind != Kind::unblocked || records[i - 1].kind != Kind::blocked) continue;
      if (records[i - 1].detail != static_cast<std::uint32_t>(reason)) continue;
      Cause cause{thread, static_cast<std::uint32_t>(end.argument), std::nullopt};
      if (const auto sequence = static_cast<std::uint32_t>(end.argument >> 32); sequence != 0) {
        cause.record = objects.at(end.object).at(sequence - 1);
      }
      found.push_back(cause);
    }
  }
  return found;
}

using Step = std::function<void()>;

/// Thread 1 prepares, thread 2 waits; once it sleeps, thread 1 acts: by a record of that kind.
void expect_cause(Reason reason, Kind kind, const Step& prepare, const Step& wait,
                  const Step& act) {
  Recording recording;
  prepare();
  threading::Thread waiter([&] { wait(); });
  waiter.start();
  ASSERT_TRUE(eventually([&] { return recording.sleepers(reason) == 1; }));
  act();
  waiter.join();
  const Entries& entries = recording.finish();
  EXPECT_EQ(complaints(entries), Places{});
  const auto found = causes(entries, reason);
  ASSERT_FALSE(found.empty());
  for (const Cause& cause : found) {
    EXPECT_EQ(cause.waiter, 2U);
    EXPECT_EQ(cause.waker,
              kind == Kind::task_finish ? 0U : 1U);  // of a future the record is enough
    ASSERT_TRUE(cause.record.has_value());
    EXPECT_EQ(cause.record->kind, kind);
    EXPECT_EQ(cause.record->thread, 1U);
  }
}

const Step kNothing = [] {};

TEST(Waker, OfALock) {
  threading::Lock lock;
  expect_cause(
      Reason::lock, Kind::lock_release, [&] { lock.acquire(); },
      [&] { const threading::Guard guard(lock); }, [&] { lock.release(); });
}

TEST(Waker, OfAnRLock) {
  threading::RLock lock;
  expect_cause(
      Reason::lock, Kind::lock_release, [&] { lock.acquire(); },
      [&] { const threading::Guard guard(lock); }, [&] { lock.release(); });
}

TEST(Waker, OfAnEvent) {
  threading::Event event;
  expect_cause(
      Reason::event, Kind::event_set, kNothing, [&] { event.wait(); }, [&] { event.set(); });
}

TEST(Waker, OfACondition) {
  threading::Condition condition;
  expect_cause(
      Reason::condition, Kind::condition_notify, kNothing,
      [&] {
        const threading::Guard guard(condition);
        condition.wait();
      },
      [&] {
        const threading::Guard guard(condition);
        condition.notify_all();
      });
}

TEST(Waker, OfASemaphore) {
  threading::Semaphore semaphore(0);
  expect_cause(
      Reason::semaphore, Kind::semaphore_release, kNothing, [&] { semaphore.acquire(); },
      [&] { semaphore.release(); });
}

TEST(Waker, OfABarrier) {
  threading::Barrier barrier(2);
  expect_cause(
      Reason::barrier, Kind::barrier_pass, kNothing, [&] { barrier.wait(); },
      [&] { barrier.wait(); });
}

TEST(Waker, OfABarrierThatBreaks) {
  threading::Barrier barrier(2);
  expect_cause(
      Reason::barrier, Kind::barrier_break, kNothing,
      [&] { EXPECT_THROW(barrier.wait(), threading::BrokenBarrierError); },
      [&] { barrier.abort(); });
}

TEST(Waker, OfAReadWriteLock) {
  threading::ReadWriteLock lock;
  expect_cause(
      Reason::read_lock, Kind::write_release, [&] { lock.acquire_write(); },
      [&] { const threading::ReadGuard guard(lock); }, [&] { lock.release_write(); });
  expect_cause(
      Reason::write_lock, Kind::read_release, [&] { lock.acquire_read(); },
      [&] { const threading::WriteGuard guard(lock); }, [&] { lock.release_read(); });
}

TEST(Waker, OfAnEmptyQueue) {
  queue::Queue<int> queue;
  expect_cause(
      Reason::queue_get, Kind::queue_put, kNothing, [&] { queue.get(); }, [&] { queue.put(1); });
  queue::LifoQueue<int> lifo;
  expect_cause(
      Reason::queue_get, Kind::queue_put, kNothing, [&] { lifo.get(); }, [&] { lifo.put(1); });
  queue::SimpleQueue<int> simple;
  expect_cause(
      Reason::queue_get, Kind::queue_put, kNothing, [&] { simple.get(); }, [&] { simple.put(1); });
}

TEST(Waker, OfAFullQueue) {
  queue::Queue<int> queue(1);
  expect_cause(
      Reason::queue_put, Kind::queue_get, [&] { queue.put(1); }, [&] { queue.put(2); },
      [&] { queue.get(); });
  queue::LifoQueue<int> lifo(1);
  expect_cause(
      Reason::queue_put, Kind::queue_get, [&] { lifo.put(1); }, [&] { lifo.put(2); },
      [&] { lifo.get(); });
}

TEST(Waker, OfAQueuesEnd) {
  queue::Queue<int> queue;
  expect_cause(
      Reason::queue_get, Kind::queue_shutdown, kNothing,
      [&] { EXPECT_THROW(queue.get(), queue::ShutDown); }, [&] { queue.shutdown(); });
}

TEST(Waker, OfWhoWaitsUntilAllItemsAreDone) {
  queue::Queue<int> queue;
  expect_cause(
      Reason::queue_join, Kind::queue_task_done, [&] { queue.put(1); }, [&] { queue.join(); },
      [&] {
        queue.get();
        queue.task_done();
      });
}

TEST(Waker, OfAFuture) {
  futures::Future<int> future;
  expect_cause(
      Reason::future, Kind::task_finish, kNothing, [&] { EXPECT_EQ(future.result(), 1); },
      [&] { future.set_result(1); });
}

// The record is the end of the thread that is joined.
TEST(Waker, OfAJoin) {
  Recording recording;
  threading::Event event;
  threading::Thread joined([&] { event.wait(); });
  joined.start();
  threading::Thread joiner([&] { joined.join(); });
  joiner.start();
  ASSERT_TRUE(eventually([&] { return recording.sleepers(Reason::thread_join) == 1; }));
  event.set();
  joiner.join();
  const auto found = causes(recording.finish(), Reason::thread_join);
  const auto of_joiner = std::ranges::find(found, 3U, &Cause::waiter);
  ASSERT_NE(of_joiner, found.end());
  EXPECT_EQ(of_joiner->waker, 2U);
  ASSERT_TRUE(of_joiner->record.has_value());
  EXPECT_EQ(of_joiner->record->kind, Kind::thread_end);
  EXPECT_EQ(of_joiner->record->thread, 2U);
}

TEST(Waker, OfAnIdleWorkerIsWhoSubmits) {
  Recording recording;
  {
    futures::ThreadPoolExecutor pool(1);
    pool.submit([] {}).result();
    ASSERT_TRUE(eventually([&] { return recording.sleepers(Reason::task) == 1; }));
    pool.submit([] {}).result();
  }
  const auto found = causes(recording.finish(), Reason::task);
  ASSERT_FALSE(found.empty());
  for (const Cause& cause : found) {
    EXPECT_EQ(cause.waker, 1U);
    EXPECT_FALSE(cause.record.has_value()) << "it is on an order of its own";
  }
}

TEST(Waker, OfTheGil) {
  Recording recording;
  {
    const runtime::GilScope gil;
    threading::Thread other([] {});
    other.start();
    ASSERT_TRUE(eventually([&] { return recording.sleepers(Reason::gil) == 1; }));
    other.join();
  }
  std::size_t known = 0;
  for (const Cause& cause : causes(recording.finish(), Reason::gil)) {
    if (!cause.record) continue;
    ++known;
    EXPECT_EQ(cause.record->kind, Kind::gil_release);
    EXPECT_EQ(cause.record->thread, cause.waker);
    EXPECT_NE(cause.waker, cause.waiter);
  }
  EXPECT_GE(known, 1U);
}

// Whatever happens, what is told of is what happened: every record that is named is there, is of the
// waker and no other, and lies within the wait or before its end.
TEST(Waker, IsRightOrUnknownUnderLoad) {
  Recording recording;
  threading::Lock lock;
  threading::Semaphore semaphore(1);
  queue::Queue<int> queue(2);
  constexpr int kRounds = 300;
  std::vector<threading::Thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kRounds; ++i) {
        {
          const threading::Guard guard(lock);
          runtime::checkpoint();
        }
        semaphore.acquire(true, 1ms) ? semaphore.release() : void();
        if (t % 2 == 0) {
          queue.put(i);
        } else {
          queue.get();
        }
      }
    });
  }
  for (auto& thread : threads) thread.start();
  for (auto& thread : threads) thread.join();
  const Entries& entries = recording.finish();
  EXPECT_EQ(complaints(entries), Places{});
  const std::map<Reason, std::vector<Kind>> ways = {{Reason::lock, {Kind::lock_release}},
                                                    {Reason::semaphore, {Kind::semaphore_release}},
                                                    {Reason::queue_put, {Kind::queue_get}},
                                                    {Reason::queue_get, {Kind::queue_put}}};
  std::size_t known = 0;
  for (const auto& [reason, kinds] : ways) {
    for (const Cause& cause : causes(entries, reason)) {
      if (!cause.record) continue;
      ++known;
      EXPECT_NE(std::ranges::find(kinds, cause.record->kind), kinds.end());
      EXPECT_EQ(cause.record->thread, cause.waker);
      EXPECT_NE(cause.waker, cause.waiter);
    }
  }
  EXPECT_GT(known, 0U);
}

TEST(Unwinding, IsMarkedAfterADeadlock) {
  Recording recording;
  threading::Lock one("one");
  threading::Lock two("two");
  threading::Barrier barrier(2);
  const auto take = [&](threading::Lock& first, threading::Lock& second) {
    const threading::Guard guard(first);
    barrier.wait();
    const threading::Guard never(second);
  };
  {
    threading::Thread a([&] { take(one, two); });
    threading::Thread b([&] { take(two, one); });
    a.start();
    b.start();
    EXPECT_THROW(a.join(), runtime::Stopped);
  }
  const Entries& entries = recording.finish();
  std::size_t unwinding = 0;
  for (const Entry& entry : of_kind(entries, Kind::unblocked)) {
    if (entry.detail == static_cast<std::uint32_t>(Unblocked::deadlock)) ++unwinding;
  }
  EXPECT_EQ(unwinding, 3U) << "both, and the one that joins them";
  for (const Entry& entry : of_kind(entries, Kind::thread_end)) {
    EXPECT_EQ(entry.detail, static_cast<std::uint32_t>(trace::ThreadEnd::deadlock));
  }
}

TEST(SimulatedWork, IsASpanWithAName) {
  Recording recording;
  {
    const runtime::SimulatedWork eating(trace::Work::computes, "eat");
    const runtime::SimulatedWork waiting(trace::Work::waits, "salt");
  }
  const Entries& entries = recording.finish();
  const Entries begins = of_kind(entries, Kind::work_begin);
  ASSERT_EQ(begins.size(), 2U);
  EXPECT_EQ(begins[0].argument, static_cast<std::uint64_t>(trace::Work::computes));
  EXPECT_EQ(begins[1].argument, static_cast<std::uint64_t>(trace::Work::waits));
  const Places names = payloads(entries, Kind::string);
  EXPECT_EQ(names.at(begins[0].detail - 1), "eat");
  EXPECT_EQ(names.at(begins[1].detail - 1), "salt");
  EXPECT_EQ(of_kind(entries, Kind::work_end).size(), 2U);
}

}  // namespace
}  // namespace weft::test
