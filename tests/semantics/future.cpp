// Python's concurrent.futures.Future. The comment on a test is the row of Python's semantics it is
// about; where C++ differs, it says how.
#include "weft/futures/future.h"

#include <list>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/background.h"
#include "support/recording.h"
#include "support/well_formed.h"
#include "weft/runtime/session.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using futures::CancelledError;
using futures::Future;
using futures::InvalidStateError;

struct FutureSemantics : testing::Test {
  FutureSemantics() {
    EXPECT_TRUE(running.set_running_or_notify_cancel());
    EXPECT_TRUE(cancelled.cancel());
    finished.set_result(42);
    failed.set_exception(std::make_exception_ptr(std::out_of_range("far")));
  }

  const runtime::Session session{runtime::Session::Options{}};
  Future<int> pending;
  Future<int> running;
  Future<int> cancelled;
  Future<int> finished;
  Future<int> failed;
};

// Future.cancel: True if pending (again True), False if running or finished; running() / done() /
// cancelled() consistent.
TEST_F(FutureSemantics, F04_cancel) {
  EXPECT_TRUE(pending.cancel());
  EXPECT_TRUE(pending.cancel());
  EXPECT_TRUE(pending.cancelled());
  EXPECT_TRUE(cancelled.cancel());
  for (Future<int>* future : {&running, &finished, &failed}) {
    EXPECT_FALSE(future->cancel());
    EXPECT_FALSE(future->cancelled());
  }
  EXPECT_TRUE(running.running());
  EXPECT_EQ(finished.result(), 42);
}

TEST_F(FutureSemantics, F04_states_are_consistent) {
  const auto states = [](const Future<int>& future) {
    return std::vector<bool>{future.running(), future.cancelled(), future.done()};
  };
  EXPECT_EQ(states(pending), (std::vector<bool>{false, false, false}));
  EXPECT_EQ(states(running), (std::vector<bool>{true, false, false}));
  EXPECT_EQ(states(cancelled), (std::vector<bool>{false, true, true}));
  EXPECT_EQ(states(finished), (std::vector<bool>{false, false, true}));
  EXPECT_EQ(states(failed), (std::vector<bool>{false, false, true}));
}

TEST_F(FutureSemantics, F04_what_was_cancelled_must_not_run) {
  EXPECT_FALSE(cancelled.set_running_or_notify_cancel());
  EXPECT_TRUE(cancelled.cancelled());
  EXPECT_THROW(running.set_running_or_notify_cancel(), InvalidStateError);
  EXPECT_THROW(finished.set_running_or_notify_cancel(), InvalidStateError);
}

// result(timeout) -> TimeoutError (builtin) without affecting the task; exception() None on
// success; result() re-raises same object.
TEST_F(FutureSemantics, F05_result_and_exception_with_timeout) {
  for (Future<int>* future : {&pending, &running}) {
    for (const auto timeout : {0ns, -1000ns}) {
      EXPECT_THROW(future->result(timeout), TimeoutError);
      EXPECT_THROW(future->exception(timeout), TimeoutError);
    }
    EXPECT_GE(time_of([&] { EXPECT_THROW(future->result(10ms), TimeoutError); }), 10ms);
    EXPECT_FALSE(future->done());
    future->set_result(1);
    EXPECT_EQ(future->result(0ns), 1) << "the timeout left it alone";
  }
}

TEST_F(FutureSemantics, F05_a_cancelled_one_throws) {
  EXPECT_THROW(cancelled.result(0ns), CancelledError);
  EXPECT_THROW(cancelled.result(), CancelledError);
  EXPECT_THROW(cancelled.exception(0ns), CancelledError);
}

TEST_F(FutureSemantics, F05_exception_is_null_on_success) {
  EXPECT_EQ(finished.exception(), nullptr);
  EXPECT_EQ(finished.result(0ns), 42);
}

TEST_F(FutureSemantics, F05_result_throws_the_same_object) {
  struct Carried {
    int* address;
  };
  int somewhere = 0;
  pending.set_exception(std::make_exception_ptr(Carried{&somewhere}));
  const Carried* first = nullptr;
  for (int i = 0; i < 2; ++i) {
    try {
      pending.result();
      ADD_FAILURE() << "threw nothing";
    } catch (const Carried& carried) {
      EXPECT_EQ(carried.address, &somewhere);
      if (first == nullptr) first = &carried;
      EXPECT_EQ(&carried, first);
    }
  }
  EXPECT_THROW(failed.result(), std::out_of_range);
  EXPECT_EQ(failed.exception(), failed.exception());
}

TEST_F(FutureSemantics, F05_result_may_be_asked_for_again_and_by_copies) {
  const Future<int> copy = finished;
  EXPECT_EQ(finished.result(), 42);
  EXPECT_EQ(finished.result(), 42);
  EXPECT_EQ(copy.result(), 42);
  EXPECT_EQ(copy, finished);
  EXPECT_FALSE(copy == pending);
}

