// The tests' own judge of recordings has to find what is wrong.
#include "support/well_formed.h"

#include <gtest/gtest.h>

namespace weft::test {
namespace {

using trace::Kind;
using trace::Reason;

/// A recording of which each test makes something worse.
struct WellFormed : testing::Test {
  WellFormed() {
    add(1, Kind::thread_name, 0, 0);
    entries.back().payload = "MainThread";
    add(1, Kind::object_name, 2, 0);
    entries.back().payload = "Queue-1";
    add(1, Kind::queue_open, 2, 1).argument = 1;
    add(1, Kind::queue_put, 2, 2).argument = 1;
    add(1, Kind::queue_get, 2, 3).argument = 0;
  }
  Entry& add(std::uint32_t thread, Kind kind, std::uint32_t object, std::uint32_t sequence) {
    return entries.emplace_back(Entry{kind, thread, object, sequence, 0, 0, 0, {}});
  }
  bool has_complaints() const { return !complaints(entries).empty(); }

  Entries entries;
};

TEST_F(WellFormed, NothingToComplainOf) { EXPECT_EQ(complaints(entries), kNone); }

TEST_F(WellFormed, AGapInASequence) {
  add(1, Kind::queue_put, 2, 5).argument = 1;
  EXPECT_TRUE(has_complaints());
}

TEST_F(WellFormed, ADoubleInASequence) {
  add(1, Kind::queue_put, 2, 3).argument = 1;
  EXPECT_TRUE(has_complaints());
}

TEST_F(WellFormed, AWrongDepth) {
  add(1, Kind::queue_put, 2, 4).argument = 0;
  EXPECT_TRUE(has_complaints());
}

TEST_F(WellFormed, ADepthBeyondTheCapacity) {
  add(1, Kind::queue_put, 2, 4).argument = 1;
  add(1, Kind::queue_put, 2, 5).argument = 2;
  EXPECT_TRUE(has_complaints());
}

TEST_F(WellFormed, AnObjectWithoutAName) {
  add(1, Kind::event_set, 3, 1);
  EXPECT_TRUE(has_complaints());
}

TEST_F(WellFormed, AThreadWithoutAnEnd) {
  add(2, Kind::thread_name, 0, 0);
  add(2, Kind::thread_start, 2, 4).detail = 1;
  EXPECT_TRUE(has_complaints());
  add(2, Kind::thread_end, 2, 5);
  EXPECT_FALSE(has_complaints());
}

TEST_F(WellFormed, AThreadOfAnUnknownParent) {
  add(2, Kind::thread_name, 0, 0);
  add(2, Kind::thread_start, 2, 4).detail = 9;
  add(2, Kind::thread_end, 2, 5);
  EXPECT_TRUE(has_complaints());
}

TEST_F(WellFormed, TimeThatGoesBack) {
  entries[3].time = 5;
  EXPECT_TRUE(has_complaints());
}

TEST_F(WellFormed, BlockedForEver) {
  add(1, Kind::blocked, 0, 0);
  EXPECT_TRUE(has_complaints());
  add(1, Kind::unblocked, 0, 0);
  EXPECT_FALSE(has_complaints());
  add(1, Kind::unblocked, 0, 0);
  EXPECT_TRUE(has_complaints());
}

TEST_F(WellFormed, ActiveWhileBlocked) {
  add(1, Kind::blocked, 0, 0);
  add(1, Kind::progress, 0, 0);
  add(1, Kind::unblocked, 0, 0);
  EXPECT_TRUE(has_complaints());
}

TEST_F(WellFormed, ALockHeldTwice) {
  add(1, Kind::lock_acquire, 2, 4);
  add(1, Kind::lock_release, 2, 5);
  EXPECT_FALSE(has_complaints());
  add(1, Kind::lock_release, 2, 6);
  EXPECT_TRUE(has_complaints());
}

TEST_F(WellFormed, ATaskThatFinishesBeforeItStarts) {
  add(1, Kind::task_submit, 3, 1);
  add(1, Kind::task_finish, 3, 2);
  EXPECT_TRUE(has_complaints());
}

TEST_F(WellFormed, ATaskThatIsCancelledAfterItStarted) {
  add(1, Kind::task_submit, 3, 1);
  add(1, Kind::task_start, 3, 2);
  EXPECT_FALSE(has_complaints());
  add(1, Kind::task_cancel, 3, 3);
  EXPECT_TRUE(has_complaints());
}

}  // namespace
}  // namespace weft::test
