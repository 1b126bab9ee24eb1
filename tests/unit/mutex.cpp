#include "weft/platform/mutex.h"

#include <memory>
#include <mutex>
#include <vector>

#include <gtest/gtest.h>

#include "support/eventually.h"
#include "support/scale.h"
#include "weft/threading/thread.h"

#ifdef __clang__
// Not followed by the analysis: results of try_lock() that an EXPECT takes, and locking across loops.
#pragma clang diagnostic ignored "-Wthread-safety-analysis"
#endif

namespace weft::test {
namespace {

TEST(Mutex, TryLock) {
  platform::Mutex mutex;
  EXPECT_TRUE(mutex.try_lock());
  EXPECT_FALSE(mutex.try_lock());
  mutex.unlock();
  EXPECT_TRUE(mutex.try_lock());
  mutex.unlock();
}

TEST(Mutex, ExcludesAndPublishes) {
  platform::Mutex mutex;
  std::int64_t counter = 0;  // no atomic: the mutex has to make it right
  const int threads = many_threads();
  const int per_thread = rounds(20'000);
  std::vector<std::unique_ptr<threading::Thread>> workers;
  for (int i = 0; i < threads; ++i) {
    workers.push_back(std::make_unique<threading::Thread>([&] {
      for (int n = 0; n < per_thread; ++n) {
        const std::lock_guard guard(mutex);
        ++counter;
      }
    }));
    workers.back()->start();
  }
  for (auto& worker : workers) worker->join();
  EXPECT_EQ(counter, std::int64_t{threads} * per_thread);
}

// The one who waits must not depend on anybody else coming along.
TEST(Mutex, UnlockWakesASleeper) {
  for (int i = 0; i < rounds(500); ++i) {
    platform::Mutex mutex;
    std::atomic<bool> trying{false};
    mutex.lock();
    threading::Thread waiter([&] {
      trying = true;
      mutex.lock();
      mutex.unlock();
    });
    waiter.start();
    ASSERT_TRUE(eventually([&] { return trying.load(); }));
    mutex.unlock();
    waiter.join(kLongEnough);
    ASSERT_FALSE(waiter.is_alive());
  }
}

}  // namespace
}  // namespace weft::test
