// How primitives are given a name, whether they are recorded, and limits: the same way for all.
#include <chrono>
#include <string>
#include <type_traits>
#include <vector>

#include <gtest/gtest.h>

#include "support/recording.h"
#include "support/well_formed.h"
#include "weft/errors.h"
#include "weft/futures/thread_pool_executor.h"
#include "weft/multiprocessing/barrier.h"
#include "weft/multiprocessing/pool.h"
#include "weft/multiprocessing/process_pool_executor.h"
#include "weft/multiprocessing/thread_pool.h"
#include "weft/queue/lifo_queue.h"
#include "weft/queue/priority_queue.h"
#include "weft/queue/queue.h"
#include "weft/queue/simple_queue.h"
#include "weft/shared.h"
#include "weft/threading/barrier.h"
#include "weft/threading/condition.h"
#include "weft/threading/event.h"
#include "weft/threading/guard.h"
#include "weft/threading/lock.h"
#include "weft/threading/read_write_lock.h"
#include "weft/threading/rlock.h"
#include "weft/threading/semaphore.h"
#include "weft/threading/thread.h"
#include "weft/threading/timer.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using trace::Kind;

/// One primitive of each class, all of them used once.
struct OfEachClass {
  explicit OfEachClass(const ObjectOptions& options)
      : lock(options),
        rlock(options),
        condition(options),
        on_lock(lock, options),
        event(options),
        semaphore(1, options),
        bounded(1, options),
        barrier(1, {.name = options.name, .recorded = options.recorded}),
        read_write_lock(options),
        fifo(1, options),
        lifo(1, options),
        priority(1, {.name = options.name, .recorded = options.recorded}),
        simple(options),
        shared(1, options) {}

  void use() {
    { const threading::Guard guard(rlock); }
    {
      const threading::Guard guard(condition);
      condition.notify();
    }
    {
      const threading::Guard guard(on_lock);
      on_lock.notify();
    }
    event.set();
    { const threading::Guard guard(semaphore); }
    { const threading::Guard guard(bounded); }
    barrier.wait();
    { const threading::ReadGuard guard(read_write_lock); }
    fifo.put(1);
    lifo.put(1);
    priority.put(1);
    simple.put(1);
    shared += 1;
  }

  threading::Lock lock;
  threading::RLock rlock;
  threading::Condition condition;
  threading::Condition on_lock;
  threading::Event event;
  threading::Semaphore semaphore;
  threading::BoundedSemaphore bounded;
  threading::Barrier barrier;
  threading::ReadWriteLock read_write_lock;
  queue::Queue<int> fifo;
  queue::LifoQueue<int> lifo;
  queue::PriorityQueue<int> priority;
  queue::SimpleQueue<int> simple;
  Shared<int> shared;
};

TEST(Options, NameEveryPrimitive) {
  Recording recording;
  OfEachClass({.name = "mine"}).use();
  const Entries entries = recording.finish();
  std::vector<std::string> names = payloads(entries, Kind::object_name);
  EXPECT_EQ(std::erase(names, "mine"), 14);
  EXPECT_EQ(names, std::vector<std::string>{"RLock-1"}) << "the condition's own lock";
  EXPECT_EQ(complaints(entries), kNone);
}

TEST(Options, AnEmptyNameIsTheDefault) {
  Recording recording;
  threading::Lock lock("");
  const threading::Guard guard(lock);
  EXPECT_EQ(payloads(recording.finish(), Kind::object_name), std::vector<std::string>{"Lock-1"});
}

TEST(Options, LeaveEveryPrimitiveUnrecorded) {
  Recording recording;
  OfEachClass each({.name = "quiet", .recorded = Recorded::no});
  each.use();
  EXPECT_EQ(each.shared, 2);
  EXPECT_EQ(each.fifo.get(), 1);
  const Entries entries = recording.finish();
  for (const Entry& entry : entries) {
    EXPECT_EQ(entry.object, 0U) << "kind " << static_cast<int>(entry.kind);
  }
}

