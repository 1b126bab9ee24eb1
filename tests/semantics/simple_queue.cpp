// Python's queue.SimpleQueue. The comment on a test is the row of Python's semantics it is about;
// where C++ differs, it says how.
#include "weft/queue/simple_queue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <list>
#include <memory>
#include <vector>

#include "support/background.h"
#include "support/scale.h"
#include "weft/runtime/session.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using queue::Empty;
using queue::SimpleQueue;

struct SimpleQueueSemantics : testing::Test {
  const runtime::Session session{runtime::Session::Options{}};
  SimpleQueue<int> items;
};

template <class Items>
concept HasWhatQueueHas =
    requires(Items& items) { items.join(); } || requires(Items& items) { items.task_done(); } ||
    requires(Items& items) { items.shutdown(); } || requires(Items& items) { items.maxsize(); } ||
    requires(Items& items) { items.full(); };

// SimpleQueue: unbounded, no join/task_done/maxsize/shutdown; put ignores block/timeout.
TEST_F(SimpleQueueSemantics, Q11_has_no_join_task_done_shutdown_maxsize_full) {
  EXPECT_FALSE(HasWhatQueueHas<SimpleQueue<int>>);
  EXPECT_TRUE(HasWhatQueueHas<queue::Queue<int>>) << "the question can be answered";
}

TEST_F(SimpleQueueSemantics, Q11_is_unbounded) {
  for (int i = 0; i < 10'000; ++i) items.put(i);
  EXPECT_EQ(items.qsize(), 10'000U);
  for (int i = 0; i < 10'000; ++i) ASSERT_EQ(items.get_nowait(), i);
}

TEST_F(SimpleQueueSemantics, Q11_put_ignores_block_and_timeout) {
  items.put(1, false);
  items.put(2, true, -1s);
  items.put(3, false, -1s);
  items.put_nowait(4);
  for (const int expected : {1, 2, 3, 4}) EXPECT_EQ(items.get(), expected);
}

// CPython: test_queue.BaseSimpleQueueTest.test_basic
TEST_F(SimpleQueueSemantics, Q11_empty_and_qsize) {
  EXPECT_TRUE(items.empty());
  EXPECT_EQ(items.qsize(), 0U);
  items.put(1);
  items.put(2);
  EXPECT_FALSE(items.empty());
  EXPECT_EQ(items.qsize(), 2U);
  items.get();
  items.get();
  EXPECT_TRUE(items.empty());
}

// get on empty: Empty; timeout is ignored when block=False.
TEST_F(SimpleQueueSemantics, Q02_get_on_empty) {
  EXPECT_THROW(items.get_nowait(), Empty);
  EXPECT_THROW(items.get(false), Empty);
  EXPECT_THROW(items.get(false, -1s), Empty);
  EXPECT_THROW(items.get(true, 0ns), Empty);
  EXPECT_GE(time_of([&] { EXPECT_THROW(items.get(true, 10ms), Empty); }), 10ms);
}

// CPython: test_negative_timeout_raises_exception
TEST_F(SimpleQueueSemantics, Q02_negative_timeout) {
  items.put(1);
  EXPECT_THROW(items.get(true, -1ns), ValueError);
  EXPECT_EQ(items.qsize(), 1U);
}

TEST_F(SimpleQueueSemantics, a_blocked_get_goes_on_when_there_is_an_item) {
  for (const runtime::Timeout& timeout : {runtime::Timeout(), runtime::Timeout(kLongEnough)}) {
    int got = 0;
    Background getter([&] { got = items.get(true, timeout); });
    ASSERT_TRUE(getter.falls_asleep());
    items.put(42);
    EXPECT_TRUE(getter.ends());
    EXPECT_EQ(got, 42);
  }
}

TEST_F(SimpleQueueSemantics, holds_what_can_only_be_moved) {
  SimpleQueue<std::unique_ptr<int>> movables;
  movables.put(std::make_unique<int>(7));
  EXPECT_EQ(*movables.get(), 7);
}

// CPython: test_many_threads, test_many_threads_nonblock and test_many_threads_timeout.
template <class Get>
void feed_and_drain(SimpleQueue<int>& items, Get get) {
  constexpr int kThreads = 8;
  const int each = rounds(5'000);
  std::vector<std::vector<int>> got(kThreads);
  std::list<Background> threads;
  for (auto& mine : got) {
    threads.emplace_back([&] {
      while (static_cast<int>(mine.size()) < each) get(items, mine);
    });
  }
  for (int number = 0; number < kThreads; ++number) {
    threads.emplace_back([&, number] {
      for (int i = 0; i < each; ++i) items.put(i * kThreads + number);
    });
  }
  for (Background& thread : threads) ASSERT_TRUE(thread.ends());
  std::vector<int> all;
  for (const auto& mine : got) {
    std::vector<int> last(kThreads, -1);
    for (const int item : mine) {
      int& before = last[static_cast<std::size_t>(item % kThreads)];
      ASSERT_LT(before, item) << "the items of one producer came in another order";
      before = item;
    }
    all.insert(all.end(), mine.begin(), mine.end());
  }
  std::ranges::sort(all);
  ASSERT_EQ(all.size(), static_cast<std::size_t>(kThreads * each));
  for (int i = 0; i < kThreads * each; ++i) ASSERT_EQ(all[static_cast<std::size_t>(i)], i);
  EXPECT_TRUE(items.empty());
}

TEST_F(SimpleQueueSemantics, order_with_many_threads) {
  feed_and_drain(items, [](auto& from, auto& mine) { mine.push_back(from.get()); });
}

TEST_F(SimpleQueueSemantics, order_with_many_threads_that_do_not_block) {
  feed_and_drain(items, [](auto& from, auto& mine) {
    try {
      mine.push_back(from.get_nowait());
    } catch (const Empty&) {
    }
  });
}

TEST_F(SimpleQueueSemantics, order_with_many_threads_and_timeouts) {
  feed_and_drain(items, [](auto& from, auto& mine) {
    try {
      mine.push_back(from.get(true, 1us));
    } catch (const Empty&) {
    }
  });
}

}  // namespace
}  // namespace weft::test
