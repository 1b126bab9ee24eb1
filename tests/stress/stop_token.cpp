#include "weft/threading/stop_token.h"

#include <atomic>
#include <chrono>
#include <optional>

#include <gtest/gtest.h>

#include "support/crowd.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using threading::StopSource;
using threading::StopToken;

/// Ends when asked to, in one of the ways there are.
void go_on_until_asked(const StopToken& token, int number) {
  switch (number % 3) {
    case 0:
      while (!token.wait(20us)) {
      }
      break;
    case 1: EXPECT_TRUE(token.wait()); break;
    default:
      try {
        for (;;) token.throw_if_requested();
      } catch (const SystemExit&) {
      }
  }
  EXPECT_TRUE(token.stop_requested());
}

// Several ask at once, and the source is gone before all have seen it.
TEST(StopTokenStress, ARequestReachesEverybody) {
  for (int round = 0; round < rounds(1'000); ++round) {
    std::optional<StopSource> source(std::in_place);
    const StopToken token = source->token();
    std::atomic<int> asked{0};
    crowd([&, token](int number) {
      if (number > 1) {
        go_on_until_asked(token, number);
        return;
      }
      StopSource(*source).request_stop();
      if (++asked == 2) source.reset();
    });
    ASSERT_TRUE(token.stop_requested());
  }
}

}  // namespace
}  // namespace weft::test
