// Python's threading.Thread. The comment on a test is the row of Python's semantics it is about;
// where C++ differs, it says how.
#include "weft/threading/thread.h"

#include <atomic>
#include <stdexcept>
#include <thread>

#include <gtest/gtest.h>

#include "support/background.h"
#include "support/recording.h"
#include "support/well_formed.h"
#include "weft/runtime/park.h"
#include "weft/runtime/point.h"
#include "weft/threading/event.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using threading::Thread;

// Default Thread name is "Thread-N (target)"; "Thread-N" without target. (A C++ callable has no
// name to show.)
TEST(ThreadSemantics, T01_default_name_is_thread_n) {
  const Thread first([] {});
  const Thread second([] {});
  ASSERT_TRUE(first.name().starts_with("Thread-"));
  ASSERT_TRUE(second.name().starts_with("Thread-"));
  EXPECT_EQ(std::stoi(second.name().substr(7)), std::stoi(first.name().substr(7)) + 1);
  EXPECT_EQ(Thread([] {}, "weaver").name(), "weaver");
}

TEST(ThreadSemantics, T01_the_thread_knows_its_name) {
  std::string seen;
  Thread thread([&] { seen = threading::current_thread_name(); }, "weaver");
  thread.start();
  thread.join();
  EXPECT_EQ(seen, "weaver");
  EXPECT_EQ(threading::current_thread_name(), "MainThread");
}

// Daemon defaults to creator's flag. (There are no daemon threads: a thread object that goes out
// of scope waits, so none can outlive what it uses.)
TEST(ThreadSemantics, T02_no_daemons_the_destructor_waits) {
  threading::Event go;
  std::atomic<bool> ended{false};
  {
    Thread thread([&] {
      go.wait();
      ended = true;
    });
    thread.start();
    go.set();
  }
  EXPECT_TRUE(ended);
}

// start() twice: RuntimeError "threads can only be started once".
TEST(ThreadSemantics, T03_start_twice) {
  threading::Event go;
  int runs = 0;
  Thread thread([&] {
    ++runs;
    go.wait();
  });
  thread.start();
  try {
    thread.start();
    ADD_FAILURE() << "started twice";
  } catch (const RuntimeError& error) {
    EXPECT_STREQ(error.what(), "threads can only be started once");
  }
  go.set();
  thread.join();
  EXPECT_THROW(thread.start(), RuntimeError);
  EXPECT_EQ(runs, 1);
}

// join() before start / of self: RuntimeError.
TEST(ThreadSemantics, T04_join_before_start_or_of_self) {
  std::atomic<Thread*> self{nullptr};
  bool refused = false;
  Thread thread([&] {
    // As every object, a Thread may be used by others only once start() has returned.
    while (self == nullptr) std::this_thread::yield();
    try {
      self.load()->join();
    } catch (const RuntimeError&) {
      refused = true;
    }
  });
  EXPECT_THROW(thread.join(), RuntimeError);
  EXPECT_THROW(thread.join(0ns), RuntimeError);
  thread.start();
  self = &thread;
  thread.join();
  EXPECT_TRUE(refused);
}

// join(timeout) returns None whether or not it timed out; joins repeat harmlessly; negative
// timeout = poll.
TEST(ThreadSemantics, T05_join_with_timeout) {
  threading::Event go;
  Thread thread([&] { go.wait(); });
  thread.start();
  EXPECT_GE(time_of([&] { thread.join(10ms); }), 10ms);
  EXPECT_TRUE(thread.is_alive());
  thread.join(0ns);
  thread.join(-1h);
  EXPECT_TRUE(thread.is_alive());
  go.set();
  thread.join(kLongEnough);
  EXPECT_FALSE(thread.is_alive());
  thread.join();
  thread.join(-1ns);
  thread.join(std::chrono::nanoseconds::max());
}

