#include "demos/bounded-buffer/slots.h"

#include <gtest/gtest.h>

namespace weft::test {
namespace {

using demos::bounded_buffer::Slots;

TEST(Slots, FirstInFirstOut) {
  Slots slots(3);
  EXPECT_EQ(slots.capacity(), 3);
  for (int round = 0; round < 4; ++round) {
    slots.put(round * 10);
    slots.put(round * 10 + 1);
    EXPECT_EQ(slots.count(), 2);
    EXPECT_EQ(slots.take(), round * 10);
    EXPECT_EQ(slots.take(), round * 10 + 1);
    EXPECT_EQ(slots.count(), 0);
  }
}

TEST(Slots, OneTooManyPutLosesTheOldest) {
  Slots slots(2);
  slots.put(1);
  slots.put(2);
  slots.put(3);
  EXPECT_EQ(slots.count(), 3);
  EXPECT_EQ(slots.take(), 3);  // where 1 was
  EXPECT_EQ(slots.take(), 2);
  EXPECT_EQ(slots.take(), 3);  // once more
}

TEST(Slots, OneTooManyTakeGetsAnOldItemAndLosesTheNext) {
  Slots slots(2);
  EXPECT_EQ(slots.take(), Slots::kNothing);
  EXPECT_EQ(slots.count(), -1);
  slots.put(1);
  EXPECT_EQ(slots.count(), 0);
  slots.put(2);
  EXPECT_EQ(slots.take(), 2);
  EXPECT_EQ(slots.count(), 0);
}

}  // namespace
}  // namespace weft::test
