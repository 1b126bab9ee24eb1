// Python's multiprocessing.Queue, SimpleQueue and JoinableQueue: rows M09 and M10 of docs/semantics.md.
#include "weft/multiprocessing/queue.h"

#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string>
#include <vector>

#include "weft/errors.h"
#include "weft/multiprocessing/connection.h"
#include "weft/multiprocessing/event.h"
#include "weft/multiprocessing/process.h"
#include "weft/runtime/park.h"
#include "weft/threading/thread.h"

namespace {

using namespace std::chrono_literals;
using weft::AssertionError;
using weft::ValueError;
using weft::queue::Empty;
using weft::queue::Full;
using weft::threading::Thread;
namespace mp = weft::multiprocessing;
using mp::Connection;
using mp::Entry;
using mp::Event;
using mp::JoinableQueue;
using mp::Pipe;
using mp::Process;
using mp::Queue;
using mp::SimpleQueue;

const Entry put_range("queue.put_range", [](Queue<int> queue, int first, int count) {
  for (int i = 0; i < count; ++i) queue.put(first + i);
});
const Entry get_some("queue.get_some", [](Queue<int> queue, Queue<int> got, int count) {
  for (int i = 0; i < count; ++i) got.put(queue.get());
});
const Entry work_off("queue.work_off", [](JoinableQueue<int> queue) {
  for (;;) {
    const int item = queue.get();
    if (item < 0) break;
    queue.task_done();
  }
  queue.task_done();
});
const Entry take_and_hang("queue.take_and_hang", [](JoinableQueue<int> queue, Connection told) {
  queue.get();
  told.send(1);
  weft::runtime::sleep_for(1h);
});
const Entry put_large("queue.put_large", [](Queue<std::string> queue, int count) {
  for (int i = 0; i < count; ++i) queue.put(std::string(100'000, static_cast<char>('a' + i)));
});
const Entry put_without_joining("queue.put_without_joining", [](Queue<std::string> queue) {
  queue.cancel_join_thread();
  for (int i = 0; i < 20; ++i) queue.put(std::string(100'000, 'x'));
});
const Entry put_and_hang("queue.put_and_hang", [](Queue<std::string> queue, Connection told) {
  for (int i = 0; i < 3; ++i) queue.put(std::string(100'000, 'x'));  // more than there is room for
  told.send(1);
  weft::runtime::sleep_for(1h);
});

TEST(QueueSemantics, M09_ItemsComeOutInOrder) {
  Queue<int> queue;
  Process process(put_range, queue, 0, 20'000);
  process.start();
  for (int i = 0; i < 20'000; ++i) ASSERT_EQ(queue.get(), i);
  process.join();
  EXPECT_TRUE(queue.empty());
}

TEST(QueueSemantics, M09_AFullQueueIsFull) {
  Queue<int> queue(2);
  EXPECT_FALSE(queue.full());
  queue.put(1);
  queue.put(2);
  EXPECT_TRUE(queue.full());
  EXPECT_EQ(queue.qsize(), 2u);
  EXPECT_THROW(queue.put_nowait(3), Full);
  EXPECT_THROW(queue.put(3, false), Full);
  const auto before = std::chrono::steady_clock::now();
  EXPECT_THROW(queue.put(3, true, 20ms), Full);
  EXPECT_GE(std::chrono::steady_clock::now() - before, 19ms);
  EXPECT_THROW(queue.put(3, true, -1s), Full);
  EXPECT_EQ(queue.get(), 1);
  queue.put(3);
  EXPECT_EQ(queue.get(), 2);
  EXPECT_EQ(queue.get(), 3);
}

TEST(QueueSemantics, M09_AnEmptyQueueIsEmpty) {
  Queue<int> queue;
  EXPECT_TRUE(queue.empty());
  EXPECT_THROW(queue.get_nowait(), Empty);
  EXPECT_THROW(queue.get(true, 10ms), Empty);
  EXPECT_THROW(queue.get(true, -1s), Empty);
}

TEST(QueueSemantics, M09_APutThatWaitsGoesOnWhenThereIsRoom) {
  Queue<int> queue(1);
  Process process(put_range, queue, 0, 500);
  process.start();
  for (int i = 0; i < 500; ++i) {
    ASSERT_LE(queue.qsize(), 1u);
    ASSERT_EQ(queue.get(), i);
  }
  process.join();
}

TEST(QueueSemantics, M09_PutNeverWaitsForThoseWhoGet) {
  Queue<std::string> queue;
  const std::string item(100'000, 'x');
  for (int i = 0; i < 50; ++i) queue.put(item);  // 5 MB, of which 64 kB have room
  EXPECT_EQ(queue.qsize(), 50u);
  for (int i = 0; i < 50; ++i) ASSERT_EQ(queue.get(), item);
  EXPECT_EQ(queue.qsize(), 0u);
}

TEST(QueueSemantics, M09_AProcessSendsWhatItHasPutBeforeItEnds) {
  Queue<std::string> queue;
  Process process(put_large, queue, 20);
  process.start();
  process.join(20ms);  // it has not ended: there is no room for all that it has to send
  EXPECT_TRUE(process.is_alive());
  for (int i = 0; i < 20; ++i) ASSERT_EQ(queue.get()[0], 'a' + i);
  process.join();
  EXPECT_EQ(process.exitcode(), 0);
}

TEST(QueueSemantics, M09_CancelJoinThreadLetsItEndWithoutThat) {
  Queue<std::string> queue;
  Process process(put_without_joining, queue);
  process.start();
  process.join();
  EXPECT_EQ(process.exitcode(), 0);
}

TEST(QueueSemantics, M09_AfterCloseIsAValueError) {
  Queue<int> queue;
  queue.put(1);
  EXPECT_THROW(queue.join_thread(), AssertionError);
  queue.close();
  queue.join_thread();
  EXPECT_THROW(queue.put(1), ValueError);
  EXPECT_THROW(queue.get(), ValueError);
}

TEST(QueueSemantics, M09_CloseEndsTheWaitsOfItsProcess) {
  Queue<int> queue(1);
  queue.put(1);
  Queue<int> nothing;
  Thread putter([&queue] { EXPECT_THROW(queue.put(2), ValueError); });
  Thread getter([&nothing] { EXPECT_THROW(nothing.get(), ValueError); });
  putter.start();
  getter.start();
  weft::runtime::sleep_for(5ms);
  queue.close();
  nothing.close();
}

TEST(QueueSemantics, M09_EachItemIsGotOnceHoweverManyGet) {
  constexpr int kEach = 3000;
  Queue<int> queue;
  Queue<int> got;
  Process putters[] = {Process(put_range, queue, 0, kEach),
                       Process(put_range, queue, kEach, kEach)};
  Process getters[] = {Process(get_some, queue, got, kEach), Process(get_some, queue, got, kEach)};
  for (auto& process : putters) process.start();
  for (auto& process : getters) process.start();
  std::set<int> items;
  for (int i = 0; i < 2 * kEach; ++i) items.insert(got.get());
  EXPECT_EQ(items.size(), 2u * kEach);
  EXPECT_EQ(*items.rbegin(), 2 * kEach - 1);
  for (auto& process : putters) process.join();
  for (auto& process : getters) process.join();
}

TEST(QueueSemantics, M09_WhatAKilledProcessHadNotSentIsForgotten) {
  Queue<std::string> queue(3);
  auto [told, tell] = Pipe(false);
  Process process(put_and_hang, queue, tell);
  process.start();
  EXPECT_EQ(told.recv<int>(), 1);
  EXPECT_TRUE(queue.full());
  process.kill();
  process.join();
  EXPECT_EQ(queue.qsize(), 0u);
  for (int i = 0; i < 3; ++i) queue.put("small");
  EXPECT_TRUE(queue.full());
  for (int i = 0; i < 3; ++i) EXPECT_EQ(queue.get(), "small");
}

TEST(QueueSemantics, M09_SimpleQueue) {
  SimpleQueue<std::string> queue;
  EXPECT_TRUE(queue.empty());
  queue.put("one");
  queue.put("two");
  EXPECT_FALSE(queue.empty());
  EXPECT_EQ(queue.get(), "one");
  EXPECT_EQ(queue.get(), "two");
  queue.close();
  EXPECT_THROW(queue.put("three"), ValueError);
  EXPECT_THROW(queue.get(), ValueError);
}

TEST(QueueSemantics, M09_AQueueCanBeSentThroughAQueue) {
  Queue<Queue<int>> queues;
  Queue<int> inner;
  queues.put(inner);
  queues.get().put(5);
  EXPECT_EQ(inner.get(), 5);
}

TEST(QueueSemantics, M10_TaskDoneTooOftenIsAValueError) {
  JoinableQueue<int> queue;
  EXPECT_THROW(queue.task_done(), ValueError);
  queue.put(1);
  queue.get();
  queue.task_done();
  EXPECT_THROW(queue.task_done(), ValueError);
}

TEST(QueueSemantics, M10_JoinWaitsUntilAllIsDone) {
  JoinableQueue<int> queue;
  queue.join();  // nothing was put
  Process process(work_off, queue);
  process.start();
  for (int i = 0; i < 1000; ++i) queue.put(i);
  queue.join();
  EXPECT_EQ(queue.qsize(), 0u);
  queue.put(-1);
  queue.join();
  process.join();
}

// Whether they went to the ring at once or through a feeder.
TEST(QueueSemantics, M10_ItemsOfAnySizeAreCounted) {
  JoinableQueue<std::string> queue;
  for (int round = 0; round < 20; ++round) {
    for (const std::size_t size : {10U, 100'000U, 20'000U, 60'000U})
      queue.put(std::string(size, 'x'));
    for (int i = 0; i < 4; ++i) {
      queue.get();
      queue.task_done();
    }
    EXPECT_THROW(queue.task_done(), ValueError);
    queue.join();
  }
}

TEST(QueueSemantics, M10_JoinTellsThatAProcessDiedWithUnfinishedWork) {
  JoinableQueue<int> queue;
  auto [told, tell] = Pipe(false);
  Process process(take_and_hang, queue, tell);
  process.start();
  queue.put(1);
  EXPECT_EQ(told.recv<int>(), 1);
  Thread killer([&process] {
    weft::runtime::sleep_for(20ms);
    process.kill();
  });
  killer.start();
  EXPECT_THROW(queue.join(), mp::AbandonedError);
  killer.join();
  process.join();
}

}  // namespace
