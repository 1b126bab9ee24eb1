#include "weft/threading/thread.h"

#include <cstring>
#include <list>
#include <stdexcept>

#include <gtest/gtest.h>

#include "support/background.h"
#include "support/recording.h"
#include "support/well_formed.h"
#include "weft/runtime/point.h"
#include "weft/threading/event.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using threading::Thread;
using trace::Kind;
using trace::ThreadEnd;

TEST(Thread, RunsItsTargetOnAnotherThread) {
  const auto here = std::this_thread::get_id();
  std::thread::id there;
  Thread thread([&] { there = std::this_thread::get_id(); });
  thread.start();
  thread.join();
  EXPECT_NE(there, std::thread::id());
  EXPECT_NE(there, here);
}

TEST(Thread, JoinPublishesWhatItDid) {
  for (int i = 0; i < 100; ++i) {
    int written = 0;  // no atomic: joining has to make it right
    Thread thread([&] { written = 1; });
    thread.start();
    thread.join();
    ASSERT_EQ(written, 1);
  }
}

TEST(Thread, OneThatWasNeverStartedRunsNothing) {
  bool ran = false;
  {
    const Thread thread([&] { ran = true; });
  }
  EXPECT_FALSE(ran);
}

TEST(Thread, MovesBeforeAndAfterTheStart) {
  threading::Event go;
  Thread first([&] { go.wait(); }, "mover");
  Thread second(std::move(first));
  second.start();
  Thread third(std::move(second));
  EXPECT_TRUE(third.is_alive());
  EXPECT_EQ(third.name(), "mover");
  go.set();
  third.join();
  EXPECT_FALSE(third.is_alive());
}

TEST(Thread, AssigningWaitsForTheOneThatIsReplaced) {
  threading::Event go;
  std::atomic<bool> ended{false};
  Thread thread([&] {
    go.wait();
    ended = true;
  });
  thread.start();
  Thread opener([&] { go.set(); });
  opener.start();
  thread = Thread([] {});
  EXPECT_TRUE(ended);
}

TEST(Thread, DropsWhatItsTargetOwnsOnItsOwnThread) {
  struct Owned {
    std::thread::id* destroyed_on;
    explicit Owned(std::thread::id* where) : destroyed_on(where) {}
    Owned(Owned&& other) noexcept : destroyed_on(std::exchange(other.destroyed_on, nullptr)) {}
    ~Owned() {
      if (destroyed_on != nullptr) *destroyed_on = std::this_thread::get_id();
    }
  };
  std::thread::id destroyed_on;
  std::thread::id ran_on;
  Thread thread([owned = Owned(&destroyed_on), &ran_on] { ran_on = std::this_thread::get_id(); });
  thread.start();
  thread.join();
  EXPECT_EQ(destroyed_on, ran_on);
}

TEST(Thread, RecordsHowItEnded) {
  Recording recording;
  Thread returning([] {});
  Thread throwing([] { throw std::runtime_error("broken"); });
  Thread stopping([] { throw runtime::Stopped{}; });
  for (Thread* thread : {&returning, &throwing, &stopping}) {
    thread->start();
    thread->join();
  }
  const auto& entries = recording.finish();
  EXPECT_EQ(complaints(entries), kNone);
  const Groups threads = by_thread(entries);
  const auto end_of = [&](const Thread& thread) {
    return static_cast<ThreadEnd>(threads.at(*thread.ident()).back().detail);
  };
  EXPECT_EQ(end_of(returning), ThreadEnd::returned);
  EXPECT_EQ(end_of(throwing), ThreadEnd::exception);
  EXPECT_EQ(end_of(stopping), ThreadEnd::stopped);
  EXPECT_EQ(payloads(entries, Kind::error).size(), 1U);
}

TEST(Thread, JoiningIsRecordedAsWaitingForThatThread) {
  Recording recording;
  threading::Event go;
  Background awaited([&] { go.wait(); });
  Background joiner([&] { awaited.thread().join(); });
  ASSERT_TRUE(joiner.falls_asleep());
  go.set();
  EXPECT_TRUE(joiner.ends());
  const auto& entries = recording.finish();
  EXPECT_EQ(complaints(entries), kNone);
  const Groups threads = by_thread(entries);
  const Entry start = of_kind(threads.at(*awaited.thread().ident()), Kind::thread_start).at(0);
  const Entry blocked = of_kind(threads.at(*joiner.thread().ident()), Kind::blocked).at(0);
  EXPECT_EQ(blocked.detail, static_cast<std::uint32_t>(trace::Reason::thread_join));
  EXPECT_EQ(blocked.object, start.object);
}

