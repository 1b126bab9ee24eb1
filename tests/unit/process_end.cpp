#include "weft/runtime/internal/process_end.h"

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include <gtest/gtest.h>

#include "weft/futures/thread_pool_executor.h"
#include "weft/threading/event.h"
#include "weft/threading/thread.h"

namespace weft::test {
namespace {

using threading::Thread;

#if GTEST_HAS_DEATH_TEST
// Threads are leaked on purpose, of which ThreadSanitizer would complain in the process that is started.
void run_in_a_process_that_leaks_threads() {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const char* const given = std::getenv("TSAN_OPTIONS");
  const std::string options = given != nullptr ? given : "";
  ASSERT_EQ(setenv("TSAN_OPTIONS", (options + ":report_thread_leaks=0").c_str(), 1), 0);
}

// In static variables, where LeakSanitizer finds them: what counts is that nobody destroys them.
void leak_a_thread_and_a_pool() {
  static std::atomic<bool> main_is_done{false};
  const auto wait_for_main = [] {
    while (!main_is_done) std::this_thread::yield();
  };
  static Thread* child = nullptr;
  static Thread* const thread = new Thread([=] {
    wait_for_main();
    child = new Thread([] { std::fputs("child;", stderr); });
    child->start();
  });
  thread->start();
  static auto* const pool = new futures::ThreadPoolExecutor(1);
  for (int i = 0; i < 3; ++i) {
    pool->submit([=] {
      wait_for_main();
      std::fputs(("task " + std::to_string(i) + ";").c_str(), stderr);
    });
  }
  static auto* const daemon = new Thread([] { threading::Event().wait(); }, {.daemon = true});
  daemon->start();
  std::atexit([] { main_is_done = true; });
  std::exit(0);
}

// Python waits in threading._shutdown; the queued tasks of a pool that was never shut down are run.
TEST(ProcessEndDeathTest, NativeWaitsForThreadsAndPoolsThatWereLeaked) {
  run_in_a_process_that_leaks_threads();
  EXPECT_EXIT(leak_a_thread_and_a_pool(), testing::ExitedWithCode(0), "task 2;");
  EXPECT_EXIT(leak_a_thread_and_a_pool(), testing::ExitedWithCode(0), "child;");
}

// A pool that is made meanwhile does not keep the process, either.
TEST(ProcessEndDeathTest, NativeWaitsForAPoolThatIsMadeMeanwhile) {
  run_in_a_process_that_leaks_threads();
  EXPECT_EXIT(
      {
        static std::atomic<bool> main_is_done{false};
        static auto* const before = new futures::ThreadPoolExecutor(1);
        before->submit([] {}).result();
        static auto* const thread = new Thread([] {
          while (!main_is_done) std::this_thread::yield();
          for (bool closed = false; !closed;) {
            try {
              before->submit([] {});
            } catch (const RuntimeError&) {
              closed = true;
            }
          }
          static auto* const late = new futures::ThreadPoolExecutor(1);
          try {
            late->submit([] {});
          } catch (const RuntimeError& error) {
            std::fprintf(stderr, "%s;", error.what());
          }
        });
        thread->start();
        std::atexit([] { main_is_done = true; });
        std::exit(0);
      },
      testing::ExitedWithCode(0), "cannot schedule new futures after shutdown;");
}

// The main thread may be waiting for the one that calls it.
TEST(ProcessEndDeathTest, NativeExitByAnotherThreadWaitsForNone) {
  run_in_a_process_that_leaks_threads();
  EXPECT_EXIT(
      {
        static auto* const other = new Thread([] { threading::Event().wait(); });
        other->start();
        Thread thread([] { std::exit(3); });
        thread.start();
        thread.join();
      },
      testing::ExitedWithCode(3), "");
}
#endif

}  // namespace
}  // namespace weft::test
