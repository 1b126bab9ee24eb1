// Scenarios of public bug reports about other libraries, which have to go well here. Each names its report.
#include <atomic>
#include <chrono>
#include <ctime>
#include <list>
#include <memory>
#include <numeric>
#include <optional>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/crowd.h"
#include "support/eventually.h"
#include "weft/futures/thread_pool_executor.h"
#include "weft/futures/wait.h"
#include "weft/queue/lifo_queue.h"
#include "weft/queue/priority_queue.h"
#include "weft/queue/queue.h"
#include "weft/runtime/park.h"
#include "weft/runtime/session.h"
#include "weft/threading/event.h"
#include "weft/threading/gil.h"
#include "weft/threading/guard.h"
#include "weft/threading/semaphore.h"
#include "weft/threading/thread.h"
#include "weft/threading/timer.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using futures::Future;
using futures::ThreadPoolExecutor;
using queue::Queue;
using queue::ShutDown;
using threading::Event;
using threading::Guard;
using threading::Thread;

// cpython #117531: a plain shutdown() of an empty queue while threads block in get(), with and without a
// GIL; and of a full one while threads block in put().
template <class Items>
void shut_down_while_blocked() {
  for (int round = 0; round < rounds(200); ++round) {
    const runtime::Session session({});
    std::optional<threading::Gil> gil;
    if (round % 2 == 0) gil.emplace();
    Items empty;
    Items full(1);
    full.put(1);
    std::atomic<int> here{0};
    std::atomic<int> refused{0};
    std::list<Thread> blocked;
    for (int i = 0; i < 6; ++i) {
      blocked.emplace_back([&, i] {
        ++here;
        try {
          i % 2 == 0 ? void(empty.get()) : full.put(2);
        } catch (const ShutDown&) {
          ++refused;
        }
      });
      blocked.back().start();
    }
    while (here < 6) runtime::sleep_for(100us);
    if (round % 3 != 0) runtime::sleep_for(100us);
    empty.shutdown();
    full.shutdown();
    for (Thread& thread : blocked) thread.join(kLongEnough);
    ASSERT_EQ(refused, 6) << "round " << round;
  }
}

TEST(ReportedElsewhere, ShutdownOfAQueueThatThreadsBlockAt) {
  shut_down_while_blocked<Queue<int>>();
  shut_down_while_blocked<queue::LifoQueue<int>>();
  shut_down_while_blocked<queue::PriorityQueue<int>>();
}

