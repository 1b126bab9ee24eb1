#include "weft/threading/event.h"

#include <atomic>
#include <memory>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/eventually.h"
#include "support/recording.h"
#include "support/scale.h"
#include "support/well_formed.h"
#include "weft/futures/thread_pool_executor.h"
#include "weft/threading/thread.h"

namespace weft::test {
namespace {

using threading::Event;
using threading::Thread;
using trace::Kind;

// Whoever was told by an event may throw it away: Python's lives as long as the setter needs it.
TEST(EventStress, MayBeDestroyedAsSoonAsTheWaitIsOver) {
  const auto hand_over = [](futures::ThreadPoolExecutor& pool) {
    for (int i = 0; i < rounds(4'000); ++i) {
      const auto event = std::make_unique<Event>();
      pool.submit([told = event.get()] { told->set(); });
      event->wait();
    }
  };
  {
    futures::ThreadPoolExecutor pool(2);
    hand_over(pool);
  }
  Recording recording;
  {
    futures::ThreadPoolExecutor pool(2);
    hand_over(pool);
  }
  EXPECT_EQ(complaints(recording.finish()), kNone);
}

// Set and cleared by many: the records' order is the order in which it happened.
TEST(EventStress, SetAndClearAlternateInTheRecords) {
  Recording recording;
  Event event;
  {
    const int count = many_threads();
    std::atomic<int> ready{0};
    std::vector<Thread> threads;
    for (int i = 0; i < count; ++i) {
      threads.emplace_back([&event, &ready, count, sets = i % 2 == 0] {
        ++ready;
        while (ready < count) std::this_thread::yield();
        for (int n = 0; n < rounds(20'000); ++n) sets ? event.set() : event.clear();
      });
    }
    for (Thread& thread : threads) thread.start();
  }
  const bool is_set = event.is_set();
  const auto& entries = recording.finish();
  EXPECT_EQ(complaints(entries), kNone);
  bool set = false;
  for (const auto& [object, records] : by_object(entries)) {
    for (const Entry& entry : records) {
      if (entry.kind != Kind::event_set && entry.kind != Kind::event_clear) continue;
      ASSERT_NE(set, entry.kind == Kind::event_set) << "at " << entry.sequence;
      set = !set;
    }
  }
  EXPECT_EQ(set, is_set);
}

TEST(EventStress, EverySetIsSeenByThoseWhoWait) {
  Event go;
  Event done;
  const int turns = rounds(20'000);
  Thread partner([&] {
    for (int i = 0; i < turns; ++i) {
      go.wait();
      go.clear();
      done.set();
    }
  });
  partner.start();
  for (int i = 0; i < turns; ++i) {
    go.set();
    ASSERT_TRUE(done.wait(kLongEnough)) << i;
    done.clear();
  }
}

}  // namespace
}  // namespace weft::test
