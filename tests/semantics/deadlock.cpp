#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "support/background.h"
#include "support/json.h"
#include "support/recording.h"
#include "support/scale.h"
#include "support/well_formed.h"
#include "weft/futures/thread_pool_executor.h"
#include "weft/queue/queue.h"
#include "weft/threading/barrier.h"
#include "weft/threading/condition.h"
#include "weft/threading/event.h"
#include "weft/threading/gil.h"
#include "weft/threading/guard.h"
#include "weft/threading/lock.h"
#include "weft/threading/read_write_lock.h"
#include "weft/threading/rlock.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using runtime::Stopped;
using threading::Barrier;
using threading::Condition;
using threading::Event;
using threading::Guard;
using threading::Lock;
using threading::ReadWriteLock;
using threading::RLock;
using threading::Thread;
using threading::WriteGuard;
using trace::Kind;

/// What the core says of a run that comes to a standstill.
struct Report {
  json::Value json;
  std::string text;

  const json::Value& thread(const std::string& name) const {
    for (const json::Value& thread : json["threads"].array()) {
      if (thread["name"].text() == name) return thread;
    }
    throw std::runtime_error("there is no thread " + name);
  }
  std::vector<int> cycle() const {
    std::vector<int> numbers;
    for (const json::Value& number : json["cycle"].array()) {
      numbers.push_back(static_cast<int>(number.number()));
    }
    return numbers;
  }
};

/// Runs `body` in a session of its own, which has to stop it for a deadlock.
Report deadlock_of(const std::function<void()>& body) {
  Recording recording;
  EXPECT_THROW(
      {
        body();
        recording.session().wait_for_threads();
      },
      Stopped);
  EXPECT_TRUE(recording.session().deadlocked());
  const auto& entries = recording.finish();
  EXPECT_EQ(complaints(entries), kNone);
  const auto reports = payloads(entries, Kind::deadlock);
  EXPECT_EQ(reports.size(), 1U);
  const auto errors = payloads(entries, Kind::error);
  EXPECT_EQ(errors.size(), 1U);
  if (reports.empty() || errors.empty()) return {};
  return {json::parse(reports[0]), errors[0]};
}

std::string here(const char* file, int line) {
  const std::string path = file;
  return path.substr(path.rfind("tests/")) + ":" + std::to_string(line);
}

TEST(Deadlock, TwoLocksInTheWrongOrder) {
  int first_line = 0;
  int second_line = 0;
  const Report report = deadlock_of([&] {
    Lock a("A");
    Lock b("B");
    Barrier both(2);
    Thread other(
        [&] {
          const Guard guard_b(b);
          both.wait();
          const Guard guard_a(a);
        },
        "other");
    other.start();
    first_line = __LINE__ + 1;
    const Guard guard_a(a);
    both.wait();
    second_line = __LINE__ + 1;
    const Guard guard_b(b);
  });
  EXPECT_EQ(report.cycle(), (std::vector<int>{1, 2}));
  const json::Value& main = report.thread("MainThread");
  EXPECT_EQ(main["reason"].text(), "lock");
  EXPECT_EQ(main["object_name"].text(), "B");
  EXPECT_EQ(main["object_type"].text(), "lock");
  EXPECT_GT(main["object"].number(), 0);
  EXPECT_EQ(main["held_by"].number(), 2);
  EXPECT_EQ(main["where"].text(), here(__FILE__, second_line));
  const json::Value& other = report.thread("other");
  EXPECT_EQ(other["object_name"].text(), "A");
  EXPECT_EQ(other["held_by"].number(), 1);
  EXPECT_EQ(other["held_since"].text(), here(__FILE__, first_line));
  EXPECT_NE(report.text.find("deadlock: MainThread holds A (" + here(__FILE__, first_line) +
                             "), waits for B (" + here(__FILE__, second_line) + "); other holds B"),
            std::string::npos)
      << report.text;
}

