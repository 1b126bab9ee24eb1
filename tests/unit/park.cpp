#include "weft/runtime/park.h"

#include <gtest/gtest.h>

#include "support/background.h"
#include "support/recording.h"
#include "support/well_formed.h"
#include "weft/runtime/point.h"
#include "weft/threading/lock.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using runtime::park;
using runtime::Stoppable;
using runtime::Stopped;
using trace::Kind;
using trace::Reason;
using trace::Unblocked;
using Word = std::atomic<std::uint32_t>;

constexpr runtime::Waiting kForNothing{Reason::sleep};

std::uint32_t number(Unblocked outcome) { return static_cast<std::uint32_t>(outcome); }

TEST(Park, ReturnsAtOnceIfTheWordHasChanged) {
  const Word word{1};
  EXPECT_TRUE(park(word, 0, std::nullopt, kForNothing));
  const runtime::Session session({});
  EXPECT_TRUE(park(word, 0, std::nullopt, kForNothing));
}

TEST(Park, DeadlineInsideAndOutsideASession) {
  const Word word{0};
  const auto until_it_passes = [&] {
    const auto deadline = runtime::deadline_after(10ms);
    while (park(word, 0, deadline, kForNothing)) {
    }
    return runtime::Clock::now() - *deadline;
  };
  EXPECT_GE(until_it_passes(), 0ns);
  const runtime::Session session({});
  EXPECT_GE(until_it_passes(), 0ns);
}

TEST(Park, ADeadlineInThePastOnlyLooks) {
  const Word word{0};
  const auto past = runtime::Clock::now() - 1h;
  EXPECT_FALSE(park(word, 0, past, kForNothing));
  EXPECT_TRUE(park(word, 1, past, kForNothing));
}

TEST(Park, WakeEndsIt) {
  const runtime::Session session({});
  Word word{0};
  Background sleeper([&] {
    while (word.load() == 0) park(word, 0, std::nullopt, kForNothing);
  });
  ASSERT_TRUE(sleeper.falls_asleep());
  word = 1;
  runtime::wake(word);
  EXPECT_TRUE(sleeper.ends());
}

TEST(Park, RecordsHowItEnded) {
  Recording recording;
  threading::Lock lock("thing");
  Word word{0};
  park(word, 1, std::nullopt, {Reason::lock, &lock.object()});
  const auto deadline = runtime::deadline_after(1ms);
  while (park(word, 0, deadline, {Reason::lock, &lock.object()})) {
  }
  recording.stop();
  EXPECT_THROW(park(word, 0, std::nullopt, {Reason::lock, &lock.object()}), Stopped);
  // The stopped thread did not even begin to wait.

  const auto& entries = recording.finish();
  EXPECT_EQ(complaints(entries), kNone);
  const auto blocked = of_kind(entries, Kind::blocked);
  const auto unblocked = of_kind(entries, Kind::unblocked);
  ASSERT_GE(blocked.size(), 2U);
  ASSERT_EQ(blocked.size(), unblocked.size());
  for (const Entry& entry : blocked) {
    EXPECT_EQ(entry.detail, static_cast<std::uint32_t>(Reason::lock));
    EXPECT_EQ(entry.object, blocked[0].object);
  }
  EXPECT_EQ(unblocked.front().detail, number(Unblocked::woken));
  EXPECT_EQ(unblocked.back().detail, number(Unblocked::timed_out));
  EXPECT_GE(unblocked.back().time - blocked.back().time, 900'000U) << "less than its timeout";
}

TEST(Park, StopEndsASleepThatNobodyElseWouldEnd) {
  Recording recording;
  Word word{0};
  bool stopped = false;
  Background sleeper([&] {
    try {
      park(word, 0, std::nullopt, kForNothing);
    } catch (const Stopped&) {
      stopped = true;
    }
  });
  ASSERT_TRUE(sleeper.falls_asleep());
  recording.stop();
  EXPECT_TRUE(eventually([&] { return !sleeper.is_alive(); }));
  EXPECT_TRUE(stopped);
}

TEST(Park, AWaitThatIsNotStoppableGoesOn) {
  runtime::Session session({});
  Word word{0};
  std::atomic<int> wakes{0};
  bool ended = false;
  Background sleeper([&] {
    while (word.load() == 0) {
      park(word, 0, std::nullopt, kForNothing, Stoppable::no);
      ++wakes;
    }
    ended = true;
  });
  ASSERT_TRUE(sleeper.falls_asleep());
  session.stop();
  // It is woken to look, and goes back to sleep.
  EXPECT_TRUE(eventually([&] {
    session.wake_parked();
    return wakes >= 3;
  }));
  EXPECT_TRUE(sleeper.is_alive());
  word = 1;
  runtime::wake(word);
  EXPECT_TRUE(eventually([&] { return !sleeper.is_alive(); }));
  EXPECT_TRUE(ended);
}

// Stopped in the middle of unwinding would end the program.
TEST(Park, NothingIsThrownWhileAnExceptionUnwinds) {
  runtime::Session session({});
  struct WaitsWhenDestroyed {
    ~WaitsWhenDestroyed() {
      const Word word{0};
      const auto deadline = runtime::deadline_after(1ms);
      while (park(word, 0, deadline, kForNothing)) {
      }
      runtime::checkpoint();
    }
  };
  session.stop();
  EXPECT_THROW(
      {
        const WaitsWhenDestroyed waits;
        throw std::string("the first exception");
      },
      std::string);
}

TEST(SleepFor, SleepsAtLeastThatLong) {
  EXPECT_GE(time_of([] { runtime::sleep_for(5ms); }), 5ms);
  const runtime::Session session({});
  EXPECT_GE(time_of([] { runtime::sleep_for(5ms); }), 5ms);
}

TEST(SleepFor, NotForATimeThatIsNotPositive) {
  Recording recording;
  runtime::sleep_for(0ns);
  runtime::sleep_for(-1h);
  runtime::sleep_for(std::chrono::nanoseconds::min());
  EXPECT_TRUE(of_kind(recording.finish(), Kind::blocked).empty());
}

TEST(SleepFor, WakingDoesNotShortenIt) {
  runtime::Session session({});
  std::chrono::nanoseconds slept{};
  Background sleeper([&] { slept = time_of([] { runtime::sleep_for(30ms); }); });
  EXPECT_TRUE(eventually([&] {
    session.wake_parked();
    return !sleeper.is_alive();
  }));
  EXPECT_GE(slept, 30ms);
}

TEST(SleepFor, StopEndsIt) {
  Recording recording;
  Background sleeper([] { EXPECT_THROW(runtime::sleep_for(1h), Stopped); });
  ASSERT_TRUE(sleeper.falls_asleep());
  recording.stop();
  EXPECT_TRUE(eventually([&] { return !sleeper.is_alive(); }));
}

}  // namespace
}  // namespace weft::test
