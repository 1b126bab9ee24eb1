#include "weft/runtime/uncaught.h"

#include <algorithm>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "support/recording.h"
#include "support/well_formed.h"
#include "weft/errors.h"
#include "weft/futures/errors.h"
#include "weft/futures/future.h"
#include "weft/queue/errors.h"
#include "weft/threading/barrier.h"
#include "weft/threading/thread.h"

namespace weft::test {
namespace {

using runtime::describe;
using runtime::report_uncaught;
using trace::Kind;

TEST(Describe, NamesTypeAndMessage) {
  EXPECT_EQ(describe(std::make_exception_ptr(std::out_of_range("too far"))),
            "std::out_of_range: too far");
  EXPECT_EQ(describe(std::make_exception_ptr(ValueError("bad"))), "ValueError: bad");
}

class NoSuchThing : public std::exception {
 public:
  const char* what() const noexcept override { return "at all"; }
};

TEST(Describe, NamesAreThoseOfPython) {
  EXPECT_EQ(describe(std::make_exception_ptr(RuntimeError("no"))), "RuntimeError: no");
  EXPECT_EQ(describe(std::make_exception_ptr(queue::Empty())).substr(0, 13), "queue.Empty: ");
  EXPECT_EQ(describe(std::make_exception_ptr(threading::BrokenBarrierError())),
            "threading.BrokenBarrierError: the barrier is broken");
  EXPECT_EQ(describe(std::make_exception_ptr(futures::CancelledError())),
            "concurrent.futures.CancelledError: the future was cancelled");
  EXPECT_EQ(describe(std::make_exception_ptr(NoSuchThing())), "NoSuchThing: at all");
  EXPECT_EQ(describe(std::make_exception_ptr(SystemExit{3})), "SystemExit: 3");
}

TEST(Describe, AnythingCanBeThrown) {
  EXPECT_EQ(describe(std::make_exception_ptr(42)), "an exception that is no std::exception");
}

TEST(ReportUncaught, IsAnErrorRecordWithTheThreadsName) {
  Recording recording;
  threading::Thread thread([] { throw std::runtime_error("broken"); }, "weaver");
  thread.start();
  thread.join();
  report_uncaught(std::make_exception_ptr(RuntimeError("here")));
  const auto& entries = recording.finish();
  EXPECT_EQ(complaints(entries), kNone);
  auto errors = payloads(entries, Kind::error);
  std::ranges::sort(errors);  // of two threads: each has its own order only
  EXPECT_EQ(errors,
            (std::vector<std::string>{"Exception in thread MainThread: RuntimeError: here",
                                      "Exception in thread weaver: std::runtime_error: broken"}));
}

#if GTEST_HAS_STREAM_REDIRECTION && !defined(__EMSCRIPTEN__)
TEST(ReportUncaught, NativeGoesToStandardErrorOutsideASession) {
  testing::internal::CaptureStderr();
  threading::Thread thread([] { throw std::runtime_error("broken"); }, "weaver");
  thread.start();
  thread.join();
  report_uncaught(std::make_exception_ptr(RuntimeError("here")));
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "Exception in thread weaver: std::runtime_error: broken\n"
            "Exception in thread MainThread: RuntimeError: here\n");
}

TEST(ReportUncaught, NativeOfACallbackInTheMainThreadOutsideASession) {
  testing::internal::CaptureStderr();
  futures::Future<int> future;
  future.add_done_callback([](const futures::Future<int>&) { throw std::runtime_error("doh!"); });
  future.set_result(5);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "Exception in thread MainThread: std::runtime_error: doh!\n");
}
#endif

}  // namespace
}  // namespace weft::test
