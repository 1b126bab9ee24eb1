// No wait ends before its time, on a machine that has more to do than processors.
#include <atomic>
#include <chrono>
#include <list>

#include <gtest/gtest.h>

#include "support/eventually.h"
#include "support/never_early.h"
#include "weft/threading/barrier.h"
#include "weft/threading/condition.h"
#include "weft/threading/event.h"
#include "weft/threading/guard.h"
#include "weft/threading/lock.h"
#include "weft/threading/read_write_lock.h"
#include "weft/threading/rlock.h"
#include "weft/threading/semaphore.h"
#include "weft/threading/stop_token.h"
#include "weft/threading/thread.h"
#include "weft/threading/timer.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;

TEST(Timeouts, Lock) {
  threading::Lock lock;
  lock.acquire();
  expect_never_early([&](auto duration) { return lock.acquire(true, duration); });
  lock.release();
}

TEST(Timeouts, RLock) {
  threading::RLock lock;
  lock.acquire();
  expect_never_early([&](auto duration) { return lock.acquire(true, duration); });
  lock.release();
}

TEST(Timeouts, Condition) {
  threading::Condition condition;
  expect_never_early([&](auto duration) {
    const threading::Guard guard(condition);
    return condition.wait(duration);
  });
}

TEST(Timeouts, ConditionWaitFor) {
  threading::Condition condition;
  expect_never_early([&](auto duration) {
    const threading::Guard guard(condition);
    condition.notify();  // wakes others in vain
    return condition.wait_for([] { return false; }, duration);
  });
}

TEST(Timeouts, Semaphore) {
  threading::Semaphore semaphore(0);
  expect_never_early([&](auto duration) { return semaphore.acquire(true, duration); });
}

TEST(Timeouts, Event) {
  threading::Event event;
  expect_never_early([&](auto duration) { return event.wait(duration); });
}

TEST(Timeouts, StopToken) {
  threading::StopSource source;
  expect_never_early([&](auto duration) { return source.token().wait(duration); });
}

TEST(Timeouts, Barrier) {
  expect_never_early([](auto duration) {
    threading::Barrier barrier(2);
    try {
      barrier.wait(duration);
      return true;
    } catch (const threading::BrokenBarrierError&) {
      return false;
    }
  });
}

TEST(Timeouts, ReadWriteLock) {
  threading::ReadWriteLock lock;
  lock.acquire_read();
  expect_never_early([&](auto duration) { return lock.acquire_write(true, duration); });
  lock.release_read();
  lock.acquire_write();
  expect_never_early([&](auto duration) { return lock.acquire_read(true, duration); });
  lock.release_write();
}

TEST(Timeouts, ThreadJoin) {
  threading::Event go;
  threading::Thread thread([&] { go.wait(); });
  thread.start();
  expect_never_early([&](auto duration) {
    thread.ref().join(duration);
    return !thread.is_alive();
  });
  go.set();
}

// Timers by the dozen: none calls early, each calls once, those that are cancelled in time not at all.
TEST(Timeouts, Timer) {
#ifdef __EMSCRIPTEN__
  constexpr auto kSkew =
      20us;  // by which the clocks of two threads may differ: see platform::clock_now()
#else
  constexpr auto kSkew = 0us;
#endif
  for (int round = 0; round < rounds(20); ++round) {
    std::atomic<int> calls{0};
    std::atomic<int> early{0};
    std::list<threading::Timer> timers;
    const int count = many_threads();
    for (int i = 0; i < count; ++i) {
      const auto interval = std::chrono::microseconds(100 * i);
      const auto start = test_clock();
      timers.emplace_back(interval, [&, interval, start] {
        if (test_clock() - start < interval - kSkew) ++early;
        ++calls;
      });
      timers.back().start();
    }
    threading::Timer cancelled(1h, [&] { calls += 1'000; });
    cancelled.start();
    cancelled.cancel();
    cancelled.join();
    for (threading::Timer& timer : timers) timer.join();
    EXPECT_EQ(calls, count);
    EXPECT_EQ(early, 0);
  }
}

}  // namespace
}  // namespace weft::test
