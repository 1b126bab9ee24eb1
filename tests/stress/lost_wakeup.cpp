// The shape in which wake-ups were lost before: primitives in memory that malloc gives out again
// and again, around short-lived threads whose own memory is recycled, too
// (emscripten-core/emscripten#27492).
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/eventually.h"
#include "support/scale.h"
#include "weft/futures/future.h"
#include "weft/queue/queue.h"
#include "weft/threading/condition.h"
#include "weft/threading/event.h"
#include "weft/threading/thread.h"

namespace weft::test {
namespace {

using threading::Thread;

/// Blocks of the size of a thread's own data, so that the allocator mixes them up.
void churn_memory() {
  std::vector<std::unique_ptr<char[]>> blocks;
  for (std::size_t i = 0; i < 8; ++i) {
    blocks.push_back(std::make_unique<char[]>(1024));
    blocks.back()[i] = 'x';
  }
}

/// One round: `Meeting` in the heap, two threads that need each other's wake-ups there, and a
/// thread of the system's that comes and goes. False if the two did not get through.
template <class Meeting>
bool get_through() {
  const auto meeting = std::make_unique<Meeting>();
  Thread first([&] {
    churn_memory();
    meeting->first();
  });
  Thread second([&] {
    meeting->second();
    churn_memory();
  });
  first.start();
  second.start();
  std::thread passing(churn_memory);
  // A join that sleeps until its timeout has lost a wake-up, even if its thread has ended by then.
  const auto waited = time_of([&] {
    first.join(kLongEnough);
    second.join(kLongEnough);
  });
  passing.join();
  return !first.is_alive() && !second.is_alive() && waited < kLongEnough;
}

template <class Meeting>
void soak(int times) {
  for (int i = 0; i < times; ++i) {
    // The threads of a failed round never end, nor does this test: the message is all there is.
    ASSERT_TRUE(get_through<Meeting>()) << "a wake-up was lost in round " << i;
  }
}

struct AtACondition {
  threading::Condition condition;
  int turn = 0;

  void pass(int mine) {
    for (int i = 0; i < 3; ++i) {
      const std::lock_guard guard(condition);
      condition.wait_for([&] { return turn % 2 == mine; });
      ++turn;
      condition.notify();
    }
  }
  void first() { pass(0); }
  void second() { pass(1); }
};

TEST(LostWakeup, Condition) { soak<AtACondition>(rounds(10'000)); }

struct AtAQueue {
  queue::Queue<std::unique_ptr<int>> there{1};
  queue::Queue<std::unique_ptr<int>> back{1};

  void first() {
    for (int i = 0; i < 3; ++i) {
      there.put(std::make_unique<int>(i));
      back.get();
    }
  }
  void second() {
    for (int i = 0; i < 3; ++i) back.put(there.get());
  }
};

TEST(LostWakeup, Queue) { soak<AtAQueue>(rounds(10'000)); }

struct AtAFullQueue {
  queue::Queue<int> items{1};

  void first() {
    for (int i = 0; i < 10; ++i) items.put(i);
    items.join();
  }
  void second() {
    for (int i = 0; i < 10; ++i) {
      items.get();
      items.task_done();
    }
  }
};

TEST(LostWakeup, FullQueueAndJoin) { soak<AtAFullQueue>(rounds(5'000)); }

struct AtAnEvent {
  threading::Event there;
  threading::Event back;

  void first() {
    there.set();
    back.wait();
  }
  void second() {
    there.wait();
    back.set();
  }
};

TEST(LostWakeup, Event) { soak<AtAnEvent>(rounds(5'000)); }

struct AtALock {
  threading::Lock lock;
  int inside = 0;

  void first() {
    for (int i = 0; i < 5; ++i) {
      const std::lock_guard guard(lock);
      ++inside;
      // So that the other one has to sleep; not each time, as this costs a time slice on a busy
      // machine.
      if (i == 0) std::this_thread::yield();
      --inside;
    }
  }
  void second() { first(); }
};

TEST(LostWakeup, Lock) { soak<AtALock>(rounds(5'000)); }

struct AtAFuture {
  futures::Future<int> there;
  futures::Future<int> back;

  void first() {
    there.set_result(1);
    back.result();
  }
  void second() {
    there.result();
    back.set_result(2);
  }
};

TEST(LostWakeup, Future) { soak<AtAFuture>(rounds(5'000)); }

struct AtAThread {
  void first() {
    Thread inner(churn_memory);
    inner.start();
    inner.join();
  }
  void second() { first(); }
};

TEST(LostWakeup, ThreadJoin) { soak<AtAThread>(rounds(5'000)); }

}  // namespace
}  // namespace weft::test
