// Python's multiprocessing.Value, Array and shared_memory: row M11 of docs/semantics.md.
#include "weft/multiprocessing/value.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "weft/errors.h"
#include "weft/multiprocessing/connection.h"
#include "weft/multiprocessing/process.h"
#include "weft/multiprocessing/shared_memory.h"
#include "weft/threading/guard.h"

namespace {

using weft::FileExistsError;
using weft::FileNotFoundError;
using weft::IndexError;
using weft::RuntimeError;
using weft::ValueError;
using weft::threading::Guard;
namespace mp = weft::multiprocessing;
using mp::Array;
using mp::Connection;
using mp::Entry;
using mp::Lockless;
using mp::Pipe;
using mp::Process;
using mp::SharedMemory;
using mp::Value;

struct Point {
  double x = 0;
  std::int32_t y = 0;
};

const Entry add_with_lock("value.add_with_lock", [](Value<int> value, int times) {
  for (int i = 0; i < times; ++i) {
    const Guard guard(value.get_lock());
    value.set(value.get() + 1);
  }
});
const Entry add_in_two_steps("value.add_in_two_steps", [](Value<int> value, Connection steps) {
  const int seen = value.get();
  steps.send(1);
  steps.recv<int>();
  value.set(seen + 1);
});
const Entry square_all("value.square_all", [](Array<int> array) {
  for (std::size_t i = 0; i < array.size(); ++i) array.set(i, array.get(i) * array.get(i));
});
const Entry move_point("value.move_point", [](Value<Point> point) { point.set({0.5, -3}); });
const Entry write_into("value.write_into", [](std::string name) {
  SharedMemory memory = SharedMemory::attach(name);
  memory.write(10, "woven", 5);
  memory.fetch_add(0, 5);
});

TEST(ValueSemantics, M11_AnIncrementNeedsTheLock) {
  Value<int> value(5);
  Process a(add_with_lock, value, 2000);
  Process b(add_with_lock, value, 2000);
  a.start();
  b.start();
  a.join();
  b.join();
  EXPECT_EQ(value.get(), 4005);
}

TEST(ValueSemantics, M11_AnIncrementWithoutTheLockLosesWhatComesBetween) {
  Value<int> value(5);
  auto [here, there] = Pipe();
  Process process(add_in_two_steps, value, there);
  process.start();
  here.recv<int>();
  value.set(value.get() + 100);
  here.send(1);
  process.join();
  EXPECT_EQ(value.get(), 6);
}

TEST(ValueSemantics, M11_AValuesLockIsAnRLock) {
  Value<int> value(1);
  const Guard outer(value.get_lock());
  const Guard inner(value.get_lock());
  value.set(value.get() + 1);
  EXPECT_EQ(value.get(), 2);
}

TEST(ValueSemantics, M11_WithoutALockThereIsNone) {
  Value<int> value(1, {.lock = Lockless()});
  EXPECT_EQ(value.get(), 1);
  value.set(2);
  EXPECT_EQ(value.get(), 2);
  EXPECT_THROW(value.get_lock(), RuntimeError);
}

TEST(ValueSemantics, M11_AStructIsAValue) {
  Value<Point> point;
  Process process(move_point, point);
  process.start();
  process.join();
  EXPECT_EQ(point.get().x, 0.5);
  EXPECT_EQ(point.get().y, -3);
}

TEST(ValueSemantics, M11_ArraysAreSharedAndHaveBounds) {
  Array<int> array(std::vector<int>{1, 2, 3});
  Process process(square_all, array);
  process.start();
  process.join();
  EXPECT_EQ(array.get_all(), (std::vector<int>{1, 4, 9}));
  array.set_all({7, 8, 9});
  EXPECT_EQ(array.get(1), 8);
  EXPECT_EQ(array.size(), 3u);
  EXPECT_THROW(array.get(3), IndexError);
  EXPECT_THROW(array.set(3, 0), IndexError);
  EXPECT_THROW(array.set_all({1}), ValueError);
  EXPECT_EQ(Array<double>(4).get_all(), std::vector<double>(4));
}

TEST(ValueSemantics, M11_AnArraysLockIsAnRLock) {
  Array<int> array(2);
  const Guard outer(array.get_lock());
  const Guard inner(array.get_lock());
  array.set(0, 1);
  EXPECT_EQ(array.get(0), 1);
}

TEST(ValueSemantics, M11_SharedMemoryIsFoundByItsName) {
  SharedMemory memory = SharedMemory::create(100, "cloth");
  EXPECT_EQ(memory.size(), 100u);
  EXPECT_THROW(SharedMemory::create(1, "cloth"), FileExistsError);
  Process process(write_into, "cloth");
  process.start();
  process.join();
  EXPECT_EQ(process.exitcode(), 0);
  std::string text(5, ' ');
  memory.read(10, text.data(), 5);
  EXPECT_EQ(text, "woven");
  EXPECT_EQ(memory.load(0), 5u);
  EXPECT_EQ(memory.compare_exchange(0, 5, 6), 5u);
  EXPECT_EQ(memory.load(0), 6u);
  memory.unlink();
  EXPECT_THROW(SharedMemory::attach("cloth"), FileNotFoundError);
  EXPECT_THROW(memory.unlink(), FileNotFoundError);
}

TEST(ValueSemantics, M11_SharedMemoryHasBounds) {
  SharedMemory memory = SharedMemory::create(8);
  EXPECT_FALSE(memory.name().empty());
  EXPECT_THROW(memory.write(6, "abc", 3), IndexError);
  EXPECT_THROW(memory.load(8), IndexError);
  EXPECT_THROW(memory.load(1), ValueError);
  EXPECT_THROW(SharedMemory::create(0), ValueError);
  memory.unlink();
  memory.close();
  EXPECT_THROW(memory.size(), ValueError);
}

}  // namespace
