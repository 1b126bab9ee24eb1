#include "weft/queue/fifo.h"

#include <gtest/gtest.h>

#include <deque>
#include <memory>

#include "demos/kit/random.h"

namespace weft::test {
namespace {

// Through many chunks, with every length that occurs in between.
TEST(Fifo, DoesWhatDequeDoes) {
  demos::Random random(1);
  queue::Fifo<int> fifo;
  std::deque<int> expected;
  for (int step = 0; step < 200'000; ++step) {
    const bool grows = step / 10'000 % 2 == 0;
    if (expected.empty() || random.next() % 10 < (grows ? 6U : 4U)) {
      fifo.push(int{step});
      expected.push_back(step);
    } else {
      ASSERT_EQ(fifo.pop(), expected.front());
      expected.pop_front();
    }
    ASSERT_EQ(fifo.size(), expected.size());
  }
  while (!expected.empty()) {
    ASSERT_EQ(fifo.pop(), expected.front());
    expected.pop_front();
  }
  EXPECT_EQ(fifo.size(), 0U);
}

TEST(Fifo, DestroysWhatIsLeft) {
  const auto held = std::make_shared<int>(0);
  {
    queue::Fifo<std::shared_ptr<int>> fifo;
    for (int i = 0; i < 1'000; ++i) fifo.push(std::shared_ptr<int>(held));
    for (int i = 0; i < 300; ++i) fifo.pop();
    EXPECT_EQ(held.use_count(), 701);
    queue::Fifo<std::shared_ptr<int>> other;
    other.swap(fifo);
    EXPECT_EQ(fifo.size(), 0U);
    EXPECT_EQ(other.size(), 700U);
    fifo.push(std::shared_ptr<int>(held));
    EXPECT_EQ(held.use_count(), 702);
  }
  EXPECT_EQ(held.use_count(), 1);
}

TEST(Fifo, HoldsWhatIsLargerThanAChunk) {
  struct Large {
    int number;
    char rest[5'000];
  };
  queue::Fifo<Large> fifo;
  for (int i = 0; i < 100; ++i) fifo.push(Large{i, {}});
  for (int i = 0; i < 100; ++i) EXPECT_EQ(fifo.pop().number, i);
}

}  // namespace
}  // namespace weft::test
