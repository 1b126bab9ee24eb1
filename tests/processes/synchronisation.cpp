// Python's multiprocessing.Lock and the like: row M12 of docs/semantics.md.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

#include "support/eventually.h"
#include "weft/errors.h"
#include "weft/multiprocessing/barrier.h"
#include "weft/multiprocessing/condition.h"
#include "weft/multiprocessing/connection.h"
#include "weft/multiprocessing/event.h"
#include "weft/multiprocessing/lock.h"
#include "weft/multiprocessing/process.h"
#include "weft/multiprocessing/queue.h"
#include "weft/multiprocessing/semaphore.h"
#include "weft/multiprocessing/value.h"
#include "weft/platform/cpu.h"
#include "weft/runtime/park.h"
#include "weft/threading/guard.h"
#include "weft/threading/thread.h"

namespace {

using namespace std::chrono_literals;
using weft::AssertionError;
using weft::ValueError;
using weft::test::eventually;
using weft::threading::Guard;
using weft::threading::Thread;
namespace mp = weft::multiprocessing;
using mp::AbandonedError;
using mp::Barrier;
using mp::BoundedSemaphore;
using mp::BrokenBarrierError;
using mp::Condition;
using mp::Connection;
using mp::Entry;
using mp::Event;
using mp::Lock;
using mp::Pipe;
using mp::Process;
using mp::Queue;
using mp::RLock;
using mp::Semaphore;
using mp::Value;

const Entry add_under_lock("sync.add_under_lock", [](Lock lock, Value<int> value, int times) {
  for (int i = 0; i < times; ++i) {
    const Guard guard(lock);
    value.set(value.get() + 1);
  }
});
const Entry take_lock("sync.take_lock", [](Lock lock, Connection told) {
  lock.acquire();
  told.send(1);
  weft::runtime::sleep_for(1h);
});
const Entry take_rlock("sync.take_rlock", [](RLock lock, Connection told) {
  lock.acquire();
  lock.acquire();
  told.send(1);
  weft::runtime::sleep_for(1h);
});
const Entry end_with_lock("sync.end_with_lock", [](Lock lock) { lock.acquire(); });
const Entry release_foreign_rlock("sync.release_foreign_rlock", [](RLock lock, Connection told) {
  try {
    lock.release();
    told.send(false);
  } catch (const AssertionError&) {
    told.send(!lock.acquire(false));
  }
});
const Entry take_permits("sync.take_permits", [](Semaphore semaphore, Connection told, int count) {
  for (int i = 1; i <= count; ++i) {
    semaphore.acquire();
    told.send(i);
  }
});
const Entry wait_once("sync.wait_once",
                      [](Condition condition, Value<int> waiting, Queue<bool> woken) {
                        const Guard guard(condition);
                        waiting.set(waiting.get() + 1);
                        woken.put(condition.wait());
                      });
const Entry take_permit("sync.take_permit", [](Semaphore semaphore, Connection told) {
  semaphore.acquire();
  told.send(1);
  weft::runtime::sleep_for(1h);
});
const Entry wait_for_event("sync.wait_for_event",
                           [](Event event, Connection told) { told.send(event.wait()); });
const Entry wait_for_value("sync.wait_for_value",
                           [](Condition condition, Value<int> value, Connection told) {
                             const Guard guard(condition);
                             condition.wait_for([&] { return value.get() != 0; });
                             told.send(value.get());
                           });
const Entry take_condition("sync.take_condition", [](Condition condition, Connection told) {
  condition.acquire();
  told.send(1);
  weft::runtime::sleep_for(1h);
});
const Entry pass_barrier("sync.pass_barrier", [](Barrier barrier, Queue<int> indices, int times) {
  for (int i = 0; i < times; ++i) indices.put(barrier.wait());
});
void hold_for_a_while() {
  for (int i = 0; i < 100; ++i) weft::platform::cpu_pause();
}
const Entry retake("sync.retake", [](Lock lock, Event enough) {
  while (!enough.is_set()) {
    const Guard guard(lock);
    hold_for_a_while();
  }
});
const Entry retake_recursive("sync.retake_recursive", [](RLock lock, Event enough) {
  while (!enough.is_set()) {
    const Guard guard(lock);
    hold_for_a_while();
  }
});
int acted = 0;
const Entry act("sync.act", [] { ++acted; });
const Entry act_badly("sync.act_badly", [] { throw ValueError("bad"); });
const Entry act_and_end("sync.act_and_end", [] { mp::os_exit(0); });
const Entry break_at_barrier("sync.break_at_barrier", [](Barrier barrier, Connection told) {
  try {
    barrier.wait();
    told.send(false);
  } catch (const BrokenBarrierError&) {
    told.send(true);
  }
});
const Entry wait_at_barrier("sync.wait_at_barrier", [](Barrier barrier) { barrier.wait(); });

/// Starts the entry with the object, waits until it says that it has it, and kills it.
template <class F, class Object>
std::uint32_t die_with(const Entry<F>& entry, const Object& object) {
  auto [told, tell] = Pipe(false);
  Process process(entry, object, tell);
  process.start();
  EXPECT_EQ(told.recv<int>(), 1);
  process.kill();
  process.join();
  return process.number().value();
}

TEST(SynchronisationSemantics, M12_LockExcludesAcrossProcesses) {
  Lock lock;
  Value<int> value(0, {.lock = mp::Lockless()});
  Process a(add_under_lock, lock, value, 3000);
  Process b(add_under_lock, lock, value, 3000);
  a.start();
  b.start();
  a.join();
  b.join();
  EXPECT_EQ(value.get(), 6000);
}

TEST(SynchronisationSemantics, M12_LockReleasedTooOftenIsAValueError) {
  Lock lock;
  EXPECT_THROW(lock.release(), ValueError);
  EXPECT_TRUE(lock.acquire());
  EXPECT_TRUE(lock.locked());
  EXPECT_FALSE(lock.acquire(false));
  EXPECT_FALSE(lock.acquire(true, 10ms));
  EXPECT_FALSE(lock.acquire(true, -1s));
  Thread other([&lock] { lock.release(); });
  other.start();
  other.join();
  EXPECT_FALSE(lock.locked());
}

TEST(SynchronisationSemantics, M12_RLockIsItsThreads) {
  RLock lock;
  EXPECT_THROW(lock.release(), AssertionError);
  lock.acquire();
  lock.acquire();
  Thread other([&lock] {
    EXPECT_FALSE(lock.acquire(false));
    EXPECT_THROW(lock.release(), AssertionError);
  });
  other.start();
  other.join();
  lock.release();
  EXPECT_TRUE(lock.locked());
  lock.release();
  EXPECT_FALSE(lock.locked());
  EXPECT_THROW(lock.release(), AssertionError);
}

TEST(SynchronisationSemantics, M12_RLockIsItsProcesses) {
  RLock lock;
  const Guard guard(lock);
  auto [told, tell] = Pipe(false);
  Process process(release_foreign_rlock, lock, tell);
  process.start();
  EXPECT_TRUE(told.recv<bool>());
  process.join();
}

TEST(SynchronisationSemantics, M12_ALockOfADeadProcessIsAbandoned) {
  Lock lock("the lock");
  const std::uint32_t number = die_with(take_lock, lock);
  try {
    lock.acquire();
    FAIL();
  } catch (const AbandonedError& error) {
    EXPECT_EQ(error.process_number, number);
    EXPECT_EQ(error.what(), "process " + std::to_string(number) + " died holding the lock");
  }
  EXPECT_THROW(lock.acquire(false), AbandonedError);
  EXPECT_THROW(lock.release(), ValueError);
  lock.recover();
  EXPECT_TRUE(lock.acquire(false));
  lock.release();
}

TEST(SynchronisationSemantics, M12_WhoWaitsForALockIsToldThatItsHolderDied) {
  Lock lock;
  auto [told, tell] = Pipe(false);
  Process process(take_lock, lock, tell);
  process.start();
  EXPECT_EQ(told.recv<int>(), 1);
  Thread killer([&process] {
    weft::runtime::sleep_for(20ms);
    process.kill();
  });
  killer.start();
  EXPECT_THROW(lock.acquire(), AbandonedError);
  killer.join();
  process.join();
}

TEST(SynchronisationSemantics, M12_AnRLockOfADeadProcessIsAbandoned) {
  RLock lock;
  die_with(take_rlock, lock);
  EXPECT_THROW(lock.acquire(), AbandonedError);
  lock.recover();
  EXPECT_TRUE(lock.acquire());
  lock.release();
  EXPECT_FALSE(lock.locked());
}

TEST(SynchronisationSemantics, M12_ALockOfAProcessThatEndedIsAbandoned) {
  Lock lock;
  Process process(end_with_lock, lock);
  process.start();
  process.join();
  EXPECT_EQ(process.exitcode(), 0);
  EXPECT_THROW(lock.acquire(), AbandonedError);
}

TEST(SynchronisationSemantics, M12_SemaphoreCounts) {
  Semaphore semaphore(2);
  EXPECT_TRUE(semaphore.acquire());
  EXPECT_TRUE(semaphore.acquire());
  EXPECT_EQ(semaphore.get_value(), 0);
  EXPECT_FALSE(semaphore.acquire(false));
  EXPECT_FALSE(semaphore.acquire(true, 10ms));
  semaphore.release(2);
  EXPECT_EQ(semaphore.get_value(), 2);
  EXPECT_THROW(semaphore.release(0), ValueError);
  EXPECT_THROW(Semaphore(-1).acquire(), ValueError);
}

TEST(SynchronisationSemantics, M12_SemaphoreLetsOtherProcessesGoOn) {
  Semaphore semaphore(1);
  auto [told, tell] = Pipe(false);
  Process process(take_permits, semaphore, tell, 4);
  process.start();
  EXPECT_EQ(told.recv<int>(), 1);
  EXPECT_FALSE(told.poll(10ms));
  semaphore.release();
  EXPECT_EQ(told.recv<int>(), 2);
  EXPECT_FALSE(told.poll(10ms));
  semaphore.release(2);
  EXPECT_EQ(told.recv<int>(), 3);
  EXPECT_EQ(told.recv<int>(), 4);
  process.join();
}

TEST(SynchronisationSemantics, M12_BoundedSemaphoreReleasedTooOftenIsAValueError) {
  BoundedSemaphore semaphore(1);
  semaphore.acquire();
  semaphore.release();
  EXPECT_THROW(semaphore.release(), ValueError);
}

TEST(SynchronisationSemantics, M12_NobodyWaitsForThePermitOfAKilledProcess) {
  Semaphore semaphore(1);
  die_with(take_permit, semaphore);
  EXPECT_THROW(semaphore.acquire(), AbandonedError);
  EXPECT_FALSE(semaphore.acquire(false));
  semaphore.release();
  EXPECT_TRUE(semaphore.acquire());
}

TEST(SynchronisationSemantics, M12_EventWakesWhoWaits) {
  Event event;
  EXPECT_FALSE(event.is_set());
  EXPECT_FALSE(event.wait(10ms));
  auto [told, tell] = Pipe(false);
  Process process(wait_for_event, event, tell);
  process.start();
  event.set();
  EXPECT_TRUE(told.recv<bool>());
  EXPECT_TRUE(event.wait(-1s));
  event.clear();
  EXPECT_FALSE(event.is_set());
  process.join();
}

TEST(SynchronisationSemantics, M12_EventSetWakesEvenIfItIsClearedAtOnce) {
  Event event;
  Thread waiter([event]() mutable { EXPECT_TRUE(event.wait()); });
  waiter.start();
  while (waiter.is_alive()) {
    event.set();
    event.clear();
    waiter.join(1ms);
  }
}

TEST(SynchronisationSemantics, M12_ConditionNotifiesAcrossProcesses) {
  Condition condition;
  Value<int> value(0);
  auto [told, tell] = Pipe(false);
  Process process(wait_for_value, condition, value, tell);
  process.start();
  {
    const Guard guard(condition);
    value.set(5);
    condition.notify();
  }
  EXPECT_EQ(told.recv<int>(), 5);
  process.join();
}

TEST(SynchronisationSemantics, M12_ConditionNotifiesAsManyAsItIsTold) {
  constexpr int kProcesses = 4;
  Condition condition;
  Value<int> waiting(0);
  Queue<bool> woken;
  std::vector<Process> processes;
  for (int i = 0; i < kProcesses; ++i) {
    processes.emplace_back(wait_once, condition, waiting, woken).start();
  }
  ASSERT_TRUE(eventually([&] {
    const Guard guard(condition);
    return waiting.get() == kProcesses;
  }));
  {
    const Guard guard(condition);
    condition.notify(2);
  }
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(woken.get());
  EXPECT_THROW(woken.get(true, 10ms), weft::queue::Empty);
  {
    const Guard guard(condition);
    condition.notify_all();
  }
  for (int i = 0; i < 2; ++i) EXPECT_TRUE(woken.get());
  for (Process& process : processes) process.join();
}

TEST(SynchronisationSemantics, M12_ConditionWantsItsLock) {
  Condition condition;
  EXPECT_THROW(condition.wait(), AssertionError);
  EXPECT_THROW(condition.notify(), AssertionError);
  const Guard guard(condition);
  condition.notify_all();
  EXPECT_FALSE(condition.wait(10ms));
  EXPECT_FALSE(condition.wait_for([] { return false; }, 10ms));
}

TEST(SynchronisationSemantics, M12_ConditionWakesInTheOrderOfComing) {
  Lock lock;
  Condition condition(lock);
  std::vector<int> order;  // guarded by lock
  int waiting = 0;         // guarded by lock
  std::vector<Thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      const Guard guard(lock);
      ++waiting;
      EXPECT_TRUE(condition.wait());
      order.push_back(i);
    });
    threads.back().start();
    ASSERT_TRUE(eventually([&] {
      const Guard guard(lock);
      return waiting == i + 1;
    }));
  }
  for (std::size_t i = 1; i <= 4; ++i) {
    {
      const Guard guard(lock);
      condition.notify();
    }
    ASSERT_TRUE(eventually([&] {
      const Guard guard(lock);
      return order.size() == i;
    }));
  }
  for (Thread& thread : threads) thread.join();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3}));
}