TEST(Deadlock, FiveLocksInARing) {
  const Report report = deadlock_of([] {
    std::deque<RLock> locks(5);
    Barrier all(5);
    std::deque<Thread> threads;
    for (std::size_t i = 0; i < 5; ++i) {
      threads.emplace_back([&, i] {
        const Guard left(locks[i]);
        all.wait();
        const Guard right(locks[(i + 1) % 5]);
      });
      threads.back().start();
    }
    for (Thread& thread : threads) thread.join();
  });
  EXPECT_EQ(report.cycle().size(), 5U);
  EXPECT_EQ(report.json["threads"].array().size(), 6U);
  EXPECT_EQ(report.thread("MainThread")["reason"].text(), "thread_join");
}

TEST(Deadlock, ALockTakenTwice) {
  const Report report = deadlock_of([] {
    Lock lock("mine");
    const Guard first(lock);
    const Guard second(lock);
  });
  EXPECT_EQ(report.cycle(), std::vector<int>{1});
}

TEST(Deadlock, WritersOfTwoReadWriteLocks) {
  const Report report = deadlock_of([] {
    ReadWriteLock a("A");
    ReadWriteLock b("B");
    Barrier both(2);
    Thread other([&] {
      const WriteGuard guard_b(b);
      both.wait();
      const threading::ReadGuard guard_a(a);
    });
    other.start();
    const WriteGuard guard_a(a);
    both.wait();
    const WriteGuard guard_b(b);
  });
  EXPECT_EQ(report.cycle(), (std::vector<int>{1, 2}));
}

TEST(Deadlock, ThreadsThatJoinEachOther) {
  const Report report = deadlock_of([] {
    std::optional<Thread> first;
    std::optional<Thread> second;
    Event both;
    first.emplace([&] {
      both.wait();
      second->ref().join();
    });
    second.emplace([&] {
      both.wait();
      first->ref().join();
    });
    first->start();
    second->start();
    both.set();
    first->join();
  });
  EXPECT_EQ(report.cycle(), (std::vector<int>{2, 3}));
}

TEST(Deadlock, AConditionThatNobodyNotifies) {
  const Report report = deadlock_of([] {
    Condition condition;
    const Guard guard(condition);
    condition.wait();
  });
  EXPECT_TRUE(report.cycle().empty());
  EXPECT_EQ(report.thread("MainThread")["reason"].text(), "condition");
}

TEST(Deadlock, AQueueThatNobodyFills) {
  const Report report = deadlock_of([] {
    queue::Queue<int> queue;
    Thread consumer([&] { queue.get(); }, "consumer");
    consumer.start();
    Thread producer([] {}, "producer");
    producer.start();
    consumer.join();
  });
  EXPECT_EQ(report.thread("consumer")["reason"].text(), "queue_get");
  EXPECT_EQ(report.thread("MainThread")["held_by"].number(), 2);
}

// The end of the last thread that could have helped is what makes it one.
TEST(Deadlock, FoundByTheThreadThatLeavesLast) {
  const Report report = deadlock_of([] {
    Event never;
    Event go;
    Background waits([&] { never.wait(); });
    Thread busy([&] {
      while (!waits.falls_asleep()) {
      }
      runtime::sleep_for(1ms);
    });
    busy.start();
    never.wait();
  });
  EXPECT_EQ(report.json["threads"].array().size(), 2U);
}

TEST(Deadlock, ABarrierWithAPartyMissing) {
  const Report report = deadlock_of([] {
    Barrier barrier(3);
    Thread other([&] { barrier.wait(); });
    other.start();
    barrier.wait();
  });
  EXPECT_EQ(report.thread("MainThread")["object_type"].text(), "barrier");
}

TEST(Deadlock, F17_a_task_that_waits_for_a_task_of_its_own_full_pool) {
  const Report report = deadlock_of([] {
    futures::ThreadPoolExecutor pool(1);
    auto outer = pool.submit([&] { return pool.submit([] { return 1; }).result(); });
    outer.result();
  });
  EXPECT_EQ(report.thread("MainThread")["reason"].text(), "future");
}

TEST(Deadlock, OnlyIdleWorkersAreLeft) {
  const Report report = deadlock_of([] {
    futures::ThreadPoolExecutor pool(2);
    pool.submit([] {}).result();
    Event never;
    never.wait();
  });
  EXPECT_EQ(report.thread("MainThread")["reason"].text(), "event");
}

