// The queues and synchronisation primitives of Python's multiprocessing.Manager: row M24 of
// docs/semantics.md.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "support/eventually.h"
#include "support/scale.h"
#include "weft/errors.h"
#include "weft/multiprocessing/manager.h"
#include "weft/multiprocessing/pool.h"
#include "weft/multiprocessing/process.h"
#include "weft/threading/guard.h"
#include "weft/threading/thread.h"

namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using weft::RuntimeError;
using weft::ValueError;
using weft::queue::Empty;
using weft::queue::Full;
using weft::queue::ShutDown;
using weft::test::eventually;
using weft::test::kLongEnough;
using weft::test::rounds;
using weft::threading::Guard;
using weft::threading::Thread;
namespace mp = weft::multiprocessing;
using mp::AbandonedError;
using mp::BarrierProxy;
using mp::BrokenBarrierError;
using mp::ConditionProxy;
using mp::Entry;
using mp::EventProxy;
using mp::LockProxy;
using mp::Manager;
using mp::Process;
using mp::QueueProxy;
using mp::RLockProxy;
using mp::SemaphoreProxy;

// ---- queue

TEST(ManagerPrimitives, M24_Queue) {
  Manager manager;
  auto queue = manager.queue<std::string>(2);
  EXPECT_TRUE(queue.empty());
  EXPECT_THROW(queue.get_nowait(), Empty);
  EXPECT_THROW(queue.get(true, 1ms), Empty);
  EXPECT_THROW(queue.get(true, -1ms), ValueError);
  EXPECT_THROW(queue.get(false, -1ms), Empty);
  queue.put("a");
  queue.put("b");
  EXPECT_TRUE(queue.full());
  EXPECT_EQ(queue.qsize(), 2U);
  EXPECT_THROW(queue.put_nowait("c"), Full);
  EXPECT_THROW(queue.put("c", true, 1ms), Full);
  EXPECT_EQ(queue.get(), "a");
  EXPECT_EQ(queue.get(), "b");
  queue.task_done();
  queue.task_done();
  EXPECT_THROW(queue.task_done(), ValueError);
  queue.join();
}

TEST(ManagerPrimitives, M24_AQueueThatIsShutDown) {
  Manager manager;
  auto queue = manager.joinable_queue<int>();
  queue.put(1);
  queue.shutdown();
  EXPECT_THROW(queue.put(2), ShutDown);
  EXPECT_EQ(queue.get(), 1);
  EXPECT_THROW(queue.get(), ShutDown);
  queue.task_done();
  auto other = manager.queue<int>();
  other.put(1);
  other.shutdown(true);
  EXPECT_THROW(other.get(), ShutDown);
  other.join();
}

const Entry put_three("manager_primitives.put_three", [](QueueProxy<int> queue) {
  for (int i = 0; i < 3; ++i) queue.put(i);
});

TEST(ManagerPrimitives, M24_AnItemOutlivesItsProducer) {
  Manager manager;
  auto queue = manager.queue<int>();
  Process producer(put_three, queue);
  producer.start();
  producer.join();
  EXPECT_EQ(queue.qsize(), 3U);
  EXPECT_EQ(queue.get(), 0);
  EXPECT_EQ(queue.get(), 1);
  EXPECT_EQ(queue.get(), 2);
}

// The manager executes other calls meanwhile, also of the same client and of other threads.
TEST(ManagerPrimitives, M24_ACallThatWaitsKeepsNobodyElseWaiting) {
  Manager manager;
  auto queue = manager.queue<int>();
  auto full = manager.queue<int>(1);
  full.put(0);
  auto lock = manager.lock();
  lock.acquire();
  auto event = manager.event();
  std::atomic<int> done{0};
  std::vector<Thread> threads;
  const auto start = [&](auto call) {
    threads.emplace_back([call, &done]() mutable {
      call();
      ++done;
    });
    threads.back().start();
  };
  start([queue]() mutable { queue.get(); });
  start([full]() mutable { full.put(1); });
  start([full]() mutable { full.join(); });
  start([lock]() mutable { lock.acquire(); });
  start([event]() mutable { event.wait(); });
  auto dict = manager.dict<int, int>();
  for (int i = 0; i < 100; ++i) dict.set(i, i);
  EXPECT_EQ(dict.size(), 100U);
  EXPECT_EQ(done, 0);
  queue.put(1);
  full.get();
  full.task_done();
  full.get();
  full.task_done();
  lock.release();
  event.set();
  for (Thread& thread : threads) thread.join();
  EXPECT_EQ(done, 5);
}

