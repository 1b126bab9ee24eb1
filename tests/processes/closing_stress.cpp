// What processes share is closed while others use it: everybody is told by a defined error, nobody hangs, and
// nothing of it is left.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <list>
#include <random>
#include <string>
#include <vector>

#include "support/eventually.h"
#include "support/leaves_nothing.h"
#include "support/scale.h"
#include "weft/errors.h"
#include "weft/futures/errors.h"
#include "weft/multiprocessing/connection.h"
#include "weft/multiprocessing/event.h"
#include "weft/multiprocessing/pool.h"
#include "weft/multiprocessing/process.h"
#include "weft/multiprocessing/process_pool_executor.h"
#include "weft/multiprocessing/queue.h"
#include "weft/runtime/park.h"
#include "weft/threading/thread.h"

namespace {

using namespace std::chrono_literals;
using weft::BrokenPipeError;
using weft::EOFError;
using weft::OSError;
using weft::RuntimeError;
using weft::ValueError;
using weft::futures::CancelledError;
using weft::futures::Future;
using weft::test::rounds;
using weft::threading::Thread;
namespace mp = weft::multiprocessing;
using mp::Connection;
using mp::Entry;
using mp::Event;
using mp::JoinableQueue;
using mp::Pipe;
using mp::Pool;
using mp::Process;
using mp::ProcessPoolExecutor;
using mp::Queue;
using mp::SimpleQueue;

using ClosingStress = weft::test::LeavesNothing;

const Entry square("closing.square", [](int x) { return x * x; });
const Entry hang("closing.hang", [] { weft::runtime::sleep_for(1h); });
const Entry wait_for("closing.wait_for", [](Event event) { event.wait(); });
const Entry echo("closing.echo", [](Connection connection) {
  try {
    for (;;) connection.send_bytes(connection.recv_bytes());
  } catch (const EOFError&) {
  } catch (const BrokenPipeError&) {
  }
});
const Entry put_for_ever("closing.put_for_ever", [](Queue<std::string> queue) {
  for (;;) queue.put("from another process");
});
const Entry get_for_ever("closing.get_for_ever", [](Queue<std::string> queue) {
  for (;;) queue.get();
});

/// Seeded, so that a failure can be repeated: its trace tells the seed.
template <class Round>
void each_seed(std::uint32_t first, int count, Round round) {
  for (int i = 0; i < count && !testing::Test::HasFailure(); ++i) {
    const std::uint32_t seed = first + static_cast<std::uint32_t>(i);
    SCOPED_TRACE("seed " + std::to_string(seed));
    std::mt19937 random(seed);
    round(random);
  }
}

void wait_a_little(std::mt19937& random) {
  weft::runtime::sleep_for(std::chrono::microseconds(random() % 1500));
}

/// Threads that do something again and again, until an error that the test expects ends them.
class Users {
 public:
  ~Users() { join(); }

  template <class Expected, class Action>
  void add(Action action) {
    threads_.emplace_back([this, action]() mutable {
      try {
        for (;;) {
          action();
          ++actions_;
        }
      } catch (const Expected&) {
      }
    });
    threads_.back().start();
  }
  void join() { threads_.clear(); }  // a thread that is destroyed is joined

