// Many threads that wait for the same futures while others complete, fail and cancel them.
#include "weft/futures/wait.h"

#include <algorithm>
#include <atomic>
#include <list>
#include <vector>

#include <gtest/gtest.h>

#include "demos/kit/random.h"
#include "support/crowd.h"
#include "support/eventually.h"
#include "support/recording.h"
#include "support/well_formed.h"
#include "weft/futures/as_completed.h"
#include "weft/futures/thread_pool_executor.h"
#include "weft/threading/thread.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using demos::Random;
using futures::as_completed;
using futures::Future;
using futures::ReturnWhen;
using futures::ThreadPoolExecutor;
using futures::wait;

using Futures = std::vector<Future<int>>;

/// Ends the futures one after the other, in one of the ways there are.
void end_each(const Futures& futures, Random random) {
  for (Future<int> future : futures) {
    switch (random.next() % 4) {
      case 0: future.cancel(); break;
      case 1: future.set_exception(std::make_exception_ptr(std::out_of_range("far"))); break;
      default: future.set_result(1);
    }
    if (random.next() % 8 == 0) std::this_thread::yield();
  }
}

bool has_failed(const Future<int>& future) {
  return !future.cancelled() && future.exception() != nullptr;
}

void expect_all(const Futures& futures) {
  const auto [done, not_done] = wait(futures);
  EXPECT_EQ(done, futures);
  EXPECT_TRUE(not_done.empty());
}

void expect_the_first(const Futures& futures) {
  EXPECT_FALSE(wait(futures, std::nullopt, ReturnWhen::FIRST_COMPLETED).done.empty());
}

void expect_an_exception_or_all(const Futures& futures) {
  const auto [done, not_done] = wait(futures, std::nullopt, ReturnWhen::FIRST_EXCEPTION);
  EXPECT_TRUE(not_done.empty() || std::ranges::any_of(done, has_failed));
}

void expect_each_once(const Futures& futures) {
  std::vector<int> came(futures.size());
  for (const Future<int>& future : as_completed(futures)) {
    EXPECT_TRUE(future.done());
    ++came[static_cast<std::size_t>(std::ranges::find(futures, future) - futures.begin())];
  }
  EXPECT_EQ(came, std::vector<int>(futures.size(), 1));
}

// Leaves while others are being told.
void look_at_some(const Futures& futures, std::size_t some) {
  std::size_t seen = 0;
  for (const Future<int>& future : as_completed(futures)) {
    EXPECT_TRUE(future.done());
    if (++seen == some) return;
  }
}

void give_up_again_and_again(const Futures& futures) {
  std::size_t before = 0;
  for (;;) {
    const auto [done, not_done] = wait(futures, 30us);
    EXPECT_GE(done.size(), before) << "what was done is not done any more";
    before = done.size();
    if (not_done.empty()) return;
  }
}

TEST(WaitStress, EverybodySeesEverythingOnce) {
  for (int round = 0; round < rounds(1'500); ++round) {
    const Futures futures(30);
    crowd([&](int number) {
      switch (number % 7) {
        case 0: expect_all(futures); break;
        case 1: expect_the_first(futures); break;
        case 2: expect_an_exception_or_all(futures); break;
        case 3: expect_each_once(futures); break;
        case 4: look_at_some(futures, 1 + static_cast<std::size_t>(round) % futures.size()); break;
        case 5: give_up_again_and_again(futures); break;
        default:
          if (number == 6) end_each(futures, Random(static_cast<std::uint64_t>(round)));
      }
    });
    ASSERT_FALSE(HasFailure()) << "in round " << round;
  }
}

// Each waits for tasks of its own, all of them for the same few workers.
TEST(WaitStress, ManyWaitForOnePool) {
  ThreadPoolExecutor pool(3);
  crowd([&](int) {
    for (int i = 0; i < rounds(1'500); ++i) {
      Futures mine;
      for (int n = 0; n < 5; ++n) mine.push_back(pool.submit([n] { return n; }));
      expect_the_first(mine);
      int sum = 0;
      for (const Future<int>& future : as_completed(mine)) sum += future.result();
      EXPECT_EQ(sum, 10);
      expect_all(mine);
    }
  });
}

// Whatever a pool took before it was shut down gets done, and whoever waits for it is told.
void shut_down_while_waited_for(bool cancel_futures) {
  ThreadPoolExecutor pool(2);
  std::atomic<int> waited{0};
  std::list<threading::Thread> users;
  for (int i = 0; i < many_threads(); ++i) {
    users.emplace_back([&, i] {
      for (bool open = true; open;) {
        Futures mine;
        try {
          for (int n = 0; n < 8; ++n) mine.push_back(pool.submit([n] { return n; }));
        } catch (const RuntimeError&) {
          open = false;
        }
        i % 2 == 0 ? expect_all(mine) : expect_each_once(mine);
        ++waited;
      }
    });
    users.back().start();
  }
  EXPECT_TRUE(eventually([&] { return waited > 50; }));
  pool.shutdown(false, cancel_futures);
  for (threading::Thread& user : users) {
    user.join(kLongEnough);
    ASSERT_FALSE(user.is_alive());
  }
}

TEST(WaitStress, ShutdownDuringUse) {
  for (int i = 0; i < rounds(100); ++i) {
    ASSERT_NO_FATAL_FAILURE(shut_down_while_waited_for(i % 2 == 0));
  }
}

TEST(WaitStress, StoppedInTheMiddle) {
  for (int i = 0; i < rounds(150); ++i) {
    Recording recording;
    {
      std::atomic<int> turns{0};
      const Future<int> never;
      ThreadPoolExecutor pool(2);
      std::list<threading::Thread> threads;
      for (int n = 0; n < 8; ++n) {
        threads.emplace_back([&, n] {
          for (;;) {
            const Futures both{never, pool.submit([n] { return n; })};
            if (n % 2 == 0) {
              wait(both, std::nullopt,
                   turns < 10 * (i % 10) ? ReturnWhen::FIRST_COMPLETED : ReturnWhen::ALL_COMPLETED);
            } else {
              for (const Future<int>& future : as_completed(both)) {
                if (future.done() && turns < 10 * (i % 10)) break;
              }
            }
            ++turns;
          }
        });
        threads.back().start();
      }
      ASSERT_TRUE(eventually([&] { return turns >= 10 * (i % 10); }));
      recording.stop();
      for (threading::Thread& thread : threads) {
        ASSERT_TRUE(eventually([&] { return !thread.is_alive(); })) << "round " << i;
      }
    }
    ASSERT_EQ(complaints_of_stopped(recording), kNone);
  }
}

}  // namespace
}  // namespace weft::test
