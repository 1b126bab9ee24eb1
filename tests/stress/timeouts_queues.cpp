// No wait for a queue ends before its time, on a machine that has more to do than processors.
#include <gtest/gtest.h>

#include "support/never_early.h"
#include "weft/queue/lifo_queue.h"
#include "weft/queue/priority_queue.h"
#include "weft/queue/queue.h"
#include "weft/queue/simple_queue.h"

namespace weft::test {
namespace {

template <class Items>
bool gets(Items& items, std::chrono::nanoseconds timeout) {
  try {
    items.get(true, timeout);
    return true;
  } catch (const queue::Empty&) {
    return false;
  }
}

template <class Items>
bool puts(Items& items, std::chrono::nanoseconds timeout) {
  try {
    items.put(1, true, timeout);
    return true;
  } catch (const queue::Full&) {
    return false;
  }
}

template <class Items>
struct QueueTimeouts : testing::Test {};
using Queues = testing::Types<queue::Queue<int>, queue::LifoQueue<int>, queue::PriorityQueue<int>>;
TYPED_TEST_SUITE(QueueTimeouts, Queues);

TYPED_TEST(QueueTimeouts, Get) {
  TypeParam unbounded;
  expect_never_early([&](auto duration) { return gets(unbounded, duration); });
  TypeParam bounded(3);
  expect_never_early([&](auto duration) { return gets(bounded, duration); });
}

TYPED_TEST(QueueTimeouts, Put) {
  TypeParam items(2);
  items.put(1);
  items.put(2);
  expect_never_early([&](auto duration) { return puts(items, duration); });
}

TEST(QueueTimeouts, SimpleQueue) {
  queue::SimpleQueue<int> items;
  expect_never_early([&](auto duration) { return gets(items, duration); });
}

}  // namespace
}  // namespace weft::test
