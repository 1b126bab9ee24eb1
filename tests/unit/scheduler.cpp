#include "weft/runtime/scheduler.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/background.h"
#include "support/deterministic_scheduler.h"
#include "weft/errors.h"
#include "weft/futures/future.h"
#include "weft/queue/priority_queue.h"
#include "weft/queue/queue.h"
#include "weft/runtime/internal/park_shared.h"
#include "weft/runtime/park.h"
#include "weft/runtime/session.h"
#include "weft/threading/barrier.h"
#include "weft/threading/condition.h"
#include "weft/threading/event.h"
#include "weft/threading/gil.h"
#include "weft/threading/lock.h"
#include "weft/threading/read_write_lock.h"
#include "weft/threading/rlock.h"
#include "weft/threading/semaphore.h"
#include "weft/threading/thread.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using trace::Kind;

/// Leaves all to the operating system and writes down what it is called for.
class Witness : public runtime::Scheduler {
 public:
  void point(runtime::ThreadState&, Kind operation, const runtime::Object*) noexcept override {
    points.push_back(operation);
  }
  void yield(runtime::ThreadState&) noexcept override { ++yields; }
  bool park(runtime::ThreadState& thread, const std::atomic<std::uint32_t>& word,
            std::uint32_t expected, const runtime::Deadline& deadline,
            const runtime::Waiting& waiting) noexcept override {
    ++parks;
    return runtime::park_on(nullptr, thread, word, expected, deadline, waiting);
  }
  void wake(const std::atomic<std::uint32_t>& word, std::uint32_t count) noexcept override {
    ++wakes;
    runtime::wake_on(nullptr, word, count);
  }
  runtime::Time now() noexcept override { return runtime::now_on(nullptr); }
  std::uint32_t choose(std::uint32_t alternatives) noexcept override {
    EXPECT_EQ(alternatives, 2U);
    return spurious-- > 0 ? 1 : 0;
  }

  std::vector<Kind> points;
  std::atomic<int> yields{0};
  std::atomic<int> parks{0};
  std::atomic<int> wakes{0};
  int spurious = 0;
};

std::vector<Kind> points_of(const std::function<void()>& action) {
  Witness witness;
  const runtime::Session session({.scheduler = &witness});
  action();
  return witness.points;
}

using Kinds = std::vector<Kind>;

TEST(SchedulerPoints, PrecedeEachOperation) {
  threading::Lock lock;
  EXPECT_EQ(points_of([&] { lock.acquire(); }), Kinds{Kind::lock_acquire});
  EXPECT_EQ(points_of([&] { lock.release(); }), Kinds{Kind::lock_release});
  threading::RLock rlock;
  EXPECT_EQ(points_of([&] {
              rlock.acquire();
              rlock.release();
            }),
            (Kinds{Kind::lock_acquire, Kind::lock_release}));
  threading::Semaphore semaphore(1);
  EXPECT_EQ(points_of([&] {
              semaphore.acquire();
              semaphore.release();
            }),
            (Kinds{Kind::semaphore_acquire, Kind::semaphore_release}));
  threading::ReadWriteLock guarded;
  EXPECT_EQ(
      points_of([&] {
        guarded.acquire_read();
        guarded.release_read();
        guarded.acquire_write();
        guarded.release_write();
      }),
      (Kinds{Kind::read_acquire, Kind::read_release, Kind::write_acquire, Kind::write_release}));
  threading::Condition condition(lock);
  lock.acquire();
  EXPECT_EQ(points_of([&] { condition.notify(); }), Kinds{Kind::condition_notify});
  lock.release();
  threading::Event event;
  EXPECT_EQ(points_of([&] { event.set(); }), Kinds{Kind::event_set});
  futures::Future<int> future;
  EXPECT_EQ(points_of([&] { future.set_result(1); }), Kinds{Kind::task_finish});
}

