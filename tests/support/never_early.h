#pragma once

#include <chrono>

#include <gtest/gtest.h>

#include "support/crowd.h"
#include "support/eventually.h"

namespace weft::test {

/// Many threads at once, each through all durations: `wait(duration)` must say that the time ran out,
/// and not before it did.
template <class Wait>
void expect_never_early(Wait wait) {
  crowd([&](int number) {
    for (int i = 0; i < rounds(40); ++i) {
      const auto duration = std::chrono::microseconds(17 * (1 + (number + 7 * i) % 100));
      bool in_time = true;
      ASSERT_GE(time_of([&] { in_time = wait(duration); }), duration);
      ASSERT_FALSE(in_time);
    }
  });
}

}  // namespace weft::test
