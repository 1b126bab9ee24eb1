// Python's queue.Queue, LifoQueue and PriorityQueue, which have everything in common but the order.
// The comment on a test is the row of Python's semantics it is about; where C++ differs, it says
// how.
#include "weft/queue/queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <list>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include "demos/kit/random.h"
#include "support/background.h"
#include "support/recording.h"
#include "support/scale.h"
#include "support/well_formed.h"
#include "weft/queue/lifo_queue.h"
#include "weft/queue/priority_queue.h"
#include "weft/runtime/session.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using queue::Empty;
using queue::Full;
using queue::LifoQueue;
using queue::PriorityQueue;
using queue::Queue;
using queue::ShutDown;

constexpr std::size_t kSize = 5;

// The three kinds, each of which makes queues of any type.
struct Plain {
  template <class T>
  using Of = Queue<T>;
};
struct Lifo {
  template <class T>
  using Of = LifoQueue<T>;
};
struct Priority {
  template <class T>
  using Of = PriorityQueue<T>;
};

template <class T>
using LeastFirst = PriorityQueue<T>;

template <class Kind>
struct QueueSemantics : testing::Test {
  template <class T>
  using Of = typename Kind::template Of<T>;

  void fill() {
    while (!items.full()) items.put_nowait(static_cast<int>(items.qsize()));
  }

  const runtime::Session session{runtime::Session::Options{}};
  Of<int> items{kSize};
  Of<int> unbounded;
};

struct KindName {
  template <class Kind>
  static std::string GetName(int) {
    if (std::is_same_v<Kind, Lifo>) return "LifoQueue";
    return std::is_same_v<Kind, Priority> ? "PriorityQueue" : "Queue";
  }
};
using Kinds = testing::Types<Plain, Lifo, Priority>;
TYPED_TEST_SUITE(QueueSemantics, Kinds, KindName);