// JDK-8358601: one submits while another shuts down: refused, or the future ends. All kinds of shutdown.
TEST(ReportedElsewhere, SubmittedWhileItIsShutDown) {
  for (int round = 0; round < rounds(3'000); ++round) {
    ThreadPoolExecutor pool(2);
    std::optional<Future<int>> future;
    std::atomic<bool> refused{false};
    std::atomic<bool> here{false};
    Thread submitter([&] {
      here = true;
      try {
        future = pool.submit([] { return 7; });
      } catch (const RuntimeError&) {
        refused = true;
      }
    });
    submitter.start();
    while (!here) std::this_thread::yield();
    pool.shutdown(round % 2 == 0, round % 3 == 0);
    submitter.join();
    ASSERT_NE(future.has_value(), refused.load());
    if (!future) continue;
    try {
      ASSERT_EQ(future->result(kLongEnough), 7);
    } catch (const futures::CancelledError&) {
      ASSERT_EQ(round % 3, 0) << "cancelled by nobody";
    }
  }
}

// The same of timers that are started while the run is stopped.
TEST(ReportedElsewhere, TimersStartedWhileTheRunIsStopped) {
  for (int round = 0; round < rounds(200); ++round) {
    std::list<threading::Timer> timers;
    {
      runtime::Session session({});
      std::atomic<int> started{0};
      Thread starter([&] {
        for (int i = 0;; ++i) {
          timers.emplace_back(std::chrono::microseconds(i % 50), [] {});
          timers.back().start();
          ++started;
          runtime::sleep_for(10us);
        }
      });
      starter.start();
      while (started <= round % 4) std::this_thread::yield();
      session.stop();
      ASSERT_TRUE(eventually([&] {
        session.wake_parked();
        return session.live_threads() == 1;
      }));
    }
    // A thread has left its session just before it ends.
    for (const threading::Timer& timer : timers) {
      ASSERT_TRUE(eventually([&] { return !timer.is_alive(); }));
    }
  }
}

// folly #2093: the pool is destroyed as soon as somebody has seen the result.
TEST(ReportedElsewhere, APoolDestroyedRightAfterItsLastResult) {
  for (int round = 0; round < rounds(10'000); ++round) {
    std::optional<Future<int>> future;
    {
      ThreadPoolExecutor pool(1);
      future = pool.submit([] { return 7; });
      futures::wait(std::vector{*future});
    }
    ASSERT_EQ(future->result(), 7);
  }
}

// The same of a queue whose last task was reported as done.
TEST(ReportedElsewhere, AQueueDestroyedRightAfterJoin) {
  for (int round = 0; round < rounds(5'000); ++round) {
    auto items = std::make_unique<Queue<int>>();
    items->put(1);
    Thread worker([used = items.get()] {
      used->get();
      used->task_done();
    });
    worker.start();
    items->join();
    items.reset();
  }
}

// cpython #114948: map over very many items ends.
TEST(ReportedElsewhere, MapOverManyItems) {
  std::vector<int> items(static_cast<std::size_t>(rounds(200'000)));
  std::iota(items.begin(), items.end(), 0);
  ThreadPoolExecutor pool(2);
  int expected = 0;
  for (const int result : pool.map([](int n) { return n; }, items)) {
    ASSERT_EQ(result, expected);
    ++expected;
  }
  EXPECT_EQ(static_cast<std::size_t>(expected), items.size());
}

// taskflow #732: the holder of a permit throws while others wait for it.
TEST(ReportedElsewhere, TheHolderOfAPermitThrows) {
  threading::Semaphore permits(1);
  std::atomic<int> ran{0};
  ThreadPoolExecutor pool(4);
  std::vector<Future<void>> futures;
  const int tasks = rounds(2'000);
  for (int i = 0; i < tasks; ++i) {
    futures.push_back(pool.submit([&, i] {
      const Guard guard(permits);
      ++ran;
      if (i % 3 == 0) throw std::runtime_error("with the permit");
    }));
  }
  int thrown = 0;
  for (const Future<void>& future : futures) {
    try {
      future.result(kLongEnough);
    } catch (const std::runtime_error& error) {
      ASSERT_STREQ(error.what(), "with the permit");
      ++thrown;
    }
  }
  EXPECT_EQ(thrown, (tasks + 2) / 3);
  EXPECT_EQ(ran, tasks);
  EXPECT_EQ(permits.value(), 1);
}

// concurrentqueue #317: what is put after another thread's put is behind it.
TEST(ReportedElsewhere, ItemsOfTwoProducersOfWhichOneComesAfterTheOther) {
  for (const std::size_t maxsize : {0U, 2U, 1000U}) {
    Queue<int> items(maxsize);
    std::atomic<int> turn{0};
    const int count = rounds(20'000);
    std::list<Thread> producers;
    for (int number = 0; number < 2; ++number) {
      producers.emplace_back([&, number] {
        for (int i = number; i < count; i += 2) {
          while (turn.load(std::memory_order_acquire) != i) std::this_thread::yield();
          items.put(i);
          turn.store(i + 1, std::memory_order_release);
        }
      });
      producers.back().start();
    }
    for (int i = 0; i < count; ++i) ASSERT_EQ(items.get(), i);
  }
}

#ifndef __EMSCRIPTEN__
// bshoshany/thread-pool #120, libcoro #265: who waits uses no processor.
TEST(ReportedElsewhere, NativeAnIdlePoolUsesNoProcessor) {
  ThreadPoolExecutor pool(4);
  std::vector<Future<void>> futures;
  for (int i = 0; i < 100; ++i) futures.push_back(pool.submit([] {}));
  futures::wait(futures);
  Queue<int> items;
  Event event;
  Thread getter([&] { EXPECT_EQ(items.get(), 1); });
  Thread waiter([&] { event.wait(); });
  getter.start();
  waiter.start();
  constexpr auto kPeriod = 200ms;
  const auto used = [&] {
    const std::clock_t before = std::clock();
    runtime::sleep_for(kPeriod);
    return std::chrono::duration<double>(static_cast<double>(std::clock() - before) /
                                         CLOCKS_PER_SEC);
  };
  used();  // the threads come to rest
  EXPECT_LT(used(), kPeriod / 10);
  items.put(1);
  event.set();
}
#endif

}  // namespace
}  // namespace weft::test
