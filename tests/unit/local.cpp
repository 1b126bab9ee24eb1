#include "weft/threading/local.h"

#include <atomic>
#include <memory>
#include <optional>
#include <thread>

#include <gtest/gtest.h>

#include "support/background.h"
#include "support/on_another_thread.h"
#include "weft/runtime/session.h"
#include "weft/threading/event.h"

namespace weft::test {
namespace {

using threading::Local;

/// Counts how many there are, and remembers where the last one ended.
struct Counted {
  struct Count {
    std::atomic<int> alive{0};
    std::atomic<std::uint32_t> ended_on{0};
  };
  explicit Counted(Count& count_) : count(count_) { ++count.alive; }
  ~Counted() {
    count.ended_on = threading::get_ident();
    --count.alive;
  }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  Count& count;
};

struct LocalLifetime : testing::Test {
  Counted::Count count;
  std::optional<Local<Counted>> local{std::in_place, [this] { return Counted(count); }};
};

TEST_F(LocalLifetime, AValueEndsWithItsThreadAndOnIt) {
  std::uint32_t there = 0;
  on_another_thread([&] {
    local->get();
    EXPECT_EQ(count.alive, 1);
    there = threading::get_ident();
  });
  EXPECT_EQ(count.alive, 0);
  EXPECT_EQ(count.ended_on, there);
}

TEST_F(LocalLifetime, AValueEndsThoughItsThreadThrows) {
  on_another_thread([&] {
    local->get();
    throw SystemExit();
  });
  EXPECT_EQ(count.alive, 0);
}

TEST_F(LocalLifetime, AllValuesEndWithTheVariable) {
  const runtime::Session session({});
  threading::Event go;
  threading::Event touched;
  Background other([&] {
    local->get();
    touched.set();
    go.wait();
  });
  ASSERT_TRUE(touched.wait(kLongEnough));
  local->get();
  EXPECT_EQ(count.alive, 2);
  local.reset();
  EXPECT_EQ(count.alive, 0) << "though the other thread goes on";
  go.set();
  EXPECT_TRUE(other.ends());
}

TEST_F(LocalLifetime, AThreadThatNeverTouchesItHasNone) {
  on_another_thread([] {});
  EXPECT_EQ(count.alive, 0);
  local.reset();
}

TEST_F(LocalLifetime, ForeignThreadsHaveTheirsToo) {
  std::thread([&] {
    local->get();
    EXPECT_EQ(count.alive, 1);
  }).join();
  EXPECT_EQ(count.alive, 0);
}

// In WebAssembly the second thread runs where the first one ran.
TEST_F(LocalLifetime, TheNextThreadOnTheSameWorkerBeginsAnew) {
  Local<int> uses;
  for (int i = 0; i < 10; ++i) EXPECT_EQ(on_another_thread([&] { return ++*uses; }), 1);
}

// One after the other at the same address: a value of the last is none of the next.
TEST_F(LocalLifetime, ANewVariableInTheSamePlaceIsAnother) {
  std::optional<Local<int>> variable;
  for (int i = 0; i < 1000; ++i) {
    variable.emplace();
    ASSERT_EQ(++**variable, 1);
  }
}

// What ends may use another variable, and even make a value of it anew.
TEST_F(LocalLifetime, ADestructorMayUseAnotherVariable) {
  struct Late {
    Local<Counted>* other;
    ~Late() {
      if (other != nullptr) other->get();
    }
  };
  Local<Late> late([this] { return Late{&*local}; });
  on_another_thread([&] {
    late.get();
    local->get();
  });
  EXPECT_EQ(count.alive, 0);
}

TEST_F(LocalLifetime, AFactoryMayUseAnotherVariable) {
  Local<Counted*> pointer([this] { return &local->get(); });
  EXPECT_EQ(*pointer, &local->get());
  on_another_thread([&] { EXPECT_EQ(*pointer, &local->get()); });
  EXPECT_EQ(count.alive, 1);
}

}  // namespace
}  // namespace weft::test
