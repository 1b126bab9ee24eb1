// Many writers, one reader, and rings that are too small for all of it.
#include "weft/trace/trace.h"

#include <list>
#include <map>

#include <gtest/gtest.h>

#include "support/recording.h"
#include "support/scale.h"
#include "support/well_formed.h"
#include "weft/runtime/point.h"
#include "weft/threading/thread.h"

namespace weft::test {
namespace {

using runtime::record_payload;
using runtime::record_unordered;
using threading::Thread;
using trace::Kind;

/// Records numbered from 0 by each of many threads, some with a payload.
void flood(int per_thread) {
  std::list<Thread> writers;
  for (int i = 0; i < many_threads(); ++i) {
    writers.emplace_back([per_thread] {
      const std::string payload(100, 'x');
      for (int n = 0; n < per_thread; ++n) {
        const auto number = static_cast<std::uint32_t>(n);
        if (n % 8 == 0) {
          record_payload(Kind::console, 0, 0, number, payload);
        } else {
          record_unordered(Kind::progress, 0, number);
        }
      }
    });
    writers.back().start();
  }
}

/// The numbers of each writer's records in the order in which they were read.
std::map<std::uint32_t, std::vector<std::uint32_t>> numbers_by_thread(const Entries& entries) {
  std::map<std::uint32_t, std::vector<std::uint32_t>> numbers;
  for (const Entry& entry : entries) {
    if (entry.kind == Kind::progress || entry.kind == Kind::console) {
      numbers[entry.thread].push_back(entry.detail);
    }
  }
  return numbers;
}

TEST(TraceStress, WaitingWritersLoseNothing) {
  const int per_thread = rounds(60'000);
  Recording recording(trace::Policy::wait);
  flood(per_thread);
  const auto numbers = numbers_by_thread(recording.finish());
  EXPECT_EQ(recording.dropped(), 0U);
  ASSERT_EQ(numbers.size(), static_cast<std::size_t>(many_threads()));
  for (const auto& [thread, mine] : numbers) {
    ASSERT_EQ(mine.size(), static_cast<std::size_t>(per_thread));
    for (std::size_t i = 0; i < mine.size(); ++i) ASSERT_EQ(mine[i], i);
  }
}

TEST(TraceStress, WhatIsDroppedIsCounted) {
  const int per_thread = rounds(60'000);
  Recording recording(trace::Policy::drop);
  flood(per_thread);
  const Entries& entries = recording.finish();
  std::size_t kept = 0;
  for (const auto& [thread, mine] : numbers_by_thread(entries)) {
    ASSERT_TRUE(std::ranges::is_sorted(mine));
    kept += mine.size();
  }
  // Names, starts and ends of threads may have been dropped, too.
  const auto written =
      static_cast<std::size_t>(many_threads()) * static_cast<std::size_t>(per_thread);
  EXPECT_GE(kept + recording.dropped(), written);
  EXPECT_LE(kept + recording.dropped(), written + static_cast<std::size_t>(many_threads()) * 4);
}

}  // namespace
}  // namespace weft::test