// What a name alone is short for.
TEST(Options, ANameStandsForThem) {
  Recording recording;
  threading::Lock lock("lock");
  threading::Condition condition(lock, std::string("condition"));
  threading::Semaphore semaphore(1, "semaphore");
  threading::Barrier barrier(1, "barrier");
  queue::Queue<int> fifo(1, "fifo");
  queue::PriorityQueue<int> priority(1, "priority");
  {
    const threading::Guard guard(condition);
    condition.notify();
  }
  EXPECT_EQ(
      payloads(recording.finish(), Kind::object_name),
      (std::vector<std::string>{"semaphore", "barrier", "fifo", "priority", "lock", "condition"}));
  const threading::Thread thread([] {}, "thread");
  EXPECT_EQ(thread.name(), "thread");
  const threading::Timer timer(
      1s, [] {}, "timer");
  EXPECT_EQ(timer.name(), "timer");
}

TEST(Options, PrecedeTheArgumentsOfACall) {
  int seen = 0;
  threading::Thread thread(
      {.name = "worker"}, [&seen](int a, int b) { seen = a * b; }, 6, 7);
  EXPECT_EQ(thread.name(), "worker");
  thread.start();
  thread.join();
  EXPECT_EQ(seen, 42);
  threading::Timer timer(
      0ns, {.name = "timer", .daemon = true}, [&seen](int n) { seen = n; }, 3);
  EXPECT_EQ(timer.name(), "timer");
  EXPECT_TRUE(timer.daemon());
  timer.start();
  timer.join();
  EXPECT_EQ(seen, 3);
}

TEST(Options, OfABarrier) {
  int phases = 0;
  threading::Barrier barrier(1, {.action = [&phases] { ++phases; }, .timeout = 1h});
  EXPECT_EQ(barrier.wait(), 0);
  threading::Barrier(1, [&phases] { ++phases; }).wait();
  EXPECT_EQ(phases, 2);
  threading::Barrier impatient(2, {.timeout = 0ns});
  EXPECT_THROW(impatient.wait(), threading::BrokenBarrierError);
}

TEST(Options, OfAPriorityQueue) {
  const auto greater = [](int a, int b) { return a > b; };
  queue::PriorityQueue<int, decltype(greater)> greatest(2, {.before = greater});
  greatest.put(1);
  greatest.put(2);
  EXPECT_EQ(greatest.get(), 2);
}

TEST(Options, OfAnExecutorWithItsDefaultNumberOfWorkers) {
  futures::ThreadPoolExecutor pool({.thread_name_prefix = "mine"});
  EXPECT_EQ(pool.max_workers(), futures::ThreadPoolExecutor::default_max_workers());
  EXPECT_EQ(pool.submit([] { return runtime::current->name(); }).result(), "mine_0");
}

template <class Make>
std::string error_of(Make make) {
  try {
    make();
  } catch (const ValueError& error) {
    return error.what();
  }
  return "none";
}

TEST(Options, ABadValueIsNamedWithWhatIsAccepted) {
  EXPECT_EQ(error_of([] { threading::Semaphore(-1, "s"); }),
            "semaphore initial value must be >= 0, not -1");
  EXPECT_EQ(error_of([] { threading::BoundedSemaphore(-2, "s"); }),
            "semaphore initial value must be >= 0, not -2");
  EXPECT_EQ(error_of([] { threading::Barrier(0, "b"); }), "parties must be > 0, not 0");
  EXPECT_EQ(error_of([] { multiprocessing::Barrier(-1, "b"); }), "parties must be > 0, not -1");
  EXPECT_EQ(error_of([] { futures::ThreadPoolExecutor(0, "p"); }),
            "max_workers must be greater than 0, not 0");
  EXPECT_EQ(error_of([] { multiprocessing::ThreadPool(0); }),
            "Number of processes must be at least 1, not 0");
  EXPECT_EQ(error_of([] { multiprocessing::Pool(0, "p"); }),
            "Number of processes must be at least 1, not 0");
  EXPECT_EQ(error_of([] { multiprocessing::Pool(1, {.maxtasksperchild = 0}); }),
            "maxtasksperchild must be a positive int or None, not 0");
  EXPECT_EQ(error_of([] { multiprocessing::ProcessPoolExecutor(1, {.max_tasks_per_child = 0}); }),
            "max_tasks_per_child must be >= 1, not 0");
}

// A braced list is options, never a string; and no string is taken for a number.
static_assert(!std::is_constructible_v<threading::Semaphore, std::string>);
static_assert(!std::is_constructible_v<threading::Lock, int>);

}  // namespace
}  // namespace weft::test
