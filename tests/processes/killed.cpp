// Processes that are killed at random moments while they use what they share with others: nothing that was
// acknowledged is lost or comes twice, nothing that was not is seen half, and nobody hangs.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <random>
#include <string>
#include <vector>

#include "support/eventually.h"
#include "support/leaves_nothing.h"
#include "support/scale.h"
#include "weft/errors.h"
#include "weft/multiprocessing/condition.h"
#include "weft/multiprocessing/connection.h"
#include "weft/multiprocessing/lock.h"
#include "weft/multiprocessing/pool.h"
#include "weft/multiprocessing/process.h"
#include "weft/multiprocessing/process_pool_executor.h"
#include "weft/multiprocessing/queue.h"
#include "weft/multiprocessing/semaphore.h"
#include "weft/multiprocessing/value.h"
#include "weft/runtime/park.h"
#include "weft/threading/guard.h"
#include "weft/threading/thread.h"

namespace {

using namespace std::chrono_literals;
using weft::futures::Future;
using weft::test::eventually;
using weft::test::rounds;
using weft::threading::Guard;
using weft::threading::Thread;
namespace mp = weft::multiprocessing;
using mp::AbandonedError;
using mp::Array;
using mp::BrokenProcessPool;
using mp::Condition;
using mp::Connection;
using mp::Entry;
using mp::JoinableQueue;
using mp::Lock;
using mp::Lockless;
using mp::Pipe;
using mp::Pool;
using mp::Process;
using mp::ProcessPoolExecutor;
using mp::Queue;
using mp::Semaphore;
using mp::Value;

/// The words of a message are all the same: its number.
using Message = std::vector<std::uint32_t>;
constexpr std::uint32_t kEnd = 0xffff'ffff;
constexpr std::uint32_t kMaxSmall = 3000;  // words of a message that goes in one piece

Message message(std::uint32_t number, std::uint32_t max_words) {
  std::mt19937 random(number);
  const bool large = random() % 16 == 0;
  return Message(1 + random() % (large ? max_words : 50), number);
}

bool is_whole(const Message& received, std::uint32_t max_words) {
  return !received.empty() &&
         (received == message(received[0], max_words) || received == Message{kEnd});
}

const Entry send_on("killed.send_on",
                    [](Connection out, Value<std::uint32_t> sent, std::uint32_t max_words) {
                      for (std::uint32_t number = 0;; ++number) {
                        out.send(message(number, max_words));
                        sent.set(number + 1);
                      }
                    });
const Entry receive_on("killed.receive_on", [](Connection in, Value<std::uint32_t> received) {
  for (;;) received.set(in.recv<Message>()[0] + 1);
});
const Entry put_on("killed.put_on", [](Queue<Message> queue, Value<std::uint32_t> put) {
  for (std::uint32_t number = 0;; ++number) {
    queue.put(message(number, kMaxSmall));
    put.set(number + 1);
  }
});
const Entry get_on("killed.get_on", [](Queue<Message> queue, Value<std::uint32_t> got) {
  for (;;) got.set(queue.get()[0] + 1);
});
const Entry work_on("killed.work_on", [](JoinableQueue<int> in, Queue<int> out) {
  for (;;) {
    out.put(in.get());
    in.task_done();
  }
});
const Entry put_joinable_on("killed.put_joinable_on",
                            [](JoinableQueue<Message> queue, std::uint32_t max_words) {
                              for (std::uint32_t number = 0;; ++number) {
                                queue.put(message(number, max_words));
                              }
                            });
const Entry finish_on("killed.finish_on", [](JoinableQueue<Message> queue, Value<std::uint32_t> got,
                                             Value<std::uint32_t> done) {
  for (std::uint32_t count = 1;; ++count) {
    queue.get();
    got.set(count);
    queue.task_done();
    done.set(count);
  }
});
const Entry square("killed.square", [](int x) { return x * x; });

/// A worker's: how often each task was run.
Array<std::uint32_t> all_runs;
const Entry count_runs_in("killed.count_runs_in",
                          [](Array<std::uint32_t> runs) { all_runs = runs; });
const Entry count_run("killed.count_run", [](std::uint32_t number) {
  all_runs.set(number, all_runs.get(number) + 1);
  return number;
});

const Entry lock_on("killed.lock_on", [](Lock lock, Semaphore semaphore, Condition condition) {
  for (;;) {
    {
      const Guard guard(lock);
    }
    { const Guard guard(semaphore); }
    const Guard guard(condition);
    condition.notify();
    condition.wait(1us);
  }
});

using KilledStress = weft::test::LeavesNothing;

/// Lets a process run for a random time and kills it.
class Killer {
 public:
  explicit Killer(std::uint32_t seed) : random_(seed) {}

