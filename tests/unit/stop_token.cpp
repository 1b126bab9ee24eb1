#include "weft/threading/stop_token.h"

#include <atomic>

#include <gtest/gtest.h>

#include "support/background.h"
#include "support/recording.h"
#include "support/well_formed.h"
#include "weft/runtime/session.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using threading::StopSource;
using threading::StopToken;

TEST(StopToken, TellsWhetherAStopWasRequested) {
  StopSource source;
  const StopToken token = source.token();
  EXPECT_TRUE(token.stop_possible());
  EXPECT_FALSE(token.stop_requested());
  EXPECT_FALSE(source.stop_requested());
  EXPECT_NO_THROW(token.throw_if_requested());
  source.request_stop();
  source.request_stop();
  EXPECT_TRUE(token.stop_requested());
  EXPECT_TRUE(source.stop_requested());
  EXPECT_TRUE(source.token().stop_requested());
  EXPECT_THROW(token.throw_if_requested(), SystemExit);
}

TEST(StopToken, CopiesAskForTheSameStop) {
  StopSource source;
  const StopToken token = source.token();
  const StopToken copy = token;
  StopSource(source).request_stop();
  EXPECT_TRUE(token.stop_requested());
  EXPECT_TRUE(copy.stop_requested());
}

TEST(StopToken, OutlivesItsSource) {
  StopToken token;
  {
    StopSource source;
    token = source.token();
    source.request_stop();
  }
  EXPECT_TRUE(token.stop_requested());
}

TEST(StopToken, WithoutASource) {
  const StopToken token;
  EXPECT_FALSE(token.stop_possible());
  EXPECT_FALSE(token.stop_requested());
  EXPECT_NO_THROW(token.throw_if_requested());
  EXPECT_THROW(token.wait(), RuntimeError);
  EXPECT_GE(time_of([&] { EXPECT_FALSE(token.wait(10ms)); }), 10ms);
}

TEST(StopToken, WaitEndsWithTheRequestOrTheTimeout) {
  const runtime::Session session({});
  StopSource source;
  Background waiter([&] { EXPECT_TRUE(source.token().wait()); });
  ASSERT_TRUE(waiter.falls_asleep());
  EXPECT_GE(time_of([&] { EXPECT_FALSE(source.token().wait(10ms)); }), 10ms);
  source.request_stop();
  EXPECT_TRUE(waiter.ends());
  EXPECT_TRUE(source.token().wait(0ns));
}

TEST(StopToken, EndsAThreadSilentlyFromAnyDepth) {
  Recording recording;
  StopSource source;
  std::atomic<bool> unwound{false};
  {
    struct Deep {
      static void work(const StopToken& token, int depth) {
        if (depth > 0) {
          work(token, depth - 1);
        } else {
          token.wait();
          token.throw_if_requested();
        }
      }
    };
    Background worker([&] {
      try {
        Deep::work(source.token(), 10);
      } catch (...) {
        unwound = true;
        throw;
      }
    });
    source.request_stop();
    EXPECT_TRUE(worker.ends());
  }
  EXPECT_TRUE(unwound);
  EXPECT_TRUE(of_kind(recording.finish(), trace::Kind::error).empty());
}

}  // namespace
}  // namespace weft::test
