#include "weft/platform/futex.h"

#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include "support/eventually.h"
#include "support/scale.h"
#include "weft/threading/thread.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using platform::futex_wait;
using platform::futex_wake;
using platform::kAllWaiters;
using Word = std::atomic<std::uint32_t>;

TEST(Futex, ReturnsAtOnceIfTheWordHasChanged) {
  const Word word{1};
  EXPECT_TRUE(futex_wait(word, 0));
  EXPECT_TRUE(futex_wait(word, 0, kLongEnough));
}

TEST(Futex, TimesOut) {
  const Word word{0};
  bool in_time = true;
  const auto slept = time_of([&] {
    // A wait may also end for no reason; then it is tried again.
    while ((in_time = futex_wait(word, 0, 20ms))) {
    }
  });
  EXPECT_FALSE(in_time);
  EXPECT_GE(slept, 19ms);
}

TEST(Futex, ATimeoutThatIsNotPositiveOnlyLooks) {
  const Word word{0};
  EXPECT_FALSE(futex_wait(word, 0, 0ns));
  EXPECT_FALSE(futex_wait(word, 0, -1s));
  EXPECT_FALSE(futex_wait(word, 0, std::chrono::nanoseconds::min()));
  EXPECT_TRUE(futex_wait(word, 1, 0ns));
}

TEST(Futex, AVeryLongTimeoutDoesNotOverflow) {
  Word word{0};
  std::atomic<bool> ended{false};
  threading::Thread sleeper([&] {
    while (word.load() == 0) {
      EXPECT_TRUE(futex_wait(word, 0, std::chrono::nanoseconds::max()));
    }
    ended = true;
  });
  sleeper.start();
  word = 1;
  EXPECT_TRUE(eventually([&] {
    futex_wake(word, 1);
    return ended.load();
  }));
}

// A wake meant for a sleeper that is not there yet must not be needed: the word tells.
TEST(Futex, NothingIsLostBetweenTheLookAndTheSleep) {
  for (int i = 0; i < rounds(2'000); ++i) {
    // In memory that is given back each round, as everything in a program is.
    const auto word = std::make_unique<Word>(0);
    threading::Thread sleeper([&] {
      while (word->load() == 0) futex_wait(*word, 0);
    });
    sleeper.start();
    word->store(1);
    futex_wake(*word, 1);
    sleeper.join(kLongEnough);
    ASSERT_FALSE(sleeper.is_alive()) << "lost in round " << i;
  }
}

TEST(Futex, WakesAtMostSoMany) {
  constexpr int kSleepers = 4;
  Word word{0};
  std::atomic<int> ready{0};
  std::atomic<int> woken{0};
  std::vector<std::unique_ptr<threading::Thread>> sleepers;
  for (int i = 0; i < kSleepers; ++i) {
    sleepers.push_back(std::make_unique<threading::Thread>([&] {
      ++ready;
      // The word never changes: only being woken ends this wait.
      futex_wait(word, 0);
      ++woken;
    }));
    sleepers.back()->start();
  }
  ASSERT_TRUE(eventually([&] { return ready == kSleepers; }));
  int wakes = 0;
  EXPECT_TRUE(eventually([&] {
    futex_wake(word, 1);
    ++wakes;
    EXPECT_LE(woken, wakes);
    return woken == kSleepers;
  }));
  for (auto& sleeper : sleepers) sleeper->join();
}

TEST(Futex, WakesEverybody) {
  constexpr int kSleepers = 6;
  Word word{0};
  std::atomic<int> woken{0};
  std::vector<std::unique_ptr<threading::Thread>> sleepers;
  for (int i = 0; i < kSleepers; ++i) {
    sleepers.push_back(std::make_unique<threading::Thread>([&] {
      while (word.load() == 0) futex_wait(word, 0);
      ++woken;
    }));
    sleepers.back()->start();
  }
  word = 1;
  futex_wake(word, kAllWaiters);
  EXPECT_TRUE(eventually([&] { return woken == kSleepers; }));
}

TEST(Futex, WakingAWordWithoutSleepersIsHarmless) {
  auto word = std::make_unique<Word>(0);
  futex_wake(*word, 1);
  futex_wake(*word, kAllWaiters);
  EXPECT_EQ(word->load(), 0U);
}

}  // namespace
}  // namespace weft::test
