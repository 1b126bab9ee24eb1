#include "weft/threading/condition.h"

#include <algorithm>
#include <atomic>
#include <deque>

#include <gtest/gtest.h>

#include "support/crowd.h"
#include "support/recording.h"
#include "support/well_formed.h"
#include "weft/threading/guard.h"

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

}  // namespace
}  // namespace weft::test
