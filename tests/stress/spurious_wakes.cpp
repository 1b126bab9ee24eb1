// Every primitive, with many parks that end for no reason.
#include "weft/runtime/internal/spurious_wakes.h"

#include <gtest/gtest.h>

#include <atomic>
#include <deque>
#include <functional>
#include <numeric>
#include <vector>

#include "support/eventually.h"
#include "support/recording.h"
#include "support/scale.h"
#include "support/well_formed.h"
#include "weft/futures/as_completed.h"
#include "weft/futures/thread_pool_executor.h"
#include "weft/futures/wait.h"
#include "weft/queue/lifo_queue.h"
#include "weft/queue/priority_queue.h"
#include "weft/queue/queue.h"
#include "weft/queue/simple_queue.h"
#include "weft/threading/barrier.h"
#include "weft/threading/condition.h"
#include "weft/threading/event.h"
#include "weft/threading/gil.h"
#include "weft/threading/guard.h"
#include "weft/threading/lock.h"
#include "weft/threading/read_write_lock.h"
#include "weft/threading/rlock.h"
#include "weft/threading/semaphore.h"
#include "weft/threading/stop_token.h"
#include "weft/threading/timer.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using threading::Guard;
using threading::Thread;

/// Half of all parks wake at once, in a session that would take a standstill for a deadlock.
class SpuriousWakes : public testing::Test {
 protected:
  SpuriousWakes() { runtime::testing::spurious_wakes(500, 7); }
  ~SpuriousWakes() override { runtime::testing::spurious_wakes(0); }

  void run_together(int threads, const std::function<void(int)>& body) {
    const runtime::Session session({});
    std::deque<Thread> all;
    for (int i = 0; i < threads; ++i) all.emplace_back([&body, i] { body(i); });
    for (Thread& thread : all) thread.start();
    for (Thread& thread : all) thread.join();
    EXPECT_FALSE(session.deadlocked());
  }

