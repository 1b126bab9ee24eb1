#include "weft/threading/gil.h"

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>

#include "support/background.h"
#include "support/recording.h"
#include "support/scale.h"
#include "support/well_formed.h"
#include "weft/runtime/point.h"
#include "weft/shared.h"
#include "weft/threading/event.h"
#include "weft/threading/lock.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using threading::Gil;
using threading::Thread;
using trace::Kind;

void run_together(int threads, const std::function<void()>& body) {
  std::deque<Thread> all;
  for (int i = 0; i < threads; ++i) all.emplace_back(body);
  for (Thread& thread : all) thread.start();
  for (Thread& thread : all) thread.join();
}

// Every record of the GIL in order: nobody acquires what another has, nobody releases what he has not.
void expect_one_holder(const Entries& entries) {
  EXPECT_EQ(complaints(entries), kNone);
  for (const auto& [object, records] : by_object(entries)) {
    if (records.front().kind != Kind::gil_open) continue;
    std::uint32_t holder = 0;
    for (const Entry& entry : records) {
      if (entry.kind == Kind::gil_acquire) {
        EXPECT_EQ(holder, 0U) << well_formed::at(entry);
        holder = entry.thread;
      } else if (entry.kind == Kind::gil_release) {
        EXPECT_EQ(holder, entry.thread) << well_formed::at(entry);
        holder = 0;
      }
    }
    EXPECT_EQ(records.back().kind, Kind::gil_close);
  }
}

TEST(Gil, G01_the_switch_interval_is_5_ms_and_must_be_positive) {
  EXPECT_EQ(threading::getswitchinterval(), 5ms);
  EXPECT_THROW(threading::setswitchinterval(0ns), ValueError);
  EXPECT_THROW(threading::setswitchinterval(-1ms), ValueError);
  threading::setswitchinterval(20us);
  EXPECT_EQ(threading::getswitchinterval(), 20us);
  threading::setswitchinterval(5ms);
  EXPECT_EQ(threading::getswitchinterval(), 5ms);
  const runtime::Session session({});
  EXPECT_THROW(const Gil gil(0ns), ValueError);
  const Gil gil(3ms);
  EXPECT_EQ(threading::getswitchinterval(), 3ms);
  threading::setswitchinterval(5ms);
  EXPECT_EQ(threading::getswitchinterval(), 5ms);
}