const Entry produce("manager_primitives.produce", [](QueueProxy<int> queue, int from, int count) {
  for (int i = from; i < from + count; ++i) queue.put(i);
});
const Entry consume("manager_primitives.consume",
                    [](QueueProxy<int> queue, QueueProxy<std::int64_t> sums) {
                      std::int64_t sum = 0;
                      for (int item = queue.get(); item >= 0; item = queue.get()) {
                        sum += item;
                        queue.task_done();
                      }
                      queue.task_done();
                      sums.put(sum);
                    });

TEST(ManagerPrimitives, M24_AQueueOfManyProcesses) {
  const int count = rounds(200);
  Manager manager;
  auto queue = manager.queue<int>(3);
  auto sums = manager.queue<std::int64_t>();
  std::vector<Process> processes;
  for (int i = 0; i < 2; ++i) {
    processes.emplace_back(produce, queue, i * count, count);
    processes.emplace_back(consume, queue, sums);
  }
  for (Process& process : processes) process.start();
  processes[0].join();
  processes[2].join();
  queue.put(-1);
  queue.put(-1);
  queue.join();
  const std::int64_t all = 2 * count;
  EXPECT_EQ(sums.get() + sums.get(), all * (all - 1) / 2);
}

const Entry get_one("manager_primitives.get_one", [](QueueProxy<int> queue, EventProxy begins) {
  begins.set();
  queue.get();
});

// A get() whose client has gone takes no item.
TEST(ManagerPrimitives, M24_AKilledConsumerTakesNothing) {
  Manager manager;
  auto queue = manager.queue<int>();
  for (int round = 0; round < rounds(10); ++round) {
    auto begins = manager.event();
    Process consumer(get_one, queue, begins);
    consumer.start();
    begins.wait();
    consumer.kill();
    consumer.join();
    queue.put(round);
    EXPECT_EQ(queue.get(true, kLongEnough), round);
  }
}

// ---- locks

TEST(ManagerPrimitives, M24_Lock) {
  Manager manager;
  auto lock = manager.lock();
  EXPECT_FALSE(lock.locked());
  EXPECT_THROW(lock.release(), RuntimeError);
  EXPECT_TRUE(lock.acquire());
  EXPECT_TRUE(lock.locked());
  EXPECT_FALSE(lock.acquire(false));
  EXPECT_FALSE(lock.acquire(true, 1ms));
  EXPECT_THROW(lock.acquire(false, 1ms), ValueError);
  Thread other([lock]() mutable { lock.release(); });  // by any thread
  other.start();
  other.join();
  EXPECT_FALSE(lock.locked());
  const std::lock_guard guard(lock);
  EXPECT_FALSE(lock.try_lock());
}

TEST(ManagerPrimitives, M24_RLock) {
  Manager manager;
  auto lock = manager.rlock();
  EXPECT_THROW(lock.release(), RuntimeError);
  {
    const Guard outer(lock);
    const Guard inner(lock);
    Thread other([lock]() mutable {
      EXPECT_FALSE(lock.acquire(false));
      EXPECT_THROW(lock.release(), RuntimeError);
    });
    other.start();
    other.join();
  }
  EXPECT_FALSE(lock.locked());
}

const Entry add_under("manager_primitives.add_under",
                      [](mp::ValueProxy<int> value, LockProxy lock, int count) {
                        for (int i = 0; i < count; ++i) {
                          const Guard guard(lock);
                          value.set(value.get() + 1);
                        }
                      });

TEST(ManagerPrimitives, M24_ALockKeepsOtherProcessesOut) {
  const int count = rounds(100);
  Manager manager;
  auto value = manager.value(0);
  auto lock = manager.lock();
  std::vector<Process> processes;
  for (int i = 0; i < 3; ++i) processes.emplace_back(add_under, value, lock, count);
  for (Process& process : processes) process.start();
  for (Process& process : processes) process.join();
  EXPECT_EQ(value.get(), 3 * count);
}

const Entry hold("manager_primitives.hold", [](RLockProxy lock, EventProxy holds) {
  lock.acquire();
  lock.acquire();
  holds.set();
  weft::runtime::sleep_for(1h);
});
const Entry keep("manager_primitives.keep", [](LockProxy lock) { lock.acquire(); });

