// The wait queue of what processes share.
#include "weft/ipc/wait_queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <deque>
#include <optional>

#include "support/eventually.h"
#include "support/scale.h"
#include "weft/ipc/object_table.h"
#include "weft/runtime/session.h"
#include "weft/threading/thread.h"

namespace {

using namespace std::chrono_literals;
namespace ipc = weft::ipc;
namespace shared = weft::platform::shared;
using weft::ipc::WaitQueue;
using weft::test::eventually;
using weft::test::rounds;
using weft::threading::Thread;
using Decision = WaitQueue::Decision;
using Waited = WaitQueue::Waited;

constexpr std::uint32_t kClosed = 0x4000'0000;

/// Takes one of as many permits as the value counts.
struct Take : WaitQueue::Waiter {
  Decision decide(std::uint32_t permits) const noexcept {
    if (permits == kClosed) return Decision::refuse();
    return permits != 0 ? Decision::change(permits - 1) : Decision::wait(permits);
  }
  void begin() noexcept { ++begun; }
  void undo() noexcept { --begun; }
  void done() noexcept { ++taken; }
  void woken(bool in_time) noexcept { ++(in_time ? woken_in_time : woken_late); }

  int begun = 0;
  int taken = 0;
  int woken_in_time = 0;
  int woken_late = 0;
};

/// Waits until another value than `seen` is there.
struct Change : WaitQueue::Waiter {
  explicit Change(std::uint32_t seen_) : seen(seen_) {}
  Decision decide(std::uint32_t value) const noexcept {
    return value == seen ? Decision::wait(value) : Decision::leave();
  }
  const std::uint32_t seen;
};

/// Waits for a word beside that of the queue.
struct Beside : WaitQueue::Waiter {
  explicit Beside(shared::Offset word_, std::uint32_t wanted_) : word(word_), wanted(wanted_) {}
  Decision decide(std::uint32_t value) const noexcept {
    return shared::load(word) >= wanted ? Decision::leave() : Decision::wait(value);
  }
  const shared::Offset word;
  const std::uint32_t wanted;
};

class WaitQueueOfProcesses : public testing::Test {
 protected:
  std::uint32_t word() const { return shared::load(object_.ref.data()); }
  bool has_waiters() const { return (word() & WaitQueue::kHasWaiters) != 0; }
  shared::Offset beside() const { return object_.ref.data() + 4; }

  void release(std::uint32_t n, std::uint32_t wakes) {
    const shared::Access access;
    const auto was = queue.update(
        [n](std::uint32_t permits) -> std::optional<std::uint32_t> { return permits + n; });
    queue.wake(*was, wakes);
  }

  template <class W>
  Waited wait(W& waiter, weft::runtime::Deadline deadline = std::nullopt) {
    return queue.wait(waiter, deadline, {weft::trace::Reason::semaphore});
  }

 private:
  ipc::NewObject object_ = ipc::create_object(ipc::ObjectKind::test, 64);

