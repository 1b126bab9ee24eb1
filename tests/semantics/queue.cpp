// Python's queue.Queue. The comment on a test is the row of Python's semantics it is about; where
// C++ differs, it says how.
#include "weft/queue/queue.h"

#include <algorithm>
#include <list>
#include <memory>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/background.h"
#include "support/recording.h"
#include "support/scale.h"
#include "support/well_formed.h"
#include "weft/runtime/session.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using queue::Empty;
using queue::Full;
using queue::Queue;
using queue::ShutDown;

constexpr std::size_t kSize = 5;

struct QueueSemantics : testing::Test {
  void fill() {
    while (!items.full()) items.put_nowait(static_cast<int>(items.qsize()));
  }

  const runtime::Session session{runtime::Session::Options{}};
  Queue<int> items{kSize};
  Queue<int> unbounded;
};

// maxsize<=0 is unbounded; full() false. (maxsize has no sign: 0 is unbounded.)
TEST_F(QueueSemantics, Q01_maxsize_0_is_unbounded) {
  EXPECT_EQ(unbounded.maxsize(), 0U);
  EXPECT_FALSE(unbounded.full());
  for (int i = 0; i < 10'000; ++i) unbounded.put_nowait(i);
  EXPECT_FALSE(unbounded.full());
  EXPECT_EQ(unbounded.qsize(), 10'000U);
}

TEST_F(QueueSemantics, Q01_empty_full_and_qsize) {
  EXPECT_EQ(items.maxsize(), kSize);
  EXPECT_TRUE(items.empty());
  EXPECT_FALSE(items.full());
  for (std::size_t n = 1; n <= kSize; ++n) {
    items.put(0);
    EXPECT_EQ(items.qsize(), n);
    EXPECT_FALSE(items.empty());
    EXPECT_EQ(items.full(), n == kSize);
  }
}

// put on full: Full (nowait or after timeout); get on empty: Empty; negative timeout ValueError.
TEST_F(QueueSemantics, Q02_put_on_full) {
  fill();
  EXPECT_THROW(items.put_nowait(9), Full);
  EXPECT_THROW(items.put(9, false), Full);
  EXPECT_THROW(items.put(9, true, 0ns), Full);
  EXPECT_GE(time_of([&] { EXPECT_THROW(items.put(9, true, 10ms), Full); }), 10ms);
  EXPECT_EQ(items.qsize(), kSize);
  for (std::size_t i = 0; i < kSize; ++i) EXPECT_EQ(items.get(), static_cast<int>(i));
}

TEST_F(QueueSemantics, Q02_get_on_empty) {
  EXPECT_THROW(items.get_nowait(), Empty);
  EXPECT_THROW(items.get(false), Empty);
  EXPECT_THROW(items.get(true, 0ns), Empty);
  EXPECT_GE(time_of([&] { EXPECT_THROW(items.get(true, 10ms), Empty); }), 10ms);
}

TEST_F(QueueSemantics, Q02_negative_timeout) {
  EXPECT_THROW(items.put(1, true, -1ns), ValueError);
  EXPECT_THROW(items.get(true, -1ns), ValueError);
  EXPECT_TRUE(items.empty());
  items.put(1);
  EXPECT_THROW(items.get(true, -1ns), ValueError) << "even if it need not wait";
  EXPECT_EQ(items.qsize(), 1U);
}

// timeout is ignored when block=False.
TEST_F(QueueSemantics, Q03_timeout_is_ignored_unless_block) {
  EXPECT_THROW(items.get(false, -1s), Empty);
  EXPECT_THROW(items.get(false, 1h), Empty);
  EXPECT_NO_THROW(items.put(1, false, -1s));
  fill();
  EXPECT_THROW(items.put(1, false, -1s), Full);
  EXPECT_THROW(items.put(1, false, 1h), Full);
  EXPECT_NO_THROW(items.get(false, -1s));
}

// task_done() more often than put(): ValueError; join() returns when count hits 0, immediately if
// nothing was put.
TEST_F(QueueSemantics, Q04_task_done_more_often_than_put) {
  EXPECT_THROW(items.task_done(), ValueError);
  items.put(1);
  items.get();
  items.task_done();
  EXPECT_THROW(items.task_done(), ValueError);
}

TEST_F(QueueSemantics, Q04_join_returns_at_once_if_nothing_was_put) { items.join(); }

TEST_F(QueueSemantics, Q04_join_returns_when_the_count_hits_0) {
  items.put(1);
  items.put(2);
  Background joiner([&] { items.join(); });
  Background second([&] { items.join(); });
  ASSERT_TRUE(joiner.falls_asleep());
  ASSERT_TRUE(second.falls_asleep());
  items.get();
  items.get();
  items.task_done();
  EXPECT_TRUE(joiner.is_alive());
  items.task_done();
  EXPECT_TRUE(joiner.ends());
  EXPECT_TRUE(second.ends());
  items.join();
}

// CPython: test_queue.test_queue_join, twice for insurance.
TEST_F(QueueSemantics, Q04_join_blocks_until_all_tasks_are_done) {
  for (int round = 0; round < 2; ++round) {
    std::atomic<int> sum{0};
    std::list<Background> workers;
    for (int i = 0; i < 2; ++i) {
      workers.emplace_back([&] {
        for (;;) {
          const int item = unbounded.get();
          if (item >= 0) sum += item;
          unbounded.task_done();
          if (item < 0) return;
        }
      });
    }
    for (int i = 0; i < 100; ++i) unbounded.put(i);
    unbounded.join();
    EXPECT_EQ(sum, 4950);
    unbounded.put(-1);
    unbounded.put(-1);
    unbounded.join();
    for (Background& worker : workers) EXPECT_TRUE(worker.ends());
  }
  EXPECT_THROW(unbounded.task_done(), ValueError);
}

// shutdown(): later put -> ShutDown; get drains then ShutDown; join still waits for task_done.
TEST_F(QueueSemantics, Q05_shutdown_of_an_empty_queue) {
  items.shutdown();
  EXPECT_THROW(items.put(1), ShutDown);
  EXPECT_THROW(items.put_nowait(1), ShutDown);
  EXPECT_THROW(items.get(), ShutDown);
  EXPECT_THROW(items.get_nowait(), ShutDown);
  EXPECT_THROW(items.get(true, 1s), ShutDown);
  EXPECT_THROW(items.get(true, 0ns), ShutDown);
  items.join();
}

TEST_F(QueueSemantics, Q05_get_drains_then_throws) {
  items.put(1);
  items.put(2);
  items.shutdown();
  EXPECT_THROW(items.put(3), ShutDown);
  EXPECT_EQ(items.qsize(), 2U);
  EXPECT_EQ(items.get(), 1);
  items.task_done();
  EXPECT_EQ(items.get_nowait(), 2);
  items.task_done();
  items.join();
  EXPECT_THROW(items.get(), ShutDown);
  EXPECT_THROW(items.get_nowait(), ShutDown);
  EXPECT_THROW(items.get(true, 1s), ShutDown);
}

TEST_F(QueueSemantics, Q05_put_on_a_full_queue_that_is_shut_down) {
  fill();
  items.shutdown();
  EXPECT_THROW(items.put(1), ShutDown) << "not Full";
  EXPECT_THROW(items.put_nowait(1), ShutDown);
  EXPECT_THROW(items.put(1, true, 0ns), ShutDown);
}

TEST_F(QueueSemantics, Q05_join_still_waits_for_task_done) {
  items.put(1);
  Background joiner([&] { items.join(); });
  ASSERT_TRUE(joiner.falls_asleep());
  items.shutdown();
  EXPECT_EQ(items.get(), 1);
  EXPECT_TRUE(joiner.is_alive());
  items.task_done();
  EXPECT_TRUE(joiner.ends());
}

// shutdown(immediate=True): queue drained, each drained item counted done, join unblocks, get ->
// ShutDown at once.
TEST_F(QueueSemantics, Q06_immediate_shutdown) {
  items.put(1);
  items.put(2);
  Background joiner([&] { items.join(); });
  ASSERT_TRUE(joiner.falls_asleep());
  items.shutdown(true);
  EXPECT_TRUE(joiner.ends());
  EXPECT_TRUE(items.empty());
  EXPECT_THROW(items.get(), ShutDown);
  EXPECT_THROW(items.get_nowait(), ShutDown);
  EXPECT_THROW(items.put(1), ShutDown);
  EXPECT_THROW(items.put_nowait(1), ShutDown);
  EXPECT_THROW(items.task_done(), ValueError);
  items.join();
}

TEST_F(QueueSemantics, Q06_what_is_thrown_away_is_destroyed) {
  auto held = std::make_shared<int>(1);
  Queue<std::shared_ptr<int>> owners;
  for (int i = 0; i < 3; ++i) owners.put(held);
  EXPECT_EQ(held.use_count(), 4);
  owners.shutdown(true);
  EXPECT_EQ(held.use_count(), 1);
}

// An item's destructor may use the queue.
TEST_F(QueueSemantics, Q06_destructors_of_what_is_thrown_away_may_look_at_the_queue) {
  struct Looks {
    Queue<std::unique_ptr<Looks>>* from;
    std::size_t* seen;
    ~Looks() { *seen = from->qsize() + 1; }
  };
  std::size_t seen = 0;
  Queue<std::unique_ptr<Looks>> owners;
  owners.put(std::unique_ptr<Looks>(new Looks{&owners, &seen}));
  owners.shutdown(true);
  EXPECT_EQ(seen, 1U);
}

// immediate shutdown with items already taken: join still waits for their task_done.
TEST_F(QueueSemantics, Q07_immediate_shutdown_with_items_taken) {
  items.put(1);
  items.put(2);
  items.put(3);
  EXPECT_EQ(items.get(), 1);
  Background joiner([&] { items.join(); });
  ASSERT_TRUE(joiner.falls_asleep());
  items.shutdown(true);
  EXPECT_TRUE(joiner.is_alive());
  items.task_done();
  EXPECT_TRUE(joiner.ends());
  EXPECT_THROW(items.task_done(), ValueError);
}

// CPython counts a drained item as done only "if self.unfinished_tasks > 0": one may have been
// reported as done before it was got.
TEST_F(QueueSemantics, Q07_immediate_shutdown_with_items_done_ahead) {
  items.put(1);
  items.put(2);
  items.task_done();
  items.shutdown(true);
  Background joiner([&] { items.join(); });
  EXPECT_TRUE(eventually([&] { return !joiner.is_alive(); })) << "the count went below 0";
  EXPECT_THROW(items.task_done(), ValueError);
}

// shutdown wakes blocked getters (empty) and blocked putters (full) with ShutDown.
TEST_F(QueueSemantics, Q08_shutdown_wakes_blocked_getters) {
  for (const bool immediate : {false, true}) {
    Queue<int> empty;
    std::list<Background> getters;
    for (int i = 0; i < 3; ++i) {
      getters.emplace_back([&] { EXPECT_THROW(empty.get(), ShutDown); });
      getters.emplace_back([&] { EXPECT_THROW(empty.get(true, kLongEnough), ShutDown); });
    }
    for (Background& getter : getters) ASSERT_TRUE(getter.falls_asleep());
    empty.shutdown(immediate);
    for (Background& getter : getters) EXPECT_TRUE(getter.ends());
  }
}

TEST_F(QueueSemantics, Q08_shutdown_wakes_blocked_putters) {
  for (const bool immediate : {false, true}) {
    Queue<int> full(1);
    full.put(0);
    std::list<Background> putters;
    for (int i = 0; i < 3; ++i) {
      putters.emplace_back([&] { EXPECT_THROW(full.put(1), ShutDown); });
      putters.emplace_back([&] { EXPECT_THROW(full.put(1, true, kLongEnough), ShutDown); });
    }
    for (Background& putter : putters) ASSERT_TRUE(putter.falls_asleep());
    full.shutdown(immediate);
    for (Background& putter : putters) EXPECT_TRUE(putter.ends());
    EXPECT_EQ(full.qsize(), immediate ? 0U : 1U) << "nothing was put";
  }
}

// CPython: test_queue.test_shutdown_get: of three getters at two items, one gets ShutDown.
TEST_F(QueueSemantics, Q08_items_go_to_the_getters_until_they_are_used_up) {
  items.put(1);
  items.put(2);
  std::atomic<int> got{0};
  std::atomic<int> shut{0};
  std::list<Background> getters;
  items.shutdown();
  for (int i = 0; i < 3; ++i) {
    getters.emplace_back([&] {
      try {
        items.get();
        ++got;
      } catch (const ShutDown&) {
        ++shut;
      }
    });
  }
  for (Background& getter : getters) EXPECT_TRUE(getter.ends());
  EXPECT_EQ(got, 2);
  EXPECT_EQ(shut, 1);
}

// CPython: test_queue.test_shutdown_get_task_done_join.
TEST_F(QueueSemantics, Q05_getters_finish_what_joiners_wait_for) {
  items.put(1);
  items.put(2);
  Background first_joiner([&] { items.join(); });
  Background second_joiner([&] { items.join(); });
  ASSERT_TRUE(first_joiner.falls_asleep());
  ASSERT_TRUE(second_joiner.falls_asleep());
  items.shutdown();
  const auto work = [&] {
    items.get();
    items.task_done();
  };
  Background first(work);
  Background second(work);
  for (Background* each : {&first, &second, &first_joiner, &second_joiner}) {
    EXPECT_TRUE(each->ends());
  }
}

// shutdown twice is fine; shutdown then immediate is allowed (upgrade).
TEST_F(QueueSemantics, Q09_shutdown_twice_and_upgrade) {
  items.put(1);
  items.shutdown();
  items.shutdown();
  EXPECT_EQ(items.qsize(), 1U);
  items.shutdown(true);
  EXPECT_TRUE(items.empty());
  EXPECT_THROW(items.get(), ShutDown);
  items.join();
  items.shutdown(true);
  items.shutdown(false);
  EXPECT_THROW(items.put(1), ShutDown);
}

// CPython: test_queue.test_shutdown_all_methods_in_many_threads, both kinds of shutdown.
TEST_F(QueueSemantics, Q08_shutdown_while_many_threads_put_get_and_join) {
  constexpr int kWriters = 4;
  constexpr int kReaders = 6;
  const int before_shutdown = rounds(10'000);
  for (const bool immediate : {false, true}) {
    Queue<int> shared(50);
    std::atomic<int> put{0};
    std::atomic<int> got{0};
    std::list<Background> writers;
    std::list<Background> readers;
    for (int i = 0; i < kReaders; ++i) {
      readers.emplace_back([&] {
        try {
          for (;;) {
            shared.get();
            ++got;
            shared.task_done();
          }
        } catch (const ShutDown&) {
        }
      });
    }
    Background joiner([&] {
      if (immediate) shared.join();
    });
    for (int i = 0; i < kWriters; ++i) {
      writers.emplace_back([&, i] {
        try {
          for (int n = 0;; ++n) {
            shared.put(n);
            ++put;
            if (i == 0 && n == before_shutdown) shared.shutdown(immediate);
          }
        } catch (const ShutDown&) {
        }
      });
    }
    for (Background& writer : writers) EXPECT_TRUE(writer.ends());
    for (Background& reader : readers) EXPECT_TRUE(reader.ends());
    EXPECT_TRUE(joiner.ends());
    EXPECT_TRUE(shared.empty());
    if (immediate) {
      EXPECT_LE(got, put);
    } else {
      EXPECT_EQ(got, put) << "items that were put before the shutdown are all there to get";
    }
    shared.join();
  }
}

// -- CPython: test_queue, cases without a row

TEST_F(QueueSemantics, first_in_first_out) {
  for (const int item : {111, 333, 222}) items.put(item);
  EXPECT_EQ(items.get(), 111);
  EXPECT_EQ(items.get(), 333);
  EXPECT_EQ(items.get(), 222);
}

TEST_F(QueueSemantics, a_blocked_put_goes_on_when_there_is_room) {
  for (const runtime::Timeout& timeout : {runtime::Timeout(), runtime::Timeout(kLongEnough)}) {
    fill();
    Background putter([&] { items.put(42, true, timeout); });
    ASSERT_TRUE(putter.falls_asleep());
    items.get();
    EXPECT_TRUE(putter.ends());
    EXPECT_TRUE(items.full());
    int last = 0;
    while (!items.empty()) last = items.get();
    EXPECT_EQ(last, 42);
  }
}

TEST_F(QueueSemantics, a_blocked_get_goes_on_when_there_is_an_item) {
  for (const runtime::Timeout& timeout : {runtime::Timeout(), runtime::Timeout(kLongEnough)}) {
    int got = 0;
    Background getter([&] { got = items.get(true, timeout); });
    ASSERT_TRUE(getter.falls_asleep());
    items.put(42);
    EXPECT_TRUE(getter.ends());
    EXPECT_EQ(got, 42);
  }
}

TEST_F(QueueSemantics, one_item_wakes_one_getter) {
  std::atomic<int> got{0};
  std::list<Background> getters;
  for (int i = 0; i < 3; ++i) {
    getters.emplace_back([&] {
      items.get();
      ++got;
    });
  }
  for (Background& getter : getters) ASSERT_TRUE(getter.falls_asleep());
  for (int i = 1; i <= 3; ++i) {
    items.put(i);
    EXPECT_TRUE(eventually([&] { return got == i; }));
    EXPECT_EQ(std::ranges::count_if(getters, &Background::is_alive) >= 3 - i, true);
  }
  for (Background& getter : getters) EXPECT_TRUE(getter.ends());
}

TEST_F(QueueSemantics, waking_for_no_reason_does_not_end_a_wait) {
  runtime::Session& running = *runtime::current->session;
  std::atomic<int> got{0};
  Background getter([&] { got = items.get(); });
  ASSERT_TRUE(getter.falls_asleep());
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(eventually([&] { return running.wake_parked() == 1; }));
  }
  EXPECT_EQ(got, 0);
  items.put(7);
  EXPECT_TRUE(getter.ends());
  EXPECT_EQ(got, 7);
}

TEST_F(QueueSemantics, holds_what_can_only_be_moved) {
  Queue<std::unique_ptr<int>> movables(1);
  movables.put(std::make_unique<int>(7));
  EXPECT_EQ(*movables.get(), 7);
}

/// Fails to be copied when told to, as CPython's FailingQueue.
struct Fragile {
  int value = 0;
  static inline bool breaks = false;
  explicit Fragile(int v) : value(v) {}
  Fragile(const Fragile& other) : value(other.value) {
    if (breaks) throw std::runtime_error("broken");
  }
  Fragile& operator=(const Fragile&) = default;
};

// CPython: FailingQueueTest: an item that can't be put or got leaves the queue as it was.
TEST_F(QueueSemantics, a_failing_item_leaves_the_queue_usable) {
  Queue<Fragile> fragile(2);
  fragile.put(Fragile(1));
  const Fragile item(2);
  Fragile::breaks = true;
  EXPECT_THROW(fragile.put(item), std::runtime_error);
  EXPECT_THROW(fragile.get(), std::runtime_error);
  Fragile::breaks = false;
  EXPECT_EQ(fragile.qsize(), 1U);
  fragile.put(item);
  EXPECT_EQ(fragile.get().value, 1);
  EXPECT_EQ(fragile.get().value, 2);
  fragile.task_done();
  fragile.task_done();
  EXPECT_THROW(fragile.task_done(), ValueError);
}

TEST_F(QueueSemantics, publishes_what_was_written_before_put) {
  int written = 0;  // no atomic: the queue has to make it right
  Background reader([&] {
    items.get();
    EXPECT_EQ(written, 1);
  });
  written = 1;
  items.put(0);
  EXPECT_TRUE(reader.ends());
}

TEST(QueueRecords, tell_the_whole_story) {
  using trace::Kind;
  using trace::Reason;
  Recording recording;
  {
    Queue<int> items(1, "letters");
    items.put(1);
    Background putter([&] { items.put(2); });
    ASSERT_TRUE(putter.falls_asleep());
    items.get();
    ASSERT_TRUE(putter.ends());
    items.task_done();
    Background joiner([&] { items.join(); });
    ASSERT_TRUE(joiner.falls_asleep());
    items.shutdown();
    items.get();
    items.task_done();
    ASSERT_TRUE(joiner.ends());
    items.shutdown(true);
  }
  const auto& entries = recording.finish();
  EXPECT_EQ(complaints(entries), kNone);
  const std::uint32_t letters = of_kind(entries, Kind::queue_open).at(0).object;
  const Entries records = by_object(entries)[letters];
  std::vector<std::string> story;
  for (const Entry& entry : records) {
    const std::string argument = std::to_string(entry.argument);
    switch (entry.kind) {
      case Kind::queue_open: story.push_back("open " + argument); break;
      case Kind::queue_put: story.push_back("put " + argument); break;
      case Kind::queue_get: story.push_back("get " + argument); break;
      case Kind::queue_task_done: story.push_back("done " + argument); break;
      case Kind::queue_shutdown: story.push_back("shutdown " + std::to_string(entry.detail)); break;
      default: break;
    }
  }
  EXPECT_EQ(story, (std::vector<std::string>{"open 1", "put 1", "get 0", "put 1", "done 1",
                                             "shutdown 0", "get 0", "done 0", "shutdown 1"}));
  std::vector<Reason> reasons;
  for (const Entry& entry : of_kind(entries, Kind::blocked)) {
    if (entry.object == letters) reasons.push_back(static_cast<Reason>(entry.detail));
  }
  std::ranges::sort(reasons);
  EXPECT_EQ(reasons, (std::vector<Reason>{Reason::queue_put, Reason::queue_join}));
}

}  // namespace
}  // namespace weft::test