TEST(SynchronisationSemantics, M12_WhoWaitsIsToldThatAProcessDiedWithTheConditionsLock) {
  Condition condition;
  bool waits = false;  // guarded by the condition
  Thread waiter([&] {
    const Guard guard(condition);
    waits = true;
    EXPECT_THROW(condition.wait(), AbandonedError);
  });
  waiter.start();
  for (bool there = false; !there;) {
    const Guard guard(condition);
    there = waits;
  }
  die_with(take_condition, condition);
  waiter.join();
}

TEST(SynchronisationSemantics, M12_BarrierHoldsUpUntilAllHaveCome) {
  constexpr int kTimes = 200;
  Barrier barrier(3);
  Queue<int> indices;
  Process a(pass_barrier, barrier, indices, kTimes);
  Process b(pass_barrier, barrier, indices, kTimes);
  a.start();
  b.start();
  int sum = 0;
  for (int i = 0; i < kTimes; ++i) sum += barrier.wait();
  for (int i = 0; i < 2 * kTimes; ++i) sum += indices.get();
  EXPECT_EQ(sum, kTimes * (0 + 1 + 2));
  a.join();
  b.join();
}

TEST(SynchronisationSemantics, M12_BarrierBreaksAndIsReset) {
  EXPECT_THROW(Barrier(0), ValueError);
  Barrier barrier(2);
  EXPECT_EQ(barrier.parties(), 2);
  EXPECT_THROW(barrier.wait(10ms), BrokenBarrierError);
  EXPECT_TRUE(barrier.broken());
  EXPECT_THROW(barrier.wait(), BrokenBarrierError);
  barrier.reset();
  EXPECT_FALSE(barrier.broken());
  barrier.abort();
  EXPECT_THROW(barrier.wait(), BrokenBarrierError);
}