// is_alive/ident: False/None before start, True/int while running, False/int after.
TEST(ThreadSemantics, T06_is_alive_and_ident) {
  threading::Event go;
  std::uint32_t inside = 0;
  Thread thread([&] {
    inside = threading::get_ident();
    go.wait();
  });
  EXPECT_FALSE(thread.is_alive());
  EXPECT_EQ(thread.ident(), std::nullopt);
  thread.start();
  EXPECT_TRUE(thread.is_alive());
  EXPECT_NE(thread.ident(), std::nullopt);
  go.set();
  thread.join();
  EXPECT_FALSE(thread.is_alive());
  EXPECT_EQ(thread.ident(), inside);
}

TEST(ThreadSemantics, T06_idents_differ) {
  Thread first([] {});
  Thread second([] {});
  first.start();
  second.start();
  EXPECT_NE(first.ident(), second.ident());
}

// Uncaught exception goes to threading.excepthook(...); join() does not re-raise.
TEST(ThreadSemantics, T07_uncaught_exception_is_reported_and_ends_only_its_thread) {
  Recording recording;
  threading::Event go;
  bool other_ended = false;
  Thread other([&] {
    go.wait();
    other_ended = true;
  });
  other.start();
  Thread thread([] { throw std::invalid_argument("no such thing"); }, "weaver");
  thread.start();
  EXPECT_NO_THROW(thread.join());
  go.set();
  other.join();
  EXPECT_TRUE(other_ended);
  EXPECT_EQ(payloads(recording.finish(), trace::Kind::error),
            std::vector<std::string>{
                "Exception in thread weaver: std::invalid_argument: no such thing"});
}

TEST(ThreadSemantics, T07_anything_can_be_thrown) {
  Recording recording;
  Thread thread([] { throw 42; }, "weaver");
  thread.start();
  EXPECT_NO_THROW(thread.join());
  EXPECT_EQ(payloads(recording.finish(), trace::Kind::error),
            std::vector<std::string>{
                "Exception in thread weaver: an exception that is no std::exception"});
}

// SystemExit in a thread is silently ignored (only that thread ends). (What ends a thread silently
// here is the end of its run.)
TEST(ThreadSemantics, T08_stopped_ends_a_thread_silently) {
  Recording recording;
  bool after = false;
  Thread thread([&] {
    throw runtime::Stopped{};
    after = true;
  });
  thread.start();
  thread.join();
  EXPECT_FALSE(after);
  EXPECT_TRUE(of_kind(recording.finish(), trace::Kind::error).empty());
}

// Process exit waits for non-daemon threads. (Here: the end of a scope, however it is left.)
TEST(ThreadSemantics, T09_leaving_by_exception_waits_too) {
  threading::Event go;
  std::atomic<bool> ended{false};
  EXPECT_THROW(
      {
        Thread thread([&] {
          go.wait();
          ended = true;
        });
        thread.start();
        go.set();
        throw std::runtime_error("on the way out");
      },
      std::runtime_error);
  EXPECT_TRUE(ended);
}

// CPython: test_threading.test_join_from_multiple_threads, test_thread.test_join_several_times.
TEST(ThreadSemantics, T05_several_threads_join_one) {
  const runtime::Session session({});
  threading::Event go;
  Background awaited([&] { go.wait(); });
  Background first([&] { awaited.thread().join(); });
  Background second([&] {
    awaited.thread().join();
    awaited.thread().join();
  });
  ASSERT_TRUE(first.falls_asleep());
  ASSERT_TRUE(second.falls_asleep());
  EXPECT_TRUE(first.is_alive());
  go.set();
  EXPECT_TRUE(first.ends());
  EXPECT_TRUE(second.ends());
}

// CPython: test_thread.test_join_then_self_join: a thread that is being joined joins itself.
TEST(ThreadSemantics, T04_self_join_while_being_joined) {
  const runtime::Session session({});
  threading::Event go;
  std::atomic<Thread*> self{nullptr};
  bool refused = false;
  Background thread([&] {
    go.wait();
    try {
      self.load()->join();
    } catch (const RuntimeError&) {
      refused = true;
    }
  });
  self = &thread.thread();
  Background joiner([&] { thread.thread().join(); });
  ASSERT_TRUE(joiner.falls_asleep());
  go.set();
  EXPECT_TRUE(joiner.ends());
  EXPECT_TRUE(thread.ends());
  EXPECT_TRUE(refused);
}

}  // namespace
}  // namespace weft::test