TEST(ManagerPrimitives, M24_ALockWhoseHolderIsKilledIsAbandoned) {
  Manager manager;
  auto lock = manager.rlock();
  auto holds = manager.event();
  Process holder(hold, lock, holds);
  holder.start();
  holds.wait();
  std::atomic<std::uint32_t> told{0};
  Thread waiter([lock, &told]() mutable {
    try {
      lock.acquire();
    } catch (const AbandonedError& error) {
      told = error.process_number;
    }
  });
  waiter.start();
  EXPECT_FALSE(lock.acquire(true, 1ms));
  const auto number = holder.number();
  holder.kill();
  waiter.join();
  EXPECT_EQ(told, number);
  EXPECT_THROW(lock.acquire(), AbandonedError);
  EXPECT_FALSE(lock.locked());
  EXPECT_THROW(lock.release(), RuntimeError);
  lock.recover();
  EXPECT_TRUE(lock.acquire(false));
  lock.release();
}

TEST(ManagerPrimitives, M24_ALockWhoseHolderReturnsIsAbandoned) {
  Manager manager;
  auto lock = manager.lock();
  Process holder(keep, lock);
  holder.start();
  holder.join();
  EXPECT_EQ(holder.exitcode(), 0);
  EXPECT_TRUE(eventually([&] { return !lock.locked(); }));
  EXPECT_THROW(lock.acquire(), AbandonedError);
}

const Entry acquire_and_release("manager_primitives.acquire_and_release", [](LockProxy lock) {
  lock.acquire();
  lock.release();
});

// What a process has released when it ends is not abandoned.
TEST(ManagerPrimitives, M24_AReleasedLockIsNotAbandoned) {
  Manager manager;
  auto lock = manager.lock();
  for (int round = 0; round < rounds(10); ++round) {
    Process process(acquire_and_release, lock);
    process.start();
    process.join();
    const Guard guard(lock);
  }
}

TEST(ManagerPrimitives, M24_Semaphore) {
  Manager manager;
  EXPECT_THROW(manager.semaphore(-1), ValueError);
  auto semaphore = manager.semaphore(1);
  EXPECT_TRUE(semaphore.acquire());
  EXPECT_FALSE(semaphore.acquire(false));
  EXPECT_FALSE(semaphore.acquire(true, 1ms));
  semaphore.release(3);
  EXPECT_THROW(semaphore.release(0), ValueError);
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(semaphore.acquire(false));
  auto bounded = manager.bounded_semaphore(1);
  bounded.acquire();
  bounded.release();
  EXPECT_THROW(bounded.release(), ValueError);
}

const Entry take_permit("manager_primitives.take_permit",
                        [](SemaphoreProxy semaphore) { semaphore.acquire(); });

TEST(ManagerPrimitives, M24_ThePermitOfAProcessThatEndedStaysTaken) {
  Manager manager;
  auto semaphore = manager.semaphore(1);
  Process process(take_permit, semaphore);
  process.start();
  process.join();
  EXPECT_FALSE(semaphore.acquire(true, 1ms));
  semaphore.release();  // in its place
  EXPECT_TRUE(semaphore.acquire());
}

// ---- condition

TEST(ManagerPrimitives, M24_ConditionHasToBeHeld) {
  Manager manager;
  auto condition = manager.condition();
  EXPECT_THROW(condition.wait(), RuntimeError);
  EXPECT_THROW(condition.notify(), RuntimeError);
  EXPECT_THROW(condition.notify_all(), RuntimeError);
  const Guard outer(condition);
  const Guard inner(condition);
  EXPECT_FALSE(condition.wait(1ms));
  EXPECT_FALSE(condition.wait_for([] { return false; }, 1ms));
  EXPECT_TRUE(condition.wait_for([] { return true; }));
  Thread other([condition]() mutable {
    EXPECT_THROW(condition.notify(), RuntimeError);
    EXPECT_FALSE(condition.acquire(false));
  });
  other.start();
  other.join();
}

const Entry await_number("manager_primitives.await_number",
                         [](ConditionProxy condition, mp::ListProxy<int> list, int number) {
                           const Guard guard(condition);
                           condition.wait_for(
                               [&] { return static_cast<int>(list.size()) == number; });
                           list.append(number);
                           condition.notify_all();
                         });

