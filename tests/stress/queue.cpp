#include "weft/queue/queue.h"

#include <gtest/gtest.h>

#include <atomic>
#include <list>
#include <memory>
#include <optional>
#include <vector>

#include "demos/kit/random.h"
#include "support/eventually.h"
#include "support/recording.h"
#include "support/scale.h"
#include "support/well_formed.h"
#include "weft/queue/lifo_queue.h"
#include "weft/queue/priority_queue.h"
#include "weft/queue/simple_queue.h"
#include "weft/threading/thread.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using demos::Random;
using queue::Empty;
using queue::Full;
using queue::LifoQueue;
using queue::PriorityQueue;
using queue::Queue;
using queue::ShutDown;
using queue::SimpleQueue;
using threading::Thread;

/// Starts `count` threads with a random number generator each, and waits for them.
template <class Body>
class Crowd {
 public:
  Crowd(int count, std::uint64_t seed, Body body) {
    for (int i = 0; i < count; ++i) {
      threads_.emplace_back(
          [i, seed, body] { body(i, Random(seed * 1000 + static_cast<std::uint64_t>(i))); });
      threads_.back().start();
    }
  }
  bool ends() {
    for (Thread& thread : threads_) {
      thread.join(kLongEnough);
      if (thread.is_alive()) return false;
    }
    return true;
  }

 private:
  std::list<Thread> threads_;
};

std::chrono::nanoseconds up_to(std::chrono::microseconds most, Random& random) {
  return std::chrono::nanoseconds(
      static_cast<std::int64_t>(random.uniform() * static_cast<double>(most.count()) * 1000));
}

/// What became of each item.
class Ledger {
 public:
  explicit Ledger(int items) : got_(static_cast<std::size_t>(items)), put_(got_.size()) {}

  void put(int item) { ++put_[static_cast<std::size_t>(item)]; }
  void got(int item) { ++got_[static_cast<std::size_t>(item)]; }

  /// Everything that was put was got exactly once, and nothing else.
  void expect_all_got() const {
    for (std::size_t i = 0; i < got_.size(); ++i) {
      ASSERT_EQ(got_[i], put_[i]) << "item " << i;
      ASSERT_LE(got_[i], 1) << "item " << i;
    }
  }
  /// As above, but so many that were put were not got. An item may be got before its put returns.
  void expect_all_but(std::size_t missing) const {
    std::size_t not_got = 0;
    for (std::size_t i = 0; i < got_.size(); ++i) {
      ASSERT_LE(got_[i], put_[i]) << "item " << i;
      ASSERT_LE(put_[i], 1) << "item " << i;
      not_got += static_cast<std::size_t>(put_[i] - got_[i]);
    }
    ASSERT_EQ(not_got, missing);
  }

 private:
  std::vector<std::atomic<int>> got_;
  std::vector<std::atomic<int>> put_;
};

/// Puts in one of the ways there are; false if there was no room.
template <class Items>
bool put_somehow(Items& items, int item, Random& random) {
  try {
    switch (random.next() % 3) {
      case 0: items.put(item); break;
      case 1: items.put_nowait(item); break;
      default: items.put(item, true, up_to(100us, random)); break;
    }
    return true;
  } catch (const Full&) {
    return false;
  }
}

template <class Items>
std::optional<int> get_somehow(Items& items, Random& random) {
  try {
    switch (random.next() % 3) {
      case 0: return items.get();
      case 1: return items.get_nowait();
      default: return items.get(true, up_to(100us, random));
    }
  } catch (const Empty&) {
    return std::nullopt;
  }
}

