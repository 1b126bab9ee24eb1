#include "weft/queue/internal/slot_ring.h"

#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "weft/queue/internal/queue_items.h"

namespace weft::test {
namespace {

using queue::QueueItems;
using queue::SlotFlags;
using queue::SlotRing;

template <class T>
T pop(SlotRing<T>& ring) {
  T item = std::move(ring.first());
  ring.drop_first();
  return item;
}

// With every length that occurs, and around the end again and again.
TEST(SlotRing, KeepsTheOrder) {
  constexpr int kSlots = 5;
  SlotRing<int> ring(kSlots);
  int pushed = 0;
  int popped = 0;
  for (int round = 0; round < 100; ++round) {
    for (int i = 0; i <= round % kSlots; ++i) ring.push(pushed++);
    while (popped < pushed) ASSERT_EQ(pop(ring), popped++);
  }
}

TEST(SlotRing, HasAFlagInACacheLineOfItsOwnForEachSlot) {
  SlotRing<int> ring(3);
  const SlotFlags& flags = ring.flags();
  for (std::uint32_t slot = 0; slot < 3; ++slot) {
    EXPECT_EQ(flags[slot].load(), SlotFlags::kFree);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(&flags[slot]) % 64, 0U);
    EXPECT_NE(&flags[slot], &flags[flags.after(slot)]);
  }
  EXPECT_EQ(flags.after(2), 0U);
}

TEST(SlotRing, GivesAllAwayAtOnce) {
  const auto held = std::make_shared<int>(0);
  SlotRing<std::shared_ptr<int>> ring(4);
  for (int i = 0; i < 3; ++i) ring.push(std::shared_ptr<int>(held));
  pop(ring);
  for (int i = 0; i < 2; ++i) ring.push(std::shared_ptr<int>(held));
  {
    SlotRing<std::shared_ptr<int>>::Remainder remainder;
    ring.take_all(4, remainder);
    EXPECT_EQ(held.use_count(), 5);
  }
  EXPECT_EQ(held.use_count(), 1);
}

// A slot takes a cache line at least: too much memory for thousands of them.
TEST(QueueItems, HaveFlagsOnlyIfTheyAreFew) {
  struct Large {
    char bytes[1'000];
  };
  EXPECT_TRUE(QueueItems<int>(1).flags());
  EXPECT_TRUE(QueueItems<int>(128).flags());
  EXPECT_FALSE(QueueItems<int>(129).flags());
  EXPECT_FALSE(QueueItems<int>(0).flags());
  EXPECT_TRUE(QueueItems<Large>(8).flags());
  EXPECT_FALSE(QueueItems<Large>(9).flags());
}

}  // namespace
}  // namespace weft::test