// CPython: test_future.test_result_with_success, test_exception_with_success.
TEST_F(FutureSemantics, F05_waits_for_the_result) {
  std::list<Background> waiters;
  for (int i = 0; i < 3; ++i) {
    waiters.emplace_back([&] { EXPECT_EQ(pending.result(), 7); });
    waiters.emplace_back([&] { EXPECT_EQ(pending.result(kLongEnough), 7); });
    waiters.emplace_back([&] { EXPECT_EQ(pending.exception(), nullptr); });
  }
  for (Background& waiter : waiters) ASSERT_TRUE(waiter.falls_asleep());
  pending.set_running_or_notify_cancel();  // waiters sleep through this
  EXPECT_TRUE(waiters.front().is_alive());
  pending.set_result(7);
  for (Background& waiter : waiters) EXPECT_TRUE(waiter.ends());
}

TEST_F(FutureSemantics, F05_waits_for_an_exception) {
  Background waiter([&] { EXPECT_THROW(running.result(), std::runtime_error); });
  Background other([&] { EXPECT_NE(running.exception(), nullptr); });
  ASSERT_TRUE(waiter.falls_asleep());
  ASSERT_TRUE(other.falls_asleep());
  running.set_exception(std::make_exception_ptr(std::runtime_error("late")));
  EXPECT_TRUE(waiter.ends());
  EXPECT_TRUE(other.ends());
}

// CPython: test_future.test_result_with_cancel, test_exception_with_cancel.
TEST_F(FutureSemantics, F05_cancelling_wakes_who_waits) {
  Background waiter([&] { EXPECT_THROW(pending.result(), CancelledError); });
  Background other([&] { EXPECT_THROW(pending.exception(kLongEnough), CancelledError); });
  ASSERT_TRUE(waiter.falls_asleep());
  ASSERT_TRUE(other.falls_asleep());
  EXPECT_TRUE(pending.cancel());
  EXPECT_TRUE(waiter.ends());
  EXPECT_TRUE(other.ends());
}

// set_result/set_exception on a finished future: InvalidStateError.
TEST_F(FutureSemantics, F06_completing_twice) {
  const auto error = std::make_exception_ptr(std::logic_error("again"));
  for (Future<int>* future : {&finished, &failed, &cancelled}) {
    EXPECT_THROW(future->set_result(1), InvalidStateError);
    EXPECT_THROW(future->set_exception(error), InvalidStateError);
  }
  EXPECT_EQ(finished.result(), 42);
  EXPECT_THROW(failed.result(), std::out_of_range);
  EXPECT_TRUE(cancelled.cancelled());
}

TEST_F(FutureSemantics, F06_pending_and_running_can_be_completed) {
  pending.set_result(1);
  EXPECT_EQ(pending.result(), 1);
  running.set_exception(std::make_exception_ptr(std::logic_error("done")));
  EXPECT_THROW(running.result(), std::logic_error);
}

// done callbacks run once, in order added, in the completing thread; if already done, immediately
// in the caller; Exceptions are logged and swallowed.
TEST_F(FutureSemantics, F07_callbacks_run_once_in_order_in_the_completing_thread) {
  std::vector<int> order;
  std::vector<std::thread::id> where;
  for (int i = 0; i < 5; ++i) {
    pending.add_done_callback([&, i](const Future<int>& future) {
      EXPECT_EQ(future.result(0ns), 7);
      order.push_back(i);
      where.push_back(std::this_thread::get_id());
    });
  }
  std::thread::id completer;
  Background thread([&] {
    completer = std::this_thread::get_id();
    pending.set_result(7);
  });
  EXPECT_TRUE(thread.ends());
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4}));
  EXPECT_EQ(where, std::vector<std::thread::id>(5, completer));
}

TEST_F(FutureSemantics, F07_at_once_if_already_done) {
  for (const Future<int>* future : {&finished, &failed, &cancelled}) {
    int calls = 0;
    Future<int>(*future).add_done_callback([&](const Future<int>& done) {
      EXPECT_EQ(done, *future);
      EXPECT_TRUE(done.done());
      ++calls;
    });
    EXPECT_EQ(calls, 1);
  }
}

TEST_F(FutureSemantics, F07_exceptions_in_callbacks_are_reported_and_dropped) {
  bool later_ran = false;
  pending.add_done_callback([](const Future<int>&) { throw std::runtime_error("doh!"); });
  pending.add_done_callback([&](const Future<int>&) { later_ran = true; });
  EXPECT_NO_THROW(pending.set_result(5));
  EXPECT_TRUE(later_ran);
  EXPECT_EQ(pending.result(), 5);
  EXPECT_NO_THROW(
      finished.add_done_callback([](const Future<int>&) { throw std::runtime_error("doh!"); }));
}

