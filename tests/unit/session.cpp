#include "weft/runtime/session.h"

#include <atomic>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "support/background.h"
#include "support/recording.h"
#include "support/well_formed.h"
#include "weft/runtime/point.h"
#include "weft/threading/event.h"
#include "weft/threading/thread.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using runtime::Session;
using runtime::Stopped;
using trace::Kind;

TEST(Session, TheOpenerIsItsFirstThread) {
  EXPECT_EQ(threading::get_ident(), 0U);
  {
    const Session session({});
    EXPECT_EQ(threading::get_ident(), 1U);
    EXPECT_EQ(threading::current_thread_name(), "MainThread");
    EXPECT_NE(runtime::session_thread, nullptr);
  }
  EXPECT_EQ(threading::get_ident(), 0U);
  EXPECT_EQ(runtime::session_thread, nullptr);
}

TEST(Session, ThreadsStartedInItBelongToIt) {
  Session session({});
  std::vector<const Session*> sessions;
  std::set<std::uint32_t> numbers{threading::get_ident()};
  for (int i = 0; i < 3; ++i) {
    threading::Thread thread([&] {
      sessions.push_back(runtime::session_thread->session);
      numbers.insert(threading::get_ident());
      // And theirs in turn.
      threading::Thread inner([&] {
        sessions.push_back(runtime::session_thread->session);
        numbers.insert(threading::get_ident());
      });
      inner.start();
    });
    thread.start();
    thread.join();
  }
  EXPECT_EQ(sessions, std::vector<const Session*>(6, &session));
  EXPECT_EQ(numbers, (std::set<std::uint32_t>{1, 2, 3, 4, 5, 6, 7}));
}

TEST(Session, ThreadsStartedOutsideDoNotBelongToIt) {
  std::atomic<bool> go{false};
  const runtime::ThreadState* session_thread_inside = nullptr;
  threading::Thread outsider([&] {
    while (!go) std::this_thread::yield();
    session_thread_inside = runtime::session_thread;
  });
  outsider.start();
  const Session session({});
  go = true;
  outsider.join();
  EXPECT_EQ(session_thread_inside, nullptr);
}

TEST(Session, ASecondOneStartsAnew) {
  std::uint32_t first_serial = 0;
  {
    const Session session({});
    first_serial = session.serial();
  }
  const Session session({});
  EXPECT_NE(session.serial(), first_serial);
  EXPECT_EQ(threading::get_ident(), 1U);
}

