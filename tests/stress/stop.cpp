// A run that is stopped while its threads wait in every way there is.
#include <atomic>
#include <list>
#include <mutex>
#include <optional>
#include <set>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/background.h"
#include "support/recording.h"
#include "support/scale.h"
#include "support/well_formed.h"
#include "weft/futures/thread_pool_executor.h"
#include "weft/queue/queue.h"
#include "weft/runtime/point.h"
#include "weft/threading/condition.h"
#include "weft/threading/event.h"
#include "weft/threading/lock.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using futures::Future;
using futures::ThreadPoolExecutor;
using runtime::Stopped;
using trace::Kind;
using trace::Reason;

/// Threads that all wait for what never comes, one or more for each way of waiting.
class Stuck {
 public:
  explicit Stuck(bool with_timeouts) {
    if (with_timeouts) timeout_ = 1h;
    held_.acquire();
    full_.put(1);
    undone_.put(1);

    stick([this] { held_.acquire(true, timeout_); });
    stick([this] {
      const std::lock_guard guard(condition_);
      condition_.wait(timeout_);
    });
    stick([this] {
      const std::lock_guard guard(condition_);
      condition_.wait_for([] { return false; }, timeout_);
    });
    stick([this] { event_.wait(timeout_); });
    stick([this] { empty_.get(true, timeout_); });
    stick([this] { full_.put(2, true, timeout_); });
    stick([this] { undone_.join(); });
    stick([this] { never_.result(timeout_); });
    stick([this] { never_.exception(timeout_); });
    stick([] { runtime::sleep_for(1h); });
    stick([this] { threads_.front().thread().join(timeout_); });
    // A pool with a stuck worker, an idle one, and queued work behind; one thread waits for its end,
    // one for a result of map.
    stuck_task_ = pool_->submit([this] { event_.wait(); });
    stick([this] {
      ThreadPoolExecutor own(1);
      for (const int result :
           own.map([this](int) { return empty_.get(); }, std::vector<int>{1, 2})) {
        (void)result;
      }
    });
    stick([this] {
      ThreadPoolExecutor own(1);
      own.submit([this] { event_.wait(); });
      own.shutdown();
    });
  }

  ~Stuck() { held_.release(); }

  bool all_asleep() {
    for (Background& thread : threads_) {
      if (!thread.falls_asleep()) return false;
    }
    return true;
  }

  bool all_end() {
    return eventually([this] {
      for (Background& thread : threads_) {
        if (thread.is_alive()) return false;
      }
      return true;
    });
  }

  int stopped() const { return stopped_; }
  int count() const { return static_cast<int>(threads_.size()); }

 private:
  template <class Wait>
  void stick(Wait wait) {
    threads_.emplace_back([this, wait] {
      try {
        wait();
        ADD_FAILURE() << "what never comes came";
      } catch (const Stopped&) {
        ++stopped_;
        throw;
      }
    });
  }

  runtime::Timeout timeout_;
  std::atomic<int> stopped_{0};
  threading::Lock held_;
  threading::Condition condition_;
  threading::Event event_;
  queue::Queue<int> empty_;
  queue::Queue<int> full_{1};
  queue::Queue<int> undone_;
  Future<int> never_;
  std::optional<ThreadPoolExecutor> pool_{std::in_place, 2};
  Future<void> stuck_task_;
  std::list<Background> threads_;  // last: they use the rest
};

void stop_while_stuck(bool with_timeouts) {
  Recording recording;
  {
    Stuck stuck(with_timeouts);
    ASSERT_TRUE(stuck.all_asleep());
    recording.stop();
    EXPECT_THROW(runtime::checkpoint(), Stopped);
    ASSERT_TRUE(stuck.all_end());
    EXPECT_EQ(stuck.stopped(), stuck.count());
  }
  const auto& entries = recording.finish();
  EXPECT_EQ(complaints(entries), kNone);
  EXPECT_TRUE(of_kind(entries, Kind::error).empty());
  for (const Entry& end : of_kind(entries, Kind::thread_end)) {
    EXPECT_EQ(end.detail, static_cast<std::uint32_t>(trace::ThreadEnd::stopped));
  }
  // Every way of waiting was among them.
  std::set<Reason> reasons;
  for (const Entry& entry : of_kind(entries, Kind::blocked)) {
    reasons.insert(static_cast<Reason>(entry.detail));
  }
  for (const Reason reason :
       {Reason::lock, Reason::condition, Reason::event, Reason::queue_get, Reason::queue_put,
        Reason::queue_join, Reason::future, Reason::thread_join, Reason::sleep}) {
    EXPECT_TRUE(reasons.contains(reason)) << static_cast<int>(reason);
  }
}

