#include "weft/trace/record_ring.h"

#include <gtest/gtest.h>

#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "support/eventually.h"
#include "support/recording.h"
#include "support/scale.h"
#include "weft/threading/thread.h"

namespace weft::test {
namespace {

using trace::Kind;
using trace::Policy;
using trace::RecordRing;

constexpr std::uint32_t kCapacity = RecordRing::kCapacity;

trace::Record numbered(std::uint64_t number, Kind kind = Kind::queue_put) {
  trace::Record record;
  record.argument = number;
  record.kind = static_cast<std::uint8_t>(kind);
  record.thread = 7;
  return record;
}

/// A ring is too large for a stack.
struct RingTest : testing::Test {
  bool write(std::uint64_t number, Policy policy = Policy::drop) {
    return ring->write(numbered(number), policy, stop);
  }
  bool write(const std::string& payload, Policy policy = Policy::drop) {
    return ring->write(numbered(0, Kind::console), payload, policy, stop);
  }
  Entries read() {
    Entries entries;
    read_ring(*ring, entries);
    return entries;
  }

  bool writer_waits() const {
    return ring->backlog_state() == trace::BacklogState::records_and_parked;
  }

  std::unique_ptr<RecordRing> ring = std::make_unique<RecordRing>();
  std::atomic<std::uint32_t> stop{0};
};

// The page reads these as they lie in memory.
TEST_F(RingTest, LayoutIsTheTraceFormats) {
  ASSERT_TRUE(write(0x1122334455667788));
  const char* bytes = reinterpret_cast<const char*>(ring.get());
  const auto word_at = [bytes](std::size_t offset) {
    std::uint32_t word = 0;
    std::memcpy(&word, bytes + offset, sizeof word);
    return word;
  };
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(bytes) % 64, 0U);
  EXPECT_EQ(word_at(0), 1U) << "head";
  EXPECT_EQ(word_at(64), 0U) << "tail";
  EXPECT_EQ(word_at(192 + 8), 0x55667788U) << "argument of slot 0";
  EXPECT_EQ(word_at(192 + 12), 0x11223344U);
  EXPECT_EQ(word_at(192 + 28), 7U << 8 | static_cast<std::uint32_t>(Kind::queue_put));
  read();
  EXPECT_EQ(word_at(64), 1U) << "tail";
}

TEST_F(RingTest, IsEmptyAtFirst) {
  EXPECT_EQ(ring->unread().count, 0U);
  EXPECT_TRUE(read().empty());
}

TEST_F(RingTest, GivesBackWhatWasWrittenInOrder) {
  // Several times around.
  std::uint64_t next = 0;
  for (std::uint64_t written = 0; written < 5 * kCapacity;) {
    for (int i = 0; i < 3000; ++i) ASSERT_TRUE(write(written++));
    for (const Entry& entry : read()) ASSERT_EQ(entry.argument, next++);
  }
  EXPECT_EQ(ring->dropped(), 0U);
}

TEST_F(RingTest, HoldsExactlyItsCapacity) {
  for (std::uint32_t i = 0; i < kCapacity; ++i) ASSERT_TRUE(write(i));
  EXPECT_FALSE(write(kCapacity));
  EXPECT_FALSE(write(kCapacity + 1));
  EXPECT_EQ(ring->dropped(), 2U);

  const auto entries = read();
  ASSERT_EQ(entries.size(), kCapacity);
  EXPECT_EQ(entries.back().argument, kCapacity - 1);
  EXPECT_TRUE(write(5)) << "there is room again";
  EXPECT_EQ(read().at(0).argument, 5U);
}

TEST_F(RingTest, PayloadsOfEveryLength) {
  for (std::size_t length = 0; length <= 3 * trace::kSlotBytes + 1; ++length) {
    const std::string payload(length, static_cast<char>('a' + length % 26));
    ASSERT_TRUE(write(payload));
    ASSERT_TRUE(write(length));
    const auto entries = read();
    ASSERT_EQ(entries.size(), 2U);
    ASSERT_EQ(entries[0].payload, payload);
    ASSERT_EQ(entries[1].argument, length);
  }
}

TEST_F(RingTest, APayloadWrapsAroundTheEnd) {
  const std::string payload =
      "0123456789abcdef0123456789ABCDEF"
      "second slot";
  for (std::uint32_t offset = 0; offset < 4; ++offset) {
    ring = std::make_unique<RecordRing>();
    for (std::uint32_t i = 0; i < kCapacity - offset; ++i) ASSERT_TRUE(write(i));
    read();
    ASSERT_TRUE(write(payload));
    const auto entries = read();
    ASSERT_EQ(entries.size(), 1U);
    EXPECT_EQ(entries[0].payload, payload) << offset;
  }
}

TEST_F(RingTest, TheLargestPayload) {
  const std::string payload(RecordRing::kMaxPayload, 'x');
  ASSERT_TRUE(write(payload));
  // A second one does not fit any more: its record needs a slot, too.
  EXPECT_FALSE(write(payload));
  EXPECT_EQ(ring->dropped(), 1U);
  const auto entries = read();
  ASSERT_EQ(entries.size(), 1U);
  EXPECT_EQ(entries[0].payload, payload);
}

TEST_F(RingTest, ARecordAndItsPayloadBecomeVisibleTogether) {
  const std::string payload(1000, 'p');
  std::atomic<bool> done{false};
  threading::Thread writer([&] {
    for (int i = 0; i < rounds(20'000); ++i) {
      write(payload, Policy::wait);
      while (!ring->flush_backlog()) ring->wait_for_reader(kLongEnough);
    }
    done = true;
  });
  writer.start();
  int seen = 0;
  for (bool last = false; !last;) {
    last = done;
    for (const Entry& entry : read()) {
      ASSERT_EQ(entry.payload, payload);
      ++seen;
    }
  }
  EXPECT_EQ(seen, rounds(20'000));
}

TEST_F(RingTest, DropCountsEveryRecordItDrops) {
  std::atomic<bool> done{false};
  std::uint32_t refused = 0;
  constexpr int kRecords = 300'000;
  threading::Thread writer([&] {
    for (int i = 0; i < rounds(kRecords); ++i) {
      if (!write(static_cast<std::uint64_t>(i))) ++refused;
    }
    done = true;
  });
  writer.start();
  std::uint32_t seen = 0;
  std::uint64_t last_number = 0;
  for (bool last = false; !last;) {
    last = done;
    for (const Entry& entry : read()) {
      ASSERT_TRUE(seen == 0 || entry.argument > last_number) << "out of order";
      last_number = entry.argument;
      ++seen;
    }
  }
  writer.join();
  EXPECT_EQ(ring->dropped(), refused);
  EXPECT_EQ(seen + refused, static_cast<std::uint32_t>(rounds(kRecords)));
}

TEST_F(RingTest, AFullRingNeverMakesAWriterWait) {
  // Nobody reads.
  for (std::uint32_t i = 0; i < 3 * kCapacity; ++i) ASSERT_TRUE(write(i, Policy::wait));
  EXPECT_EQ(ring->unread().count, kCapacity);
  EXPECT_TRUE(ring->has_backlog());
  EXPECT_EQ(ring->backlog_state(), trace::BacklogState::records);
  EXPECT_EQ(ring->dropped(), 0U);
}

TEST_F(RingTest, WhatFoundNoRoomFollowsInItsOrder) {
  std::uint64_t written = 0;
  std::uint64_t seen = 0;
  const auto read_all = [&] {
    for (const Entry& entry : read()) ASSERT_EQ(entry.argument, seen++);
  };
  while (written < 2 * kCapacity) ASSERT_TRUE(write(written++, Policy::wait));
  read_all();
  // There is room now, but what is in the backlog comes first.
  ASSERT_TRUE(write(written++, Policy::wait));
  EXPECT_TRUE(ring->has_backlog());
  EXPECT_FALSE(ring->flush_backlog());
  read_all();
  EXPECT_TRUE(ring->flush_backlog());
  EXPECT_EQ(ring->backlog_state(), trace::BacklogState::nothing);
  ASSERT_TRUE(write(written++, Policy::wait));
  read_all();
  EXPECT_EQ(seen, written);
}

TEST_F(RingTest, AShortRecordDoesNotOvertakeALongOne) {
  for (std::uint32_t i = 0; i < kCapacity - 2; ++i) ASSERT_TRUE(write(i));
  const std::string payload(3 * trace::kSlotBytes, 'p');
  ASSERT_TRUE(write(payload, Policy::wait));  // four slots, of which two are free
  ASSERT_TRUE(write(1000, Policy::wait));
  EXPECT_EQ(read().size(), kCapacity - 2);
  ASSERT_TRUE(ring->flush_backlog());
  const auto entries = read();
  ASSERT_EQ(entries.size(), 2U);
  EXPECT_EQ(entries[0].payload, payload);
  EXPECT_EQ(entries[1].argument, 1000U);
}

TEST_F(RingTest, ABacklogThatIsDroppedIsCounted) {
  for (std::uint32_t i = 0; i < kCapacity; ++i) ASSERT_TRUE(write(i));
  for (std::uint32_t i = 0; i < 3; ++i) ASSERT_TRUE(write(i, Policy::wait));
  ASSERT_TRUE(write(std::string(100, 'x'), Policy::wait));
  ring->drop_backlog();
  EXPECT_EQ(ring->dropped(), 4U) << "records, not slots";
  EXPECT_FALSE(ring->has_backlog());
  EXPECT_EQ(read().size(), kCapacity);
  EXPECT_TRUE(write(1));
  EXPECT_EQ(read().size(), 1U);
}

// A run that was stopped may have no reader any more, and a thread of it no end.
TEST_F(RingTest, OnceStoppedTheBacklogIsLimited) {
  stop = 1;
  for (std::uint32_t i = 0; i < kCapacity; ++i) ASSERT_TRUE(write(i, Policy::wait));
  std::uint32_t kept = 0;
  for (; kept < kCapacity && write(kept, Policy::wait); ++kept) {
  }
  EXPECT_GE(kept, 100U) << "enough to end";
  EXPECT_LT(kept, kCapacity);
  EXPECT_EQ(ring->dropped(), 1U);
}

TEST_F(RingTest, AWaitingWriterLosesNothing) {
  const auto records = static_cast<std::uint64_t>(rounds(20)) * kCapacity + 17;
  threading::Thread writer([&] {
    for (std::uint64_t i = 0; i < records; ++i) {
      write(i, Policy::wait);
      while (!ring->flush_backlog()) ring->wait_for_reader(kLongEnough);
    }
  });
  writer.start();
  std::uint64_t next = 0;
  EXPECT_TRUE(eventually([&] {
    // Only full: the writer sleeps each time.
    if (ring->unread().count < std::min<std::uint64_t>(kCapacity, records - next)) return false;
    for (const Entry& entry : read()) {
      EXPECT_EQ(entry.argument, next);
      ++next;
    }
    return next == records;
  }));
  writer.join();
  EXPECT_EQ(ring->dropped(), 0U);
}

TEST_F(RingTest, TheReaderWakesAWriterThatWaits) {
  for (std::uint32_t i = 0; i < kCapacity; ++i) ASSERT_TRUE(write(i));
  threading::Thread writer([&] {
    write(kCapacity, Policy::wait);
    while (!ring->flush_backlog()) ring->wait_for_reader(kLongEnough);
  });
  writer.start();
  ASSERT_TRUE(eventually([&] { return writer_waits(); }));
  EXPECT_EQ(read().size(), kCapacity);
  writer.join(kLongEnough);
  ASSERT_FALSE(writer.is_alive());
  EXPECT_EQ(read().size(), 1U);
}

}  // namespace
}  // namespace weft::test