TEST(ManagerPrimitives, M24_ConditionOfManyProcesses) {
  Manager manager;
  auto condition = manager.condition(manager.lock());
  auto list = manager.list<int>();
  std::vector<Process> processes;
  for (int i = 3; i >= 0; --i) {
    processes.emplace_back(await_number, condition, list, i);
    processes.back().start();
  }
  for (Process& process : processes) process.join();
  EXPECT_EQ(list.items(), (std::vector{0, 1, 2, 3}));
}

TEST(ManagerPrimitives, M24_WaitersAreNotifiedInTheOrderInWhichTheyCame) {
  Manager manager;
  auto condition = manager.condition();
  auto order = manager.list<int>();
  std::atomic<int> waiting{0};
  std::vector<Thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&, i] {
      ConditionProxy mine = condition;
      const Guard guard(mine);
      ++waiting;
      EXPECT_TRUE(mine.wait());
      order.append(i);
    });
    threads.back().start();
    while (waiting != i + 1) weft::runtime::sleep_for(100us);
    const Guard guard(condition);  // so that the wait has begun
  }
  for (int i = 0; i < 3; ++i) {
    const Guard guard(condition);
    condition.notify();
  }
  for (Thread& thread : threads) thread.join();
  EXPECT_EQ(order.items(), (std::vector{0, 1, 2}));
}

const Entry hold_condition("manager_primitives.hold_condition",
                           [](ConditionProxy condition, EventProxy holds) {
                             condition.acquire();
                             holds.set();
                             weft::runtime::sleep_for(1h);
                           });

TEST(ManagerPrimitives, M24_WaitersGetTheLockOfAKilledHolderAndAreTold) {
  Manager manager;
  auto condition = manager.condition();
  std::atomic<int> told{0};
  std::vector<Thread> threads;
  std::atomic<int> waiting{0};
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      ConditionProxy mine = condition;
      const Guard guard(mine);  // its end releases the lock
      ++waiting;
      try {
        mine.wait();
      } catch (const AbandonedError&) {
        ++told;
      }
    });
    threads.back().start();
  }
  while (waiting != 2) weft::runtime::sleep_for(100us);
  auto holds = manager.event();
  Process holder(hold_condition, condition, holds);
  holder.start();
  holds.wait();
  holder.kill();
  for (Thread& thread : threads) thread.join();
  EXPECT_EQ(told, 2);
  condition.recover();
  const Guard guard(condition);
}

const Entry wait_once("manager_primitives.wait_once",
                      [](ConditionProxy condition, EventProxy waits) {
                        const Guard guard(condition);
                        waits.set();
                        condition.wait();
                      });

TEST(ManagerPrimitives, M24_AKilledWaiterPassesItsNotificationOn) {
  Manager manager;
  auto condition = manager.condition();
  auto waits = manager.event();
  Process first(wait_once, condition, waits);
  first.start();
  waits.wait();
  std::atomic<bool> waiting{false};
  std::atomic<bool> notified{false};
  Thread second([&] {
    ConditionProxy mine = condition;
    const Guard guard(mine);
    waiting = true;
    notified = mine.wait(kLongEnough);
  });
  second.start();
  while (!waiting) weft::runtime::sleep_for(100us);
  {
    const Guard guard(condition);
    condition.notify();
    first.kill();
    first.join();  // it was notified, and cannot return as the lock is held
  }
  second.join();
  EXPECT_TRUE(notified);
}

// ---- event and barrier

TEST(ManagerPrimitives, M24_Event) {
  Manager manager;
  auto event = manager.event();
  EXPECT_FALSE(event.is_set());
  EXPECT_FALSE(event.wait(1ms));
  EXPECT_FALSE(event.wait(-1ms));
  event.set();
  EXPECT_TRUE(event.is_set());
  EXPECT_TRUE(event.wait());
  event.clear();
  EXPECT_FALSE(event.is_set());
}

TEST(ManagerPrimitives, M24_AWaiterIsWokenEvenIfClearFollowsAtOnce) {
  Manager manager;
  auto event = manager.event();
  for (int round = 0; round < rounds(20); ++round) {
    std::atomic<bool> begins{false};
    Thread waiter([&] {
      EventProxy mine = event;
      mine.is_set();
      begins = true;
      EXPECT_TRUE(mine.wait(kLongEnough));
    });
    waiter.start();
    while (!begins) weft::runtime::sleep_for(10us);
    weft::runtime::sleep_for(1ms);
    event.set();
    if (round % 2 == 0) waiter.join();
    event.clear();
    if (round % 2 != 0) {
      event.set();  // in case it had not begun to wait
      waiter.join();
      event.clear();
    }
  }
}

