// Classes derived from multiprocessing.Process: row M23 of docs/semantics.md.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "weft/errors.h"
#include "weft/multiprocessing/process.h"
#include "weft/multiprocessing/queue.h"

namespace {

using weft::AssertionError;
using weft::RuntimeError;
using weft::ValueError;
namespace mp = weft::multiprocessing;
using mp::Process;

class Doubler : public Process {
 public:
  explicit Doubler(std::vector<int> numbers = {}, mp::Queue<int> results = mp::Queue<int>())
      : numbers_(std::move(numbers)), results_(std::move(results)) {}

  void run() override {
    for (const int n : numbers_) results_.put(2 * n);
    numbers_.clear();
  }
  std::size_t left() const { return numbers_.size(); }

  friend void serialise(mp::Archive& archive, Doubler& doubler) {
    archive(doubler.numbers_, doubler.results_);
  }

 private:
  std::vector<int> numbers_;
  mp::Queue<int> results_;
};
const mp::ProcessClass<Doubler> doubler_class("process_class.doubler");

TEST(ProcessClassSemantics, M23_RunIsCalledInTheChildOnACopy) {
  mp::Queue<int> results;
  Doubler doubler({1, 2, 3}, results);
  doubler.start();
  EXPECT_EQ(results.get(), 2);
  EXPECT_EQ(results.get(), 4);
  EXPECT_EQ(results.get(), 6);
  doubler.join();
  EXPECT_EQ(doubler.exitcode(), 0);
  EXPECT_EQ(doubler.left(), 3U);  // the child cleared its copy
}

/// Exits with the number of the first statement about itself that is wrong, 100 if none is.
class Selfconscious : public Process {
 public:
  Selfconscious() : Process(Options{.name = "parent's"}) {}

  void run() override {
    const Process child(nothing());
    const bool truths[] = {
        name() == mp::current_process().name(),
        name() == "Ada",
        pid() == mp::current_process().pid(),
        ident() == pid(),
        number() == mp::current_process().number(),
        is_alive(),
        !exitcode().has_value(),
        daemon() == mp::current_process().daemon(),
        ref() == mp::current_process(),
        !sentinel().ready(),
        throws_assertion([this] { start(); }),
        throws_assertion([this] { join(); }),
        throws_assertion([this] { kill(); }),
        throws_assertion([this] { set_daemon(true); }),
        child.name().ends_with(":1"),  // the object itself is no child
    };
    int number = 0;
    for (const bool truth : truths) {
      ++number;
      if (!truth) throw weft::SystemExit{number};
    }
    throw weft::SystemExit{100};
  }
  friend void serialise(mp::Archive&, Selfconscious&) {}

  static const mp::Entry<void (*)()>& nothing();

 private:
  template <class F>
  static bool throws_assertion(F function) {
    try {
      function();
    } catch (const AssertionError&) {
      return true;
    }
    return false;
  }
};
const mp::ProcessClass<Selfconscious> selfconscious_class("process_class.selfconscious");
const mp::Entry<void (*)()> do_nothing("process_class.nothing", [] {});
const mp::Entry<void (*)()>& Selfconscious::nothing() { return do_nothing; }

TEST(ProcessClassSemantics, M23_InTheChildTheObjectIsTheCallingProcess) {
  Selfconscious process;
  EXPECT_EQ(process.name(), "parent's");
  EXPECT_EQ(process.ident(), std::nullopt);
  process.set_name("Ada");
  process.start();
  EXPECT_EQ(process.ident(), process.pid());
  EXPECT_EQ(process.ref().ident(), process.pid());
  process.join();
  EXPECT_EQ(process.exitcode(), 100);
}

class Failing : public Process {
 public:
  void run() override { throw ValueError("on purpose"); }
  friend void serialise(mp::Archive&, Failing&) {}
};
const mp::ProcessClass<Failing> failing_class("process_class.failing");

TEST(ProcessClassSemantics, M23_AnExceptionOutOfRunIsOne) {
  Failing process;
  process.start();
  process.join();
  EXPECT_EQ(process.exitcode(), 1);
}

// Python's run() without a target, and without being overridden.
class Idle : public Process {
 public:
  friend void serialise(mp::Archive&, Idle&) {}
};
const mp::ProcessClass<Idle> idle_class("process_class.idle");

TEST(ProcessClassSemantics, M23_WithoutRunItDoesNothing) {
  Idle process;
  process.run();
  process.start();
  EXPECT_THROW(process.start(), AssertionError);
  process.join();
  EXPECT_EQ(process.exitcode(), 0);
}

class Unregistered : public Process {
 public:
  friend void serialise(mp::Archive&, Unregistered&) {}
};

TEST(ProcessClassSemantics, M23_AClassHasToBeRegistered) {
  Unregistered process;
  EXPECT_THROW(process.start(), RuntimeError);
  EXPECT_THROW(mp::ProcessClass<Idle>("process_class.idle_again"), RuntimeError);
  EXPECT_THROW(mp::ProcessClass<Unregistered>("process_class.idle"), RuntimeError);
}

TEST(ProcessClassSemantics, M23_AMovedObjectTakesTheProcessWithIt) {
  mp::Queue<int> results;
  Doubler first({4}, results);
  Doubler second(std::move(first));
  EXPECT_THROW(first.start(), RuntimeError);  // NOLINT(bugprone-use-after-move)
  second.start();
  EXPECT_EQ(results.get(), 8);
  const Doubler third(std::move(second));
  EXPECT_TRUE(third.pid().has_value());
}

const mp::Entry put_twice("process_class.put_twice", [](mp::Queue<int> results, int n) {
  results.put(n);
  results.put(n);
});

TEST(ProcessClassSemantics, M23_RunCalledDirectlyRunsHere) {
  mp::Queue<int> results;
  Process process(put_twice, results, 5);
  process.run();
  process.run();
  EXPECT_EQ(results.qsize(), 4U);
  EXPECT_EQ(results.get(), 5);
  EXPECT_EQ(process.pid(), std::nullopt);
  Doubler doubler({7}, results);
  doubler.run();
  EXPECT_EQ(doubler.left(), 0U);
  process.close();
  EXPECT_THROW(process.run(), ValueError);
}

}  // namespace