// A thread that is woken by a put may run before the one that put does anything else.
TEST(SchedulerPoints, FollowAPut) {
  queue::Queue<int> items(1);
  EXPECT_EQ(points_of([&] { items.put(1); }), (Kinds{Kind::queue_put, Kind::queue_put}));
  queue::PriorityQueue<int> ordered;
  EXPECT_EQ(points_of([&] { ordered.put(1); }), (Kinds{Kind::queue_put, Kind::queue_put}));
}

TEST(SchedulerPoints, PrecedeStartAndJoin) {
  Witness witness;
  const runtime::Session session({.scheduler = &witness});
  threading::Thread thread([] {});
  thread.start();
  thread.join();
  EXPECT_EQ(witness.points, (Kinds{Kind::thread_start, Kind::thread_end}));
}

TEST(SchedulerPoints, LooksAtAStateAreYields) {
  Witness witness;
  const runtime::Session session({.scheduler = &witness});
  const auto yields = [&](auto look) {
    const int before = witness.yields;
    look();
    return witness.yields - before;
  };
  threading::Lock lock;
  threading::Event event;
  threading::Semaphore semaphore;
  threading::Barrier barrier(2);
  threading::ReadWriteLock guarded;
  queue::Queue<int> items;
  queue::PriorityQueue<int> ordered;
  const futures::Future<int> future;
  threading::Thread thread([] {});
  EXPECT_EQ(yields([&] { lock.locked(); }), 1);
  EXPECT_EQ(yields([&] { event.is_set(); }), 1);
  EXPECT_EQ(yields([&] { static_cast<void>(semaphore.value()); }), 1);
  EXPECT_EQ(yields([&] { static_cast<void>(barrier.n_waiting()); }), 1);
  EXPECT_EQ(yields([&] { static_cast<void>(barrier.broken()); }), 1);
  EXPECT_EQ(yields([&] { static_cast<void>(guarded.readers()); }), 1);
  EXPECT_EQ(yields([&] { static_cast<void>(guarded.is_written()); }), 1);
  EXPECT_EQ(yields([&] { static_cast<void>(items.qsize()); }), 1);
  EXPECT_EQ(yields([&] { static_cast<void>(items.empty()); }), 1);
  EXPECT_EQ(yields([&] { static_cast<void>(ordered.empty()); }), 1);
  EXPECT_EQ(yields([&] { static_cast<void>(future.done()); }), 1);
  EXPECT_EQ(yields([&] { static_cast<void>(future.running()); }), 1);
  EXPECT_EQ(yields([&] { static_cast<void>(thread.is_alive()); }), 1);
}

TEST(Scheduler, SeesParksAndWakes) {
  Witness witness;
  const runtime::Session session({.scheduler = &witness});
  threading::Event event;
  Background waiter([&] { event.wait(); });
  ASSERT_TRUE(waiter.falls_asleep());
  event.set();
  EXPECT_TRUE(waiter.ends());
  EXPECT_GE(witness.parks, 1);
  EXPECT_GE(witness.wakes, 1);
}

TEST(Scheduler, MayLetAParkReturnSpuriously) {
  Witness witness;
  witness.spurious = 3;
  const runtime::Session session({.scheduler = &witness});
  runtime::sleep_for(2ms);
  EXPECT_EQ(witness.spurious, -1) << "three spurious returns, then it slept";
  EXPECT_EQ(witness.parks, 1);
}

// The outermost session of a thread that opens another one inside is its own again afterwards.
TEST(Scheduler, SessionsMayNest) {
  const runtime::Session outer({});
  const runtime::ThreadState* const before = runtime::session_thread;
  {
    const runtime::Session inner({});
    EXPECT_NE(runtime::session_thread, before);
  }
  EXPECT_EQ(runtime::session_thread, before);
  EXPECT_EQ(runtime::current, before);
}