TEST(SynchronisationSemantics, M12_ABarriersTimeoutIsThatOfItsWaits) {
  Barrier barrier(2, {.timeout = 10ms});
  EXPECT_THROW(barrier.wait(), BrokenBarrierError);
  Barrier alone(1);
  EXPECT_EQ(alone.wait(), 0);
  EXPECT_EQ(alone.wait(), 0);
}

// In whatever process they wait.
TEST(SynchronisationSemantics, M12_AbortAndResetEndTheWaitsAtABarrier) {
  for (const bool aborts : {true, false}) {
    Barrier barrier(3);
    auto [told, tell] = Pipe(false);
    Process process(break_at_barrier, barrier, tell);
    process.start();
    Thread waiter([barrier]() mutable { EXPECT_THROW(barrier.wait(), BrokenBarrierError); });
    waiter.start();
    while (barrier.n_waiting() != 2) weft::runtime::sleep_for(1ms);
    aborts ? barrier.abort() : barrier.reset();
    EXPECT_TRUE(told.recv<bool>());
    waiter.join();
    process.join();
    EXPECT_EQ(barrier.broken(), aborts);
  }
}

TEST(SynchronisationSemantics, M12_TheLastAtABarrierRunsItsAction) {
  constexpr int kTimes = 50;
  Barrier barrier(2, act);
  Process other(pass_barrier, barrier, Queue<int>(), kTimes);
  other.start();
  acted = 0;
  int was_last = 0;
  for (int i = 0; i < kTimes; ++i) was_last += barrier.wait();
  EXPECT_EQ(acted, was_last);  // the others it ran in the other process
  other.join();
  EXPECT_EQ(other.exitcode(), 0);
}