 public:
  const WaitQueue queue{object_.ref.data()};
};

TEST_F(WaitQueueOfProcesses, WhoCanGoOnDoesNotWait) {
  queue.exchange(2);
  Take take;
  EXPECT_EQ(wait(take), Waited::done);
  EXPECT_TRUE(queue.attempt(take));
  EXPECT_FALSE(queue.attempt(take));
  EXPECT_EQ(word(), 0U) << "nobody was parked";
  EXPECT_EQ(take.begun, 2);
  EXPECT_EQ(take.taken, 2);
  EXPECT_EQ(take.woken_in_time + take.woken_late, 0);
}

TEST_F(WaitQueueOfProcesses, ADeadlineEndsAWait) {
  Take take;
  const weft::runtime::Time start = weft::runtime::Clock::now();
  EXPECT_EQ(wait(take, start + 10ms), Waited::timed_out);
  EXPECT_GE(weft::runtime::Clock::now(), start + 10ms);
  EXPECT_EQ(take.begun, 0);
  EXPECT_EQ(take.woken_late, 1);
  EXPECT_EQ(queue.value(), 0U);
}

TEST_F(WaitQueueOfProcesses, AChangeEndsAWait) {
  Thread waiter([this] {
    Take take;
    EXPECT_EQ(wait(take), Waited::done);
    EXPECT_EQ(take.taken, 1);
  });
  waiter.start();
  ASSERT_TRUE(eventually([this] { return has_waiters(); }));
  release(1, 1);
  waiter.join();
  EXPECT_EQ(queue.value(), 0U);
}

TEST_F(WaitQueueOfProcesses, ARefusalEndsAllWaits) {
  std::deque<Thread> waiters;
  for (int i = 0; i < 3; ++i) {
    waiters.emplace_back([this] {
      Take take;
      EXPECT_EQ(wait(take), Waited::refused);
      EXPECT_EQ(take.taken, 0);
    });
    waiters.back().start();
  }
  ASSERT_TRUE(eventually([this] { return has_waiters(); }));
  {
    const shared::Access access;
    queue.wake(queue.exchange(kClosed), WaitQueue::kAll);
  }
  for (Thread& waiter : waiters) waiter.join();
  Take take;
  EXPECT_FALSE(queue.attempt(take));
}

// Each change clears the bit that tells of waiters, but wakes one only.
TEST_F(WaitQueueOfProcesses, AThreadThatWasParkedWakesTheNext) {
  for (int round = 0; round < rounds(100); ++round) {
    std::atomic<int> taken{0};
    std::deque<Thread> waiters;
    for (int i = 0; i < 4; ++i) {
      waiters.emplace_back([&] {
        Take take;
        EXPECT_EQ(wait(take), Waited::done);
        ++taken;
      });
      waiters.back().start();
    }
    if (round % 2 == 0) {
      ASSERT_TRUE(eventually([this] { return has_waiters(); }));
    }
    release(4, 1);
    for (Thread& waiter : waiters) waiter.join();
    ASSERT_EQ(taken, 4);
    ASSERT_EQ(queue.value(), 0U);
    queue.exchange(0);
  }
}

// Whichever of the two the wake-up goes to.
TEST_F(WaitQueueOfProcesses, AStoppedThreadPassesItsWakeUpOn) {
  for (int round = 0; round < rounds(200); ++round) {
    Thread second([this] {
      Take take;
      EXPECT_EQ(wait(take), Waited::done);
    });
    second.start();
    bool first_took = false;
    {
      weft::runtime::Session session({.finds_deadlocks = false});
      Thread first([&] {
        Take take;
        wait(take);
        first_took = true;
      });
      first.start();
      ASSERT_TRUE(eventually([this] { return has_waiters(); }));
      release(1, 1);
      session.stop();
      session.wake_parked();
    }
    if (first_took) release(1, 1);
    second.join();
    ASSERT_EQ(queue.value(), 0U);
  }
}

// As when the process that owed the wake-ups, or one that got them, is killed.
TEST_F(WaitQueueOfProcesses, RecoveryMakesUpForLostWakeUps) {
  for (int round = 0; round < rounds(50); ++round) {
    std::deque<Thread> waiters;
    for (int i = 0; i < 3; ++i) {
      waiters.emplace_back([this] {
        Take take;
        EXPECT_EQ(wait(take), Waited::done);
      });
      waiters.back().start();
    }
    ASSERT_TRUE(eventually([this] { return has_waiters(); }));
    queue.exchange(3);
    queue.recover();
    for (Thread& waiter : waiters) waiter.join();
    ASSERT_EQ(queue.value(), 0U);
    queue.exchange(0);
  }
}

TEST_F(WaitQueueOfProcesses, ClearedBitsEndNoWait) {
  queue.exchange(3);
  EXPECT_EQ(queue.clear(2), 3U);
  EXPECT_EQ(queue.value(), 1U);
  Change change(1);
  EXPECT_EQ(wait(change, weft::runtime::Clock::now() + 1ms), Waited::timed_out);
  EXPECT_TRUE(has_waiters()) << "nobody changed the value since";
  EXPECT_EQ(queue.keep(0), WaitQueue::kHasWaiters | 1);
  EXPECT_EQ(word(), 0U);
}

// The order of the waiter's look and the waker's is that of Dekker: no wake-up is lost.
TEST_F(WaitQueueOfProcesses, WhatIsWaitedForMayLieBesideTheWord) {
  const auto last = static_cast<std::uint32_t>(rounds(2000));
  Thread waiter([&] {
    for (std::uint32_t i = 1; i <= last; ++i) {
      Beside wanted(beside(), i);
      EXPECT_EQ(wait(wanted), Waited::done);
      shared::store(beside() + 4, i);
    }
  });
  waiter.start();
  for (std::uint32_t i = 1; i <= last; ++i) {
    {
      const shared::Access access;
      shared::store(beside(), i);
      const auto was = queue.update([](std::uint32_t count) -> std::optional<std::uint32_t> {
        return (count + 1) & ~WaitQueue::kHasWaiters;
      });
      queue.wake(*was, WaitQueue::kAll);
    }
    while (shared::load(beside() + 4) != i) weft::runtime::checkpoint();
  }
  waiter.join();
}

TEST_F(WaitQueueOfProcesses, AsManyAreTakenAsAreReleased) {
  constexpr int kThreads = 4;
  const int each = rounds(5000);
  std::atomic<int> taken{0};
  std::deque<Thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < each; ++n) {
        Take take;
        EXPECT_EQ(wait(take), Waited::done);
        ++taken;
      }
    });
    threads.emplace_back([&] {
      for (int n = 0; n < each; ++n) release(1, 1);
    });
  }
  for (Thread& thread : threads) thread.start();
  for (Thread& thread : threads) thread.join();
  EXPECT_EQ(taken, kThreads * each);
  EXPECT_EQ(queue.value(), 0U);
}

}  // namespace