TEST(Controlled, TimeIsVirtual) {
  DeterministicScheduler scheduler;
  const runtime::Session session({.scheduler = &scheduler});
  const auto start = std::chrono::steady_clock::now();
  const runtime::Time before = runtime::Clock::now();
  runtime::sleep_for(1h);
  EXPECT_GE(runtime::Clock::now() - before, 1h);
  EXPECT_LT(std::chrono::steady_clock::now() - start, 1min);
}

TEST(Controlled, TheLowestRunnableThreadRuns) {
  DeterministicScheduler scheduler;
  std::vector<int> order;
  {
    const runtime::Session session({.scheduler = &scheduler});
    std::vector<std::unique_ptr<threading::Thread>> threads;
    for (int i = 0; i < 4; ++i) {
      threads.push_back(std::make_unique<threading::Thread>([&order, i] {
        order.push_back(i);
        runtime::checkpoint();
        order.push_back(i);
      }));
      threads.back()->start();
    }
    for (const auto& thread : threads) thread->join();
  }
  EXPECT_EQ(order, (std::vector<int>{0, 0, 1, 1, 2, 2, 3, 3}));
}

TEST(Controlled, APollingLoopLetsOthersRun) {
  DeterministicScheduler scheduler;
  const runtime::Session session({.scheduler = &scheduler});
  threading::Event event;
  threading::Thread other([&] { event.set(); });
  other.start();
  while (!event.is_set()) {
  }
  other.join();
}

TEST(Controlled, ALoopWithPointsLetsOthersRunAfterASlice) {
  DeterministicScheduler scheduler;
  const runtime::Session session({.scheduler = &scheduler});
  std::atomic<bool> done{false};
  threading::Thread other([&] { done = true; });
  other.start();
  while (!done) runtime::checkpoint();
  other.join();
}

TEST(Controlled, TheGilIsOnTopOfIt) {
  DeterministicScheduler scheduler;
  const runtime::Session session({.scheduler = &scheduler});
  const threading::Gil gil(5ms);
  std::atomic<bool> done{false};
  threading::Thread other([&] { done = true; });
  other.start();
  const runtime::Time before = runtime::Clock::now();
  while (!done) runtime::checkpoint();
  EXPECT_GE(runtime::Clock::now() - before, 5ms) << "the other thread waits for one interval";
  other.join();
}

std::string message_of(const std::function<void()>& action) {
  try {
    action();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "nothing was thrown";
}

TEST(Controlled, RefusesWaitsThatEndFromOutside) {
  std::atomic<bool> over{false};
  threading::Thread foreign([&] {
    while (!over) std::this_thread::yield();
  });
  foreign.start();
  {
    DeterministicScheduler scheduler;
    const runtime::Session session({.scheduler = &scheduler});
    EXPECT_EQ(
        message_of([&] { foreign.join(); }),
        "a controlled scheduler can't schedule a wait that is ended from outside its session");
    EXPECT_EQ(
        message_of([&] { runtime::park_shared(0, 0, std::nullopt, {trace::Reason::process}); }),
        "a controlled scheduler can't schedule waits for other processes");
  }
  over = true;
  foreign.join();
  DeterministicScheduler scheduler;
  EXPECT_EQ(message_of([&] {
              const runtime::Session session({.scheduler = &scheduler, .finds_deadlocks = false});
            }),
            "finds_deadlocks must be true with a controlled scheduler, which can't schedule waits "
            "that are ended from outside the session");
}

// The thread that stops a run is none of the session.
TEST(Controlled, CanBeStoppedFromOutside) {
  std::atomic<std::uint32_t> stop{0};
  DeterministicScheduler scheduler;
  runtime::Session session({.stop = &stop, .scheduler = &scheduler});
  std::atomic<bool> over{false};
  threading::Lock lock;
  std::thread outside([&] {
    stop.store(1);
    while (!over) {
      session.wake_parked();
      std::this_thread::yield();
    }
  });
  EXPECT_THROW(
      {
        for (;;) runtime::sleep_for(1s);
      },
      runtime::Stopped);
  over = true;
  outside.join();
}

}  // namespace
}  // namespace weft::test
