#include "weft/platform/thread.h"

#include <atomic>
#include <vector>

#include <gtest/gtest.h>

#include "support/eventually.h"
#include "weft/errors.h"

namespace weft::test {
namespace {

struct Steps {
  std::atomic<int> ran{0};
  std::atomic<int> ended{0};
};

platform::ThreadHandle start(Steps& steps) {
  return platform::start_thread({
      [](void* argument) noexcept { ++static_cast<Steps*>(argument)->ran; },
      [](void* argument) noexcept {
        // Last of all, as the header says.
        auto& done = *static_cast<Steps*>(argument);
        done.ended = done.ran.load();
      },
      &steps,
  });
}

TEST(PlatformThread, RunsThenSaysThatItEnded) {
  Steps steps;
  const platform::ThreadHandle thread = start(steps);
  ASSERT_TRUE(eventually([&] { return steps.ended == 1; }));
  platform::join_thread(thread);
}

TEST(PlatformThread, ADetachedThreadRunsAllTheSame) {
  static Steps steps;  // nobody joins: it must outlive the thread
  platform::detach_thread(start(steps));
  EXPECT_TRUE(eventually([&] { return steps.ended == 1; }));
}

TEST(PlatformThread, AnEndedThreadDoesNotCountAgainstTheLimit) {
  // As many as are allowed at once, but one after the other: without the reuse of what has ended
  // this would reach the limit.
  const int count = static_cast<int>(platform::thread_limit()) + 10;
  for (int i = 0; i < count; ++i) {
    Steps steps;
    const platform::ThreadHandle thread = start(steps);
    ASSERT_TRUE(eventually([&] { return steps.ended == 1; })) << i;
    platform::join_thread(thread);
  }
}

#ifdef __EMSCRIPTEN__
TEST(PlatformThread, WasmKeepsWorkersAndUsesThemAgain) {
  platform::warm_threads(3);
  const std::uint32_t before = platform::thread_count();
  EXPECT_GE(before, 3U);
  for (int i = 0; i < 30; ++i) {
    Steps steps;
    start(steps);
    ASSERT_TRUE(eventually([&] { return steps.ended == 1; }));
  }
  EXPECT_EQ(platform::thread_count(), before);
}

TEST(PlatformThread, WasmHasALimit) { EXPECT_EQ(platform::thread_limit(), 64U); }
#else
TEST(PlatformThread, NativeKeepsNoThreads) {
  Steps steps;
  const platform::ThreadHandle thread = start(steps);
  platform::join_thread(thread);
  EXPECT_EQ(steps.ended, 1);
  EXPECT_EQ(platform::thread_count(), 0U);
  EXPECT_EQ(platform::thread_limit(), 0U);
  platform::warm_threads(5);
  EXPECT_EQ(platform::thread_count(), 0U);
}
#endif

}  // namespace
}  // namespace weft::test