 private:
  std::atomic<int> actions_{0};
  std::list<Thread> threads_;
};

std::string item(std::mt19937& random) {
  return std::string(random() % 8 == 0 ? random() % 200'000 : random() % 200, 'x');
}

TEST_F(ClosingStress, APipeOfThreads) {
  each_seed(100, rounds(200), [](std::mt19937& random) {
    auto [a, b] = Pipe();
    const std::string text = item(random);
    {
      Users users;
      // The end that is closed here.
      users.add<OSError>([end = a]() mutable { end.recv<std::string>(); });
      users.add<OSError>([end = a]() mutable { end.recv<std::string>(); });
      users.add<OSError>([end = a]() mutable { end.poll(std::nullopt); });
      users.add<OSError>([end = a, text]() mutable { end.send(text); });
      // The other one.
      users.add<EOFError>([end = b]() mutable { end.recv<std::string>(); });
      users.add<BrokenPipeError>([end = b, text]() mutable { end.send(text); });
      users.add<BrokenPipeError>([end = b, text]() mutable { end.send(text); });
      wait_a_little(random);
      a.close();
    }
    EXPECT_TRUE(a.closed());
    EXPECT_FALSE(b.closed());
  });
}

TEST_F(ClosingStress, APipeToAProcessThatSendsBack) {
  each_seed(200, rounds(60), [](std::mt19937& random) {
    auto [here, there] = Pipe();
    Process process(echo, there);
    process.start();
    there.close();
    {
      Users users;
      const std::string text = item(random);
      users.add<OSError>([end = here]() mutable { end.recv<std::string>(); });
      users.add<OSError>([end = here, text]() mutable { end.send(text); });
      wait_a_little(random);
      here.close();
    }
    process.join();
    EXPECT_EQ(process.exitcode(), 0);
  });
}

TEST_F(ClosingStress, AQueueOfThreads) {
  each_seed(300, rounds(200), [](std::mt19937& random) {
    Queue<std::string> queue(random() % 2 == 0 ? 0 : 2);
    Users users;
    const std::string text = item(random);
    users.add<ValueError>([queue, text]() mutable {
      queue.put(text);
      if (queue.qsize() > 100) weft::runtime::sleep_for(100us);
    });
    users.add<ValueError>([queue, text]() mutable {
      queue.put(text);
      if (queue.qsize() > 100) weft::runtime::sleep_for(100us);
    });
    users.add<ValueError>([queue]() mutable { queue.get(); });
    users.add<ValueError>([queue]() mutable { queue.get(true, 1h); });
    wait_a_little(random);
    queue.close();
    users.join();
    queue.cancel_join_thread();  // nobody gets what is left
    EXPECT_THROW(queue.put("late"), ValueError);
  });
}

TEST_F(ClosingStress, ASimpleQueueOfThreads) {
  each_seed(400, rounds(200), [](std::mt19937& random) {
    SimpleQueue<std::string> queue;
    const std::string text = item(random);
    Users users;
    users.add<ValueError>([queue, text]() mutable { queue.put(text); });
    users.add<ValueError>([queue, text]() mutable { queue.put(text); });
    users.add<ValueError>([queue]() mutable { queue.get(); });
    wait_a_little(random);
    queue.close();
  });
}

// The others go on: it is closed in this process only.
TEST_F(ClosingStress, AQueueThatOtherProcessesUse) {
  each_seed(500, rounds(60), [](std::mt19937& random) {
    Queue<std::string> queue(4);
    Process putter(put_for_ever, queue);
    Process getter(get_for_ever, queue);
    putter.start();
    getter.start();
    {
      Users users;
      users.add<ValueError>([queue]() mutable { queue.put("from here"); });
      users.add<ValueError>([queue]() mutable { queue.get(); });
      wait_a_little(random);
      queue.close();
    }
    queue.join_thread();
    EXPECT_TRUE(putter.is_alive());
    EXPECT_TRUE(getter.is_alive());
    putter.terminate();
    getter.terminate();
  });
}

TEST_F(ClosingStress, AJoinableQueueThatIsJoined) {
  each_seed(600, rounds(200), [](std::mt19937& random) {
    JoinableQueue<std::string> queue;
    const std::string text = item(random);
    std::atomic<int> done{0};
    Users users;
    users.add<ValueError>([queue, &done]() mutable {
      queue.get();
      queue.task_done();
      ++done;
    });
    const int items = static_cast<int>(random() % 20);
    for (int i = 0; i < items; ++i) queue.put(text);
    queue.join();
    EXPECT_TRUE(weft::test::eventually([&] { return done == items; }));
    queue.close();
  });
}

// What nobody will ever get does not keep the memory that it waits for.
TEST_F(ClosingStress, AQueueOfWhichNothingIsGot) {
  each_seed(700, rounds(100), [](std::mt19937& random) {
    Queue<std::string> queue;
    queue.cancel_join_thread();
    for (int i = 0; i < 5; ++i) queue.put(std::string(20'000 + random() % 100'000, 'x'));
  });
}

template <class End>
void end_a_pool_during_use(std::uint32_t first_seed, End end,
                           std::optional<std::int32_t> maxtasksperchild = std::nullopt) {
  each_seed(first_seed, rounds(60), [&end, maxtasksperchild](std::mt19937& random) {
    Pool pool(2, {.maxtasksperchild = maxtasksperchild});
    const std::vector<int> numbers{1, 2, 3, 4};
    const std::vector<int> squares{1, 4, 9, 16};
    {
      Users users;
      users.add<ValueError>([&] { end.expect([&] { EXPECT_EQ(pool.apply(square, 7), 49); }); });
      users.add<ValueError>(
          [&] { end.expect([&] { EXPECT_EQ(pool.map(square, numbers, 1), squares); }); });
      users.add<ValueError>([&] {
        std::vector<mp::AsyncResult<int>> results;
        for (int i = 0; i < 10; ++i) results.push_back(pool.apply_async(square, i));
        for (int i = 0; i < 10; ++i) {
          end.expect([&] { EXPECT_EQ(results[static_cast<std::size_t>(i)].get(), i * i); });
        }
      });
      users.add<ValueError>([&] {
        end.expect([&] {
          std::vector<int> all;
          for (const int x : pool.imap(square, numbers)) all.push_back(x);
          EXPECT_EQ(all, squares);
        });
      });
      wait_a_little(random);
      end.end(pool);
    }
    pool.join();
    EXPECT_THROW(pool.apply(square, 1), ValueError);
    EXPECT_TRUE(pool.workers().empty());
  });
}

/// What was taken before is done.
struct Close {
  static void end(Pool& pool) { pool.close(); }
  template <class Action>
  void expect(Action action) const {
    action();
  }
};
TEST_F(ClosingStress, APoolThatIsClosed) { end_a_pool_during_use(800, Close()); }
// Its last tasks may be handed out when none of its workers is left.
TEST_F(ClosingStress, APoolThatIsClosedAndRecyclesItsWorkers) {
  end_a_pool_during_use(1500, Close(), 1);
}

/// … or fails.
struct Terminate {
  static void end(Pool& pool) { pool.terminate(); }
  template <class Action>
  void expect(Action action) const {
    try {
      action();
    } catch (const RuntimeError&) {
    }
  }
};
TEST_F(ClosingStress, APoolThatIsTerminated) { end_a_pool_during_use(900, Terminate()); }

// Two of everything that ends one, at once.
TEST_F(ClosingStress, APoolThatIsEndedByMany) {
  each_seed(1000, rounds(60), [](std::mt19937& random) {
    Pool pool(2);
    auto results = pool.map_async(square, std::vector<int>(500, 3), 1);
    {
      std::list<Thread> threads;
      const auto start = [&threads](auto action) { threads.emplace_back(action).start(); };
      start([&] { pool.close(); });
      wait_a_little(random);
      start([&] { pool.terminate(); });
      start([&] { pool.terminate(); });
      start([&] { pool.close(); });
    }
    pool.join();
    try {
      EXPECT_EQ(results.get(), std::vector<int>(500, 9));
    } catch (const RuntimeError&) {
    }
  });
}

// Tasks that are larger than what there is room for, and have not been sent when the pool is ended.
TEST_F(ClosingStress, APoolThatIsDestroyedWithMuchToDo) {
  each_seed(1100, rounds(40), [](std::mt19937& random) {
    Pool pool(1);
    pool.apply_async(hang);
    pool.map_async(square, std::vector<int>(20'000, 1), 1 + random() % 3);
  });
}

void shut_down_an_executor_during_use(
    std::uint32_t first_seed, bool wait, bool cancel,
    std::optional<std::int32_t> max_tasks_per_child = std::nullopt) {
  each_seed(first_seed, rounds(60), [=](std::mt19937& random) {
    ProcessPoolExecutor executor(2, {.max_tasks_per_child = max_tasks_per_child});
    constexpr int kUsers = 3;
    std::vector<std::vector<Future<int>>> futures(kUsers);
    {
      Users users;
      for (auto& own : futures) {
        users.add<RuntimeError>([&executor, &own] {
          own.push_back(executor.submit(square, static_cast<int>(own.size())));
          if (own.size() <= 30) return;
          try {
            own[own.size() - 30].result();
          } catch (const CancelledError&) {
          }
        });
      }
      wait_a_little(random);
      executor.shutdown(wait, cancel);
    }
    executor.shutdown();
    for (auto& own : futures) {
      for (std::size_t i = 0; i < own.size(); ++i) {
        ASSERT_TRUE(own[i].done());
        try {
          ASSERT_EQ(own[i].result(), static_cast<int>(i * i));
        } catch (const CancelledError&) {
          ASSERT_TRUE(cancel);
        }
      }
    }
    EXPECT_TRUE(executor.workers().empty());
    EXPECT_THROW(executor.submit(square, 1), RuntimeError);
  });
}

TEST_F(ClosingStress, AnExecutor) { shut_down_an_executor_during_use(1200, true, false); }
TEST_F(ClosingStress, AnExecutorThatCancels) { shut_down_an_executor_during_use(1300, true, true); }
TEST_F(ClosingStress, AnExecutorThatRecyclesItsWorkers) {
  shut_down_an_executor_during_use(1600, false, false, 1);
}
TEST_F(ClosingStress, AnExecutorThatIsNotWaitedFor) {
  shut_down_an_executor_during_use(1400, false, true);
}

// Cancelled calls are passed over one after the other, not each by the one before.
TEST_F(ClosingStress, AnExecutorOfWhichTensOfThousandsAreCancelled) {
  ProcessPoolExecutor executor(1);
  Event event;
  auto running = executor.submit(wait_for, event);
  std::vector<Future<int>> futures;
  for (int i = 0; i < 20'000; ++i) futures.push_back(executor.submit(square, 3));
  for (std::size_t i = 1; i < futures.size(); ++i) EXPECT_TRUE(futures[i].cancel());
  auto last = executor.submit(square, 4);
  event.set();
  running.result();
  EXPECT_EQ(last.result(), 16);
}

}  // namespace
