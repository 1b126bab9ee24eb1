#include "weft/futures/thread_pool_executor.h"

#include <algorithm>
#include <atomic>
#include <list>
#include <memory>
#include <numeric>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "demos/kit/random.h"
#include "support/eventually.h"
#include "support/recording.h"
#include "support/scale.h"
#include "support/well_formed.h"
#include "weft/threading/thread.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using futures::CancelledError;
using futures::Future;
using futures::ThreadPoolExecutor;
using threading::Thread;

int workers() { return many_threads() / 2; }

// Every submit may have to wake an idle worker, and every result a waiting thread.
TEST(PoolStress, OneTaskAtATimeFromManyThreads) {
  ThreadPoolExecutor pool(3);
  std::list<Thread> clients;
  for (int i = 0; i < workers(); ++i) {
    clients.emplace_back([&pool, i] {
      for (int n = 0; n < rounds(1'500); ++n) {
        ASSERT_EQ(pool.submit([i, n] { return i + n; }).result(), i + n);
      }
    });
    clients.back().start();
  }
  for (Thread& client : clients) {
    client.join(kLongEnough);
    ASSERT_FALSE(client.is_alive());
  }
}

TEST(PoolStress, ABurstOfTinyTasks) {
  const int tasks = rounds(100'000);
  std::atomic<int> ran{0};
  {
    ThreadPoolExecutor pool(workers());
    for (int i = 0; i < tasks; ++i) pool.submit([&] { ++ran; });
  }
  EXPECT_EQ(ran, tasks);
}

/// A tree of tasks, each submitting its children; false where the pool took no more.
struct Tree {
  ThreadPoolExecutor& pool;
  std::atomic<int> ran{0};
  std::atomic<int> refused{0};

  void grow(int levels) {
    ++ran;
    if (levels == 0) return;
    for (int i = 0; i < 2; ++i) {
      try {
        pool.submit([this, levels] { grow(levels - 1); });
      } catch (const RuntimeError&) {
        ++refused;
      }
    }
  }
};

TEST(PoolStress, TasksThatSubmitTasks) {
  ThreadPoolExecutor pool(workers());
  constexpr int kLevels = 10;
  Tree tree{pool};
  pool.submit([&] { tree.grow(kLevels); });
  EXPECT_TRUE(eventually([&] { return tree.ran == (1 << (kLevels + 1)) - 1; }));
  EXPECT_EQ(tree.refused, 0);
}

/// Submits from many threads until refused; tasks compute, throw, submit, are cancelled.
class Users {
 public:
  explicit Users(ThreadPoolExecutor& pool) : pool_(pool) {
    for (int i = 0; i < workers(); ++i) {
      threads_.emplace_back([this, i] { use(demos::Random(static_cast<std::uint64_t>(i))); });
      threads_.back().start();
    }
  }

  int submitted() const { return submitted_; }

  bool end() {
    for (Thread& thread : threads_) {
      thread.join(kLongEnough);
      if (thread.is_alive()) return false;
    }
    return true;
  }

  /// After the pool's end: every task ran or was cancelled, once, and its callback was called.
  void expect_accounts_settled() const {
    EXPECT_EQ(ran_ + cancelled_, submitted_);
    EXPECT_EQ(called_back_, submitted_);
  }

 private:
  void use(demos::Random random) {
    try {
      for (;;) {
        Future<int> future = pool_.submit([this, kind = random.next() % 4] { return task(kind); });
        ++submitted_;
        future.add_done_callback([this](const Future<int>& done) {
          ++called_back_;
          if (done.cancelled()) ++cancelled_;
        });
        if (random.next() % 4 == 0) future.cancel();
        if (random.next() % 4 == 0) wait_for(future);
      }
    } catch (const RuntimeError&) {
      // Shut down.
    }
  }

  int task(std::uint64_t kind) {
    ++ran_;
    if (kind == 0) throw std::runtime_error("a task that fails");
    if (kind == 1) {
      try {
        pool_.submit([] {});
      } catch (const RuntimeError&) {
        // Too late.
      }
    }
    return 1;
  }

  static void wait_for(const Future<int>& future) {
    try {
      future.result(200us);
    } catch (const TimeoutError&) {
    } catch (const CancelledError&) {
    } catch (const std::runtime_error&) {
    }
  }

  ThreadPoolExecutor& pool_;
  std::atomic<int> submitted_{0};
  std::atomic<int> ran_{0};
  std::atomic<int> cancelled_{0};
  std::atomic<int> called_back_{0};
  std::list<Thread> threads_;
};

void shut_down_during_use(bool wait, bool cancel_futures) {
  std::optional<ThreadPoolExecutor> pool(3);
  Users users(*pool);
  ASSERT_TRUE(eventually([&] { return users.submitted() > 200; }));
  pool->shutdown(wait, cancel_futures);
  ASSERT_TRUE(users.end());
  pool.reset();
  users.expect_accounts_settled();
}

TEST(PoolStress, ShutdownDuringUse) {
  for (int i = 0; i < rounds(60); ++i) {
    for (const bool wait : {false, true}) {
      for (const bool cancel_futures : {false, true}) {
        ASSERT_NO_FATAL_FAILURE(shut_down_during_use(wait, cancel_futures));
      }
    }
  }
}

TEST(PoolStress, PoolsComeAndGo) {
  std::vector<int> items(20);
  std::iota(items.begin(), items.end(), 0);
  for (int i = 0; i < rounds(400); ++i) {
    ThreadPoolExecutor pool(4);
    int sum = 0;
    for (const int x : pool.map([](int n) { return n; }, items)) sum += x;
    ASSERT_EQ(sum, 190);
  }
}

TEST(PoolStress, DroppedMapResults) {
  std::vector<int> items(50);
  std::atomic<int> ran{0};
  ThreadPoolExecutor pool(4);
  for (int i = 0; i < rounds(400); ++i) {
    auto results = pool.map([&](int) { return ++ran; }, items);
    auto next = results.begin();
    for (int n = 0; n < i % 5; ++n, ++next) EXPECT_GT(*next, 0);
  }
  pool.shutdown();
  EXPECT_LE(ran, rounds(400) * 50);
  EXPECT_GE(ran, rounds(400) / 5 * 10) << "those that were waited for ran";
}

TEST(PoolStress, RecordedUseAddsUp) {
  Recording recording;
  for (int i = 0; i < rounds(20); ++i)
    ASSERT_NO_FATAL_FAILURE(shut_down_during_use(true, i % 2 == 0));
  EXPECT_EQ(complaints(recording.finish()), kNone);
}

// Whoever completes it first wins, and everybody sees the same.
TEST(FutureStress, CompletedAndCancelledAtOnce) {
  for (int i = 0; i < rounds(3'000); ++i) {
    Future<int> future;
    std::atomic<int> winners{0};
    std::atomic<int> called_back{0};
    std::atomic<bool> cancelled{false};
    std::atomic<int> ready{0};
    future.add_done_callback([&](const Future<int>&) { ++called_back; });
    const auto together = [&](auto action) {
      return [&ready, action] {
        ++ready;
        while (ready < 4) std::this_thread::yield();
        action();
      };
    };
    const auto complete = [&](auto action) {
      return together([&winners, action] {
        try {
          action();
          ++winners;
        } catch (const futures::InvalidStateError&) {
        }
      });
    };
    {
      std::list<Thread> threads;
      threads.emplace_back(complete([&] { future.set_result(1); }));
      threads.emplace_back(complete(
          [&] { future.set_exception(std::make_exception_ptr(std::logic_error("lost"))); }));
      threads.emplace_back(together([&] {
        cancelled = future.cancel();
        if (cancelled) ++winners;
      }));
      threads.emplace_back(together([&] {
        try {
          future.result();
        } catch (const CancelledError&) {
        } catch (const std::logic_error&) {
        }
      }));
      for (Thread& thread : threads) thread.start();
    }
    ASSERT_EQ(winners, 1) << "round " << i;
    ASSERT_EQ(called_back, 1) << "round " << i;
    ASSERT_EQ(future.cancelled(), cancelled) << "round " << i;
    ASSERT_TRUE(future.done());
  }
}

TEST(FutureStress, CallbacksAddedWhileItCompletes) {
  for (int i = 0; i < rounds(2'000); ++i) {
    Future<int> future;
    std::atomic<int> called_back{0};
    constexpr int kEach = 5;
    {
      std::list<Thread> threads;
      for (int n = 0; n < 3; ++n) {
        threads.emplace_back([&] {
          for (int c = 0; c < kEach; ++c) {
            future.add_done_callback([&](const Future<int>& done) {
              if (done.done()) ++called_back;
            });
          }
        });
      }
      threads.emplace_back([&] { future.set_result(1); });
      for (Thread& thread : threads) thread.start();
    }
    ASSERT_EQ(called_back, 3 * kEach) << "round " << i;
  }
}

}  // namespace
}  // namespace weft::test