TEST(SynchronisationSemantics, M12_AnActionThatThrowsBreaksTheBarrier) {
  Barrier barrier(2, act_badly);
  Thread other([barrier]() mutable {
    while (barrier.n_waiting() != 1) weft::runtime::sleep_for(1ms);
    EXPECT_THROW(barrier.wait(), ValueError);
  });
  other.start();
  EXPECT_THROW(barrier.wait(), BrokenBarrierError);
  other.join();
  EXPECT_TRUE(barrier.broken());
}

TEST(SynchronisationSemantics, M12_AProcessThatEndsInTheActionBreaksTheBarrier) {
  Barrier barrier(2, act_and_end);
  Process other(wait_at_barrier, barrier);
  Thread starter([&] {
    while (barrier.n_waiting() != 1) weft::runtime::sleep_for(1ms);
    other.start();
  });
  starter.start();
  EXPECT_THROW(barrier.wait(), BrokenBarrierError);
  starter.join();
  other.join();
  EXPECT_EQ(other.exitcode(), 0);
}

// Another process takes it again as soon as it has given it back: a sleeper finds it taken each time that
// it is woken.
TEST(SynchronisationSemantics, M12_ALockThatIsRetakenInALoopReachesWhoWaits) {
  constexpr int kTimes = 20;
  Lock lock;
  RLock rlock;
  Event enough;
  Process retaker(retake, lock, enough);
  Process recursive(retake_recursive, rlock, enough);
  retaker.start();
  recursive.start();
  for (int i = 0; i < kTimes; ++i) {
    ASSERT_TRUE(lock.acquire());
    lock.release();
    ASSERT_TRUE(rlock.acquire());
    rlock.release();
  }
  enough.set();
  retaker.join();
  recursive.join();
}

// Who gives up waiting leaves nothing behind that keeps others out.
TEST(SynchronisationSemantics, M12_ALockIsFreeForAllAfterALongWaitThatTimedOut) {
  Lock lock;
  lock.acquire();
  std::vector<Thread> impatient;
  for (int i = 0; i < 4; ++i) {
    impatient.emplace_back([lock]() mutable { EXPECT_FALSE(lock.acquire(true, 20ms)); });
    impatient.back().start();
  }
  for (Thread& thread : impatient) thread.join();
  lock.release();
  EXPECT_TRUE(lock.acquire(false));
}

TEST(SynchronisationSemantics, M12_AKilledProcessBreaksItsBarrier) {
  Barrier barrier(3);
  Process process(wait_at_barrier, barrier);
  process.start();
  Thread killer([&process, barrier] {
    while (barrier.n_waiting() != 2) weft::runtime::sleep_for(1ms);
    process.kill();
  });
  killer.start();
  EXPECT_THROW(barrier.wait(), BrokenBarrierError);
  killer.join();
  process.join();
}

}  // namespace
