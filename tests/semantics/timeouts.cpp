// The ends of the range of timeouts, at everything that takes one: the lowest there is only looks, or is
// refused as every negative one where Python refuses it, and the highest is for ever.
#include <chrono>
#include <list>
#include <vector>

#include <gtest/gtest.h>

#include "support/background.h"
#include "support/eventually.h"
#include "weft/futures/as_completed.h"
#include "weft/futures/thread_pool_executor.h"
#include "weft/futures/wait.h"
#include "weft/queue/lifo_queue.h"
#include "weft/queue/priority_queue.h"
#include "weft/queue/queue.h"
#include "weft/queue/simple_queue.h"
#include "weft/runtime/session.h"
#include "weft/threading/barrier.h"
#include "weft/threading/condition.h"
#include "weft/threading/event.h"
#include "weft/threading/guard.h"
#include "weft/threading/read_write_lock.h"
#include "weft/threading/semaphore.h"
#include "weft/threading/stop_token.h"
#include "weft/threading/timer.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using futures::Future;
using threading::Condition;
using threading::Guard;

constexpr std::chrono::nanoseconds kLowest = std::chrono::nanoseconds::min();
constexpr std::chrono::nanoseconds kHighest = std::chrono::nanoseconds::max();

struct InASession : testing::Test {
  const runtime::Session session{runtime::Session::Options{}};
};
struct OutsideSessions : testing::Test {};

template <class Where>
struct TimeoutRange : Where {};
using Places = testing::Types<InASession, OutsideSessions>;
TYPED_TEST_SUITE(TimeoutRange, Places);

TYPED_TEST(TimeoutRange, the_lowest_only_looks) {
  for (const std::chrono::nanoseconds timeout :
       {kLowest, kLowest + 1ns, std::chrono::nanoseconds(-24h * 365 * 291), -1ns}) {
    threading::Event event;
    EXPECT_FALSE(event.wait(timeout));
    Condition condition;
    {
      const Guard guard(condition);
      EXPECT_FALSE(condition.wait(timeout));
      EXPECT_FALSE(condition.wait_for([] { return false; }, timeout));
      EXPECT_TRUE(condition.wait_for([] { return true; }, timeout));
    }
    EXPECT_FALSE(threading::Semaphore(0).acquire(true, timeout));
    EXPECT_TRUE(threading::Semaphore(1).acquire(true, timeout));
    EXPECT_THROW(threading::Barrier(2).wait(timeout), threading::BrokenBarrierError);
    EXPECT_THROW(threading::Barrier(2, {.timeout = timeout}).wait(), threading::BrokenBarrierError);
    EXPECT_FALSE(threading::StopSource().token().wait(timeout));
    EXPECT_FALSE(threading::StopToken().wait(timeout));
    runtime::sleep_for(timeout);

    threading::Thread thread([&] { event.wait(); });
    thread.start();
    thread.join(timeout);
    EXPECT_TRUE(thread.is_alive());
    thread.ref().join(timeout);
    event.set();
    EXPECT_TRUE(event.wait(timeout));
    bool called = false;
    {
      threading::Timer timer(timeout, [&] { called = true; });
      timer.start();
    }
    EXPECT_TRUE(called) << "its time has come";

    Future<int> future;
    EXPECT_THROW(future.result(timeout), TimeoutError);
    EXPECT_THROW(future.exception(timeout), TimeoutError);
    const std::vector futures{future};
    EXPECT_TRUE(futures::wait(futures, timeout).done.empty());
    auto completed = futures::as_completed(futures, timeout);
    EXPECT_THROW(*completed.begin(), TimeoutError);
    threading::Event go;
    futures::ThreadPoolExecutor pool(1);
    auto results = pool.map([&](int) { go.wait(); }, {1}, timeout);
    EXPECT_THROW(*results.begin(), TimeoutError);
    go.set();
    future.set_result(1);
    EXPECT_EQ(future.result(timeout), 1);
  }
}

TYPED_TEST(TimeoutRange, the_lowest_is_refused_by_locks_and_queues) {
  threading::Lock lock;
  threading::RLock rlock;
  threading::ReadWriteLock read_write;
  Condition condition;
  EXPECT_THROW(lock.acquire(true, kLowest), ValueError);
  EXPECT_THROW(rlock.acquire(true, kLowest), ValueError);
  EXPECT_THROW(condition.acquire(true, kLowest), ValueError);
  EXPECT_THROW(read_write.acquire_read(true, kLowest), ValueError);
  EXPECT_THROW(read_write.acquire_write(true, kLowest), ValueError);
  const auto refused = [](auto&& queue) {
    EXPECT_THROW(queue.get(true, kLowest), ValueError);
    EXPECT_THROW(queue.get(false, kLowest), queue::Empty) << "not looked at";
  };
  refused(queue::Queue<int>());
  refused(queue::LifoQueue<int>());
  refused(queue::PriorityQueue<int>());
  refused(queue::SimpleQueue<int>());
  queue::Queue<int> full(1);
  full.put(1);
  EXPECT_THROW(full.put(2, true, kLowest), ValueError);
}

// What waits with the highest timeout is woken as what waits without any.
TEST(HighestTimeout, is_for_ever) {
  const runtime::Session session({});
  for (const std::chrono::nanoseconds timeout : {kHighest, kHighest - 1ns}) {
    threading::Event event;
    Condition condition;
    threading::Semaphore semaphore(0);
    threading::Barrier barrier(2);
    threading::Lock lock;
    threading::RLock rlock;
    threading::ReadWriteLock read_write;
    queue::Queue<int> items;
    queue::LifoQueue<int> stack;
    Future<int> future;
    lock.acquire();
    rlock.acquire();
    read_write.acquire_write();
    std::list<Background> waiters;
    const auto waits = [&](auto wait) { waiters.emplace_back(wait); };
    waits([&] { EXPECT_TRUE(event.wait(timeout)); });
    waits([&] {
      const Guard guard(condition);
      EXPECT_TRUE(condition.wait(timeout));
    });
    waits([&] { EXPECT_TRUE(semaphore.acquire(true, timeout)); });
    waits([&] { EXPECT_EQ(barrier.wait(timeout), 0); });
    waits([&] { EXPECT_TRUE(lock.acquire(true, timeout)); });
    waits([&] { EXPECT_TRUE(rlock.acquire(true, timeout)); });
    waits([&] { EXPECT_TRUE(read_write.acquire_read(true, timeout)); });
    waits([&] { EXPECT_EQ(items.get(true, timeout), 1); });
    waits([&] { EXPECT_EQ(stack.get(true, timeout), 1); });
    waits([&] { EXPECT_EQ(future.result(timeout), 1); });
    waits([&] { EXPECT_EQ(futures::wait(std::vector{future}, timeout).done.size(), 1U); });
    for (const Background& waiter : waiters) ASSERT_TRUE(waiter.falls_asleep());
    event.set();
    {
      const Guard guard(condition);
      condition.notify();
    }
    semaphore.release();
    EXPECT_EQ(barrier.wait(timeout), 1);
    lock.release();
    rlock.release();
    read_write.release_write();
    items.put(1, true, timeout);
    stack.put(1, true, timeout);
    future.set_result(1);
    for (Background& waiter : waiters) EXPECT_TRUE(waiter.ends());
  }
}

}  // namespace
}  // namespace weft::test