TEST(Deadlock, UnderTheGil) {
  const Report report = deadlock_of([] {
    const threading::Gil gil(100us);
    Event never;
    Thread other([&] { never.wait(); });
    other.start();
    other.join();
  });
  EXPECT_EQ(report.json["threads"].array().size(), 2U);
}

TEST(Deadlock, WithoutATrace) {
  runtime::Session session({});
  Lock lock;
  const Guard guard(lock);
  EXPECT_THROW(lock.acquire(), Stopped);
  EXPECT_TRUE(session.deadlocked());
}

TEST(Deadlock, NotWhileOneWaitsForATime) {
  runtime::Session session({});
  Event event;
  Thread late([&] {
    runtime::sleep_for(20ms);
    event.set();
  });
  late.start();
  event.wait();
  late.join();
  EXPECT_FALSE(session.deadlocked());
}

TEST(Deadlock, NotWhenSwitchedOff) {
  runtime::Session session({.finds_deadlocks = false});
  Event event;
  // Outside the session: nobody knows of it.
  std::atomic<bool> asleep{false};
  runtime::ThreadState* const main = runtime::current;
  std::thread foreign([&] {
    asleep = eventually([&] { return main->parked_on.load() != nullptr; });
    event.set();
  });
  event.wait();
  foreign.join();
  EXPECT_TRUE(asleep);
  EXPECT_FALSE(session.deadlocked());
}

TEST(Daemon, T09_the_end_waits_for_threads_that_are_no_daemons_only) {
  Recording recording;
  Event never("never");
  std::atomic<bool> ended{false};
  auto foreground = runtime::start_thread("foreground", [&] {
    runtime::sleep_for(10ms);
    ended = true;
  });
  auto waiting = runtime::start_thread(
      "waiting", [&] { never.wait(1h); }, true);
  auto computing = runtime::start_thread(
      "computing",
      [] {
        for (;;) runtime::checkpoint();
      },
      true);
  recording.session().wait_for_threads();
  EXPECT_TRUE(ended);
  EXPECT_FALSE(waiting->has_ended());
  EXPECT_FALSE(computing->has_ended());
  EXPECT_TRUE(recording.session().end_daemons(kLongEnough));
  EXPECT_EQ(recording.session().live_threads(), 1U);
  const auto& entries = recording.finish();
  EXPECT_EQ(complaints(entries), kNone);
  std::map<std::uint32_t, std::uint32_t> ends;
  for (const Entry& entry : of_kind(entries, Kind::thread_end)) ends[entry.thread] = entry.detail;
  EXPECT_EQ(ends.at(2), static_cast<std::uint32_t>(trace::ThreadEnd::returned));
  EXPECT_EQ(ends.at(3), static_cast<std::uint32_t>(trace::ThreadEnd::with_process));
  EXPECT_EQ(ends.at(4), static_cast<std::uint32_t>(trace::ThreadEnd::with_process));
}

TEST(Daemon, T09_one_that_never_looks_is_left_behind) {
  // Shared with a thread that outlives this scope, as a process's memory is with its daemons.
  struct Common {
    std::atomic<bool> go_on{true};
    std::atomic<bool> running{false};
    runtime::Session session{{}};
  };
  auto common = std::make_shared<Common>();
  auto daemon = runtime::start_thread(
      "daemon",
      [common] {
        common->running = true;
        while (common->go_on) {
        }
      },
      true);
  ASSERT_TRUE(eventually([&] { return common->running.load(); }));
  EXPECT_FALSE(common->session.end_daemons(5ms));
  EXPECT_EQ(common->session.live_threads(), 2U);
  common->go_on = false;
  runtime::join_thread(*daemon);
  EXPECT_TRUE(common->session.end_daemons(kLongEnough));
}

TEST(Daemon, T09_a_session_waits_for_the_other_threads_even_if_nobody_joins_them) {
  std::atomic<bool> ended{false};
  {
    const runtime::Session session({});
    runtime::start_thread("late", [&] {
      runtime::sleep_for(10ms);
      ended = true;
    });
  }
  EXPECT_TRUE(ended);
}

}  // namespace
}  // namespace weft::test
