// Python's threading.Thread. The comment on a test is the row of Python's semantics it is about;
// where C++ differs, it says how.
#include "weft/threading/thread.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <type_traits>

#ifndef __EMSCRIPTEN__
#include <pthread.h>
#endif

#include <gtest/gtest.h>

#include "support/background.h"
#include "support/recording.h"
#include "support/well_formed.h"
#include "weft/runtime/park.h"
#include "weft/runtime/point.h"
#include "weft/runtime/session.h"
#include "weft/runtime/uncaught.h"
#include "weft/threading/event.h"
#include "weft/threading/excepthook.h"
#include "weft/threading/limits.h"

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

TEST(ThreadSemantics, T01_names_may_change) {
  threading::Event go;
  Thread thread([&] { go.wait(); }, "weaver");
  thread.set_name("spinner");
  EXPECT_EQ(thread.name(), "spinner");
  thread.start();
  EXPECT_EQ(thread.ref().name(), "spinner");
  thread.set_name("carder");
  EXPECT_EQ(thread.name(), "carder");
  EXPECT_EQ(thread.ref().name(), "carder");
  go.set();
  thread.join();
  EXPECT_EQ(thread.name(), "carder");
}

// A thread that names itself tells the trace, too.
TEST(ThreadSemantics, T01_a_thread_may_name_itself) {
  Recording recording;
  Thread thread([] { threading::current_thread().set_name("carder"); }, "weaver");
  thread.start();
  thread.join();
  EXPECT_EQ(thread.name(), "carder");
  const auto number = *thread.ident();
  const auto& entries = recording.finish();
  EXPECT_EQ(complaints(entries), kNone);
  EXPECT_EQ(payloads(by_thread(entries).at(number), trace::Kind::thread_name),
            (std::vector<std::string>{"weaver", "carder"}));
}

// Daemon defaults to creator's flag; setting it after start is RuntimeError.
// CPython: test_daemon_param.
TEST(ThreadSemantics, T02_daemon_is_inherited) {
  EXPECT_FALSE(Thread([] {}).daemon());
  EXPECT_TRUE(Thread([] {}, {.daemon = true}).daemon());
  bool child_of_daemon = false;
  bool child_told_otherwise = true;
  Thread parent(
      [&] {
        EXPECT_TRUE(threading::current_thread().daemon());
        child_of_daemon = Thread([] {}).daemon();
        child_told_otherwise = Thread([] {}, {.daemon = false}).daemon();
      },
      {.daemon = true});
  parent.start();
  parent.join();
  EXPECT_TRUE(child_of_daemon);
  EXPECT_FALSE(child_told_otherwise);
}

// CPython: test_daemonize_active_thread.
TEST(ThreadSemantics, T02_daemon_is_set_before_the_start_only) {
  threading::Event go;
  Thread thread([&] { go.wait(); });
  thread.set_daemon(true);
  EXPECT_TRUE(thread.daemon());
  thread.set_daemon(false);
  thread.start();
  EXPECT_FALSE(thread.ref().daemon());
  EXPECT_THROW(thread.set_daemon(true), RuntimeError);
  go.set();
  thread.join();
  EXPECT_THROW(thread.set_daemon(true), RuntimeError) << "an ended one is no new one";
  EXPECT_FALSE(thread.daemon());
}

