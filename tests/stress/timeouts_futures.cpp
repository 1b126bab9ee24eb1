// No wait for a future ends before its time, on a machine that has more to do than processors.
#include <vector>

#include <gtest/gtest.h>

#include "support/never_early.h"
#include "weft/futures/as_completed.h"
#include "weft/futures/future.h"
#include "weft/futures/thread_pool_executor.h"
#include "weft/futures/wait.h"
#include "weft/threading/event.h"

namespace weft::test {
namespace {

using futures::Future;

template <class Wait>
bool in_time(Wait wait) {
  try {
    wait();
    return true;
  } catch (const TimeoutError&) {
    return false;
  }
}

TEST(FutureTimeouts, ResultAndException) {
  const Future<int> never;
  expect_never_early([&](auto duration) { return in_time([&] { never.result(duration); }); });
  expect_never_early([&](auto duration) { return in_time([&] { never.exception(duration); }); });
}

TEST(FutureTimeouts, Wait) {
  const std::vector<Future<int>> never(3);
  expect_never_early([&](auto duration) { return !futures::wait(never, duration).done.empty(); });
}

TEST(FutureTimeouts, AsCompleted) {
  const std::vector<Future<int>> never(3);
  expect_never_early([&](auto duration) {
    return in_time([&] {
      for (const auto& future : futures::as_completed(never, duration)) future.result();
    });
  });
}

TEST(FutureTimeouts, Map) {
  threading::Event go;
  futures::ThreadPoolExecutor pool(1);
  pool.post([&] { go.wait(); });
  expect_never_early([&](auto duration) {
    return in_time([&] {
      for (const int each : pool.map([](int x) { return x; }, std::vector<int>{1}, duration)) {
        ADD_FAILURE() << each << " came before its turn";
      }
    });
  });
  go.set();
}

}  // namespace
}  // namespace weft::test