TEST(StopStress, WhileEverybodyWaitsForEver) {
  for (int i = 0; i < rounds(60); ++i) ASSERT_NO_FATAL_FAILURE(stop_while_stuck(false));
}

TEST(StopStress, WhileEverybodyWaitsForAnHour) {
  for (int i = 0; i < rounds(60); ++i) ASSERT_NO_FATAL_FAILURE(stop_while_stuck(true));
}

// The stop comes at any moment: while threads start, take locks, put, get, submit, wait.
TEST(StopStress, AtAnyMoment) {
  for (int i = 0; i < rounds(300); ++i) {
    Recording recording;
    std::atomic<int> steps{0};
    {
      threading::Condition condition;
      queue::Queue<int> items(2);
      std::optional<ThreadPoolExecutor> pool(2);
      std::list<Background> threads;
      for (int n = 0; n < 2; ++n) {
        threads.emplace_back([&] {
          for (;;) items.put(++steps);
        });
        threads.emplace_back([&] {
          for (;;) {
            items.get();
            items.task_done();
          }
        });
        threads.emplace_back([&] {
          for (;;) {
            const std::lock_guard guard(condition);
            condition.notify();
            condition.wait(50us);
          }
        });
        threads.emplace_back([&] {
          for (;;) pool->submit([&] { ++steps; }).result();
        });
      }
      ASSERT_TRUE(eventually([&] { return steps >= 5 * (i % 20); }));
      recording.stop();
      for (Background& thread : threads) {
        ASSERT_TRUE(eventually([&] { return !thread.is_alive(); })) << "round " << i;
      }
    }
    ASSERT_EQ(complaints_of_stopped(recording), kNone);
  }
}

// Work that a worker had taken but not begun is cancelled like the rest of the queue: nobody is to
// wait for it for ever.
TEST(StopStress, EveryFutureOfAStoppedPoolIsDone) {
  for (int i = 0; i < rounds(100); ++i) {
    std::vector<Future<void>> all;
    {
      Recording recording;
      {
        ThreadPoolExecutor pool(2);
        std::atomic<int> begun{0};
        for (int n = 0; n < 50; ++n) {
          all.push_back(pool.submit([&] {
            ++begun;
            // No point in here: the worker notices the stop only when it turns to the next task.
            while (!recording.session().stopping()) std::this_thread::yield();
          }));
        }
        ASSERT_TRUE(eventually([&] { return begun == 2; }));
        recording.stop();
      }
    }
    for (const Future<void>& future : all) ASSERT_TRUE(future.done()) << "round " << i;
  }
}

// A writer that waits for the page to read its ring waits outside of park.
TEST(StopStress, WhileRingsAreFull) {
  trace::Directory directory;
  std::atomic<std::uint32_t> stop{0};
  trace::Trace trace(directory, stop);
  const runtime::Session session({.trace = &trace, .stop = &stop});
  std::atomic<int> noted{0};
  std::list<threading::Thread> writers;
  for (int i = 0; i < 4; ++i) {
    writers.emplace_back([&] {
      for (;;) {
        runtime::record_unordered(Kind::progress, 1);
        ++noted;
        runtime::checkpoint();
      }
    });
    writers.back().start();
  }
  // Nobody reads: each writes its ring full and no more. (Its name and its start take five slots.)
  const auto all_slots = static_cast<int>(4 * trace::RecordRing::kCapacity);
  ASSERT_TRUE(eventually([&] { return noted >= all_slots - 4 * 8; }));
  EXPECT_LE(noted, all_slots);
  stop = 1;
  for (threading::Thread& writer : writers) {
    EXPECT_TRUE(eventually([&] { return !writer.is_alive(); }));
  }
}

}  // namespace
}  // namespace weft::test
