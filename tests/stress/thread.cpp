#include "weft/threading/thread.h"

#include <atomic>
#include <cstring>
#include <list>
#include <memory>
#include <stdexcept>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "support/eventually.h"
#include "support/recording.h"
#include "support/scale.h"
#include "support/well_formed.h"
#include "weft/threading/excepthook.h"

namespace weft::test {
namespace {

using threading::Thread;
using trace::Kind;

TEST(ThreadStress, OneAfterTheOther) {
  std::atomic<int> ran{0};
  const int threads = rounds(20'000);
  for (int i = 0; i < threads; ++i) {
    Thread thread([&] { ++ran; });
    thread.start();
    thread.join();
    ASSERT_EQ(ran, i + 1);
  }
}

// Threads that start threads, from many sides at once.
TEST(ThreadStress, FamiliesOfThreads) {
  std::atomic<int> ran{0};
  const int generations = rounds(500);
  {
    std::list<Thread> parents;
    for (int i = 0; i < many_threads() / 2; ++i) {
      parents.emplace_back([&] {
        for (int n = 0; n < generations; ++n) {
          Thread first([&] { ++ran; });
          Thread second([&] { ++ran; });
          first.start();
          second.start();
        }
      });
      parents.back().start();
    }
  }
  EXPECT_EQ(ran, many_threads() / 2 * generations * 2);
}

TEST(ThreadStress, EveryExceptionIsReportedOnce) {
  Recording recording;
  const int threads = rounds(400);
  for (int i = 0; i < threads; ++i) {
    std::list<Thread> batch;
    for (int n = 0; n < 4; ++n) {
      batch.emplace_back([] { throw std::runtime_error("broken"); }, "weaver");
      batch.back().start();
    }
  }
  const auto& entries = recording.finish();
  EXPECT_EQ(complaints(entries), kNone);
  EXPECT_EQ(payloads(entries, Kind::error),
            std::vector<std::string>(static_cast<std::size_t>(4 * threads),
                                     "Exception in thread weaver: std::runtime_error: broken"));
}

// Whoever is told of an exception, the hook or the run, is told of it once.
TEST(ThreadStress, TheHookChangesWhileThreadsFail) {
  Recording recording;
  std::atomic<std::size_t> told{0};
  std::atomic<bool> over{false};
  const int threads = rounds(1'000);
  {
    Thread changes([&] {
      while (!over) {
        threading::set_excepthook([&](const threading::ExceptHookArgs&) { ++told; });
        threading::set_excepthook({});
      }
    });
    changes.start();
    for (int i = 0; i < threads; ++i) {
      Thread first([] { throw std::runtime_error("broken"); });
      Thread second([] { throw SystemExit(); });
      first.start();
      second.start();
    }
    over = true;
  }
  const auto& entries = recording.finish();
  EXPECT_EQ(complaints(entries), kNone);
  const std::size_t reported = of_kind(entries, Kind::error).size();
  EXPECT_GE(told + reported, static_cast<std::size_t>(threads));
  EXPECT_LE(reported, static_cast<std::size_t>(threads))
      << "of SystemExit nobody but a hook is told";
  EXPECT_LE(told + reported, static_cast<std::size_t>(2 * threads));
}

/// Fills a hundred kilobytes of stack with the caller's own number, and finds them unchanged after
/// `between()`: stacks that overlap or that are too small do not stay as they were.
template <class Between>
bool keeps_its_stack(char number, Between between) {
  volatile char block[100 * 1024];
  std::memset(const_cast<char*>(block), number, sizeof block);
  between();
  for (const volatile char& byte : block) {
    if (byte != number) return false;
  }
  return true;
}

TEST(ThreadStress, StacksOfAHundredKilobytesSideBySide) {
  const int threads = many_threads();
  for (int i = 0; i < rounds(50); ++i) {
    std::atomic<int> here{0};
    std::atomic<int> intact{0};
    std::list<Thread> all;
    for (int n = 0; n < threads; ++n) {
      all.emplace_back([&, n] {
        const auto until_all_are_here = [&] {
          ++here;
          while (here < threads) std::this_thread::yield();
        };
        if (keeps_its_stack(static_cast<char>(n + 1), until_all_are_here)) ++intact;
      });
      all.back().start();
    }
    for (Thread& thread : all) {
      thread.join(kLongEnough);
      ASSERT_FALSE(thread.is_alive());
    }
    ASSERT_EQ(intact, threads);
  }
}

struct Counted {
  static inline std::atomic<int> constructed{0};
  static inline std::atomic<int> alive{0};
  int uses = 0;
  Counted() {
    ++constructed;
    ++alive;
  }
  ~Counted() { --alive; }
};
thread_local Counted counted;

// Natively each thread has its own; in WebAssembly each worker, which threads share one after the
// other. Either way nobody sees another running thread's.
TEST(ThreadStress, ThreadLocalsAreNotSharedAtTheSameTime) {
  const int alive_before = Counted::alive;
  const int constructed_before = Counted::constructed;
  const int threads = many_threads();
  const int times = rounds(100);
  for (int i = 0; i < times; ++i) {
    std::list<Thread> all;
    for (int n = 0; n < threads; ++n) {
      all.emplace_back([] {
        const int mine = ++counted.uses;
        for (int k = 0; k < 10; ++k) {
          std::this_thread::yield();
          ASSERT_EQ(counted.uses, mine);
        }
      });
      all.back().start();
    }
  }
#ifdef __EMSCRIPTEN__
  EXPECT_LE(Counted::constructed - constructed_before, static_cast<int>(platform::thread_limit()));
  EXPECT_GE(Counted::alive, alive_before);
#else
  EXPECT_EQ(Counted::constructed - constructed_before, times * threads);
  EXPECT_EQ(Counted::alive, alive_before);
#endif
}

// Python: one of them gets a RuntimeError.
TEST(ThreadStress, OneOfThoseThatStartAThreadStartsIt) {
  for (int i = 0; i < rounds(2'000); ++i) {
    std::atomic<int> ran{0};
    std::atomic<int> started{0};
    std::atomic<int> refused{0};
    {
      Thread thread([&] { ++ran; });
      std::atomic<int> here{0};
      const auto start = [&] {
        ++here;
        while (here < 2) std::this_thread::yield();
        try {
          thread.start();
          ++started;
        } catch (const RuntimeError&) {
          ++refused;
        }
        thread.join();
        EXPECT_FALSE(thread.is_alive());
      };
      Thread first(start);
      Thread second(start);
      first.start();
      second.start();
    }
    ASSERT_EQ(started, 1);
    ASSERT_EQ(refused, 1);
    ASSERT_EQ(ran, 1);
  }
}

// At once: start() may not have returned yet.
TEST(ThreadStress, ThreadsThatDestroyTheirOwnObjects) {
  for (int i = 0; i < rounds(5'000); ++i) {
    std::atomic<bool> gone{false};
    std::unique_ptr<Thread> owner;
    owner = std::make_unique<Thread>([&] {
      owner.reset();
      gone = true;
    });
    owner->start();
    while (!gone) std::this_thread::yield();
  }
}

// cpython #116372, #89437, #90882: some join with tiny timeouts while the thread is just ending.
TEST(ThreadStress, JoinedWithTinyTimeoutsWhileItEnds) {
  using namespace std::chrono_literals;
  for (int i = 0; i < rounds(2'000); ++i) {
    std::atomic<bool> over{false};
    Thread thread([&] { over = true; });
    thread.start();
    const auto join = [&](std::chrono::nanoseconds timeout) {
      for (bool alive = true; alive;) {
        thread.join(timeout);
        alive = thread.is_alive();
        if (!alive) {
          ASSERT_TRUE(over) << "dead while running";
        }
      }
      ASSERT_FALSE(thread.is_alive()) << "alive again";
    };
    Thread first([&] { join(1us); });
    Thread second([&] { join(-1ns); });
    Thread third([&] {
      thread.join();
      ASSERT_FALSE(thread.is_alive());
    });
    first.start();
    second.start();
    third.start();
  }
}

}  // namespace
}  // namespace weft::test
