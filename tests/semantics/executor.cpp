// Python's concurrent.futures.Executor, which is a concept here.
#include "weft/futures/executor.h"

#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>

#include <gtest/gtest.h>

#include "weft/futures/thread_pool_executor.h"
#include "weft/multiprocessing/process_pool_executor.h"

namespace weft::test {
namespace {

using futures::Executor;
using futures::ExecutorOf;
using futures::Future;
using futures::ThreadPoolExecutor;
using multiprocessing::Entry;
using multiprocessing::ProcessPoolExecutor;

using OfInt = int (*)(int);

static_assert(Executor<ThreadPoolExecutor>);
static_assert(Executor<ProcessPoolExecutor>);
static_assert(!Executor<int>);
static_assert(!Executor<ThreadPoolExecutor&>);
static_assert(!Executor<Future<int>>);

static_assert(ExecutorOf<ThreadPoolExecutor, OfInt, int>);
static_assert(ExecutorOf<ThreadPoolExecutor, void (*)()>);
static_assert(ExecutorOf<ThreadPoolExecutor, void (*)(std::unique_ptr<int>), std::unique_ptr<int>>);
static_assert(!ExecutorOf<ThreadPoolExecutor, OfInt, std::string>, "not its argument");
static_assert(!ExecutorOf<ThreadPoolExecutor, int>, "nothing to call");

static_assert(ExecutorOf<ProcessPoolExecutor, const Entry<OfInt>&, int>);
static_assert(!ExecutorOf<ProcessPoolExecutor, const Entry<OfInt>&, std::string>);
static_assert(!ExecutorOf<ProcessPoolExecutor, OfInt, int>, "no registered function");

/// Runs each task at once, in the thread that submits it.
class Inline {
 public:
  template <class F, class... Arguments>
  auto submit(F function, Arguments... arguments) {
    Future<std::invoke_result_t<F, Arguments...>> future;
    try {
      future.set_result(std::invoke(std::move(function), std::move(arguments)...));
    } catch (...) {
      future.set_exception(std::current_exception());
    }
    return future;
  }
  void shutdown(bool /*wait*/ = true, bool /*cancel_futures*/ = false) {}
};
static_assert(ExecutorOf<Inline, OfInt, int>);

template <ExecutorOf<OfInt, int> Pool>
int twice(Pool& pool, OfInt function) {
  return pool.submit(function, pool.submit(function, 3).result()).result();
}

int square(int n) { return n * n; }

TEST(ExecutorConcept, F20_one_function_for_any_executor) {
  ThreadPoolExecutor pool(2);
  EXPECT_EQ(twice(pool, square), 81);
  Inline at_once;
  EXPECT_EQ(twice(at_once, square), 81);
}

}  // namespace
}  // namespace weft::test
