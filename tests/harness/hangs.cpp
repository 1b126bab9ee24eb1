#include <atomic>

#include <gtest/gtest.h>

#include "weft/platform/futex.h"

TEST(Canary, Hangs) {
  const std::atomic<std::uint32_t> word{0};
  for (;;) weft::platform::futex_wait(word, 0);
}
