// Ten thousand of each primitive of threading, made, used, and destroyed.
#include <optional>

#include <gtest/gtest.h>

#include "support/eventually.h"
#include "support/leaks.h"
#include "weft/threading/barrier.h"
#include "weft/threading/condition.h"
#include "weft/threading/event.h"
#include "weft/threading/guard.h"
#include "weft/threading/local.h"
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
using threading::Guard;

TEST(Lifetimes, Lock) {
  expect_no_leak([] {
    threading::Lock lock("some name that is too long for a small string");
    const Guard guard(lock);
    EXPECT_FALSE(lock.acquire(false));
  });
}

TEST(Lifetimes, RLock) {
  expect_no_leak([] {
    threading::RLock lock;
    const Guard outer(lock);
    const Guard inner(lock);
    EXPECT_EQ(lock.recursion_count(), 2U);
  });
}

TEST(Lifetimes, Condition) {
  expect_no_leak([] {
    threading::Condition condition;
    const Guard guard(condition);
    EXPECT_FALSE(condition.wait(0ns));
    condition.notify_all();
  });
}

TEST(Lifetimes, Semaphore) {
  expect_no_leak([] {
    threading::BoundedSemaphore semaphore(1);
    const Guard guard(semaphore);
    EXPECT_FALSE(semaphore.acquire(true, 0ns));
  });
}

TEST(Lifetimes, Event) {
  expect_no_leak([] {
    threading::Event event;
    EXPECT_FALSE(event.wait(0ns));
    event.set();
    EXPECT_TRUE(event.wait());
  });
}

TEST(Lifetimes, Barrier) {
  expect_no_leak([] {
    threading::Barrier barrier(2, [] {});
    EXPECT_THROW(barrier.wait(0ns), threading::BrokenBarrierError);
    barrier.reset();
  });
}

TEST(Lifetimes, ReadWriteLock) {
  expect_no_leak([] {
    threading::ReadWriteLock lock;
    { const threading::WriteGuard guard(lock); }
    const threading::ReadGuard guard(lock);
    EXPECT_FALSE(lock.acquire_write(true, 0ns));
  });
}

TEST(Lifetimes, Local) {
  expect_no_leak([] {
    threading::Local<std::optional<int>> local;
    *local = 1;
    EXPECT_TRUE(local->has_value());
  });
}

TEST(Lifetimes, StopToken) {
  expect_no_leak([] {
    threading::StopToken token;
    {
      threading::StopSource source;
      token = source.token();
      source.request_stop();
    }
    EXPECT_TRUE(token.wait(0ns));
  });
}

TEST(Lifetimes, Thread) {
  threading::Local<std::optional<int>> local;
  expect_no_leak([&] {
    threading::Thread thread([&] { *local = 1; });
    thread.start();
    thread.ref().set_name("some name that is too long for a small string");
  });
}

TEST(Lifetimes, DaemonThread) {
  expect_no_leak([] {
    threading::Event ended;
    threading::ThreadRef ref = [&] {
      threading::Thread thread([&] { ended.set(); }, {.daemon = true});
      thread.start();
      return thread.ref();
    }();
    EXPECT_TRUE(ended.wait(kLongEnough));
    ref.join();
  });
}

TEST(Lifetimes, Timer) {
  expect_no_leak([] {
    threading::Timer timer(1h, [] {});
    timer.start();
    timer.cancel();
  });
}

}  // namespace
}  // namespace weft::test
