#include "weft/threading/condition.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <list>
#include <thread>

#include <gtest/gtest.h>

#include "support/crowd.h"
#include "support/recording.h"
#include "support/well_formed.h"
#include "weft/threading/guard.h"
#include "weft/threading/thread.h"

namespace weft::test {
namespace {

using threading::Condition;
using threading::Guard;
using threading::Lock;
using threading::RLock;

/// A bounded buffer by hand, over a lock of either kind.
template <class Lockable>
struct Buffer {
  Lockable lock;
  Condition not_empty{lock};
  Condition not_full{lock};
  std::deque<int> items;  // guarded by lock

  void put(int item) {
    const Guard guard(lock);
    not_full.wait_for([&] { return items.size() < 3; });
    items.push_back(item);
    not_empty.notify();
  }
  int get() {
    const Guard guard(lock);
    not_empty.wait_for([&] { return !items.empty(); });
    const int item = items.front();
    items.pop_front();
    not_full.notify();
    return item;
  }
};

template <class T>
struct ConditionStress : testing::Test {};
using Locks = testing::Types<Lock, RLock>;
TYPED_TEST_SUITE(ConditionStress, Locks);

TYPED_TEST(ConditionStress, EveryItemArrivesOnce) {
  Buffer<TypeParam> buffer;
  std::atomic<long> sum{0};
  const int turns = rounds(3'000);
  const int threads = crowd([&](int number) {
    for (int i = 1; i <= turns; ++i) {
      if (number % 2 == 0) {
        buffer.put(i);
      } else {
        sum += buffer.get();
      }
    }
  });
  EXPECT_EQ(sum, static_cast<long>(threads / 2) * turns * (turns + 1) / 2);
  EXPECT_TRUE(buffer.items.empty());
}

TYPED_TEST(ConditionStress, TheRecordsAreInOrder) {
  Recording recording;
  {
    Buffer<TypeParam> buffer;
    crowd([&](int number) {
      for (int i = 0; i < rounds(200); ++i) {
        if (number % 2 == 0) {
          buffer.put(i);
        } else {
          buffer.get();
        }
      }
    });
  }
  EXPECT_EQ(complaints(recording.finish()), kNone);
}

// Who gives up and who is notified: each notification that somebody got is counted once.
TEST(ConditionCount, NotificationsAreNeitherLostNorMade) {
  Condition condition;
  long notified = 0;  // guarded by condition, as is the next
  long woken = 0;
  long waiting = 0;
  crowd([&](int number) {
    for (int i = 0; i < rounds(3'000); ++i) {
      const Guard guard(condition);
      if (number % 4 == 0) {
        notified += std::min(waiting, 2L);
        waiting -= std::min(waiting, 2L);
        condition.notify(2);
      } else {
        ++waiting;
        if (condition.wait(std::chrono::microseconds(i % 50))) {
          ++woken;
        } else {
          --waiting;
        }
      }
    }
  });
  EXPECT_EQ(woken, notified);
  EXPECT_EQ(waiting, 0);
}

// Threads that do not hold a plain Lock notify and wait while others hold it: refused or done, and the
// waiters stay whole.
TEST(ConditionOverALock, UsedByThreadsThatDoNotHoldIt) {
  using namespace std::chrono_literals;
  Lock lock;
  Condition condition(lock);
  std::atomic<bool> done{false};
  std::list<threading::Thread> others;
  const auto repeat = [&](auto action) {
    others.emplace_back([&, action] {
      while (!done) {
        try {
          action();
        } catch (const RuntimeError&) {
          std::this_thread::yield();
        }
      }
    });
    others.back().start();
  };
  for (int i = 0; i < 2; ++i) {
    repeat([&] { condition.notify(1); });
  }
  repeat([&] { condition.notify_all(); });
  repeat([&] {
    condition.wait(20us);
    lock.release();
  });
  const int turns = rounds(2'000);
  crowd([&](int) {
    for (int i = 0; i < turns; ++i) {
      try {
        lock.acquire();
        condition.wait(20us);
        lock.release();
      } catch (const RuntimeError&) {  // another thread has released it
      }
    }
  });
  done = true;
  for (auto& other : others) other.join();
  EXPECT_FALSE(lock.locked()) << "each that took it released it, or another had";
}

}  // namespace
}  // namespace weft::test