TEST(Session, ItsClockBeginsAtItsOrigin) {
  const runtime::Time origin = runtime::Clock::now();
  const Session session({.origin = origin});
  EXPECT_EQ(session.nanoseconds(origin + 5us), 5'000U);
  // Another thread's clock may be a step behind the origin; a record's time is unsigned.
  EXPECT_EQ(session.nanoseconds(origin - 5us), 0U);
}

TEST(Session, RecordsEveryThreadsLife) {
  Recording recording;
  threading::Thread child(
      [] {
        threading::Thread grandchild([] {}, "grandchild");
        grandchild.start();
      },
      "child");
  child.start();
  child.join();
  const auto& entries = recording.finish();
  EXPECT_EQ(complaints(entries), kNone);
  EXPECT_EQ(payloads(entries, Kind::thread_name).size(), 3U);
  const Groups threads = by_thread(entries);
  ASSERT_EQ(threads.size(), 3U);
  EXPECT_EQ(threads.at(1)[0].payload, "MainThread");
  EXPECT_EQ(threads.at(2)[0].payload, "child");
  EXPECT_EQ(threads.at(3)[0].payload, "grandchild");
  EXPECT_EQ(of_kind(threads.at(2), Kind::thread_start).at(0).detail, 1U) << "the child's parent";
  EXPECT_EQ(of_kind(threads.at(3), Kind::thread_start).at(0).detail, 2U);
}

TEST(Session, RingsAreUsedAgainByLaterThreads) {
  trace::Directory directory;
  const std::atomic<std::uint32_t> stop{0};
  trace::Trace trace(directory, stop);
  {
    const Session session({.trace = &trace});
    for (int i = 0; i < 20; ++i) {
      threading::Thread thread([] {});
      thread.start();
      thread.join();
    }
  }
  EXPECT_EQ(directory.ring_count, 2U);
}

TEST(Session, MoreThreadsThanRingsRunUntraced) {
  trace::Directory directory;
  const std::atomic<std::uint32_t> stop{0};
  trace::Trace trace(directory, stop);
  while (trace.acquire_ring() != nullptr) {
  }
  const Session session({.trace = &trace});
  EXPECT_FALSE(runtime::traced());
  threading::Event event;
  event.set();
  EXPECT_TRUE(event.wait());
  runtime::record_payload(Kind::console, 1, 1, 0, "nobody hears this");
  EXPECT_EQ(runtime::intern("nor this"), 0U);
}

TEST(Stop, EveryPointThrows) {
  Session session({});
  threading::Event event;
  EXPECT_FALSE(session.stopping());
  session.stop();
  EXPECT_TRUE(session.stopping());
  EXPECT_THROW(event.set(), Stopped);
  EXPECT_THROW(event.wait(), Stopped);
  EXPECT_THROW(runtime::checkpoint(), Stopped);
  EXPECT_THROW(runtime::sleep_for(0ns), Stopped);
}

TEST(Stop, ObeysAWordOfSomebodyElse) {
  std::atomic<std::uint32_t> word{0};
  const Session session({.stop = &word});
  runtime::checkpoint();
  word = 1;
  EXPECT_THROW(runtime::checkpoint(), Stopped);
}

TEST(Stop, DoesNotConcernThreadsOutside) {
  threading::Event outside;
  std::atomic<bool> go{false};
  bool waited = false;
  threading::Thread outsider([&] {
    while (!go) std::this_thread::yield();
    runtime::checkpoint();
    waited = outside.wait(0ns);
  });
  outsider.start();
  {
    Session session({});
    session.stop();
    go = true;
  }
  outsider.join();
  EXPECT_FALSE(waited);
}

TEST(Stop, EndsAThreadThatOnlyComputes) {
  Session session({});
  std::atomic<std::uint64_t> steps{0};
  threading::Thread thread([&] {
    for (;;) {
      runtime::checkpoint();
      ++steps;
    }
  });
  thread.start();
  ASSERT_TRUE(eventually([&] { return steps > 1000; }));
  session.stop();
  EXPECT_TRUE(eventually([&] { return !thread.is_alive(); }));
}

TEST(Stop, IsRecordedAsTheThreadsEnd) {
  Recording recording;
  Background sleeper([] { runtime::sleep_for(1h); });
  ASSERT_TRUE(sleeper.falls_asleep());
  recording.stop();
  ASSERT_TRUE(eventually([&] { return !sleeper.is_alive(); }));
  const auto& entries = recording.finish();
  EXPECT_EQ(complaints(entries), kNone);
  const auto ends = of_kind(entries, Kind::thread_end);
  ASSERT_EQ(ends.size(), 1U);
  EXPECT_EQ(ends[0].detail, static_cast<std::uint32_t>(trace::ThreadEnd::stopped));
  EXPECT_TRUE(of_kind(entries, Kind::error).empty()) << "a stopped thread is no error";
}

TEST(Stop, WakeParkedCountsTheSleepers) {
  Session session({});
  EXPECT_EQ(session.wake_parked(), 0U);
  threading::Event event;
  Background first([&] { event.wait(); });
  Background second([&] { event.wait(); });
  ASSERT_TRUE(first.falls_asleep());
  ASSERT_TRUE(second.falls_asleep());
  // Waking without a stop word is a wake for no reason: both go back to sleep.
  for (int i = 0; i < 5; ++i) {
    EXPECT_TRUE(eventually([&] { return session.wake_parked() == 2; }));
  }
  event.set();
  EXPECT_TRUE(first.ends());
  EXPECT_TRUE(second.ends());
  EXPECT_EQ(session.wake_parked(), 0U);
}

}  // namespace
}  // namespace weft::test