TEST(FutureReports, F07_exceptions_in_callbacks_are_errors_of_the_run) {
  Recording recording;
  Future<int> future;
  future.add_done_callback([](const Future<int>&) { throw std::runtime_error("doh!"); });
  future.set_result(5);
  future.add_done_callback([](const Future<int>&) { throw std::runtime_error("late"); });
  const std::string prefix = "Exception in thread MainThread: std::runtime_error: ";
  EXPECT_EQ(payloads(recording.finish(), trace::Kind::error),
            (std::vector<std::string>{prefix + "doh!", prefix + "late"}));
}

TEST_F(FutureSemantics, F07_a_callback_may_add_a_callback) {
  int calls = 0;
  pending.add_done_callback([&](Future<int> future) {
    ++calls;
    future.add_done_callback([&](const Future<int>&) { ++calls; });
  });
  pending.set_result(1);
  EXPECT_EQ(calls, 2);
}

TEST_F(FutureSemantics, F07_callbacks_do_not_keep_the_future_alive) {
  auto held = std::make_shared<int>(1);
  {
    Future<int> future;
    future.add_done_callback([held](const Future<int>&) {});
    EXPECT_EQ(held.use_count(), 2);
  }
  EXPECT_EQ(held.use_count(), 1) << "never completed, and leaked";
  Future<int> future;
  future.add_done_callback([held](const Future<int>&) {});
  future.set_result(1);
  EXPECT_EQ(held.use_count(), 1) << "what has run is gone";
}

// cancel() of a pending future runs callbacks in the cancelling thread.
TEST_F(FutureSemantics, F08_cancel_runs_callbacks_in_the_cancelling_thread) {
  std::thread::id where;
  int calls = 0;
  pending.add_done_callback([&](const Future<int>& future) {
    EXPECT_TRUE(future.cancelled());
    where = std::this_thread::get_id();
    ++calls;
  });
  EXPECT_TRUE(pending.cancel());
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(where, std::this_thread::get_id());
  pending.cancel();
  pending.set_running_or_notify_cancel();
  EXPECT_EQ(calls, 1);
}

TEST_F(FutureSemantics, of_nothing) {
  Future<void> done;
  done.set_result();
  EXPECT_NO_THROW(done.result());
  EXPECT_EQ(done.exception(), nullptr);
  EXPECT_THROW(done.set_result(), InvalidStateError);
  static_assert(std::is_void_v<decltype(done.result())>);
}

TEST_F(FutureSemantics, of_what_can_only_be_moved) {
  Future<std::unique_ptr<int>> future;
  future.set_result(std::make_unique<int>(7));
  EXPECT_EQ(*future.result(), 7);
}

// What happens before the result is set happens before what follows result().
TEST_F(FutureSemantics, publishes_what_was_written_before) {
  int written = 0;  // no atomic: the future has to make it right
  Background reader([&] {
    pending.result();
    EXPECT_EQ(written, 1);
  });
  written = 1;
  pending.set_result(0);
  EXPECT_TRUE(reader.ends());
}

// What a range-for over the result of a temporary iterates over.
TEST_F(FutureSemantics, F05_the_result_of_a_temporary_outlives_it) {
  const auto temporary = [](const std::vector<std::string>& value) {
    Future<std::vector<std::string>> future;
    future.set_result(value);
    return future;
  };
  std::string all;
  for (const std::string& word :
       temporary({"one", "two, which is too long for the string itself"}).result()) {
    all += word;
  }
  EXPECT_EQ(all, "onetwo, which is too long for the string itself");
  static_assert(std::is_same_v<decltype(Future<int>().result()), int>);
  static_assert(std::is_same_v<decltype(std::declval<const Future<int>>().result()), int>);
  static_assert(std::is_same_v<decltype(finished.result()), const int&>);
}

// It is moved out of the last future only.
TEST_F(FutureSemantics, F05_the_result_of_a_temporary_is_copied_for_the_others) {
  const std::string kText(100, 'x');
  Future<std::string> future;
  const Future<std::string> copy = future;
  future.set_result(kText);
  EXPECT_EQ(Future<std::string>(future).result(), kText);
  EXPECT_EQ(std::move(future).result(), kText);
  EXPECT_EQ(copy.result(), kText);
  // NOLINTNEXTLINE(bugprone-use-after-move): result() moves out of the state, if at all
  EXPECT_EQ(future.result(), kText);
}

TEST_F(FutureSemantics, F05_what_can_only_be_moved_leaves_with_a_temporary) {
  Future<std::unique_ptr<int>> future;
  future.set_result(std::make_unique<int>(7));
  const std::unique_ptr<int> taken = std::move(future).result();
  EXPECT_EQ(*taken, 7);
  Future<std::vector<std::unique_ptr<int>>> several;
  several.set_result(std::vector<std::unique_ptr<int>>(3));
  EXPECT_EQ(std::move(several).result().size(), 3U);
}

TEST_F(FutureSemantics, of_a_reference) {
  int number = 1;
  Future<int&> future;
  future.set_result(number);
  EXPECT_EQ(&future.result(), &number);
  EXPECT_EQ(&std::move(future).result(), &number);
}

}  // namespace
}  // namespace weft::test