TEST(Thread, ManyMayJoinOne) {
  const runtime::Session session({});
  threading::Event go;
  Background awaited([&] { go.wait(); });
  std::list<Background> joiners;
  for (int i = 0; i < 5; ++i) joiners.emplace_back([&] { awaited.thread().join(); });
  for (Background& joiner : joiners) ASSERT_TRUE(joiner.falls_asleep());
  go.set();
  for (Background& joiner : joiners) EXPECT_TRUE(joiner.ends());
}

#ifdef __EMSCRIPTEN__
/// Threads that all wait, as many as a process may have.
class FullHouse {
 public:
  FullHouse() {
    for (std::uint32_t i = 0; i < platform::thread_limit(); ++i) {
      threads_.emplace_back([this] {
        ++running_;
        go_.wait();
      });
      threads_.back().start();
    }
  }
  ~FullHouse() { go_.set(); }
  bool is_full() {
    return eventually([this] { return running_ == static_cast<int>(platform::thread_limit()); });
  }

 private:
  threading::Event go_;
  std::atomic<int> running_{0};
  std::list<Thread> threads_;
};

TEST(Thread, WasmRefusesOneMoreThanTheLimitAndGoesOnAfterwards) {
  bool ran = false;
  Thread one_more([&] { ran = true; }, "one more");
  for (int i = 0; i < 2; ++i) {
    FullHouse house;
    ASSERT_TRUE(house.is_full());
    try {
      one_more.start();
      FAIL() << "started";
    } catch (const RuntimeError& error) {
      EXPECT_STREQ(error.what(),
                   "can't start new thread: all 64 threads that a process may have are running");
    }
    EXPECT_FALSE(one_more.is_alive());
    EXPECT_THROW(one_more.join(), RuntimeError);
  }
  // It was not started, so it can be; and all 64 can.
  one_more.start();
  one_more.join();
  EXPECT_TRUE(ran);
  FullHouse house;
  EXPECT_TRUE(house.is_full());
}
#endif

// What demos of recursion need.
TEST(Thread, HasRoomForAHundredKilobytesOnItsStack) {
  // Not one block, but as deep a recursion as it takes: each level a kilobyte.
  struct Deep {
    static int down(int levels) {
      volatile char block[1024];
      std::memset(const_cast<char*>(block), levels, sizeof block);
      const int below = levels == 0 ? 0 : down(levels - 1);
      return below + (block[levels % 1024] == static_cast<char>(levels) ? 1 : 0);
    }
  };
  int intact = 0;
  Thread thread([&] { intact = Deep::down(99); });
  thread.start();
  thread.join();
  EXPECT_EQ(intact, 100);
}

/// Counts itself in and out.
struct Local {
  static inline std::atomic<int> constructed{0};
  static inline std::atomic<int> destroyed{0};
  int uses = 0;
  Local() { ++constructed; }
  ~Local() { ++destroyed; }
};
thread_local Local local;

#ifdef __EMSCRIPTEN__
// The worker outlives the thread, and its thread_local variables with it.
TEST(Thread, WasmKeepsThreadLocalsWithTheWorker) {
  const int destroyed = Local::destroyed;
  int first = 0;
  int second = 0;
  Thread one([&] { first = ++local.uses; });
  one.start();
  one.join();
  const int constructed = Local::constructed;
  Thread two([&] { second = ++local.uses; });
  two.start();
  two.join();
  EXPECT_GE(first, 1);
  EXPECT_EQ(second, Local::constructed > constructed ? 1 : first + 1);
  EXPECT_EQ(Local::destroyed, destroyed);
}
#else
TEST(Thread, NativeConstructsAndDestroysThreadLocals) {
  const int constructed = Local::constructed;
  const int destroyed = Local::destroyed;
  constexpr int kThreads = 5;
  for (int i = 0; i < kThreads; ++i) {
    int uses = 0;
    {
      Thread thread([&] { uses = ++local.uses; });
      thread.start();
    }
    EXPECT_EQ(uses, 1);
  }
  EXPECT_EQ(Local::constructed, constructed + kThreads);
  EXPECT_EQ(Local::destroyed, destroyed + kThreads);
}
#endif

}  // namespace
}  // namespace weft::test
