#include "weft/runtime/internal/callable.h"

#include <functional>
#include <memory>
#include <stdexcept>

#include <gtest/gtest.h>

namespace weft::test {
namespace {

using runtime::Callable;

void nothing() {}

TEST(Callable, IsEmptyByDefault) {
  EXPECT_FALSE(Callable());
  EXPECT_TRUE(Callable([] {}));
  EXPECT_TRUE(Callable(nothing));
}

TEST(Callable, CallsAsOftenAsItIsCalled) {
  int calls = 0;
  Callable callable([&] { ++calls; });
  callable();
  callable();
  EXPECT_EQ(calls, 2);
}

TEST(Callable, DropsAResult) {
  int calls = 0;
  Callable callable([&] { return ++calls; });
  callable();
  EXPECT_EQ(calls, 1);
}

TEST(Callable, HoldsWhatCanOnlyBeMoved) {
  int seen = 0;
  Callable callable([value = std::make_unique<int>(7), &seen] { seen = *value; });
  Callable moved(std::move(callable));
  EXPECT_FALSE(callable);  // NOLINT(bugprone-use-after-move): empty is what it promises
  moved();
  EXPECT_EQ(seen, 7);
}

TEST(Callable, KeepsStateBetweenCalls) {
  int seen = 0;
  Callable callable([count = 0, &seen]() mutable { seen = ++count; });
  callable();
  callable();
  EXPECT_EQ(seen, 2);
}

TEST(Callable, DestroysWhatItHoldsOnce) {
  auto held = std::make_shared<int>(1);
  {
    Callable callable([held] {});
    EXPECT_EQ(held.use_count(), 2);
    Callable moved(std::move(callable));
    EXPECT_EQ(held.use_count(), 2);
    moved = Callable();
    EXPECT_EQ(held.use_count(), 1);
  }
  EXPECT_EQ(held.use_count(), 1);
}

TEST(Callable, CopiesAnLvalueAndLeavesItAlone) {
  auto held = std::make_shared<int>(1);
  const auto function = [held] {};
  const Callable callable(function);
  EXPECT_EQ(held.use_count(), 3);
}

TEST(Callable, LetsExceptionsThrough) {
  Callable callable([] { throw std::logic_error("out"); });
  EXPECT_THROW(callable(), std::logic_error);
}

TEST(Callable, AnEmptyOneDoesNothing) {
  Callable callable;
  EXPECT_NO_THROW(callable());
  Callable held([] { FAIL() << "moved away"; });
  const Callable moved(std::move(held));
  EXPECT_NO_THROW(held());  // NOLINT(bugprone-use-after-move): empty is what it promises
}

TEST(Callable, IsEmptyIfWhatItIsGivenIs) {
  EXPECT_FALSE(Callable(static_cast<void (*)()>(nullptr)));
  EXPECT_FALSE(Callable(std::function<void()>()));
  EXPECT_TRUE(Callable(std::function<void()>([] {})));
}

}  // namespace
}  // namespace weft::test