  std::uint32_t number() { return static_cast<std::uint32_t>(random_()); }

  template <class Victim>
  void operator()(Victim&& process) {
    wait();
    process.kill();
    process.join();
  }
  void wait() { weft::runtime::sleep_for(std::chrono::microseconds(number() % 3000)); }

 private:
  std::mt19937 random_;
};

/// Runs a round again and again, each time with another seed, which a failure tells.
template <class Round>
void each_seed(std::uint32_t first, int count, Round round) {
  for (int i = 0; i < count && !testing::Test::HasFailure(); ++i) {
    const std::uint32_t seed = first + static_cast<std::uint32_t>(i);
    SCOPED_TRACE("seed " + std::to_string(seed));
    round(seed);
  }
}

TEST_F(KilledStress, SendersOfAPipe) {
  each_seed(1000, rounds(200), [](std::uint32_t seed) {
    Killer kill(seed);
    // Every other round with messages that are larger than the pipe.
    const std::uint32_t max_words = seed % 2 == 0 ? kMaxSmall : 40'000;
    auto [in, out] = Pipe(false);
    Value<std::uint32_t> sent(0, {.lock = Lockless()});
    Process process(send_on, out, sent, max_words);
    process.start();
    std::uint32_t next = 0;
    const auto take = [&] {
      const Message received = in.recv<Message>();
      EXPECT_TRUE(is_whole(received, max_words));
      if (received[0] == kEnd) return false;
      EXPECT_EQ(received[0], next++);
      return true;
    };
    for (int i = 0; i < 20; ++i) take();
    kill(process);
    Thread ender([&out] { out.send(Message{kEnd}); });
    ender.start();
    while (take()) {
    }
    ender.join();
    ASSERT_GE(next, sent.get());
    ASSERT_LE(next, sent.get() + 1);
  });
}

TEST_F(KilledStress, ReceiversOfAPipe) {
  each_seed(2000, rounds(200), [](std::uint32_t seed) {
    Killer kill(seed);
    auto [in, out] = Pipe(false);
    Value<std::uint32_t> received(0, {.lock = Lockless()});
    Process process(receive_on, in, received);
    process.start();
    std::uint32_t sent = 0;
    std::atomic<bool> killed{false};
    Thread sender([&] {
      for (; !killed; ++sent) out.send(message(sent, kMaxSmall));
      out.send(Message{kEnd});
    });
    sender.start();
    kill(process);
    killed = true;
    std::uint32_t next = kEnd;
    for (Message got = in.recv<Message>(); got[0] != kEnd; got = in.recv<Message>()) {
      EXPECT_TRUE(is_whole(got, kMaxSmall));
      if (next == kEnd) {
        next = got[0];
        EXPECT_GE(next, received.get());
        EXPECT_LE(next,
                  received.get() + 1);  // it may have died between receiving one and saying so
      }
      EXPECT_EQ(got[0], next++);
    }
    sender.join();
    if (next != kEnd) {
      EXPECT_EQ(next, sent);
    }
  });
}

TEST_F(KilledStress, PuttersAndGettersOfAQueue) {
  each_seed(3000, rounds(200), [](std::uint32_t seed) {
    Killer kill(seed);
    Queue<Message> queue(seed % 2 == 0 ? 0 : 5);
    Value<std::uint32_t> put(0, {.lock = Lockless()});
    Value<std::uint32_t> got(0, {.lock = Lockless()});
    Process putter(put_on, queue, put);
    Process getter(get_on, queue, got);
    putter.start();
    getter.start();
    kill(getter);
    kill(putter);
    // What is left comes in order, behind what the getter had, and nothing of it is half there.
    Thread ender([&queue] { queue.put(Message{kEnd}); });
    ender.start();
    std::uint32_t before = kEnd;
    for (Message left = queue.get(); left[0] != kEnd; left = queue.get()) {
      EXPECT_TRUE(is_whole(left, kMaxSmall));
      EXPECT_GE(left[0], got.get());
      if (before == kEnd) {
        EXPECT_LE(left[0], got.get() + 1);  // it may have died between getting one and saying so
      } else {
        EXPECT_EQ(left[0], before + 1);
      }
      before = left[0];
    }
    ender.join();
    ASSERT_EQ(queue.qsize(), 0u);
    // The limit is what it was.
    for (int i = 0; i < 5; ++i) queue.put(Message{1}, false);
    EXPECT_EQ(queue.full(), seed % 2 == 1);
  });
}

TEST_F(KilledStress, WorkersOfAJoinableQueue) {
  each_seed(4000, rounds(150), [](std::uint32_t seed) {
    Killer kill(seed);
    JoinableQueue<int> in;
    Queue<int> out;
    Process dying(work_on, in, out);
    dying.start();
    constexpr int kItems = 500;
    for (int i = 0; i < kItems; ++i) in.put(i);
    kill(dying);
    Process working(work_on, in, out);
    working.start();
    try {
      in.join();
    } catch (const AbandonedError& error) {
      ASSERT_EQ(error.process_number, dying.number());
    }
    // At most the one that it worked on is missing, or there although it did not say that it was done.
    std::vector<int> seen(kItems);
    while (in.qsize() != 0) weft::runtime::sleep_for(1ms);
    working.terminate();
    working.join();
    while (!out.empty()) ++seen[static_cast<std::size_t>(out.get())];
    int missing = 0;
    for (const int times : seen) {
      ASSERT_LE(times, 1);
      missing += times == 0;
    }
    ASSERT_LE(missing, 2);  // and what the second one was about to put when it was ended
  });
}

TEST_F(KilledStress, HoldersOfLocks) {
  each_seed(5000, rounds(150), [](std::uint32_t seed) {
    Killer kill(seed);
    Lock lock;
    Semaphore semaphore(1);
    Condition condition;
    Process a(lock_on, lock, semaphore, condition);
    Process b(lock_on, lock, semaphore, condition);
    a.start();
    b.start();
    kill(a);
    kill(b);
    const auto holds_or_says = [](auto& thing) {
      try {
        const Guard guard(thing);
      } catch (const AbandonedError&) {
      }
    };
    holds_or_says(lock);
    holds_or_says(semaphore);
    holds_or_says(condition);
  });
}

TEST_F(KilledStress, PuttersOfAJoinableQueue) {
  each_seed(6000, rounds(100), [](std::uint32_t seed) {
    Killer kill(seed);
    // Every other round with items that a feeder sends in pieces.
    const std::uint32_t max_words = seed % 2 == 0 ? kMaxSmall : 40'000;
    JoinableQueue<Message> queue(3);
    Process process(put_joinable_on, queue, max_words);
    process.start();
    std::uint32_t next = 0;
    const auto take = [&] {
      const Message got = queue.get();
      EXPECT_TRUE(is_whole(got, max_words));
      queue.task_done();
      if (got[0] == kEnd) return false;
      EXPECT_EQ(got[0], next++);
      return true;
    };
    for (int i = 0; i < 10; ++i) take();
    kill(process);
    Thread ender([&queue] { queue.put(Message{kEnd}); });
    ender.start();
    while (take()) {
    }
    ender.join();
    // Each that came was counted once.
    queue.join();
    EXPECT_THROW(queue.task_done(), weft::ValueError);
    EXPECT_EQ(queue.qsize(), 0U);
  });
}

// join() says that an item was lost if one was, and only then.
TEST_F(KilledStress, GettersOfAJoinableQueue) {
  each_seed(9000, rounds(200), [](std::uint32_t seed) {
    Killer kill(seed);
    // Every other round with items that are received in pieces.
    const std::uint32_t max_words = seed % 2 == 0 ? kMaxSmall : 40'000;
    constexpr std::uint32_t kItems = 300;
    JoinableQueue<Message> queue;
    Value<std::uint32_t> got(0, {.lock = Lockless()});
    Value<std::uint32_t> done(0, {.lock = Lockless()});
    Process process(finish_on, queue, got, done);
    process.start();
    for (std::uint32_t number = 0; number < kItems; ++number) queue.put(message(number, max_words));
    kill(process);
    std::uint32_t left = 0;
    while (queue.qsize() != 0) {
      try {
        EXPECT_TRUE(is_whole(queue.get(true, 10ms), max_words));
        queue.task_done();
        ++left;
      } catch (const weft::queue::Empty&) {
        // There is only the end of an item left, of which the beginning was received.
      }
    }
    std::optional<std::uint32_t> died;
    try {
      queue.join();
    } catch (const AbandonedError& error) {
      died = error.process_number;
    }
    const std::uint32_t lost = kItems - left - got.get();
    ASSERT_LE(lost, 1U);
    if (lost == 1) {
      ASSERT_EQ(died, process.number());
    } else if (done.get() == got.get()) {
      ASSERT_EQ(died, std::nullopt);
    }
  });
}

// A pool whose workers are killed one after the other while it is given tasks.
TEST_F(KilledStress, WorkersOfAPool) {
  static constexpr int kKills = 100;
  static constexpr std::uint32_t kWorkers = 3;
  static constexpr std::uint32_t kMaxTasks = 200'000;
  each_seed(7000, rounds(4), [](std::uint32_t seed) {
    Array<std::uint32_t> runs(std::vector<std::uint32_t>(kMaxTasks), {.lock = Lockless()});
    Pool pool(kWorkers, {.initializer = mp::initialize_with(count_runs_in, runs)});
    std::atomic<int> killed{0};
    Thread killer([&] {
      Killer kill(seed);
      for (int i = 0; i < kKills; ++i) {
        const auto workers = pool.workers();
        if (workers.empty()) continue;
        ++killed;
        kill(workers[kill.number() % workers.size()]);
      }
    });
    killer.start();
    std::atomic<int> done{0};
    const mp::Callbacks<std::uint32_t> callbacks{[&done](const std::uint32_t&) { ++done; }, {}};
    std::deque<mp::AsyncResult<std::uint32_t>> results;
    while (killer.is_alive() && results.size() < kMaxTasks) {
      const auto number = static_cast<std::uint32_t>(results.size());
      // As many as keep the workers busy; a kill takes one task at most.
      if (static_cast<int>(number) - done - killed < 50) {
        results.push_back(pool.apply_async(callbacks, count_run, number));
      } else {
        weft::runtime::sleep_for(100us);
      }
    }
    killer.join();
    EXPECT_EQ(pool.map(square, std::vector<int>{1, 2, 3}), (std::vector<int>{1, 4, 9}));
    EXPECT_TRUE(eventually([&pool] { return pool.workers().size() == kWorkers; }));
    pool.close();
    pool.join();
    int lost = 0;
    for (std::uint32_t i = 0; i < results.size(); ++i) {
      ASSERT_TRUE(results[i].ready());
      ASSERT_LE(runs.get(i), 1U) << "a task was run twice";
      try {
        ASSERT_EQ(results[i].get(), i);
        ASSERT_EQ(runs.get(i), 1U);
      } catch (const weft::RuntimeError&) {
        ++lost;
      }
    }
    EXPECT_LE(lost, killed.load());
    EXPECT_EQ(static_cast<int>(results.size()), done + lost);
  });
}

// An executor that loses a worker says so to everybody, and has given the right results until then.
TEST_F(KilledStress, WorkersOfAProcessPoolExecutor) {
  each_seed(8000, rounds(150), [](std::uint32_t seed) {
    ProcessPoolExecutor executor(2);
    std::vector<Future<int>> futures{executor.submit(square, 0)};
    Thread killer([&] {
      Killer kill(seed);
      const auto workers = executor.workers();
      kill(workers[kill.number() % workers.size()]);
    });
    killer.start();
    bool broken = false;
    while (!broken) {
      try {
        futures.push_back(executor.submit(square, static_cast<int>(futures.size())));
        if (futures.size() > 20) futures[futures.size() - 20].result();
      } catch (const BrokenProcessPool&) {
        broken = true;
      }
    }
    killer.join();
    EXPECT_THROW(executor.submit(square, 1), BrokenProcessPool);
    executor.shutdown();
    for (int i = 0; i < static_cast<int>(futures.size()); ++i) {
      Future<int>& future = futures[static_cast<std::size_t>(i)];
      ASSERT_TRUE(future.done());
      try {
        ASSERT_EQ(future.result(), i * i);
      } catch (const BrokenProcessPool&) {
      }
    }
    EXPECT_TRUE(executor.workers().empty());
  });
}

}  // namespace
