#include "weft/queue/place_ring.h"

#include <gtest/gtest.h>

#include <memory>
#include <utility>

#include "weft/queue/queue_items.h"

namespace weft::test {
namespace {

using queue::Marks;
using queue::PlaceRing;
using queue::QueueItems;

template <class T>
T pop(PlaceRing<T>& ring) {
  T item = std::move(ring.first());
  ring.drop_first();
  return item;
}

// With every length that occurs, and around the end again and again.
TEST(PlaceRing, KeepsTheOrder) {
  constexpr int kPlaces = 5;
  PlaceRing<int> ring(kPlaces);
  int pushed = 0;
  int popped = 0;
  for (int round = 0; round < 100; ++round) {
    for (int i = 0; i <= round % kPlaces; ++i) ring.push(pushed++);
    while (popped < pushed) ASSERT_EQ(pop(ring), popped++);
  }
}

TEST(PlaceRing, HasAMarkInALineOfItsOwnForEachPlace) {
  PlaceRing<int> ring(3);
  const Marks& marks = ring.marks();
  for (std::uint32_t place = 0; place < 3; ++place) {
    EXPECT_EQ(marks[place].load(), Marks::kFree);
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(&marks[place]) % 64, 0U);
    EXPECT_NE(&marks[place], &marks[marks.after(place)]);
  }
  EXPECT_EQ(marks.after(2), 0U);
}

TEST(PlaceRing, GivesAllAwayAtOnce) {
  const auto held = std::make_shared<int>(0);
  PlaceRing<std::shared_ptr<int>> ring(4);
  for (int i = 0; i < 3; ++i) ring.push(std::shared_ptr<int>(held));
  pop(ring);
  for (int i = 0; i < 2; ++i) ring.push(std::shared_ptr<int>(held));
  {
    PlaceRing<std::shared_ptr<int>>::Rest rest;
    ring.take_all(4, rest);
    EXPECT_EQ(held.use_count(), 5);
  }
  EXPECT_EQ(held.use_count(), 1);
}

// A place takes a line of memory at least, which thousands of them would be too much of.
TEST(QueueItems, HaveMarksOnlyIfTheyAreFew) {
  struct Large {
    char bytes[1'000];
  };
  EXPECT_TRUE(QueueItems<int>(1).marks());
  EXPECT_TRUE(QueueItems<int>(128).marks());
  EXPECT_FALSE(QueueItems<int>(129).marks());
  EXPECT_FALSE(QueueItems<int>(0).marks());
  EXPECT_TRUE(QueueItems<Large>(8).marks());
  EXPECT_FALSE(QueueItems<Large>(9).marks());
}

}  // namespace
}  // namespace weft::test
