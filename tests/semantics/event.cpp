// Python's threading.Event. The comment on a test is the row of Python's semantics it is about.
#include "weft/threading/event.h"

#include <list>

#include <gtest/gtest.h>

#include "support/background.h"
#include "support/recording.h"
#include "support/well_formed.h"
#include "weft/runtime/session.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using threading::Event;
using trace::Kind;

// Event.wait True when set, False on timeout; a waiter woken by set() returns True even if clear()
// follows at once.
TEST(EventSemantics, T21_is_set) {
  Event event;
  EXPECT_FALSE(event.is_set());
  event.set();
  EXPECT_TRUE(event.is_set());
  event.set();
  EXPECT_TRUE(event.is_set());
  event.clear();
  EXPECT_FALSE(event.is_set());
  event.clear();
  EXPECT_FALSE(event.is_set());
}

TEST(EventSemantics, T21_wait_returns_true_when_set) {
  Event event;
  event.set();
  EXPECT_TRUE(event.wait());
  EXPECT_TRUE(event.wait(0ns));
  EXPECT_TRUE(event.wait(-1s));
  EXPECT_TRUE(event.is_set()) << "waiting does not take it";
}

TEST(EventSemantics, T21_wait_returns_false_on_timeout) {
  Event event;
  bool set = true;
  EXPECT_GE(time_of([&] { set = event.wait(10ms); }), 10ms);
  EXPECT_FALSE(set);
  EXPECT_FALSE(event.wait(0ns));
  EXPECT_FALSE(event.wait(-1s));
  event.set();
  event.clear();
  EXPECT_FALSE(event.wait(0ns));
}

TEST(EventSemantics, T21_set_wakes_everybody) {
  const runtime::Session session({});
  Event event;
  for (int round = 0; round < 2; ++round) {
    std::list<Background> waiters;
    for (int i = 0; i < 5; ++i) waiters.emplace_back([&] { EXPECT_TRUE(event.wait()); });
    for (Background& waiter : waiters) ASSERT_TRUE(waiter.falls_asleep());
    event.set();
    for (Background& waiter : waiters) EXPECT_TRUE(waiter.ends());
    event.clear();
  }
}

TEST(EventSemantics, T21_woken_by_set_even_if_cleared_at_once) {
  const runtime::Session session({});
  Event event;
  std::list<Background> waiters;
  for (int i = 0; i < 5; ++i) {
    waiters.emplace_back([&] { EXPECT_TRUE(event.wait(kLongEnough)); });
  }
  for (Background& waiter : waiters) ASSERT_TRUE(waiter.falls_asleep());
  event.set();
  event.clear();
  for (Background& waiter : waiters) EXPECT_TRUE(waiter.ends());
  EXPECT_FALSE(event.is_set());
}

TEST(EventSemantics, T21_a_wait_after_the_clear_waits) {
  const runtime::Session session({});
  Event event;
  event.set();
  event.clear();
  Background waiter([&] { EXPECT_TRUE(event.wait()); });
  ASSERT_TRUE(waiter.falls_asleep());
  event.clear();  // clearing what is clear wakes nobody
  EXPECT_TRUE(waiter.is_alive());
  event.set();
  EXPECT_TRUE(waiter.ends());
}

TEST(EventSemantics, T21_waking_for_no_reason_does_not_end_a_wait) {
  runtime::Session session({});
  Event event;
  std::atomic<bool> returned{false};
  Background waiter([&] {
    EXPECT_TRUE(event.wait());
    returned = true;
  });
  ASSERT_TRUE(waiter.falls_asleep());
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(eventually([&] { return session.wake_parked() == 1; }));
  }
  EXPECT_FALSE(returned);
  event.set();
  EXPECT_TRUE(waiter.ends());
}

TEST(EventSemantics, only_changes_are_recorded) {
  Recording recording;
  Event event;
  event.clear();
  event.set();
  event.set();
  event.clear();
  const auto& entries = recording.finish();
  EXPECT_EQ(complaints(entries), kNone);
  EXPECT_EQ(of_kind(entries, Kind::event_set).size(), 1U);
  EXPECT_EQ(of_kind(entries, Kind::event_clear).size(), 1U);
}

TEST(EventSemantics, publishes_what_was_written_before_it_was_set) {
  Event event;
  int written = 0;  // no atomic: the event has to make it right
  threading::Thread reader([&] {
    event.wait();
    EXPECT_EQ(written, 1);
  });
  reader.start();
  written = 1;
  event.set();
}

}  // namespace
}  // namespace weft::test