// maxsize<=0 is unbounded; full() false. (maxsize has no sign: 0 is unbounded.)
TYPED_TEST(QueueSemantics, Q01_maxsize_0_is_unbounded) {
  EXPECT_EQ(this->unbounded.maxsize(), 0U);
  EXPECT_FALSE(this->unbounded.full());
  for (int i = 0; i < 10'000; ++i) this->unbounded.put_nowait(i);
  EXPECT_FALSE(this->unbounded.full());
  EXPECT_EQ(this->unbounded.qsize(), 10'000U);
}

TYPED_TEST(QueueSemantics, Q01_empty_full_and_qsize) {
  EXPECT_EQ(this->items.maxsize(), kSize);
  EXPECT_TRUE(this->items.empty());
  EXPECT_FALSE(this->items.full());
  for (std::size_t n = 1; n <= kSize; ++n) {
    this->items.put(0);
    EXPECT_EQ(this->items.qsize(), n);
    EXPECT_FALSE(this->items.empty());
    EXPECT_EQ(this->items.full(), n == kSize);
  }
}

// put on full: Full (nowait or after timeout); get on empty: Empty; negative timeout ValueError.
TYPED_TEST(QueueSemantics, Q02_put_on_full) {
  this->fill();
  EXPECT_THROW(this->items.put_nowait(9), Full);
  EXPECT_THROW(this->items.put(9, false), Full);
  EXPECT_THROW(this->items.put(9, true, 0ns), Full);
  EXPECT_GE(time_of([&] { EXPECT_THROW(this->items.put(9, true, 10ms), Full); }), 10ms);
  EXPECT_EQ(this->items.qsize(), kSize);
  int sum = 0;
  while (!this->items.empty()) sum += this->items.get();
  EXPECT_EQ(sum, 0 + 1 + 2 + 3 + 4) << "what was refused is not there";
}

TYPED_TEST(QueueSemantics, Q02_get_on_empty) {
  EXPECT_THROW(this->items.get_nowait(), Empty);
  EXPECT_THROW(this->items.get(false), Empty);
  EXPECT_THROW(this->items.get(true, 0ns), Empty);
  EXPECT_GE(time_of([&] { EXPECT_THROW(this->items.get(true, 10ms), Empty); }), 10ms);
}

TYPED_TEST(QueueSemantics, Q02_negative_timeout) {
  EXPECT_THROW(this->items.put(1, true, -1ns), ValueError);
  EXPECT_THROW(this->items.get(true, -1ns), ValueError);
  EXPECT_TRUE(this->items.empty());
  this->items.put(1);
  EXPECT_THROW(this->items.get(true, -1ns), ValueError) << "even if it need not wait";
  EXPECT_EQ(this->items.qsize(), 1U);
}

// timeout is ignored when block=False.
TYPED_TEST(QueueSemantics, Q03_timeout_is_ignored_unless_block) {
  EXPECT_THROW(this->items.get(false, -1s), Empty);
  EXPECT_THROW(this->items.get(false, 1h), Empty);
  EXPECT_NO_THROW(this->items.put(1, false, -1s));
  this->fill();
  EXPECT_THROW(this->items.put(1, false, -1s), Full);
  EXPECT_THROW(this->items.put(1, false, 1h), Full);
  EXPECT_NO_THROW(this->items.get(false, -1s));
}

// task_done() more often than put(): ValueError; join() returns when count hits 0, immediately if
// nothing was put.
TYPED_TEST(QueueSemantics, Q04_task_done_more_often_than_put) {
  EXPECT_THROW(this->items.task_done(), ValueError);
  this->items.put(1);
  this->items.get();
  this->items.task_done();
  EXPECT_THROW(this->items.task_done(), ValueError);
}

TYPED_TEST(QueueSemantics, Q04_join_returns_at_once_if_nothing_was_put) { this->items.join(); }

TYPED_TEST(QueueSemantics, Q04_join_returns_when_the_count_hits_0) {
  this->items.put(1);
  this->items.put(2);
  Background joiner([&] { this->items.join(); });
  Background second([&] { this->items.join(); });
  ASSERT_TRUE(joiner.falls_asleep());
  ASSERT_TRUE(second.falls_asleep());
  this->items.get();
  this->items.get();
  this->items.task_done();
  EXPECT_TRUE(joiner.is_alive());
  this->items.task_done();
  EXPECT_TRUE(joiner.ends());
  EXPECT_TRUE(second.ends());
  this->items.join();
}

// CPython: test_queue.test_queue_join, twice for insurance.
TYPED_TEST(QueueSemantics, Q04_join_blocks_until_all_tasks_are_done) {
  for (int round = 0; round < 2; ++round) {
    std::atomic<int> sum{0};
    std::list<Background> workers;
    for (int i = 0; i < 2; ++i) {
      workers.emplace_back([&] {
        for (;;) {
          const int item = this->unbounded.get();
          if (item >= 0) sum += item;
          this->unbounded.task_done();
          if (item < 0) return;
        }
      });
    }
    for (int i = 0; i < 100; ++i) this->unbounded.put(i);
    this->unbounded.join();
    EXPECT_EQ(sum, 4950);
    this->unbounded.put(-1);
    this->unbounded.put(-1);
    this->unbounded.join();
    for (Background& worker : workers) EXPECT_TRUE(worker.ends());
  }
  EXPECT_THROW(this->unbounded.task_done(), ValueError);
}

// shutdown(): later put -> ShutDown; get drains then ShutDown; join still waits for task_done.
TYPED_TEST(QueueSemantics, Q05_shutdown_of_an_empty_queue) {
  this->items.shutdown();
  EXPECT_THROW(this->items.put(1), ShutDown);
  EXPECT_THROW(this->items.put_nowait(1), ShutDown);
  EXPECT_THROW(this->items.get(), ShutDown);
  EXPECT_THROW(this->items.get_nowait(), ShutDown);
  EXPECT_THROW(this->items.get(true, 1s), ShutDown);
  EXPECT_THROW(this->items.get(true, 0ns), ShutDown);
  this->items.join();
}

TYPED_TEST(QueueSemantics, Q05_get_drains_then_throws) {
  this->items.put(7);
  this->items.put(7);
  this->items.shutdown();
  EXPECT_THROW(this->items.put(3), ShutDown);
  EXPECT_EQ(this->items.qsize(), 2U);
  EXPECT_EQ(this->items.get(), 7);
  this->items.task_done();
  EXPECT_EQ(this->items.get_nowait(), 7);
  this->items.task_done();
  this->items.join();
  EXPECT_THROW(this->items.get(), ShutDown);
  EXPECT_THROW(this->items.get_nowait(), ShutDown);
  EXPECT_THROW(this->items.get(true, 1s), ShutDown);
}

TYPED_TEST(QueueSemantics, Q05_put_on_a_full_queue_that_is_shut_down) {
  this->fill();
  this->items.shutdown();
  EXPECT_THROW(this->items.put(1), ShutDown) << "not Full";
  EXPECT_THROW(this->items.put_nowait(1), ShutDown);
  EXPECT_THROW(this->items.put(1, true, 0ns), ShutDown);
}

TYPED_TEST(QueueSemantics, Q05_join_still_waits_for_task_done) {
  this->items.put(1);
  Background joiner([&] { this->items.join(); });
  ASSERT_TRUE(joiner.falls_asleep());
  this->items.shutdown();
  EXPECT_EQ(this->items.get(), 1);
  EXPECT_TRUE(joiner.is_alive());
  this->items.task_done();
  EXPECT_TRUE(joiner.ends());
}

// shutdown(immediate=True): queue drained, each drained item counted done, join unblocks, get ->
// ShutDown at once.
TYPED_TEST(QueueSemantics, Q06_immediate_shutdown) {
  this->items.put(1);
  this->items.put(2);
  Background joiner([&] { this->items.join(); });
  ASSERT_TRUE(joiner.falls_asleep());
  this->items.shutdown(true);
  EXPECT_TRUE(joiner.ends());
  EXPECT_TRUE(this->items.empty());
  EXPECT_THROW(this->items.get(), ShutDown);
  EXPECT_THROW(this->items.get_nowait(), ShutDown);
  EXPECT_THROW(this->items.put(1), ShutDown);
  EXPECT_THROW(this->items.put_nowait(1), ShutDown);
  EXPECT_THROW(this->items.task_done(), ValueError);
  this->items.join();
}

TYPED_TEST(QueueSemantics, Q06_what_is_thrown_away_is_destroyed) {
  auto held = std::make_shared<int>(1);
  typename TestFixture::template Of<std::shared_ptr<int>> owners;
  for (int i = 0; i < 3; ++i) owners.put(held);
  EXPECT_EQ(held.use_count(), 4);
  owners.shutdown(true);
  EXPECT_EQ(held.use_count(), 1);
}

// immediate shutdown with items already taken: join still waits for their task_done.
TYPED_TEST(QueueSemantics, Q07_immediate_shutdown_with_items_taken) {
  this->items.put(1);
  this->items.put(2);
  this->items.put(3);
  this->items.get();
  Background joiner([&] { this->items.join(); });
  ASSERT_TRUE(joiner.falls_asleep());
  this->items.shutdown(true);
  EXPECT_TRUE(joiner.is_alive());
  this->items.task_done();
  EXPECT_TRUE(joiner.ends());
  EXPECT_THROW(this->items.task_done(), ValueError);
}

// CPython counts a drained item as done only "if self.unfinished_tasks > 0": one may have been
// reported as done before it was got.
TYPED_TEST(QueueSemantics, Q07_immediate_shutdown_with_items_done_ahead) {
  this->items.put(1);
  this->items.put(2);
  this->items.task_done();
  this->items.shutdown(true);
  Background joiner([&] { this->items.join(); });
  EXPECT_TRUE(eventually([&] { return !joiner.is_alive(); })) << "the count went below 0";
  EXPECT_THROW(this->items.task_done(), ValueError);
}

// shutdown wakes blocked getters (empty) and blocked putters (full) with ShutDown.
TYPED_TEST(QueueSemantics, Q08_shutdown_wakes_blocked_getters) {
  for (const bool immediate : {false, true}) {
    typename TestFixture::template Of<int> empty;
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

TYPED_TEST(QueueSemantics, Q08_shutdown_wakes_blocked_putters) {
  for (const bool immediate : {false, true}) {
    typename TestFixture::template Of<int> full(1);
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

// CPython: test_queue.test_shutdown_get: of three getters at two this->items, one gets ShutDown.
TYPED_TEST(QueueSemantics, Q08_items_go_to_the_getters_until_they_are_used_up) {
  this->items.put(1);
  this->items.put(2);
  std::atomic<int> got{0};
  std::atomic<int> shut{0};
  std::list<Background> getters;
  this->items.shutdown();
  for (int i = 0; i < 3; ++i) {
    getters.emplace_back([&] {
      try {
        this->items.get();
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
TYPED_TEST(QueueSemantics, Q05_getters_finish_what_joiners_wait_for) {
  this->items.put(1);
  this->items.put(2);
  Background first_joiner([&] { this->items.join(); });
  Background second_joiner([&] { this->items.join(); });
  ASSERT_TRUE(first_joiner.falls_asleep());
  ASSERT_TRUE(second_joiner.falls_asleep());
  this->items.shutdown();
  const auto work = [&] {
    this->items.get();
    this->items.task_done();
  };
  Background first(work);
  Background second(work);
  for (Background* each : {&first, &second, &first_joiner, &second_joiner}) {
    EXPECT_TRUE(each->ends());
  }
}

// shutdown twice is fine; shutdown then immediate is allowed (upgrade).
TYPED_TEST(QueueSemantics, Q09_shutdown_twice_and_upgrade) {
  this->items.put(1);
  this->items.shutdown();
  this->items.shutdown();
  EXPECT_EQ(this->items.qsize(), 1U);
  this->items.shutdown(true);
  EXPECT_TRUE(this->items.empty());
  EXPECT_THROW(this->items.get(), ShutDown);
  this->items.join();
  this->items.shutdown(true);
  this->items.shutdown(false);
  EXPECT_THROW(this->items.put(1), ShutDown);
}

// The attributes of the same names.
TYPED_TEST(QueueSemantics, Q13_is_shutdown) {
  EXPECT_FALSE(this->items.is_shutdown());
  this->items.put(1);
  EXPECT_FALSE(this->items.is_shutdown());
  this->items.shutdown();
  EXPECT_TRUE(std::as_const(this->items).is_shutdown());
  EXPECT_EQ(this->items.get(), 1);
  EXPECT_TRUE(this->items.is_shutdown());
  this->unbounded.shutdown(true);
  EXPECT_TRUE(this->unbounded.is_shutdown());
}

TYPED_TEST(QueueSemantics, Q13_unfinished_tasks) {
  EXPECT_EQ(this->items.unfinished_tasks(), 0U);
  this->items.put(1);
  this->items.put(2);
  this->items.put(3);
  EXPECT_EQ(this->items.unfinished_tasks(), 3U);
  this->items.get();
  EXPECT_EQ(std::as_const(this->items).unfinished_tasks(), 3U) << "got, but not done";
  this->items.task_done();
  EXPECT_EQ(this->items.unfinished_tasks(), 2U);
  this->items.get();
  this->items.shutdown(true);
  EXPECT_EQ(this->items.unfinished_tasks(), 1U) << "what is thrown away counts as done";
  this->items.task_done();
  EXPECT_EQ(this->items.unfinished_tasks(), 0U);
  EXPECT_THROW(this->items.task_done(), ValueError);
  EXPECT_EQ(this->items.unfinished_tasks(), 0U);
}

// They hold no lock while they wait, so observers do not block.
TYPED_TEST(QueueSemantics, Q13_looking_at_a_queue_in_which_others_wait) {
  this->fill();
  Background putter([&] { EXPECT_THROW(this->items.put(9), ShutDown); });
  Background joiner([&] { this->items.join(); });
  ASSERT_TRUE(putter.falls_asleep());
  ASSERT_TRUE(joiner.falls_asleep());
  EXPECT_EQ(this->items.unfinished_tasks(), kSize);
  EXPECT_FALSE(this->items.is_shutdown());
  this->items.shutdown(true);
  EXPECT_TRUE(putter.ends());
  EXPECT_TRUE(joiner.ends());
  EXPECT_EQ(this->items.unfinished_tasks(), 0U);
}

// CPython: test_queue.test_shutdown_all_methods_in_many_threads, both kinds of shutdown.
TYPED_TEST(QueueSemantics, Q08_shutdown_while_many_threads_put_get_and_join) {
  constexpr int kWriters = 4;
  constexpr int kReaders = 6;
  const int before_shutdown = rounds(10'000);
  for (const bool immediate : {false, true}) {
    typename TestFixture::template Of<int> shared(50);
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

TYPED_TEST(QueueSemantics, a_blocked_put_goes_on_when_there_is_room) {
  for (const runtime::Timeout& timeout : {runtime::Timeout(), runtime::Timeout(kLongEnough)}) {
    this->fill();
    Background putter([&] { this->items.put(42, true, timeout); });
    ASSERT_TRUE(putter.falls_asleep());
    this->items.get();
    EXPECT_TRUE(putter.ends());
    EXPECT_TRUE(this->items.full());
    int highest = 0;
    while (!this->items.empty()) highest = std::max(highest, this->items.get());
    EXPECT_EQ(highest, 42);
  }
}

TYPED_TEST(QueueSemantics, a_blocked_get_goes_on_when_there_is_an_item) {
  for (const runtime::Timeout& timeout : {runtime::Timeout(), runtime::Timeout(kLongEnough)}) {
    int got = 0;
    Background getter([&] { got = this->items.get(true, timeout); });
    ASSERT_TRUE(getter.falls_asleep());
    this->items.put(42);
    EXPECT_TRUE(getter.ends());
    EXPECT_EQ(got, 42);
  }
}

TYPED_TEST(QueueSemantics, one_item_wakes_one_getter) {
  std::atomic<int> got{0};
  std::list<Background> getters;
  for (int i = 0; i < 3; ++i) {
    getters.emplace_back([&] {
      this->items.get();
      ++got;
    });
  }
  for (Background& getter : getters) ASSERT_TRUE(getter.falls_asleep());
  for (int i = 1; i <= 3; ++i) {
    this->items.put(i);
    EXPECT_TRUE(eventually([&] { return got == i; }));
    EXPECT_EQ(std::ranges::count_if(getters, &Background::is_alive) >= 3 - i, true);
  }
  for (Background& getter : getters) EXPECT_TRUE(getter.ends());
}

TYPED_TEST(QueueSemantics, waking_for_no_reason_does_not_end_a_wait) {
  runtime::Session& running = *runtime::current->session;
  std::atomic<int> got{0};
  Background getter([&] { got = this->items.get(); });
  ASSERT_TRUE(getter.falls_asleep());
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(eventually([&] { return running.wake_parked() == 1; }));
  }
  EXPECT_EQ(got, 0);
  this->items.put(7);
  EXPECT_TRUE(getter.ends());
  EXPECT_EQ(got, 7);
}

TYPED_TEST(QueueSemantics, holds_what_can_only_be_moved) {
  typename TestFixture::template Of<std::unique_ptr<int>> movables(1);
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
  auto operator<=>(const Fragile& other) const { return value <=> other.value; }
};

// CPython: FailingQueueTest: an item that can't be put or got leaves the queue as it was.
TYPED_TEST(QueueSemantics, a_failing_item_leaves_the_queue_usable) {
  typename TestFixture::template Of<Fragile> fragile(2);
  fragile.put(Fragile(1));
  const Fragile item(2);
  Fragile::breaks = true;
  EXPECT_THROW(fragile.put(item), std::runtime_error);
  EXPECT_THROW(fragile.get(), std::runtime_error);
  Fragile::breaks = false;
  EXPECT_EQ(fragile.qsize(), 1U);
  fragile.put(item);
  EXPECT_EQ(fragile.get().value + fragile.get().value, 3);
  fragile.task_done();
  fragile.task_done();
  EXPECT_THROW(fragile.task_done(), ValueError);
}

/// Throws when it is moved for the n-th time.
struct Explosive {
  int value;
  static inline int fuse = -1;
  explicit Explosive(int v) : value(v) {}
  Explosive(Explosive&& other) : value(other.value) { burn(); }
  Explosive& operator=(Explosive&& other) {
    burn();
    value = other.value;
    return *this;
  }
  static void burn() {
    if (fuse >= 0 && fuse-- == 0) throw std::runtime_error("move");
  }
  bool operator<(const Explosive& other) const { return value < other.value; }
};

// Whichever move throws: nothing is lost, and nothing is there twice.
TYPED_TEST(QueueSemantics, an_item_whose_move_throws_leaves_the_queue_as_it_was) {
  for (int moves = 0; moves < 12; ++moves) {
    for (const bool puts : {false, true}) {
      typename TestFixture::template Of<Explosive> explosive;
      for (int i = 0; i < 8; ++i) explosive.put(Explosive((i * 5) % 8));
      Explosive::fuse = moves;
      std::multiset<int> there{0, 1, 2, 3, 4, 5, 6, 7};
      try {
        if (puts) {
          explosive.put(Explosive(8));
          there.insert(8);
        } else {
          there.erase(explosive.get().value);
        }
      } catch (const std::runtime_error&) {
      }
      Explosive::fuse = -1;
      EXPECT_EQ(explosive.qsize(), there.size());
      std::multiset<int> left;
      while (!explosive.empty()) left.insert(explosive.get().value);
      EXPECT_EQ(left, there) << "move " << moves << (puts ? " of put" : " of get");
    }
  }
}

/// Can't be moved by a thread that says so.
struct Stubborn {
  int value;
  static inline thread_local bool stays = false;
  explicit Stubborn(int v) : value(v) {}
  Stubborn(Stubborn&& other) : value(other.value) {
    if (stays) throw std::runtime_error("stays");
  }
  Stubborn& operator=(Stubborn&&) = default;
  bool operator<(const Stubborn& other) const { return value < other.value; }

  struct Scope {
    Scope() { stays = true; }
    ~Scope() { stays = false; }
  };
};

// Who is woken and fails to put or get leaves the room or the item to the next one that waits.
TYPED_TEST(QueueSemantics, one_that_fails_lets_the_next_one_through) {
  typename TestFixture::template Of<Stubborn> stubborn(1);
  stubborn.put(Stubborn(1));
  Background putter_that_fails([&] {
    const Stubborn::Scope stays;
    EXPECT_THROW(stubborn.put(Stubborn(2)), std::runtime_error);
  });
  ASSERT_TRUE(putter_that_fails.falls_asleep());
  Background next_putter([&] { stubborn.put(Stubborn(3)); });
  ASSERT_TRUE(next_putter.falls_asleep());
  EXPECT_EQ(stubborn.get().value, 1);
  EXPECT_TRUE(putter_that_fails.ends());
  EXPECT_TRUE(next_putter.ends()) << "there is room, and it sleeps on";
  EXPECT_EQ(stubborn.get().value, 3);

  Background getter_that_fails([&] {
    const Stubborn::Scope stays;
    EXPECT_THROW(stubborn.get(), std::runtime_error);
  });
  ASSERT_TRUE(getter_that_fails.falls_asleep());
  Background next_getter([&] { EXPECT_EQ(stubborn.get().value, 4); });
  ASSERT_TRUE(next_getter.falls_asleep());
  stubborn.put(Stubborn(4));
  EXPECT_TRUE(getter_that_fails.ends());
  EXPECT_TRUE(next_getter.ends()) << "there is an item, and it sleeps on";
}

TYPED_TEST(QueueSemantics, publishes_what_was_written_before_put) {
  int written = 0;  // no atomic: the queue has to make it right
  Background reader([&] {
    this->items.get();
    EXPECT_EQ(written, 1);
  });
  written = 1;
  this->items.put(0);
  EXPECT_TRUE(reader.ends());
}

// An item's destructor may use the queue.
TEST(QueueItems, Q06_destructors_of_what_is_thrown_away_may_look_at_the_queue) {
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

// The destructor of a queue refuses what the items that it destroys put into it.
template <template <class> class Of>
std::vector<std::string> destroyed_with_items_that_use_it(std::size_t maxsize) {
  struct Item {
    Of<std::shared_ptr<Item>>* from;
    std::vector<std::string>* log;
    ~Item() {
      try {
        from->put(nullptr);
      } catch (const ShutDown&) {
        log->push_back("put refused");
      }
      try {
        from->get(false);
      } catch (const ShutDown&) {
        log->push_back("get refused");
      }
      log->push_back(std::to_string(from->qsize()));
    }
  };
  std::vector<std::string> log;
  {
    Of<std::shared_ptr<Item>> items(maxsize);
    for (int i = 0; i < 2; ++i) items.put(std::shared_ptr<Item>(new Item{&items, &log}));
  }
  return log;
}

TEST(QueueItems, Q05_destructors_of_what_a_queue_is_destroyed_with_may_use_it) {
  const std::vector<std::string> expected{"put refused", "get refused", "0",
                                          "put refused", "get refused", "0"};
  EXPECT_EQ(destroyed_with_items_that_use_it<Queue>(0), expected);
  EXPECT_EQ(destroyed_with_items_that_use_it<Queue>(2), expected) << "full";
  EXPECT_EQ(destroyed_with_items_that_use_it<Queue>(5), expected);
  EXPECT_EQ(destroyed_with_items_that_use_it<LifoQueue>(2), expected);
  EXPECT_EQ(destroyed_with_items_that_use_it<LeastFirst>(2), expected);
}

// LifoQueue LIFO; PriorityQueue lowest first; equal priorities compare payload -> TypeError. (What
// cannot be compared does not compile.)
constexpr int kSomeOrder[] = {111, 333, 222};

template <class Items>
std::vector<int> through(Items& items) {
  for (const int item : kSomeOrder) items.put(item);
  std::vector<int> order;
  while (!items.empty()) order.push_back(items.get());
  return order;
}

TEST(QueueOrder, Q10_queue_first_in_first_out) {
  Queue<int> items;
  EXPECT_EQ(through(items), (std::vector{111, 333, 222}));
}

TEST(QueueOrder, Q10_lifo_queue_last_in_first_out) {
  LifoQueue<int> items;
  EXPECT_EQ(through(items), (std::vector{222, 333, 111}));
}

TEST(QueueOrder, Q10_priority_queue_lowest_first) {
  PriorityQueue<int> items;
  EXPECT_EQ(through(items), (std::vector{111, 222, 333}));
}

TEST(QueueOrder, Q10_priority_queue_with_an_order_of_its_own) {
  PriorityQueue<int, std::greater<>> highest_first;
  EXPECT_EQ(through(highest_first), (std::vector{333, 222, 111}));

  constexpr int center = 300;
  const auto nearer = [](int a, int b) { return std::abs(a - center) < std::abs(b - center); };
  PriorityQueue<int, decltype(nearer)> nearest_first(0, {.before = nearer});
  EXPECT_EQ(through(nearest_first), (std::vector{333, 222, 111}));
  nearest_first.put(1);
  nearest_first.shutdown(true);
  EXPECT_TRUE(nearest_first.empty());
}

TEST(QueueOrder, Q10_equal_priorities_compare_the_payload) {
  PriorityQueue<std::pair<int, std::string>> items;
  items.put({1, "b"});
  items.put({2, "a"});
  items.put({1, "a"});
  EXPECT_EQ(items.get(), std::pair(1, std::string("a")));
  EXPECT_EQ(items.get(), std::pair(1, std::string("b")));
  EXPECT_EQ(items.get(), std::pair(2, std::string("a")));
}

// Against heapq's definition: every get() is a minimum of what is there.
TEST(QueueOrder, Q10_priority_queue_of_many) {
  demos::Random random(1);
  PriorityQueue<std::uint64_t> items;
  std::multiset<std::uint64_t> expected;
  for (int step = 0; step < 20'000; ++step) {
    if (expected.empty() || random.next() % 3 != 0) {
      const std::uint64_t item = random.next() % 1000;
      items.put(item);
      expected.insert(item);
    } else {
      ASSERT_EQ(items.get(), *expected.begin());
      expected.erase(expected.begin());
    }
  }
  EXPECT_EQ(items.qsize(), expected.size());
  for (const std::uint64_t item : expected) ASSERT_EQ(items.get(), item);
}

// As TypeError in Python, but there a refused put() leaves its item behind.
TEST(QueueOrder, Q10_a_comparison_that_throws_changes_nothing) {
  bool throws = false;
  const auto before = [&throws](int a, int b) {
    if (throws) throw std::runtime_error("incomparable");
    return a < b;
  };
  PriorityQueue<int, decltype(before)> items(4, {.before = before});
  for (const int item : kSomeOrder) items.put(item);
  throws = true;
  EXPECT_THROW(items.put(0), std::runtime_error);
  EXPECT_THROW(items.get(), std::runtime_error);
  throws = false;
  EXPECT_EQ(items.qsize(), 3U);
  for (const int expected : {111, 222, 333}) EXPECT_EQ(items.get(), expected);
  for (int i = 0; i < 3; ++i) items.task_done();
  EXPECT_THROW(items.task_done(), ValueError);
}

// PriorityQueue is not stable for equal keys unless a counter is added (heap).
struct Job {
  int priority;
  int number;
  bool operator<(const Job& other) const { return priority < other.priority; }
};

TEST(QueueOrder, Q12_priority_queue_is_not_stable) {
  PriorityQueue<Job> items;
  for (int number = 0; number < 10; ++number) items.put({1, number});
  std::vector<int> order;
  while (!items.empty()) order.push_back(items.get().number);
  EXPECT_FALSE(std::ranges::is_sorted(order)) << "so the documentation may say more";
  std::ranges::sort(order);
  for (int number = 0; number < 10; ++number) {
    EXPECT_EQ(order[static_cast<std::size_t>(number)], number);
  }
}

TEST(QueueOrder, Q12_a_counter_makes_it_stable) {
  PriorityQueue<std::tuple<int, int>> items;
  for (int number = 0; number < 100; ++number) items.put({number % 3, number});
  std::tuple<int, int> last{-1, -1};
  while (!items.empty()) {
    const auto item = items.get();
    EXPECT_LT(last, item);
    last = item;
  }
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
