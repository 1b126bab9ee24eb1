// Python's threading.local. The comment on a test is the row of Python's semantics it is about;
// where C++ differs, it says how.
#include "weft/threading/local.h"

#include <atomic>
#include <list>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>

#include <gtest/gtest.h>

#include "support/background.h"
#include "support/on_another_thread.h"
#include "weft/threading/barrier.h"
#include "weft/threading/thread_ref.h"

namespace weft::test {
namespace {

using threading::Local;

// threading.local: per-thread attributes; subclass __init__ re-runs in each thread. (A value instead
// of attributes; a factory instead of a subclass.) CPython: test_threading_local.test_local.
TEST(LocalSemantics, T26_each_thread_has_its_own) {
  Local<int> local;
  *local = 1;
  constexpr int kThreads = 8;
  threading::Barrier all_have_written(kThreads);
  std::atomic<int> unchanged{0};
  std::list<threading::Thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      EXPECT_EQ(*local, 0) << "new in this thread";
      *local = 10 + i;
      all_have_written.wait();
      if (*local == 10 + i) ++unchanged;
    });
    threads.back().start();
  }
  for (threading::Thread& thread : threads) thread.join();
  EXPECT_EQ(unchanged, kThreads);
  EXPECT_EQ(*local, 1);
}

// CPython: test_threading_local.test_derived, test_arguments.
TEST(LocalSemantics, T26_the_factory_runs_once_in_each_thread_that_touches_it) {
  std::atomic<int> made{0};
  Local<std::uint32_t> local([&] {
    ++made;
    return threading::get_ident();
  });
  EXPECT_EQ(made, 0) << "nobody has touched it";
  std::set<std::uint32_t> seen{*local};
  EXPECT_EQ(local.get(), threading::get_ident());
  for (int i = 0; i < 3; ++i) {
    on_another_thread([&] {
      EXPECT_EQ(*local, threading::get_ident());
      EXPECT_EQ(*local, threading::get_ident());
      seen.insert(*local);
    });
  }
  on_another_thread([] {});
  EXPECT_EQ(made, 4);
  EXPECT_EQ(seen.size(), 4U);
}

TEST(LocalSemantics, T26_several_do_not_mix) {
  Local<std::string> first([] { return "first"; });
  Local<std::string> second([] { return "second"; });
  EXPECT_EQ(*first, "first");
  EXPECT_EQ(*second, "second");
  first->append("!");
  EXPECT_EQ(*first, "first!");
  EXPECT_EQ(*second, "second");
  on_another_thread([&] { EXPECT_EQ(*first, "first"); });
}

TEST(LocalSemantics, T26_a_factory_that_throws_is_tried_again) {
  int tries = 0;
  Local<int> local([&tries] {
    if (++tries == 1) throw std::runtime_error("not yet");
    return tries;
  });
  EXPECT_THROW(local.get(), std::runtime_error);
  EXPECT_EQ(*local, 2);
  EXPECT_EQ(*local, 2);
}

}  // namespace
}  // namespace weft::test
