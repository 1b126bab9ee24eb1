// Python's threading.Timer. The comment on a test is the row of Python's semantics it is about.
#include "weft/threading/timer.h"

#include <atomic>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>

#include <gtest/gtest.h>

#include "support/eventually.h"
#include "support/recording.h"
#include "support/well_formed.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using threading::Event;
using threading::Timer;

// Timer.cancel() before the interval prevents the call; Timer is a Thread.
TEST(TimerSemantics, T22_is_a_thread) {
  static_assert(std::is_base_of_v<threading::Thread, Timer>);
  Timer timer(0ns, [] {});
  EXPECT_TRUE(timer.name().starts_with("Thread-"));
  EXPECT_FALSE(timer.is_alive());
  EXPECT_THROW(timer.join(), RuntimeError);
  timer.start();
  EXPECT_THROW(timer.start(), RuntimeError);
  timer.join();
  EXPECT_FALSE(timer.is_alive());
  EXPECT_EQ(Timer(
                0ns, [] {}, "alarm")
                .name(),
            "alarm");
}

TEST(TimerSemantics, T22_calls_once_after_the_interval) {
  std::atomic<int> calls{0};
  Timer timer(20ms, [&] { ++calls; });
  EXPECT_GE(time_of([&] {
              timer.start();
              timer.join();
            }),
            20ms);
  EXPECT_EQ(calls, 1);
}

TEST(TimerSemantics, T22_cancel_prevents_the_call) {
  std::atomic<int> calls{0};
  Timer timer(1h, [&] { ++calls; });
  timer.start();
  EXPECT_TRUE(timer.is_alive());
  timer.cancel();
  timer.join(kLongEnough);
  EXPECT_FALSE(timer.is_alive());
  EXPECT_EQ(calls, 0);
}

TEST(TimerSemantics, T22_cancel_before_the_start) {
  std::atomic<int> calls{0};
  Timer timer(0ns, [&] { ++calls; });
  timer.cancel();
  timer.start();
  timer.join();
  EXPECT_EQ(calls, 0);
}

TEST(TimerSemantics, T22_cancel_after_the_call_has_no_effect) {
  std::atomic<int> calls{0};
  Event called;
  Event go_on;
  Timer timer(-1s, [&] {
    called.set();
    go_on.wait();
    ++calls;
  });
  timer.start();
  ASSERT_TRUE(called.wait(kLongEnough));
  timer.cancel();
  go_on.set();
  timer.join();
  timer.cancel();
  EXPECT_EQ(calls, 1);
}

TEST(TimerSemantics, T22_an_exception_of_the_function_is_the_threads) {
  Recording recording;
  {
    Timer timer(
        0ns, [] { throw std::runtime_error("broken"); }, "alarm");
    timer.start();
    timer.join();
    EXPECT_FALSE(timer.is_alive());
  }
  EXPECT_EQ(payloads(recording.finish(), trace::Kind::error),
            std::vector<std::string>{"Exception in thread alarm: std::runtime_error: broken"});
}

// Python's idiom: the function makes the next timer in the place of the one that calls it.
struct Periodic {
  explicit Periodic(int most_) : most(most_) { next(); }
  void next() {
    timer = std::make_unique<Timer>(1ms, [this] { tick(); });
    timer->start();
  }
  void tick() {
    if (++ticks < most) next();
  }

  const int most;
  std::atomic<int> ticks{0};
  std::unique_ptr<Timer> timer;
};

TEST(TimerSemantics, T22_a_periodic_timer) {
  Periodic periodic(3);
  ASSERT_TRUE(eventually([&] { return periodic.ticks == 3; }));
  periodic.timer->join();
  EXPECT_FALSE(periodic.timer->is_alive());
  EXPECT_EQ(periodic.ticks, 3);
}

TEST(TimerSemantics, T22_a_run_with_a_periodic_timer_can_be_stopped) {
  Recording recording;
  {
    Periodic periodic(1'000'000'000);
    ASSERT_TRUE(eventually([&] { return periodic.ticks >= 3; }));
    recording.stop();
    ASSERT_TRUE(eventually([&] { return recording.session().live_threads() == 1; }));
  }
  EXPECT_EQ(complaints(recording.finish()), kNone);
}

TEST(TimerSemantics, T22_arguments_of_the_function) {
  std::string seen;
  Timer timer(
      0ns,
      [&](std::string text, int times) {
        while (times-- > 0) seen += text;
      },
      "tick;", 2);
  timer.start();
  timer.join();
  EXPECT_EQ(seen, "tick;tick;");
}

}  // namespace
}  // namespace weft::test