template <class Items>
void exchange_with_timeouts(std::size_t capacity, std::uint64_t seed) {
  const int half = many_threads() / 2;
  const int per_producer = rounds(3'000);
  Items items(capacity);
  Ledger ledger(half * per_producer);
  std::atomic<int> left{half * per_producer};
  Crowd producers(half, seed, [&](int number, Random random) {
    for (int i = 0; i < per_producer; ++i) {
      const int item = number * per_producer + i;
      while (!put_somehow(items, item, random)) {
      }
      ledger.put(item);
    }
  });
  Crowd consumers(half, seed + 1, [&](int, Random random) {
    try {
      for (;;) {
        if (const auto item = get_somehow(items, random)) {
          ledger.got(*item);
          items.task_done();
          if (--left == 0) items.shutdown();
        }
      }
    } catch (const ShutDown&) {
    }
  });
  ASSERT_TRUE(producers.ends());
  ASSERT_TRUE(consumers.ends());
  items.join();
  ledger.expect_all_got();
}

TEST(QueueStress, TimeoutsAtCapacity1) { exchange_with_timeouts<Queue<int>>(1, 11); }
TEST(QueueStress, TimeoutsAtCapacity7) { exchange_with_timeouts<Queue<int>>(7, 12); }
TEST(QueueStress, TimeoutsAtCapacity500) { exchange_with_timeouts<Queue<int>>(500, 18); }
TEST(QueueStress, TimeoutsWithoutCapacity) { exchange_with_timeouts<Queue<int>>(0, 13); }
TEST(LifoQueueStress, TimeoutsAtCapacity7) { exchange_with_timeouts<LifoQueue<int>>(7, 14); }
TEST(LifoQueueStress, TimeoutsWithoutCapacity) { exchange_with_timeouts<LifoQueue<int>>(0, 15); }
TEST(PriorityQueueStress, TimeoutsAtCapacity7) {
  exchange_with_timeouts<PriorityQueue<int>>(7, 16);
}
TEST(PriorityQueueStress, TimeoutsWithoutCapacity) {
  exchange_with_timeouts<PriorityQueue<int>>(0, 17);
}

// One putter and one getter want but a few turns, while the others take theirs all the time.
void take_turns_with_greedy_ones(std::size_t capacity) {
  Queue<int> items(capacity);
  const int few = rounds(100);
  std::atomic<int> hungry{2};
  Crowd threads(many_threads(), 1, [&](int number, Random) {
    try {
      for (int i = 0; number > 1 || i < few; ++i) {
        if (number % 2 == 0) {
          items.put(i);
        } else {
          items.get();
        }
      }
      if (--hungry == 0) items.shutdown();
    } catch (const ShutDown&) {
    }
  });
  EXPECT_TRUE(threads.ends());
  EXPECT_EQ(hungry, 0);
}

TEST(QueueStress, NobodyStarvesAtCapacity1) { take_turns_with_greedy_ones(1); }
TEST(QueueStress, NobodyStarvesAtCapacity16) { take_turns_with_greedy_ones(16); }

// Only blocking calls: a single lost wake-up hangs.
template <class Items>
void exchange_blocking(std::size_t capacity, int each) {
  const int half = many_threads() / 2;
  Items items(capacity);
  Ledger ledger(half * each);
  Crowd producers(half, 1, [&](int number, Random) {
    for (int i = 0; i < each; ++i) {
      items.put(number * each + i);
      ledger.put(number * each + i);
    }
  });
  Crowd consumers(half, 2, [&](int, Random) {
    for (int i = 0; i < each; ++i) ledger.got(items.get());
  });
  ASSERT_TRUE(producers.ends());
  ASSERT_TRUE(consumers.ends());
  ledger.expect_all_got();
}

TEST(QueueStress, BlockingAtCapacity1) { exchange_blocking<Queue<int>>(1, rounds(4'000)); }
// Long enough for threads to claim what comes next, again and again.
TEST(QueueStress, BlockingAtCapacity16) { exchange_blocking<Queue<int>>(16, rounds(400'000)); }
TEST(QueueStress, BlockingAtCapacity500) { exchange_blocking<Queue<int>>(500, rounds(200'000)); }
TEST(LifoQueueStress, BlockingAtCapacity1) { exchange_blocking<LifoQueue<int>>(1, rounds(4'000)); }
TEST(PriorityQueueStress, BlockingAtCapacity1) {
  exchange_blocking<PriorityQueue<int>>(1, rounds(4'000));
}

// No more getters than items: whoever sleeps while there is an item for it, sleeps for ever.
TEST(SimpleQueueStress, ManyThreads) {
  const int half = many_threads() / 2;
  const int each = rounds(20'000);
  SimpleQueue<int> items;
  Ledger ledger(half * each);
  Crowd consumers(half, 1, [&](int, Random random) {
    for (int got = 0; got < each;) {
      if (const auto item = get_somehow(items, random)) {
        ledger.got(*item);
        ++got;
      }
    }
  });
  Crowd producers(half, 2, [&](int number, Random random) {
    for (int i = 0; i < each; ++i) {
      if (random.next() % 100 == 0) runtime::sleep_for(up_to(50us, random));
      items.put(number * each + i);
      ledger.put(number * each + i);
    }
  });
  ASSERT_TRUE(producers.ends());
  ASSERT_TRUE(consumers.ends());
  EXPECT_TRUE(items.empty());
  ledger.expect_all_got();
}

TEST(QueueStress, EachProducersItemsStayInOrder) {
  constexpr int kProducers = 8;
  const int each = rounds(5'000);
  Queue<int> items(4);
  Crowd producers(kProducers, 1, [&](int number, Random) {
    for (int i = 0; i < each; ++i) items.put(i * kProducers + number);
  });
  std::vector<int> next(kProducers, 0);
  for (int i = 0; i < kProducers * each; ++i) {
    const int item = items.get();
    ASSERT_EQ(item / kProducers, next[static_cast<std::size_t>(item % kProducers)]++);
  }
  ASSERT_TRUE(producers.ends());
}

template <class Items>
void shut_down_during_use(std::size_t capacity, bool immediate, std::uint64_t seed) {
  const int half = many_threads() / 2;
  constexpr int kPerProducer = 2'000;
  Items items(capacity);
  Ledger ledger(half * kPerProducer);
  std::atomic<int> puts{0};
  Crowd producers(half, seed, [&](int number, Random random) {
    try {
      for (int i = 0; i < kPerProducer; ++i) {
        const int item = number * kPerProducer + i;
        while (!put_somehow(items, item, random)) {
        }
        ledger.put(item);
        ++puts;
      }
    } catch (const ShutDown&) {
    }
  });
  std::atomic<int> gets{0};
  Crowd consumers(half, seed + 1, [&](int, Random random) {
    try {
      for (;;) {
        if (const auto item = get_somehow(items, random)) {
          ledger.got(*item);
          ++gets;
          items.task_done();
        }
      }
    } catch (const ShutDown&) {
    }
  });
  Crowd joiners(2, seed + 2, [&](int, Random) { items.join(); });
  const int enough = half + static_cast<int>(seed % 40);
  ASSERT_TRUE(eventually([&] { return gets >= enough; }));
  items.shutdown(immediate);
  ASSERT_TRUE(producers.ends());
  ASSERT_TRUE(consumers.ends());
  ASSERT_TRUE(joiners.ends());
  items.join();
  EXPECT_TRUE(items.empty());
  EXPECT_THROW(items.put(0), ShutDown);
  EXPECT_THROW(items.task_done(), ValueError);
  if (immediate) {
    ledger.expect_all_but(static_cast<std::size_t>(puts - gets));
    EXPECT_LE(puts - gets, static_cast<int>(capacity)) << "more than the queue holds";
  } else {
    ledger.expect_all_got();
  }
}

template <class Items>
void shut_down_again_and_again(int times, std::size_t capacity = 3) {
  for (int i = 1; i <= times; ++i) {
    for (const bool immediate : {false, true}) {
      ASSERT_NO_FATAL_FAILURE(
          shut_down_during_use<Items>(capacity, immediate, static_cast<std::uint64_t>(i)));
    }
  }
}

TEST(QueueStress, ShutdownDuringUse) { shut_down_again_and_again<Queue<int>>(rounds(60)); }
TEST(QueueStress, ShutdownDuringUseOfALongOne) {
  shut_down_again_and_again<Queue<int>>(rounds(30), 200);
}
TEST(LifoQueueStress, ShutdownDuringUse) { shut_down_again_and_again<LifoQueue<int>>(rounds(20)); }
TEST(PriorityQueueStress, ShutdownDuringUse) {
  shut_down_again_and_again<PriorityQueue<int>>(rounds(20));
}

// Whoever is through with a queue may destroy it, whatever was left in it.
template <class Items>
void come_and_go() {
  const auto held = std::make_shared<int>(0);
  Crowd crowd(many_threads() / 2, 1, [&](int, Random random) {
    for (int i = 0; i < rounds(10'000); ++i) {
      Items items;
      const std::uint64_t count = random.next() % 20;
      for (std::uint64_t n = 0; n < count; ++n) items.put(held);
      for (std::uint64_t n = random.next() % 20; n < count; ++n) items.get();
    }
  });
  ASSERT_TRUE(crowd.ends());
  EXPECT_EQ(held.use_count(), 1);
}

using Held = std::shared_ptr<int>;
TEST(QueueStress, TenThousandComeAndGo) { come_and_go<Queue<Held>>(); }
TEST(LifoQueueStress, TenThousandComeAndGo) { come_and_go<LifoQueue<Held>>(); }
TEST(PriorityQueueStress, TenThousandComeAndGo) { come_and_go<PriorityQueue<Held>>(); }
TEST(SimpleQueueStress, TenThousandComeAndGo) { come_and_go<SimpleQueue<Held>>(); }

TEST(QueueStress, JoinersSeeEveryZero) {
  Queue<int> items;
  const int waves = rounds(300);
  std::atomic<int> done{0};
  Crowd workers(many_threads() / 2, 1, [&](int, Random) {
    try {
      for (;;) {
        items.get();
        ++done;
        items.task_done();
      }
    } catch (const ShutDown&) {
    }
  });
  constexpr int kWave = 20;
  for (int wave = 1; wave <= waves; ++wave) {
    for (int i = 0; i < kWave; ++i) items.put(i);
    items.join();
    ASSERT_EQ(done, wave * kWave);
  }
  items.shutdown();
  ASSERT_TRUE(workers.ends());
}

// The same under the eyes of a recording: what it says has to add up.
TEST(QueueStress, RecordedExchangeAddsUp) {
  Recording recording;
  {
    const int half = many_threads() / 2;
    const int each = rounds(400);
    Queue<int> items(3);
    Crowd producers(half, 1, [&](int, Random random) {
      for (int i = 0; i < each;) {
        if (put_somehow(items, i, random)) ++i;
      }
    });
    Crowd consumers(half, 2, [&](int, Random random) {
      for (int i = 0; i < each;) {
        if (get_somehow(items, random)) ++i;
      }
    });
    ASSERT_TRUE(producers.ends());
    ASSERT_TRUE(consumers.ends());
    EXPECT_TRUE(items.empty());
  }
  EXPECT_EQ(complaints(recording.finish()), kNone);
}

}  // namespace
}  // namespace weft::test
