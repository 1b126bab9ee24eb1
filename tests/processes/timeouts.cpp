// Timeouts that have passed already, however far back: a wait only looks.
#include <gtest/gtest.h>

#include <chrono>
#include <vector>

#include "weft/errors.h"
#include "weft/multiprocessing/barrier.h"
#include "weft/multiprocessing/condition.h"
#include "weft/multiprocessing/connection.h"
#include "weft/multiprocessing/event.h"
#include "weft/multiprocessing/lock.h"
#include "weft/multiprocessing/pool.h"
#include "weft/multiprocessing/process.h"
#include "weft/multiprocessing/process_pool_executor.h"
#include "weft/multiprocessing/queue.h"
#include "weft/multiprocessing/semaphore.h"
#include "weft/multiprocessing/wait.h"
#include "weft/runtime/internal/park_shared.h"
#include "weft/threading/guard.h"

namespace {

using namespace std::chrono_literals;
using std::chrono::nanoseconds;
namespace ipc = weft::ipc;
namespace mp = weft::multiprocessing;

constexpr nanoseconds kPast[] = {nanoseconds::min(), nanoseconds::min() + 1ns, -24h * 365 * 291,
                                 -1ns, 0ns};

const mp::Entry wait_for("timeouts.wait_for", [](mp::Event event) { event.wait(); });
const mp::Entry wait_for_it("timeouts.wait_for_it", [](mp::Event event) {
  event.wait();
  return 1;
});

TEST(Timeouts, M12_ThatHavePassedOnlyLook) {
  mp::Event event;
  mp::Lock lock;
  mp::RLock rlock;
  mp::Semaphore semaphore(0);
  mp::Condition condition;
  for (const nanoseconds past : kPast) {
    EXPECT_FALSE(event.wait(past));
    EXPECT_TRUE(lock.acquire(true, past));
    EXPECT_FALSE(lock.acquire(true, past));
    lock.release();
    EXPECT_TRUE(rlock.acquire(true, past));
    rlock.release();
    EXPECT_FALSE(semaphore.acquire(true, past));
    {
      const weft::threading::Guard guard(condition);
      EXPECT_FALSE(condition.wait(past));
      EXPECT_FALSE(condition.wait_for([] { return false; }, past));
    }
    mp::Barrier barrier(2);
    EXPECT_THROW(barrier.wait(past), mp::BrokenBarrierError);
  }
}

TEST(Timeouts, M09_OfQueuesAndPipesThatHavePassedOnlyLook) {
  mp::Queue<int> queue(1);
  auto [in, out] = mp::Pipe(false);
  for (const nanoseconds past : kPast) {
    EXPECT_THROW(queue.get(true, past), weft::queue::Empty);
    queue.put(1, true, past);
    EXPECT_THROW(queue.put(2, true, past), weft::queue::Full);
    EXPECT_EQ(queue.get(true, past), 1);
    EXPECT_FALSE(in.poll(past));
    EXPECT_TRUE(mp::wait({in}, past).empty());
  }
}

TEST(Timeouts, M03_OfProcessesThatHavePassedOnlyLook) {
  mp::Event event;
  mp::Process process(wait_for, event);
  process.start();
  for (const nanoseconds past : kPast) {
    process.join(past);
    EXPECT_TRUE(process.is_alive());
    process.ref().join(past);
    EXPECT_TRUE(mp::wait({process.sentinel()}, past).empty());
  }
  event.set();
}

TEST(Timeouts, M14_OfPoolsThatHavePassedOnlyLook) {
  mp::Event event;
  mp::Pool pool(1);
  auto result = pool.apply_async(wait_for_it, event);
  auto results = pool.imap(wait_for_it, std::vector<mp::Event>{event});
  for (const nanoseconds past : kPast) {
    EXPECT_THROW(result.get(past), weft::TimeoutError);
    result.wait(past);
    EXPECT_THROW(results.next(past), weft::TimeoutError);
  }
  event.set();
  EXPECT_EQ(result.get(), 1);
}

// Of the floor on which they stand: a deadline before which there is nothing.
TEST(Timeouts, ADeadlineBeforeTheClocksBeginHasPassed) {
  mp::Event event;
  EXPECT_FALSE(event.is_set());  // the memory is there
  const weft::runtime::Deadline past(weft::runtime::Time::min());
  const auto object = ipc::create_object(ipc::ObjectKind::test, 64, {.name = "word"});
  EXPECT_FALSE(
      weft::runtime::park_shared(object.ref.data(), 0, past, {weft::trace::Reason::process}));
  EXPECT_TRUE(
      weft::runtime::park_shared(object.ref.data(), 1, past, {weft::trace::Reason::process}));
}

}  // namespace
