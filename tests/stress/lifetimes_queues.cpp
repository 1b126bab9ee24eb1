// Ten thousand of each queue, made, used, and destroyed, with something left in it.
#include <memory>

#include <gtest/gtest.h>

#include "support/leaks.h"
#include "weft/queue/lifo_queue.h"
#include "weft/queue/priority_queue.h"
#include "weft/queue/queue.h"
#include "weft/queue/simple_queue.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using Item = std::shared_ptr<int>;

/// Puts more than a queue keeps without further memory, and takes only half of it.
template <class Items>
void put_and_leave(Items& items) {
  for (int i = 0; i < 40; ++i) items.put(std::make_shared<int>(i));
  for (int i = 0; i < 20; ++i) EXPECT_NE(items.get(), nullptr);
}

template <class Items>
struct QueueLifetimes : testing::Test {};
using Queues =
    testing::Types<queue::Queue<Item>, queue::LifoQueue<Item>, queue::PriorityQueue<Item>>;
TYPED_TEST_SUITE(QueueLifetimes, Queues);

TYPED_TEST(QueueLifetimes, Unbounded) {
  expect_no_leak([] {
    TypeParam items;
    put_and_leave(items);
  });
}

TYPED_TEST(QueueLifetimes, BoundedAndFull) {
  expect_no_leak([] {
    TypeParam items(1, "some name that is too long for a small string");
    items.put(std::make_shared<int>(1));
    EXPECT_THROW(items.put(std::make_shared<int>(2), true, 0ns), queue::Full);
  });
}

TYPED_TEST(QueueLifetimes, ShutDown) {
  expect_no_leak([] {
    TypeParam items(64);
    put_and_leave(items);
    items.shutdown(true);
    EXPECT_THROW(items.get(), queue::ShutDown);
  });
}

TEST(QueueLifetimes, SimpleQueue) {
  expect_no_leak([] {
    queue::SimpleQueue<Item> items;
    put_and_leave(items);
  });
}

}  // namespace
}  // namespace weft::test
