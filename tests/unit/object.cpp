#include "weft/runtime/object.h"

#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "support/recording.h"
#include "support/scale.h"
#include "support/well_formed.h"
#include "weft/futures/future.h"
#include "weft/queue/queue.h"
#include "weft/runtime/point.h"
#include "weft/threading/condition.h"
#include "weft/threading/event.h"
#include "weft/threading/lock.h"

namespace weft::test {
namespace {

using runtime::Object;
using trace::Kind;
using trace::ObjectType;

TEST(Object, IsUnknownUntilItIsFirstRecorded) {
  Recording recording;
  Object object(ObjectType::lock);
  EXPECT_TRUE(of_kind(recording.finish(), Kind::object_name).empty());
}

TEST(Object, DefaultNamesCountWithinTheirType) {
  Recording recording;
  threading::Lock lock;
  threading::Lock other_lock;
  threading::Condition condition;
  threading::Event event;
  queue::Queue<int> items;
  other_lock.acquire();
  lock.acquire();
  {
    const std::lock_guard guard(condition);
    condition.notify();
  }
  event.set();
  items.put(1);
  lock.release();
  other_lock.release();
  // In the order of their first record; a queue has one from the beginning.
  EXPECT_EQ(payloads(recording.finish(), Kind::object_name),
            (std::vector<std::string>{"Queue-1", "Lock-1", "Lock-2", "RLock-1", "Condition-1",
                                      "Event-1"}));
  EXPECT_EQ(complaints(recording.finish()), kNone);
}

TEST(Object, NeitherUseNorWaitsOfAnUnrecordedOneAreInTheTrace) {
  Recording recording;
  threading::Lock quiet({.name = "quiet", .recorded = Recorded::no});
  threading::Lock lock("lock");
  quiet.acquire();
  lock.acquire();
  EXPECT_FALSE(quiet.acquire(true, std::chrono::milliseconds(1)));
  EXPECT_FALSE(lock.acquire(true, std::chrono::milliseconds(1)));
  quiet.release();
  lock.release();
  const Entries entries = recording.finish();
  EXPECT_EQ(payloads(entries, Kind::object_name), std::vector<std::string>{"lock"});
  for (const Kind kind : {Kind::lock_acquire, Kind::lock_release, Kind::blocked, Kind::unblocked}) {
    EXPECT_EQ(of_kind(entries, kind).size(), 1U) << static_cast<int>(kind);
  }
  EXPECT_EQ(complaints(entries), kNone);
}

TEST(Object, GivenNamesAndTypesAreRecorded) {
  Recording recording;
  threading::Lock lock("door");
  lock.acquire();
  lock.release();
  threading::Event event("bell");
  event.set();
  queue::Queue<int> items(3, "letters");
  const auto names = of_kind(recording.finish(), Kind::object_name);
  ASSERT_EQ(names.size(), 3U);
  EXPECT_EQ(names[0].payload, "door");
  EXPECT_EQ(names[0].detail, static_cast<std::uint32_t>(ObjectType::lock));
  EXPECT_EQ(names[1].payload, "bell");
  EXPECT_EQ(names[1].detail, static_cast<std::uint32_t>(ObjectType::event));
  EXPECT_EQ(names[2].payload, "letters");
  EXPECT_EQ(names[2].detail, static_cast<std::uint32_t>(ObjectType::queue));
}

TEST(Object, AThreadsObjectHasTheThreadsName) {
  Recording recording;
  threading::Thread thread([] {}, "weaver");
  thread.start();
  thread.join();
  EXPECT_EQ(payloads(recording.finish(), Kind::object_name), std::vector<std::string>{"weaver"});
}

TEST(Object, FuturesHaveNumbersButNoNames) {
  Recording recording;
  futures::Future<int> first;
  futures::Future<int> second;
  first.set_result(1);
  second.set_result(2);
  const auto& entries = recording.finish();
  EXPECT_TRUE(of_kind(entries, Kind::object_name).empty());
  const auto finished = of_kind(entries, Kind::task_finish);
  ASSERT_EQ(finished.size(), 2U);
  EXPECT_NE(finished[0].object, finished[1].object);
}

TEST(Object, SequencesAreGaplessWhoeverRecords) {
  Recording recording;
  Object object(ObjectType::event);
  const int threads = many_threads();
  const int per_thread = rounds(2'000);
  {
    std::vector<threading::Thread> recorders;
    for (int i = 0; i < threads; ++i) {
      recorders.emplace_back([&] {
        for (int n = 0; n < per_thread; ++n) runtime::record(Kind::event_set, object);
      });
      recorders.back().start();
    }
  }
  const auto& entries = recording.finish();
  EXPECT_EQ(complaints(entries), kNone);
  const auto noted = of_kind(entries, Kind::event_set);
  EXPECT_EQ(noted.size(), static_cast<std::size_t>(threads * per_thread));
  // However many threads met it first, it has one number.
  for (const Entry& entry : noted) ASSERT_EQ(entry.object, noted[0].object);
}

TEST(Object, EachRunNumbersAnObjectAnew) {
  threading::Lock lock("survivor");
  for (int run = 0; run < 2; ++run) {
    Recording recording;
    threading::Event other;
    other.set();  // takes the first number
    lock.acquire();
    lock.release();
    const auto& entries = recording.finish();
    EXPECT_EQ(complaints(entries), kNone);
    EXPECT_EQ(payloads(entries, Kind::object_name),
              (std::vector<std::string>{"Event-1", "survivor"}));
  }
}

TEST(Object, CostsNoRecordOutsideASession) {
  threading::Lock lock;
  lock.acquire();
  EXPECT_EQ(runtime::trace_id(lock.object()), 0U);
  lock.release();
}

}  // namespace
}  // namespace weft::test
