// The queues inside a thread pool.
#include "weft/futures/internal/injection_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdint>
#include <memory>
#include <thread>
#include <vector>

#include "support/scale.h"
#include "weft/futures/internal/run_queue.h"

namespace weft::test {
namespace {

using futures::InjectionQueue;
using futures::RunQueue;
using futures::Task;

struct Numbered final : Task {
  void run(std::uint32_t) override {}
  void discard(const std::exception_ptr&) noexcept override {}
  void drop() noexcept override {}
  std::size_t number = 0;
  std::size_t producer = 0;
};

std::unique_ptr<Numbered[]> numbered(std::size_t count) {
  auto tasks = std::make_unique<Numbered[]>(count);
  for (std::size_t i = 0; i < count; ++i) tasks[i].number = i;
  return tasks;
}

std::size_t number_of(const Task* task) { return static_cast<const Numbered*>(task)->number; }

constexpr std::size_t kSeveralSegments = 3500;

TEST(InjectionQueue, GivesTasksInTheOrderOfTheirSlots) {
  const auto tasks = numbered(kSeveralSegments);
  InjectionQueue queue;
  EXPECT_FALSE(queue.seems_to_have_tasks());
  for (std::size_t i = 0; i < kSeveralSegments; ++i)
    InjectionQueue::fill(*queue.reserve(), tasks[i]);
  EXPECT_EQ(queue.size(10), 10U);
  EXPECT_EQ(queue.size(10'000), kSeveralSegments);
  std::size_t next = 0;
  Task* some[32];
  while (const std::size_t count = queue.take(some, 32)) {
    for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(number_of(some[i]), next++);
  }
  EXPECT_EQ(next, kSeveralSegments);
  EXPECT_EQ(queue.size(10), 0U);
  EXPECT_FALSE(queue.seems_to_have_tasks());
}

TEST(InjectionQueue, WhatIsBehindAnEmptySlotIsOutOfReach) {
  const auto tasks = numbered(2);
  InjectionQueue queue;
  InjectionQueue::Slot* const first = queue.reserve();
  InjectionQueue::fill(*queue.reserve(), tasks[1]);
  Task* some[2];
  EXPECT_EQ(queue.take(some, 2), 0U);
  EXPECT_TRUE(queue.seems_to_have_tasks());
  InjectionQueue::fill(*first, tasks[0]);
  EXPECT_EQ(queue.first(), &tasks[0]);
  EXPECT_EQ(queue.take(some, 2), 2U);
  EXPECT_EQ(some[1], &tasks[1]);
}

TEST(InjectionQueue, NoSlotIsGivenAfterItWasClosed) {
  const auto tasks = numbered(2);
  InjectionQueue queue;
  InjectionQueue::fill(*queue.reserve(), tasks[0]);
  InjectionQueue::Slot* const reserved = queue.reserve();
  EXPECT_FALSE(queue.is_closed());
  queue.close();
  queue.close();
  EXPECT_TRUE(queue.is_closed());
  for (int i = 0; i < 20'000; ++i) ASSERT_EQ(queue.reserve(), nullptr);
  InjectionQueue::fill(*reserved, tasks[1]);
  Task* some[2];
  EXPECT_EQ(queue.take(some, 2), 2U) << "what was reserved before is taken";
  EXPECT_FALSE(queue.seems_to_have_tasks());
}

TEST(InjectionQueue, ClosedAtTheEndOfASegment) {
  for (const std::size_t count : {999U, 1000U, 1001U}) {
    const auto tasks = numbered(count);
    InjectionQueue queue;
    for (std::size_t i = 0; i < count; ++i) InjectionQueue::fill(*queue.reserve(), tasks[i]);
    queue.close();
    Task* some[64];
    std::size_t taken = 0;
    while (const std::size_t more = queue.take(some, 64)) taken += more;
    EXPECT_EQ(taken, count);
    EXPECT_EQ(queue.first(), nullptr);
    EXPECT_FALSE(queue.seems_to_have_tasks());
  }
}

TEST(InjectionQueue, OfManyThreadsEachOnesTasksStayInOrder) {
  constexpr std::size_t kProducers = 4;
  const auto each = static_cast<std::size_t>(rounds(20'000));
  std::vector<std::unique_ptr<Numbered[]>> tasks;
  for (std::size_t producer = 0; producer < kProducers; ++producer) {
    tasks.push_back(numbered(each));
    for (std::size_t i = 0; i < each; ++i) tasks.back()[i].producer = producer;
  }
  InjectionQueue queue;
  std::vector<std::thread> threads;
  for (const auto& mine : tasks) {
    threads.emplace_back([&] {
      for (std::size_t i = 0; i < each; ++i) InjectionQueue::fill(*queue.reserve(), mine[i]);
    });
  }
  std::vector<std::size_t> next(kProducers);
  Task* some[32];
  for (std::size_t taken = 0; taken < kProducers * each;) {
    const std::size_t count = queue.take(some, 32);
    for (std::size_t i = 0; i < count; ++i) {
      const auto& task = *static_cast<const Numbered*>(some[i]);
      EXPECT_EQ(task.number, next[task.producer]++);
    }
    taken += count;
    if (count == 0) std::this_thread::yield();
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(queue.first(), nullptr);
}

TEST(RunQueue, GivesTasksInOrderAndGrows) {
  constexpr std::size_t kCount = 1000;
  const auto tasks = numbered(kCount);
  RunQueue ring;
  EXPECT_EQ(ring.take(), nullptr);
  std::size_t next = 0;
  for (std::size_t i = 0; i < kCount; ++i) {
    Task* const task = &tasks[i];
    ring.put(&task, 1);
    if (i % 3 == 0) {
      EXPECT_EQ(number_of(ring.take()), next++);
    }
  }
  EXPECT_EQ(ring.size(), kCount - next);
  Task* some[kCount];
  EXPECT_EQ(ring.steal_half(some, 5), 5U);
  EXPECT_EQ(number_of(some[4]), next + 4);
  next += 5;
  const std::size_t half = (kCount - next + 1) / 2;
  EXPECT_EQ(ring.steal_half(some, kCount), half);
  next += half;
  while (const Task* task = ring.take()) EXPECT_EQ(number_of(task), next++);
  EXPECT_EQ(next, kCount);
  EXPECT_EQ(ring.taken(), kCount);
}

TEST(RunQueue, EachTaskIsTakenOnce) {
  const auto count = static_cast<std::size_t>(rounds(50'000));
  const auto tasks = numbered(count);
  std::vector<std::atomic<int>> taken(count);
  std::atomic<std::size_t> left{count};
  RunQueue ring;
  std::vector<std::thread> thieves;
  for (int i = 0; i < 3; ++i) {
    thieves.emplace_back([&] {
      Task* some[16];
      while (left > 0) {
        const std::size_t got = ring.steal_half(some, 16);
        for (std::size_t n = 0; n < got; ++n) ++taken[number_of(some[n])];
        left -= got;
        if (got == 0) std::this_thread::yield();
      }
    });
  }
  for (std::size_t i = 0; i < count;) {
    Task* some[3];
    std::size_t batch = 0;
    while (batch < 3 && i < count) some[batch++] = &tasks[i++];
    ring.put(some, batch);
    if (const Task* task = ring.take()) {
      ++taken[number_of(task)];
      --left;
    }
  }
  for (std::thread& thief : thieves) thief.join();
  for (const auto& times : taken) ASSERT_EQ(times, 1);
}

TEST(TaskNodes, AreUsedAgainByWhicheverThread) {
  // Given back by another thread than the one that made them, round after round.
  for (int round = 0; round < 20; ++round) {
    std::vector<std::unique_ptr<Numbered>> tasks;
    for (int i = 0; i < 500; ++i) {
      tasks.push_back(std::make_unique<Numbered>());
      tasks.back()->number = static_cast<std::size_t>(i);
    }
    for (std::size_t i = 0; i < tasks.size(); ++i) ASSERT_EQ(tasks[i]->number, i) << "used twice";
    std::thread([&] { tasks.clear(); }).join();
  }
}

}  // namespace
}  // namespace weft::test
