// Processes that are killed at random moments while they use what they share with others: nothing that was
// acknowledged is lost or comes twice, nothing that was not is seen half, and nobody hangs.
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "support/scale.h"
#include "weft/errors.h"
#include "weft/multiprocessing/connection.h"
#include "weft/multiprocessing/condition.h"
#include "weft/multiprocessing/lock.h"
#include "weft/multiprocessing/process.h"
#include "weft/multiprocessing/queue.h"
#include "weft/multiprocessing/semaphore.h"
#include "weft/multiprocessing/value.h"
#include "weft/runtime/park.h"
#include "weft/threading/guard.h"
#include "weft/threading/thread.h"

namespace {

using namespace std::chrono_literals;
using weft::test::rounds;
using weft::threading::Guard;
using weft::threading::Thread;
namespace mp = weft::multiprocessing;
using mp::AbandonedError;
using mp::Condition;
using mp::Connection;
using mp::Entry;
using mp::JoinableQueue;
using mp::Lock;
using mp::Lockless;
using mp::Pipe;
using mp::Process;
using mp::Queue;
using mp::Semaphore;
using mp::Value;

/// The words of a message are all the same: its number.
using Message = std::vector<std::uint32_t>;
constexpr std::uint32_t kEnd = 0xffff'ffff;
constexpr std::uint32_t kMostSmall = 3000;  // words of a message that goes in one piece

Message message(std::uint32_t number, std::uint32_t most_words) {
  std::mt19937 random(number);
  const bool large = random() % 16 == 0;
  return Message(1 + random() % (large ? most_words : 50), number);
}

bool is_whole(const Message& received, std::uint32_t most_words) {
  return !received.empty() &&
         (received == message(received[0], most_words) || received == Message{kEnd});
}

const Entry send_on("killed.send_on",
                    [](Connection out, Value<std::uint32_t> sent, std::uint32_t most_words) {
                      for (std::uint32_t number = 0;; ++number) {
                        out.send(message(number, most_words));
                        sent.set(number + 1);
                      }
                    });
const Entry receive_on("killed.receive_on", [](Connection in, Value<std::uint32_t> received) {
  for (;;) received.set(in.recv<Message>()[0] + 1);
});
const Entry put_on("killed.put_on", [](Queue<Message> queue, Value<std::uint32_t> put) {
  for (std::uint32_t number = 0;; ++number) {
    queue.put(message(number, kMostSmall));
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
const Entry lock_on("killed.lock_on", [](Lock lock, Semaphore semaphore, Condition condition) {
  for (;;) {
    {
      const Guard guard(lock);
    }
    {
      const Guard guard(semaphore);
    }
    const Guard guard(condition);
    condition.notify();
    condition.wait(1us);
  }
});

/// Lets a process run for some time and kills it.
class Killer {
 public:
  explicit Killer(std::uint32_t seed) : random_(seed) {}

  void operator()(Process& process) {
    weft::runtime::sleep_for(std::chrono::microseconds(random_() % 3000));
    process.kill();
    process.join();
  }

 private:
  std::mt19937 random_;
};

TEST(KilledStress, SendersOfAPipe) {
  Killer kill(1);
  for (int round = 0; round < rounds(200); ++round) {
    // Every other round with messages that are larger than the pipe.
    const std::uint32_t most_words = round % 2 == 0 ? kMostSmall : 40'000;
    auto [in, out] = Pipe(false);
    Value<std::uint32_t> sent(0, Lockless{});
    Process process(send_on, out, sent, most_words);
    process.start();
    std::uint32_t next = 0;
    const auto take = [&] {
      const Message received = in.recv<Message>();
      EXPECT_TRUE(is_whole(received, most_words));
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
  }
}

TEST(KilledStress, ReceiversOfAPipe) {
  Killer kill(2);
  for (int round = 0; round < rounds(200); ++round) {
    auto [in, out] = Pipe(false);
    Value<std::uint32_t> received(0, Lockless{});
    Process process(receive_on, in, received);
    process.start();
    std::uint32_t sent = 0;
    std::atomic<bool> killed{false};
    Thread sender([&] {
      for (; !killed; ++sent) out.send(message(sent, kMostSmall));
      out.send(Message{kEnd});
    });
    sender.start();
    kill(process);
    killed = true;
    std::uint32_t next = kEnd;
    for (Message got = in.recv<Message>(); got[0] != kEnd; got = in.recv<Message>()) {
      EXPECT_TRUE(is_whole(got, kMostSmall));
      if (next == kEnd) {
        next = got[0];
        EXPECT_GE(next, received.get());
        EXPECT_LE(next, received.get() + 1);  // it may have died between receiving one and saying so
      }
      EXPECT_EQ(got[0], next++);
    }
    sender.join();
    if (next != kEnd) {
      EXPECT_EQ(next, sent);
    }
    ASSERT_FALSE(testing::Test::HasFailure());
  }
}

TEST(KilledStress, PuttersAndGettersOfAQueue) {
  Killer kill(3);
  for (int round = 0; round < rounds(150); ++round) {
    Queue<Message> queue(round % 2 == 0 ? 0 : 5);
    Value<std::uint32_t> put(0, Lockless{});
    Value<std::uint32_t> got(0, Lockless{});
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
      EXPECT_TRUE(is_whole(left, kMostSmall));
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
    EXPECT_EQ(queue.full(), round % 2 == 1);
    ASSERT_FALSE(testing::Test::HasFailure());
  }
}

TEST(KilledStress, WorkersOfAJoinableQueue) {
  Killer kill(4);
  for (int round = 0; round < rounds(100); ++round) {
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
  }
}

TEST(KilledStress, HoldersOfLocks) {
  Killer kill(5);
  for (int round = 0; round < rounds(150); ++round) {
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
  }
}

}  // namespace
