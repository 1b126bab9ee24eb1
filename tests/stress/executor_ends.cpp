// What becomes of tasks and workers when initializers throw, and of work that nobody has a future of.
#include <atomic>
#include <list>
#include <stdexcept>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "support/crowd.h"
#include "support/eventually.h"
#include "support/recording.h"
#include "support/well_formed.h"
#include "weft/futures/thread_pool_executor.h"
#include "weft/threading/local.h"
#include "weft/threading/thread.h"

namespace weft::test {
namespace {

using futures::BrokenThreadPool;
using futures::Future;
using futures::ThreadPoolExecutor;
using trace::Kind;

TEST(InitializerStress, EachWorkerIsReadyBeforeItsFirstTask) {
  for (int round = 0; round < rounds(300); ++round) {
    threading::Local<int> ready;
    std::atomic<int> initialized{0};
    std::atomic<int> unready{0};
    {
      const auto initialize = [&] {
        *ready = 1;
        ++initialized;
      };
      ThreadPoolExecutor pool(4, {.initializer = initialize});
      for (int i = 0; i < 40; ++i) {
        pool.post([&] {
          if (*ready != 1) ++unready;
        });
      }
    }
    ASSERT_EQ(unready, 0) << "round " << round;
    ASSERT_GE(initialized, 1);
    ASSERT_LE(initialized, 4);
  }
}

/// Submits until the pool is broken; what it took is done then, or will be.
void use_until_broken(ThreadPoolExecutor& pool, std::atomic<int>& broken) {
  std::vector<Future<int>> mine;
  try {
    for (;;) {
      mine.push_back(pool.submit([] { return 1; }));
      // Not faster than it works: everything is recorded, and memory is small in WebAssembly.
      if (mine.size() % 16 == 0) mine.back().result(kLongEnough);
    }
  } catch (const BrokenThreadPool&) {
  }
  for (const Future<int>& future : mine) {
    try {
      EXPECT_EQ(future.result(kLongEnough), 1);
    } catch (const BrokenThreadPool&) {
      ++broken;
    }
  }
}

// The first workers work, a later one's initializer throws while everybody submits.
TEST(InitializerStress, BreaksDuringUse) {
  for (int round = 0; round < rounds(100); ++round) {
    Recording recording;
    std::atomic<int> broken{0};
    const int good = round % 4;
    {
      std::atomic<int> calls{0};
      const auto fail_beyond = [&] {
        if (++calls > good) throw std::runtime_error("no use");
      };
      ThreadPoolExecutor pool(good + 1, {.initializer = fail_beyond});
      crowd([&](int) { use_until_broken(pool, broken); });
      EXPECT_THROW(pool.submit([] {}), BrokenThreadPool);
      EXPECT_THROW(pool.post([] {}), BrokenThreadPool);
    }
    const auto& entries = recording.finish();
    ASSERT_EQ(complaints(entries), kNone);
    ASSERT_EQ(of_kind(entries, Kind::executor_broken).size(), 1U);
    ASSERT_EQ(of_kind(entries, Kind::error).size(), 1U) << "the initializer's exception";
  }
}

TEST(PostStress, FromManyThreads) {
  std::atomic<int> ran{0};
  int posted = 0;
  {
    ThreadPoolExecutor pool(3);
    const int each = rounds(20'000);
    posted = each * crowd([&](int) {
               for (int i = 0; i < each; ++i) pool.post([&] { ++ran; });
             });
  }
  EXPECT_EQ(ran, posted);
}

TEST(PostStress, EveryExceptionIsReportedOnce) {
  Recording recording;
  std::atomic<int> ran{0};
  int posted = 0;
  {
    ThreadPoolExecutor pool(3);
    const int each = rounds(100);
    posted = each * crowd([&](int) {
               for (int i = 0; i < each; ++i) {
                 pool.post([&] {
                   ++ran;
                   throw std::runtime_error("nobody asks");
                 });
               }
             });
  }
  const auto& entries = recording.finish();
  EXPECT_EQ(complaints(entries), kNone);
  EXPECT_EQ(ran, posted);
  EXPECT_EQ(of_kind(entries, Kind::error).size(), static_cast<std::size_t>(posted));
}

/// Counts those that are left.
class Counted {
 public:
  explicit Counted(std::atomic<int>& left) : left_(&left) { ++*left_; }
  Counted(Counted&& other) noexcept : left_(std::exchange(other.left_, nullptr)) {}
  Counted& operator=(Counted&&) = delete;
  ~Counted() {
    if (left_ != nullptr) --*left_;
  }

 private:
  std::atomic<int>* left_;
};

// Each is run or dropped, and what it owns is gone with it.
TEST(PostStress, ShutdownDuringUse) {
  for (int round = 0; round < rounds(200); ++round) {
    std::atomic<int> left{0};
    std::atomic<int> ran{0};
    std::atomic<int> posted{0};
    {
      ThreadPoolExecutor pool(2);
      std::list<threading::Thread> users;
      for (int i = 0; i < many_threads(); ++i) {
        users.emplace_back([&] {
          try {
            for (;;) {
              pool.post([&ran, counted = Counted(left)] { ++ran; });
              ++posted;
            }
          } catch (const RuntimeError&) {
            // Shut down.
          }
        });
        users.back().start();
      }
      EXPECT_TRUE(eventually([&] { return posted > 100; }));
      pool.shutdown(round % 4 < 2, round % 2 == 0);
      for (threading::Thread& user : users) {
        user.join(kLongEnough);
        ASSERT_FALSE(user.is_alive());
      }
    }
    ASSERT_EQ(left, 0) << "round " << round;
    if (round % 2 != 0) {
      ASSERT_EQ(ran, posted) << "nothing was to be dropped";
    }
    ASSERT_LE(ran, posted);
  }
}

}  // namespace
}  // namespace weft::test