  const int threads_ = many_threads();
  const int each_ = rounds(10'000);
};

template <class Lock>
void add_under(Lock& lock, std::int64_t& sum, int times) {
  for (int i = 0; i < times; ++i) {
    const Guard guard(lock);
    ++sum;
  }
}

TEST_F(SpuriousWakes, LockAndRLock) {
  threading::Lock lock;
  threading::RLock rlock;
  std::int64_t sum = 0;
  std::int64_t rsum = 0;
  run_together(threads_, [&](int) {
    add_under(lock, sum, each_);
    add_under(rlock, rsum, each_);
  });
  EXPECT_EQ(sum, threads_ * each_);
  EXPECT_EQ(rsum, threads_ * each_);
}

TEST_F(SpuriousWakes, ReadWriteLock) {
  threading::ReadWriteLock lock;
  std::int64_t sum = 0;
  std::atomic<int> torn{0};
  run_together(threads_, [&](int number) {
    for (int i = 0; i < each_; ++i) {
      if ((i + number) % 4 == 0) {
        const threading::WriteGuard guard(lock);
        ++sum;
      } else {
        const threading::ReadGuard guard(lock);
        const std::int64_t before = sum;
        runtime::checkpoint();
        if (sum != before) ++torn;
      }
    }
  });
  EXPECT_EQ(torn, 0);
}

TEST_F(SpuriousWakes, ConditionAndItsTimeout) {
  threading::Condition condition;
  int turn = 0;
  run_together(2, [&](int me) {
    for (int i = 0; i < each_; ++i) {
      const Guard guard(condition);
      EXPECT_TRUE(condition.wait_for([&] { return turn == me; }));
      turn = 1 - me;
      condition.notify();
    }
  });
  const Guard guard(condition);
  EXPECT_GE(time_of([&] { EXPECT_FALSE(condition.wait(20ms)); }), 19ms) << "woken for nothing";
}

TEST_F(SpuriousWakes, Semaphore) {
  threading::Semaphore permits(3);
  std::atomic<int> inside{0};
  std::atomic<int> too_many{0};
  run_together(threads_, [&](int) {
    for (int i = 0; i < each_; ++i) {
      const Guard guard(permits);
      if (++inside > 3) ++too_many;
      runtime::checkpoint();
      --inside;
    }
  });
  EXPECT_EQ(too_many, 0);
  EXPECT_EQ(permits.value(), 3);
}

TEST_F(SpuriousWakes, Barrier) {
  threading::Barrier barrier(4);
  std::atomic<int> arrived{0};
  std::atomic<int> wrong{0};
  run_together(4, [&](int) {
    for (int phase = 1; phase <= each_; ++phase) {
      ++arrived;
      barrier.wait();
      if (arrived < 4 * phase) ++wrong;
      barrier.wait();
    }
  });
  EXPECT_EQ(wrong, 0);
}

TEST_F(SpuriousWakes, EventAndItsTimeout) {
  std::deque<threading::Event> events(static_cast<std::size_t>(each_));
  std::atomic<int> early{0};
  run_together(5, [&](int number) {
    for (threading::Event& event : events) {
      if (number == 0) {
        event.set();
      } else if (!event.wait() || !event.is_set()) {
        ++early;
      }
    }
  });
  EXPECT_EQ(early, 0);
  threading::Event never;
  EXPECT_GE(time_of([&] { EXPECT_FALSE(never.wait(20ms)); }), 19ms);
}

TEST_F(SpuriousWakes, Queue) {
  queue::Queue<int> queue(2);
  std::atomic<std::int64_t> sum{0};
  run_together(8, [&](int number) {
    for (int i = 0; i < each_; ++i) {
      if (number % 2 == 0) {
        queue.put(i);
      } else {
        sum += queue.get();
        queue.task_done();
      }
    }
    if (number == 0) queue.join();
  });
  EXPECT_EQ(sum, 4 * (std::int64_t{each_} * (each_ - 1) / 2));
}

template <class Items>
void exchange(Items& items, int number, int times, std::atomic<std::int64_t>& sum) {
  for (int i = 0; i < times; ++i) {
    if (number % 2 == 0) {
      items.put(i);
    } else {
      sum += items.get();
    }
  }
}

TEST_F(SpuriousWakes, TheOtherQueues) {
  queue::LifoQueue<int> lifo(2);
  queue::PriorityQueue<int> priority(2);
  queue::SimpleQueue<int> simple;
  std::atomic<std::int64_t> sum{0};
  run_together(8, [&](int number) {
    exchange(lifo, number, each_, sum);
    exchange(priority, number, each_, sum);
    exchange(simple, number, each_, sum);
  });
  EXPECT_EQ(sum, 3 * 4 * (std::int64_t{each_} * (each_ - 1) / 2));
}

TEST_F(SpuriousWakes, QueueTimeouts) {
  queue::Queue<int> queue(1);
  EXPECT_GE(time_of([&] { EXPECT_THROW(queue.get(true, 20ms), queue::Empty); }), 19ms);
  queue.put(1);
  EXPECT_GE(time_of([&] { EXPECT_THROW(queue.put(2, true, 20ms), queue::Full); }), 19ms);
}

TEST_F(SpuriousWakes, WaitAndAsCompleted) {
  const runtime::Session session({});
  futures::ThreadPoolExecutor pool(4);
  std::int64_t sum = 0;
  for (int round = 0; round < rounds(400); ++round) {
    std::vector<futures::Future<int>> all;
    for (int i = 0; i < 10; ++i) all.push_back(pool.submit([i] { return i; }));
    EXPECT_FALSE(
        futures::wait(all, std::nullopt, futures::ReturnWhen::FIRST_COMPLETED).done.empty());
    for (const auto& future : futures::as_completed(all)) sum += future.result();
    EXPECT_TRUE(futures::wait(all).not_done.empty());
  }
  EXPECT_EQ(sum, rounds(400) * 45);
  const std::vector<futures::Future<int>> never(1);
  EXPECT_GE(time_of([&] { EXPECT_TRUE(futures::wait(never, 20ms).done.empty()); }), 19ms);
  EXPECT_FALSE(session.deadlocked());
}

TEST_F(SpuriousWakes, JoinTimerAndStopToken) {
  const runtime::Session session({});
  threading::StopSource source;
  Thread patient([&] { EXPECT_TRUE(source.token().wait()); });
  patient.start();
  EXPECT_GE(time_of([&] { patient.join(20ms); }), 19ms);
  EXPECT_TRUE(patient.is_alive());
  const auto start = std::chrono::steady_clock::now();
  std::chrono::nanoseconds waited{};
  threading::Timer timer(20ms, [&] {
    waited = std::chrono::steady_clock::now() - start;
    source.request_stop();
  });
  timer.start();
  timer.join();
  patient.join();
  EXPECT_GE(waited, 19ms);
}

TEST_F(SpuriousWakes, FuturesAndThreads) {
  const runtime::Session session({});
  std::int64_t sum = 0;
  for (int round = 0; round < rounds(20); ++round) {
    futures::ThreadPoolExecutor pool(4);
    std::vector<futures::Future<int>> results;
    for (int i = 0; i < 50; ++i) results.push_back(pool.submit([i] { return i; }));
    for (auto& result : results) sum += result.result();
  }
  EXPECT_EQ(sum, rounds(20) * 50 * 49 / 2);
  EXPECT_FALSE(session.deadlocked());
}

TEST_F(SpuriousWakes, Sleep) {
  const runtime::Session session({});
  EXPECT_GE(time_of([] { runtime::sleep_for(20ms); }), 19ms);
}

}  // namespace
}  // namespace weft::test