// Python's object says nothing about the thread's end; here the object of a thread that is no daemon
// waits, so that the thread cannot outlive what it uses.
TEST(ThreadSemantics, T02_the_destructor_waits_unless_it_is_a_daemon) {
  const auto go = std::make_shared<threading::Event>();
  const auto ended = std::make_shared<threading::Event>();
  {
    Thread daemon(
        [go, ended] {
          go->wait();
          ended->set();
        },
        {.daemon = true});
    daemon.start();
  }
  EXPECT_FALSE(ended->is_set());
  {
    Thread thread([go] { go->set(); });
    thread.start();
  }
  EXPECT_TRUE(go->is_set());
  EXPECT_TRUE(ended->wait(kLongEnough));
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
  EXPECT_EQ(
      payloads(recording.finish(), trace::Kind::error),
      std::vector<std::string>{"Exception in thread weaver: std::invalid_argument: no such thing"});
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

/// Sets a hook for the length of a scope.
class WithExceptHook {
 public:
  explicit WithExceptHook(threading::ExceptHook hook)
      : before_(threading::set_excepthook(std::move(hook))) {}
  ~WithExceptHook() { threading::set_excepthook(before_); }
  WithExceptHook(const WithExceptHook&) = delete;
  WithExceptHook& operator=(const WithExceptHook&) = delete;

 private:
  threading::ExceptHook before_;
};

void run_and_join(runtime::Callable target) {
  Thread thread(std::move(target), "weaver");
  thread.start();
  EXPECT_NO_THROW(thread.join());
}

// CPython: ExceptHookTests.test_custom_excepthook.
TEST(ThreadSemantics, T07_a_hook_is_told_instead) {
  Recording recording;
  {
    std::string seen;
    std::string name;
    bool on_that_thread = false;
    const WithExceptHook with([&](const threading::ExceptHookArgs& args) {
      seen = runtime::describe(args.exc_value);
      name = args.thread.name();
      on_that_thread = args.thread == threading::current_thread();
    });
    run_and_join([] { throw std::invalid_argument("no such thing"); });
    EXPECT_EQ(seen, "std::invalid_argument: no such thing");
    EXPECT_EQ(name, "weaver");
    EXPECT_TRUE(on_that_thread);
  }
  EXPECT_TRUE(of_kind(recording.finish(), trace::Kind::error).empty());
}

// CPython: ExceptHookTests.test_original_excepthook.
TEST(ThreadSemantics, T07_a_hook_may_call_the_original) {
  Recording recording;
  {
    const WithExceptHook with(threading::original_excepthook);
    run_and_join([] { throw std::invalid_argument("no such thing"); });
  }
  EXPECT_EQ(
      payloads(recording.finish(), trace::Kind::error),
      std::vector<std::string>{"Exception in thread weaver: std::invalid_argument: no such thing"});
}

// CPython: ExceptHookTests.test_custom_excepthook_fail. (Python tells of the hook's exception only.)
TEST(ThreadSemantics, T07_a_hook_that_throws) {
  Recording recording;
  {
    const WithExceptHook with(
        [](const threading::ExceptHookArgs&) { throw std::domain_error("hook failed"); });
    run_and_join([] { throw std::invalid_argument("no such thing"); });
  }
  EXPECT_EQ(payloads(recording.finish(), trace::Kind::error),
            (std::vector<std::string>{
                "Exception in threading.excepthook: std::domain_error: hook failed",
                "Exception in thread weaver: std::invalid_argument: no such thing"}));
}

TEST(ThreadSemantics, T07_set_excepthook_returns_the_one_before) {
  EXPECT_FALSE(threading::set_excepthook(threading::original_excepthook));
  EXPECT_TRUE(threading::set_excepthook({}));
  EXPECT_FALSE(threading::set_excepthook({}));
}

// SystemExit in a thread is silently ignored (only that thread ends).
// CPython: ExceptHookTests.test_system_exit.
TEST(ThreadSemantics, T08_system_exit_ends_a_thread_silently) {
  Recording recording;
  bool after = false;
  run_and_join([&] {
    try {
      throw threading::SystemExit{1};
    } catch (const std::exception&) {
      after = true;  // as `except Exception` does not catch Python's
    }
  });
  EXPECT_FALSE(after);
  EXPECT_TRUE(of_kind(recording.finish(), trace::Kind::error).empty());
}

// It is the original hook that ignores it, so a hook of the program's own is told.
TEST(ThreadSemantics, T08_a_hook_is_told_of_system_exit) {
  Recording recording;
  {
    std::string seen;
    const WithExceptHook with([&](const threading::ExceptHookArgs& args) {
      seen = runtime::describe(args.exc_value);
      threading::original_excepthook(args);
    });
    run_and_join([] { throw threading::SystemExit{3}; });
    EXPECT_EQ(seen, "SystemExit: 3");
  }
  EXPECT_TRUE(of_kind(recording.finish(), trace::Kind::error).empty());
}

// As in Python, where only an Exception that leaves the hook is reported.
TEST(ThreadSemantics, T08_system_exit_out_of_a_hook_is_silent) {
  Recording recording;
  {
    const WithExceptHook with(
        [](const threading::ExceptHookArgs&) { throw threading::SystemExit(); });
    run_and_join([] { throw std::invalid_argument("no such thing"); });
  }
  EXPECT_TRUE(of_kind(recording.finish(), trace::Kind::error).empty());
}

// The end of its run ends a thread silently, too.
TEST(ThreadSemantics, T08_stopped_ends_a_thread_silently) {
  Recording recording;
  bool after = false;
  run_and_join([&] {
    throw runtime::Stopped{};
    after = true;
  });
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

// enumerate()/active_count() include main, not unstarted/finished threads.
// CPython: test_various_ops, test_enumerate_after_join.
TEST(ThreadSemantics, T27_enumerate) {
  const runtime::Session session({});
  const auto names = [] {
    std::vector<std::string> all;
    for (const threading::ThreadRef& thread : threading::enumerate()) all.push_back(thread.name());
    return all;
  };
  EXPECT_EQ(names(), std::vector<std::string>{"MainThread"});
  threading::Event go;
  Thread first([&] { go.wait(); }, "first");
  Thread second([&] { go.wait(); }, "second");
  Thread unstarted([] {}, "unstarted");
  EXPECT_EQ(threading::active_count(), 1U);
  first.start();
  EXPECT_EQ(names(), (std::vector<std::string>{"MainThread", "first"})) << "from start() on";
  second.start();
  const std::vector<std::string> all{"MainThread", "first", "second"};
  EXPECT_EQ(names(), all);
  EXPECT_EQ(threading::active_count(), 3U);
  std::vector<std::string> seen_inside;
  Thread inside([&] { seen_inside = names(); }, "inside");
  inside.start();
  inside.join();
  EXPECT_EQ(seen_inside, (std::vector<std::string>{"MainThread", "first", "second", "inside"}));
  EXPECT_EQ(names(), all) << "a thread that was joined is gone";
  go.set();
  first.join();
  second.join();
  EXPECT_EQ(threading::active_count(), 1U);
}

TEST(ThreadSemantics, T27_an_exception_takes_a_thread_out_too) {
  Recording recording;
  for (int i = 0; i < 20; ++i) {
    run_and_join([] { throw std::runtime_error("broken"); });
    ASSERT_EQ(threading::active_count(), 1U);
  }
}

// CPython: test_main_thread, test_main_thread_during_shutdown in its essence.
TEST(ThreadSemantics, T27_main_thread_and_current_thread) {
  const runtime::Session session({});
  const threading::ThreadRef main = threading::main_thread();
  EXPECT_EQ(main, threading::current_thread());
  EXPECT_EQ(main.name(), "MainThread");
  EXPECT_EQ(main.ident(), 1U);
  EXPECT_EQ(main.ident(), threading::get_ident());
  EXPECT_EQ(main.native_id(), threading::get_native_id());
  EXPECT_TRUE(main.is_alive());
  EXPECT_FALSE(main.daemon());
  threading::Event told;
  threading::Event go;
  std::optional<threading::ThreadRef> seen_main;
  std::optional<threading::ThreadRef> seen_self;
  Thread thread([&] {
    seen_main = threading::main_thread();
    seen_self = threading::current_thread();
    told.set();
    go.wait();
  });
  thread.start();
  ASSERT_TRUE(told.wait(kLongEnough));
  EXPECT_EQ(seen_main, main);
  EXPECT_EQ(seen_self, thread.ref());
  EXPECT_NE(seen_self, main);
  EXPECT_EQ(seen_self->ident(), thread.ident());
  EXPECT_EQ(seen_self->native_id(), thread.native_id());
  EXPECT_NE(seen_self->native_id(), main.native_id());
  EXPECT_TRUE(seen_self->is_alive());
  EXPECT_THROW(main.join(), RuntimeError) << "by itself";
  go.set();
  seen_self->join();
  EXPECT_FALSE(seen_self->is_alive());
  EXPECT_FALSE(thread.is_alive());
}

TEST(ThreadSemantics, T04_nobody_waits_for_the_main_thread) {
  const runtime::Session session({});
  const threading::ThreadRef main = threading::main_thread();
  bool refused = false;
  run_and_join([&] {
    try {
      main.join();
    } catch (const RuntimeError&) {
      refused = true;
    }
  });
  EXPECT_TRUE(refused);
}

// A thread that threading did not start has a dummy object.
// CPython: test_foreign_thread.
TEST(ThreadSemantics, T27_foreign_threads) {
  // In WebAssembly the first to ask is taken for the main thread.
  EXPECT_EQ(threading::current_thread(), threading::main_thread());
  std::optional<threading::ThreadRef> foreign;
  bool listed = false;
  std::thread([&] {
    foreign = threading::current_thread();
    EXPECT_EQ(foreign, threading::current_thread());
    const auto all = threading::enumerate();
    listed = std::ranges::find(all, *foreign) != all.end();
    EXPECT_TRUE(foreign->is_alive());
  }).join();
  EXPECT_TRUE(listed);
  EXPECT_TRUE(foreign->name().starts_with("Dummy-"));
  EXPECT_TRUE(foreign->daemon());
  EXPECT_FALSE(foreign->is_alive());
  EXPECT_THROW(foreign->join(), RuntimeError);
  EXPECT_NE(foreign, threading::main_thread());
}

// CPython: threading.Thread subclasses: test_args_argument and all of TestThread.
class Weaver : public Thread {
 public:
  explicit Weaver(std::atomic<int>& woven) : Thread("weaver"), woven_(woven) {}

 private:
  void run() override {
    runtime::sleep_for(std::chrono::milliseconds(1));  // time enough to be destroyed meanwhile
    for (const int threads : threads_) woven_ += threads;
  }

  std::atomic<int>& woven_;
  const std::vector<int> threads_{1};
};

TEST(ThreadSemantics, T06_a_subclass_overrides_run) {
  std::atomic<int> woven{0};
  {
    threading::JoiningThread<Weaver> weaver(woven);
    EXPECT_EQ(weaver.name(), "weaver");
    EXPECT_FALSE(weaver.is_alive());
    weaver.start();
    EXPECT_THROW(weaver.start(), RuntimeError);
    weaver.join();
    EXPECT_EQ(woven, 1);
    EXPECT_FALSE(weaver.is_alive());
  }
  {
    threading::JoiningThread<Weaver> weaver(woven);
    weaver.start();
  }
  EXPECT_EQ(woven, 2) << "its destructor waits";
}

// Nobody would wait for its end before its members end.
TEST(ThreadSemantics, T06_a_subclass_by_itself_cannot_be_started) {
  std::atomic<int> woven{0};
  Weaver weaver(woven);
  EXPECT_THROW(weaver.start(), RuntimeError);
  EXPECT_FALSE(weaver.is_alive());
}

TEST(ThreadSemantics, T06_a_subclass_is_waited_for_though_its_thread_was_moved_away) {
  std::atomic<int> woven{0};
  std::optional<Thread> moved;
  {
    threading::JoiningThread<Weaver> weaver(woven);
    weaver.start();
    moved.emplace(std::move(static_cast<Thread&>(weaver)));
  }
  EXPECT_EQ(woven, 1);
  EXPECT_FALSE(moved->is_alive());
}

// Thread(target=None) does nothing.
TEST(ThreadSemantics, T01_without_a_target_it_does_nothing) {
  Recording recording;
  run_and_join(runtime::Callable());
  run_and_join(std::function<void()>());
  run_and_join(static_cast<void (*)()>(nullptr));
  EXPECT_TRUE(of_kind(recording.finish(), trace::Kind::error).empty());
}

// Python's args: copies, as of std::thread.
TEST(ThreadSemantics, T01_arguments_of_the_target) {
  std::string seen;
  int written = 0;
  const auto write = [&seen](std::string text, int& to, std::unique_ptr<int> moved) {
    seen = std::move(text);
    to = *moved;
  };
  std::string text = "given";
  Thread thread(write, text, std::ref(written), std::make_unique<int>(7));
  text = "changed";
  EXPECT_TRUE(thread.name().starts_with("Thread-"));
  thread.start();
  thread.join();
  EXPECT_EQ(seen, "given");
  EXPECT_EQ(written, 7);
}

TEST(ThreadSemantics, T01_a_member_function_as_target) {
  struct Counter {
    int count = 0;
    void add(int n) { count += n; }
  } counter;
  Thread thread(&Counter::add, &counter, 3);
  thread.start();
  thread.join();
  EXPECT_EQ(counter.count, 3);
  static_assert(!std::is_constructible_v<Thread, void (*)(int), std::string>, "not its argument");
}

// Of a target that takes nothing what follows is the name, as ever.
TEST(ThreadSemantics, T01_a_target_without_arguments_is_followed_by_the_name) {
  const Thread thread([](auto&&...) {}, {.name = "weaver", .daemon = true});
  EXPECT_EQ(thread.name(), "weaver");
  EXPECT_TRUE(thread.daemon());
}

// But what can't be a name, or the word on daemons behind it, is an argument.
TEST(ThreadSemantics, T01_a_target_that_may_be_called_without_arguments_gets_some) {
  int seen = -1;
  const auto note = [&seen](int n = 0) { seen = n; };
  Thread thread(note, 5);
  thread.start();
  thread.join();
  EXPECT_EQ(seen, 5);
  std::size_t count = 0;
  const auto count_all = [&count](const auto&... all) { count = sizeof...(all); };
  Thread many(count_all, "one", true, std::string("three"));
  EXPECT_FALSE(many.daemon());
  many.start();
  many.join();
  EXPECT_EQ(count, 3U);
  Thread named(count_all, std::string("weaver"));
  EXPECT_EQ(named.name(), "weaver");
  named.start();
  named.join();
  EXPECT_EQ(count, 0U);
}

TEST(ThreadSemantics, T03_one_that_was_moved_from) {
  Thread thread([] {});
  Thread moved = std::move(thread);
  try {
    thread.start();  // NOLINT(bugprone-use-after-move): that is what this is about
    ADD_FAILURE() << "started";
  } catch (const RuntimeError& error) {
    EXPECT_STREQ(error.what(), "cannot start a Thread that was moved from");
  }
  EXPECT_THROW(thread.join(), RuntimeError);
  EXPECT_FALSE(thread.is_alive());
  moved.start();
  moved.join();
  bool ran = false;
  thread = Thread([&] { ran = true; });
  thread.start();
  thread.join();
  EXPECT_TRUE(ran) << "one that was assigned to is whole again";
}

// In Python a thread may drop the last reference to its object.
TEST(ThreadSemantics, T09_a_thread_destroys_its_own_object) {
  threading::Event go;
  threading::Event gone;
  std::unique_ptr<Thread> thread;
  thread = std::make_unique<Thread>([&] {
    go.wait();
    thread.reset();
    gone.set();
  });
  thread->start();
  const threading::ThreadRef ref = thread->ref();
  go.set();
  EXPECT_TRUE(gone.wait(kLongEnough));
  ref.join();
  EXPECT_FALSE(ref.is_alive());
}

TEST(ThreadSemantics, T09_a_thread_replaces_its_own_object) {
  threading::Event go;
  std::optional<Thread> thread;
  std::atomic<bool> second{false};
  thread.emplace([&] {
    go.wait();
    *thread = Thread([&] { second = true; });
    thread->start();
  });
  thread->start();
  const threading::ThreadRef first = thread->ref();
  go.set();
  first.join();
  thread->join();
  EXPECT_TRUE(second);
}

// The last owner of a thread is its own target.
TEST(ThreadSemantics, T09_a_target_that_owns_its_thread) {
  threading::Event go;
  std::optional<threading::ThreadRef> ref;
  std::weak_ptr<Thread> weak;
  {
    const auto owner = std::make_shared<std::shared_ptr<Thread>>();
    *owner = std::make_shared<Thread>([owner, &go] { go.wait(); });
    (*owner)->start();
    ref = (*owner)->ref();
    weak = *owner;
  }
  EXPECT_FALSE(weak.expired());
  go.set();
  ref->join();
  EXPECT_TRUE(weak.expired());
}

// In a run nothing is lost either: its end waits for a thread that has no object any more.
TEST(ThreadSemantics, T09_the_run_waits_for_a_thread_without_an_object) {
  std::atomic<bool> ended{false};
  {
    runtime::Session session({});
    threading::Event go;
    std::unique_ptr<Thread> thread;
    thread = std::make_unique<Thread>([&] {
      go.wait();
      thread.reset();
      for (int i = 0; i < 100; ++i) yield();
      ended = true;
    });
    thread->start();
    go.set();
    session.wait_for_threads();
  }
  EXPECT_TRUE(ended);
}

// CPython: test_thread.test_stack_size.
TEST(ThreadSemantics, T29_stack_size_is_the_systems_at_first) {
  EXPECT_EQ(threading::stack_size(), 0U);
#ifndef __EMSCRIPTEN__
  EXPECT_EQ(threading::stack_size(0), 0U);
  EXPECT_EQ(threading::stack_size(), 0U);
#endif
}

TEST(ThreadSemantics, T29_a_stack_size_that_is_too_small) {
  for (const std::size_t size : {std::size_t{1}, std::size_t{4096}, std::size_t{32767}}) {
    try {
      threading::stack_size(size);
      ADD_FAILURE() << "accepted " << size;
    } catch (const ValueError& error) {
      EXPECT_EQ(error.what(), "size not valid: " + std::to_string(size) + " bytes");
    }
    EXPECT_EQ(threading::stack_size(), 0U) << "a refused size was set";
  }
}

#ifdef __EMSCRIPTEN__
TEST(ThreadSemantics, T29_wasm_has_no_such_setting) {
  for (const std::size_t size : {std::size_t{0}, std::size_t{32768}, std::size_t{1} << 20}) {
    EXPECT_THROW(threading::stack_size(size), RuntimeError) << size;
  }
  EXPECT_EQ(threading::stack_size(), 0U);
}
#else
std::size_t stack_of_this_thread() {
  pthread_attr_t attributes;
  pthread_getattr_np(pthread_self(), &attributes);
  std::size_t size = 0;
  pthread_attr_getstacksize(&attributes, &size);
  pthread_attr_destroy(&attributes);
  return size;
}

std::size_t stack_of_a_new_thread() {
  std::size_t size = 0;
  run_and_join([&] { size = stack_of_this_thread(); });
  return size;
}

// CPython: test_thread.test_nt_and_posix_stack_size.
TEST(ThreadSemantics, T29_a_stack_size_is_that_of_the_threads_started_later) {
  constexpr std::size_t kMany = std::size_t{64} << 20;
  const std::size_t usual = stack_of_a_new_thread();
  ASSERT_LT(usual, kMany);
  threading::Event go;
  std::size_t of_earlier = 0;
  Thread earlier([&] {
    go.wait();
    of_earlier = stack_of_this_thread();
  });
  earlier.start();
  EXPECT_EQ(threading::stack_size(kMany), 0U);
  EXPECT_EQ(threading::stack_size(), kMany);
  EXPECT_GE(stack_of_a_new_thread(), kMany);
  go.set();
  earlier.join();
  EXPECT_EQ(of_earlier, usual);
  EXPECT_EQ(threading::stack_size(std::size_t{256} << 10), kMany);
  EXPECT_LT(stack_of_a_new_thread(), usual);
  EXPECT_EQ(threading::stack_size(0), std::size_t{256} << 10);
  EXPECT_EQ(stack_of_a_new_thread(), usual);
}

// Not before it is used; then as if there were no more threads.
TEST(ThreadSemantics, T29_a_stack_for_which_there_is_no_memory) {
  threading::stack_size(std::size_t{1} << 60);
  Thread thread([] {});
  EXPECT_THROW(thread.start(), RuntimeError);
  threading::stack_size(0);
  thread.start();
  thread.join();
}
#endif

}  // namespace
}  // namespace weft::test
