#include "weft/trace/trace.h"

#include <cstddef>
#include <memory>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "support/recording.h"
#include "weft/threading/thread.h"

namespace weft::test {
namespace {

using trace::Directory;
using trace::Kind;
using trace::RecordRing;
using trace::Trace;

struct TraceTest : testing::Test {
  Entries read(RecordRing& ring) {
    Entries entries;
    read_ring(ring, entries);
    return entries;
  }

  std::unique_ptr<Directory> directory = std::make_unique<Directory>();
  std::atomic<std::uint32_t> stop{0};
  std::unique_ptr<Trace> trace = std::make_unique<Trace>(*directory, stop);
};

// The page finds the rings through this.
TEST_F(TraceTest, DirectoryHasTheTraceFormatsLayout) {
  EXPECT_EQ(directory->magic, 0x43525457U);
  EXPECT_EQ(directory->version, 2U);
  EXPECT_EQ(directory->ring_capacity, RecordRing::kCapacity);
  EXPECT_EQ(directory->ring_limit, 128U);
  EXPECT_EQ(offsetof(Directory, ring_count), 20U);
  EXPECT_EQ(offsetof(Directory, policy), 24U);
  EXPECT_EQ(offsetof(Directory, rings), 32U);
}

TEST_F(TraceTest, ATakenRingIsInTheDirectory) {
  EXPECT_EQ(directory->ring_count, 0U);
  RecordRing* const first = trace->acquire_ring();
  RecordRing* const second = trace->acquire_ring();
  ASSERT_NE(first, nullptr);
  EXPECT_NE(first, second);
  EXPECT_EQ(directory->ring_count, 2U);
  EXPECT_EQ(directory->rings[0], first);
  EXPECT_EQ(directory->rings[1], second);
}

TEST_F(TraceTest, ARingThatWasGivenBackServesAgainAndKeepsItsRecords) {
  RecordRing* const ring = trace->acquire_ring();
  trace::Record record;
  record.kind = static_cast<std::uint8_t>(Kind::run_start);
  ASSERT_TRUE(trace->write(*ring, record));
  trace->release_ring(ring);
  EXPECT_EQ(trace->acquire_ring(), ring);
  EXPECT_EQ(directory->ring_count, 1U);
  EXPECT_EQ(read(*ring).size(), 1U);
}

TEST_F(TraceTest, NoRingBeyondTheLimit) {
  std::set<RecordRing*> rings;
  for (std::uint32_t i = 0; i < Directory::kRingLimit; ++i) rings.insert(trace->acquire_ring());
  EXPECT_EQ(rings.size(), Directory::kRingLimit);
  EXPECT_FALSE(rings.contains(nullptr));
  EXPECT_EQ(trace->acquire_ring(), nullptr);

  trace->release_ring(*rings.begin());
  EXPECT_EQ(trace->acquire_ring(), *rings.begin());
}

TEST_F(TraceTest, AStringIsWrittenOnceAndKeepsItsNumber) {
  RecordRing& ring = *trace->acquire_ring();
  const std::uint32_t red = trace->intern(ring, {}, "red");
  const std::uint32_t blue = trace->intern(ring, {}, "blue");
  EXPECT_NE(red, 0U);
  EXPECT_NE(red, blue);
  EXPECT_EQ(trace->intern(ring, {}, "red"), red);
  EXPECT_EQ(trace->intern(ring, {}, ""), trace->intern(ring, {}, ""));

  const auto entries = read(ring);
  ASSERT_EQ(entries.size(), 3U);
  EXPECT_EQ(entries[0].kind, Kind::string);
  EXPECT_EQ(entries[0].detail, red);
  EXPECT_EQ(entries[0].payload, "red");
  EXPECT_EQ(entries[1].detail, blue);
  EXPECT_EQ(entries[1].payload, "blue");
  EXPECT_EQ(entries[2].payload, "");
}

TEST_F(TraceTest, ThreadsAgreeOnTheNumbersOfStrings) {
  constexpr int kThreads = 4;
  constexpr int kStrings = 50;
  std::vector<std::vector<std::uint32_t>> numbers(kThreads);
  std::vector<threading::Thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([this, &mine = numbers[static_cast<std::size_t>(i)]] {
      RecordRing& ring = *trace->acquire_ring();
      for (int n = 0; n < kStrings; ++n) mine.push_back(trace->intern(ring, {}, std::to_string(n)));
      trace->release_ring(&ring);
    });
  }
  for (auto& thread : threads) thread.start();
  for (auto& thread : threads) thread.join();
  for (const auto& mine : numbers) EXPECT_EQ(mine, numbers[0]);
  EXPECT_EQ(std::set<std::uint32_t>(numbers[0].begin(), numbers[0].end()).size(), kStrings);

  // Each was written once, by whoever came first.
  std::size_t written = 0;
  for (std::uint32_t i = 0; i < directory->ring_count; ++i) {
    written += read(*directory->rings[i]).size();
  }
  EXPECT_EQ(written, kStrings);
}

TEST_F(TraceTest, ObjectsAreNumberedAfterTheConsole) {
  EXPECT_EQ(trace::kConsoleObject, 1U);
  EXPECT_EQ(trace->next_object(), 2U);
  EXPECT_EQ(trace->next_object(), 3U);
}

TEST_F(TraceTest, TheEndLeavesNoRingsInTheDirectory) {
  trace->acquire_ring();
  trace.reset();
  EXPECT_EQ(directory->ring_count, 0U);
  EXPECT_EQ(directory->rings[0], nullptr);
}

}  // namespace
}  // namespace weft::test