const Entry meet("manager_primitives.meet", [](BarrierProxy barrier, mp::ListProxy<int> numbers) {
  numbers.append(barrier.wait());
  barrier.wait();
  numbers.append(barrier.wait());
});

TEST(ManagerPrimitives, M24_Barrier) {
  Manager manager;
  EXPECT_THROW(manager.barrier(0), ValueError);
  auto barrier = manager.barrier(3);
  auto numbers = manager.list<int>();
  std::vector<Process> processes;
  for (int i = 0; i < 2; ++i) {
    processes.emplace_back(meet, barrier, numbers);
    processes.back().start();
  }
  numbers.append(barrier.wait());
  barrier.wait();
  numbers.sort();
  EXPECT_EQ(numbers.items(), (std::vector{0, 1, 2}));
  numbers.clear();
  numbers.append(barrier.wait());
  for (Process& process : processes) process.join();
  numbers.sort();
  EXPECT_EQ(numbers.items(), (std::vector{0, 1, 2}));
  EXPECT_EQ(barrier.parties(), 3);
  EXPECT_EQ(barrier.n_waiting(), 0);
  EXPECT_FALSE(barrier.broken());
}

TEST(ManagerPrimitives, M24_ABrokenBarrier) {
  Manager manager;
  auto barrier = manager.barrier(2, 1ms);
  EXPECT_THROW(barrier.wait(), BrokenBarrierError);  // by its usual timeout
  EXPECT_TRUE(barrier.broken());
  EXPECT_THROW(barrier.wait(), BrokenBarrierError);
  barrier.reset();
  EXPECT_FALSE(barrier.broken());
  const auto break_wait_by = [&](auto action) {
    Thread waiter(
        [barrier]() mutable { EXPECT_THROW(barrier.wait(kLongEnough), BrokenBarrierError); });
    waiter.start();
    while (barrier.n_waiting() == 0) weft::runtime::sleep_for(100us);
    action();
    waiter.join();
  };
  break_wait_by([&] { barrier.reset(); });
  EXPECT_FALSE(barrier.broken());
  break_wait_by([&] { barrier.abort(); });
  EXPECT_TRUE(barrier.broken());
}

TEST(ManagerPrimitives, M24_AKilledProcessBreaksTheBarrierAtWhichItWaits) {
  Manager manager;
  auto barrier = manager.barrier(3);
  auto numbers = manager.list<int>();
  Process process(meet, barrier, numbers);
  process.start();
  while (barrier.n_waiting() == 0) weft::runtime::sleep_for(100us);
  Thread killer([&] {
    while (barrier.n_waiting() != 2) weft::runtime::sleep_for(100us);
    process.kill();
  });
  killer.start();
  EXPECT_THROW(barrier.wait(kLongEnough), BrokenBarrierError);
  killer.join();
}

// ---- the manager

TEST(ManagerPrimitives, M24_AManagerThatEndsEndsWaits) {
  Manager manager;
  auto queue = manager.queue<int>();
  auto event = manager.event();
  std::atomic<int> ended{0};
  std::vector<Thread> threads;
  threads.emplace_back([&, queue]() mutable {
    EXPECT_THROW(queue.get(), weft::EOFError);
    ++ended;
  });
  threads.emplace_back([&, event]() mutable {
    EXPECT_THROW(event.wait(), weft::EOFError);
    ++ended;
  });
  for (Thread& thread : threads) thread.start();
  manager.dict<int, int>().set(1, 1);
  manager.shutdown();
  for (Thread& thread : threads) thread.join();
  EXPECT_EQ(ended, 2);
}

const Entry wait_for_ever("manager_primitives.wait_for_ever",
                          [](QueueProxy<int> queue) { queue.get(); });

// The calls of clients that have gone are dropped, with their pipes.
TEST(ManagerPrimitives, M24_NothingStaysOfKilledClientsThatWaited) {
  Manager manager;
  auto queue = manager.queue<int>();
  mp::Pool pool(2);
  for (int round = 0; round < rounds(100); ++round) {
    auto result = pool.apply_async(wait_for_ever, queue);
    for (const mp::ProcessRef& worker : pool.workers()) worker.kill();
  }
  queue.put(1);
  EXPECT_TRUE(eventually([&] {
    if (queue.empty()) return true;  // a worker got it
    return queue.get() == 1;
  }));
}

}  // namespace
