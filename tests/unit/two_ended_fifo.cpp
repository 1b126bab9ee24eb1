#include "weft/queue/internal/two_ended_fifo.h"

#include <gtest/gtest.h>

#include <deque>
#include <memory>

#include "demos/kit/random.h"

namespace weft::test {
namespace {

using queue::TwoEndedFifo;

template <class T>
T pop(TwoEndedFifo<T>& fifo) {
  T item = std::move(fifo.first());
  fifo.drop_first();
  return item;
}

// Through many segments, with every length that occurs in between.
TEST(TwoEndedFifo, DoesWhatDequeDoes) {
  demos::Random random(1);
  TwoEndedFifo<int> fifo;
  std::deque<int> expected;
  for (int step = 0; step < 200'000; ++step) {
    const bool grows = step / 10'000 % 2 == 0;
    if (expected.empty() || random.next() % 10 < (grows ? 6U : 4U)) {
      fifo.push(int{step});
      expected.push_back(step);
    } else {
      ASSERT_EQ(pop(fifo), expected.front());
      expected.pop_front();
    }
  }
  while (!expected.empty()) {
    ASSERT_EQ(pop(fifo), expected.front());
    expected.pop_front();
  }
}

TEST(TwoEndedFifo, GivesAllAwayAtOnce) {
  const auto held = std::make_shared<int>(0);
  for (const int dropped : {0, 1, 300, 1'000}) {
    TwoEndedFifo<std::shared_ptr<int>> fifo;
    for (int i = 0; i < 1'000; ++i) fifo.push(std::shared_ptr<int>(held));
    for (int i = 0; i < dropped; ++i) pop(fifo);
    EXPECT_EQ(held.use_count(), 1'001 - dropped);
    {
      TwoEndedFifo<std::shared_ptr<int>>::Remainder remainder;
      fifo.take_all(static_cast<std::size_t>(1'000 - dropped), remainder);
      EXPECT_EQ(held.use_count(), 1'001 - dropped);
      fifo.push(std::shared_ptr<int>(held));
      EXPECT_EQ(held.use_count(), 1'002 - dropped);
    }
    EXPECT_EQ(held.use_count(), 2);
    EXPECT_EQ(pop(fifo), held);
    EXPECT_EQ(held.use_count(), 1);
  }
}

TEST(TwoEndedFifo, HoldsWhatIsLargerThanASegment) {
  struct Large {
    int number;
    char rest[5'000];
  };
  TwoEndedFifo<Large> fifo;
  for (int i = 0; i < 100; ++i) fifo.push(Large{i, {}});
  for (int i = 0; i < 100; ++i) EXPECT_EQ(pop(fifo).number, i);
}

}  // namespace
}  // namespace weft::test