// Load, a call at which the other may come, store.
TEST(Gil, G02_an_update_with_a_point_in_the_middle_is_lost) {
  const runtime::Session session({});
  const Gil gil(1us);
  Shared<std::int64_t> counter(0, {.name = "counter", .recorded = Recorded::no});
  std::int64_t most = 0;
  // As long as it takes until one is lost.
  while (counter.load() == most) {
    most += 2 * 20'000;
    run_together(2, [&] {
      for (int i = 0; i < 20'000; ++i) counter += 1;
    });
  }
  EXPECT_LT(counter, most);
}

// There is no point inside: nobody comes in between. The variable is a plain one.
TEST(Gil, G03_an_update_without_a_point_loses_nothing) {
  const runtime::Session session({});
  std::int64_t counter = 0;
  const int each = rounds(100'000);
  {
    const Gil gil(1us);
    run_together(4, [&] {
      for (int i = 0; i < each; ++i) {
        counter = counter + 1;
        runtime::checkpoint();
      }
    });
  }
  EXPECT_EQ(counter, 4 * each);
}

TEST(Gil, HasOneHolderAtATime) {
  Recording recording;
  {
    const Gil gil(50us);
    threading::Lock lock;
    std::atomic<int> holders{0};
    std::atomic<bool> two_at_once{false};
    const int each = rounds(2000);
    run_together(6, [&] {
      for (int i = 0; i < each; ++i) {
        if (holders.fetch_add(1) != 0) two_at_once = true;
        volatile int steps = 0;
        while (steps < 50) steps = steps + 1;
        holders.fetch_sub(1);
        switch (i % 16) {
          case 0: runtime::sleep_for(10us); break;
          case 8: {
            const std::lock_guard guard(lock);
            runtime::checkpoint();
            break;
          }
          default: runtime::checkpoint();
        }
      }
    });
    EXPECT_FALSE(two_at_once);
  }
  expect_one_holder(recording.finish());
}

TEST(Gil, WhoeverWantsItGetsItAfterAnInterval) {
  Recording recording;
  {
    const Gil gil(2ms);
    std::atomic<bool> done{false};
    Thread other([&] { done = true; });
    other.start();
    // The holder never waits for anything: only the request can move it.
    while (!done) runtime::checkpoint();
    other.join();
  }
  const auto& entries = recording.finish();
  expect_one_holder(entries);
  EXPECT_GE(of_kind(entries, Kind::gil_request).size(), 1U);
  const auto releases = of_kind(entries, Kind::gil_release);
  ASSERT_GE(releases.size(), 1U);
  EXPECT_EQ(releases[0].detail, static_cast<std::uint32_t>(trace::GilRelease::requested));
  const auto opens = of_kind(entries, Kind::gil_open);
  ASSERT_EQ(opens.size(), 1U);
  EXPECT_EQ(opens[0].argument, 2'000'000U);
  EXPECT_GE(of_kind(entries, Kind::gil_request)[0].time -
                of_kind(by_thread(entries).at(2), Kind::blocked)[0].time,
            1'900'000U)
      << "asked before the interval was over";
}

TEST(Gil, WhoeverWaitsDoesNotHoldIt) {
  const runtime::Session session({});
  const Gil gil(1h);  // nobody gets it by asking
  threading::Event event;
  Thread sleeper([&] { event.wait(); });
  sleeper.start();
  Thread other([&] { event.set(); });
  other.start();
  sleeper.join();
  other.join();
  runtime::sleep_for(1ms);
  EXPECT_FALSE(sleeper.is_alive());
}

TEST(Gil, OffThreadsRunInParallel) {
  const runtime::Session session({});
  std::atomic<int> arrived{0};
  // Each waits for the other without ever coming to a point.
  run_together(2, [&] {
    ++arrived;
    while (arrived != 2) {
    }
  });
  EXPECT_EQ(arrived, 2);
}

TEST(Gil, IsSwitchedOnByAThreadThatIsAloneOnly) {
  EXPECT_THROW(const Gil gil, RuntimeError) << "outside a session";
  const runtime::Session session({});
  {
    threading::Event event;
    Thread other([&] { event.wait(); });
    other.start();
    EXPECT_THROW(const Gil gil, RuntimeError);
    event.set();
    other.join();
  }
  {
    const Gil gil;
    EXPECT_THROW(const Gil second, RuntimeError);
  }
  const Gil again;
}

TEST(Gil, ThreadsThatOutliveItGoOnWithoutIt) {
  Recording recording;
  std::atomic<int> arrived{0};
  std::optional<Thread> first;
  std::optional<Thread> second;
  {
    const Gil gil(1ms);
    const auto meet = [&] {
      ++arrived;
      while (arrived < 3) runtime::checkpoint();
    };
    first.emplace(meet);
    second.emplace(meet);
    first->start();
    second->start();
    while (arrived != 2) runtime::checkpoint();
  }
  ++arrived;
  first->join();
  second->join();
  const auto& entries = recording.finish();
  EXPECT_EQ(complaints(entries), kNone);
}

// No one would wait for a daemon: so nobody has to wait for the GIL that it keeps.
TEST(Gil, ADaemonThatNeverComesToAPointEndsTheRun) {
  Recording recording;
  std::atomic<bool> over{false};
  {
    const Gil gil(1ms);
    Thread hermit(
        [&] {
          while (!over) {
          }
        },
        {.name = "hermit", .daemon = true});
    hermit.start();
    Thread sleeper([] { runtime::sleep_for(1h); });  // is woken, too
    sleeper.start();
    EXPECT_THROW(
        {
          for (;;) runtime::checkpoint();
        },
        runtime::Stopped);
    EXPECT_TRUE(recording.session().gil_lost());
  }
  over = true;
  const auto& entries = recording.finish();
  EXPECT_EQ(complaints(entries), kNone);
  EXPECT_EQ(
      payloads(entries, Kind::error),
      std::vector<std::string>{"the daemon hermit has kept the GIL for 5 s without coming to a "
                               "point: the run ends"});
}

TEST(Gil, AStoppedRunDoesNotWaitForWhoNeverComesToAPoint) {
  Recording recording;
  std::atomic<bool> over{false};
  {
    const Gil gil(1h);
    std::atomic<bool> computes{false};
    std::thread outside([&] {
      EXPECT_TRUE(eventually([&] { return computes.load(); }));
      recording.stop();
    });
    Thread hermit([&] {
      computes = true;
      while (!over) {
      }
    });
    hermit.start();
    EXPECT_THROW(
        {
          for (;;) runtime::sleep_for(1ms);
        },
        runtime::Stopped);
    EXPECT_FALSE(recording.session().gil_lost());
    over = true;
    outside.join();
  }
  EXPECT_EQ(complaints(recording.finish()), kNone);
}

TEST(Gil, AStoppedRunEndsWhileThreadsWaitForIt) {
  Recording recording;
  {
    const Gil gil(100us);
    std::deque<Background> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([] {
        for (;;) runtime::checkpoint();
      });
    }
    runtime::sleep_for(5ms);
    recording.stop();
    // Each gets it once more, sees that it is to stop and ends. Those who join them are not stopped.
  }
  expect_one_holder(recording.finish());
}

}  // namespace
}  // namespace weft::test
