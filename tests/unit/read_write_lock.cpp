#include "weft/threading/read_write_lock.h"

#include <atomic>
#include <list>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/background.h"
#include "support/on_another_thread.h"
#include "support/recording.h"
#include "support/well_formed.h"
#include "weft/runtime/session.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using threading::ReadGuard;
using threading::ReadWriteLock;
using threading::WriteGuard;
using trace::Kind;

struct ReadWrite : testing::Test {
  bool can_read() {
    return on_another_thread([&] {
      const bool could = lock.acquire_read(false);
      if (could) lock.release_read();
      return could;
    });
  }
  bool can_write() {
    return on_another_thread([&] {
      const bool could = lock.acquire_write(false);
      if (could) lock.release_write();
      return could;
    });
  }

  const runtime::Session session{runtime::Session::Options{}};
  ReadWriteLock lock;
};

TEST_F(ReadWrite, ManyReadOrOneWrites) {
  EXPECT_TRUE(lock.acquire_read());
  EXPECT_TRUE(can_read());
  EXPECT_FALSE(can_write());
  EXPECT_TRUE(lock.acquire_read(false));
  EXPECT_EQ(lock.readers(), 2U);
  lock.release_read();
  EXPECT_FALSE(can_write());
  lock.release_read();
  EXPECT_TRUE(lock.acquire_write());
  EXPECT_TRUE(lock.is_written());
  EXPECT_FALSE(can_read());
  EXPECT_FALSE(can_write());
  lock.release_write();
  EXPECT_TRUE(can_write());
}

TEST_F(ReadWrite, BadCallsAreRefused) {
  EXPECT_THROW(lock.acquire_read(false, 1s), ValueError);
  EXPECT_THROW(lock.acquire_write(true, -1ns), ValueError);
  EXPECT_THROW(lock.release_read(), RuntimeError);
  EXPECT_THROW(lock.release_write(), RuntimeError);
  lock.acquire_read();
  EXPECT_THROW(lock.release_write(), RuntimeError);
  lock.release_read();
  lock.acquire_write();
  EXPECT_THROW(lock.release_read(), RuntimeError);
  lock.release_write();
}

TEST_F(ReadWrite, TimesOut) {
  lock.acquire_write();
  on_another_thread([&] {
    bool got = true;
    EXPECT_GE(time_of([&] { got = lock.acquire_read(true, 10ms); }), 10ms);
    EXPECT_FALSE(got);
    EXPECT_GE(time_of([&] { got = lock.acquire_write(true, 10ms); }), 10ms);
    EXPECT_FALSE(got);
  });
  lock.release_write();
  EXPECT_TRUE(can_write());
  EXPECT_EQ(lock.readers(), 0U);
}

// Threads that ask in this order, each once the one before waits: "r" and "w". Returns who had it
// together, in the order in which they had it: readers between two writers are sorted.
std::vector<std::string> served(ReadWriteLock& lock, const std::string& asking) {
  std::vector<std::string> groups;
  platform::Mutex mutex;
  std::list<Background> threads;
  lock.acquire_write();
  for (const char use : asking) {
    threads.emplace_back([&, use] {
      if (use == 'r') {
        const ReadGuard guard(lock);
        const std::lock_guard together(mutex);
        if (groups.empty() || groups.back()[0] == 'w') groups.emplace_back();
        groups.back() += 'r';
      } else {
        const WriteGuard guard(lock);
        groups.emplace_back("w");
      }
    });
    EXPECT_TRUE(threads.back().falls_asleep());
  }
  lock.release_write();
  for (Background& thread : threads) EXPECT_TRUE(thread.ends());
  return groups;
}

TEST_F(ReadWrite, IsFairFirstComeFirstServed) {
  EXPECT_EQ(served(lock, "rrwrwwrr"), (std::vector<std::string>{"rr", "w", "r", "w", "w", "rr"}));
  EXPECT_EQ(served(lock, "wrrr"), (std::vector<std::string>{"w", "rrr"}));
}

TEST_F(ReadWrite, AReaderDoesNotOvertakeAWriterThatWaits) {
  lock.acquire_read();
  Background writer([&] { const WriteGuard guard(lock); });
  ASSERT_TRUE(writer.falls_asleep());
  EXPECT_FALSE(can_read());
  Background reader([&] { const ReadGuard guard(lock); });
  ASSERT_TRUE(reader.falls_asleep());
  lock.release_read();
  EXPECT_TRUE(writer.ends());
  EXPECT_TRUE(reader.ends());
}

TEST_F(ReadWrite, AWriterThatGivesUpLetsTheReadersBehindItThrough) {
  lock.acquire_read();
  Background writer([&] { EXPECT_FALSE(lock.acquire_write(true, 20ms)); });
  ASSERT_TRUE(writer.falls_asleep());
  Background reader([&] { const ReadGuard guard(lock); });
  EXPECT_TRUE(writer.ends());
  EXPECT_TRUE(reader.ends()) << "though the first one still reads";
  lock.release_read();
}

TEST_F(ReadWrite, ReadersReadTogether) {
  constexpr int kReaders = 4;
  std::atomic<int> inside{0};
  std::list<Background> readers;
  for (int i = 0; i < kReaders; ++i) {
    readers.emplace_back([&] {
      const ReadGuard guard(lock);
      ++inside;
      EXPECT_TRUE(eventually([&] { return inside == kReaders; }));
    });
  }
  for (Background& reader : readers) EXPECT_TRUE(reader.ends());
}

TEST_F(ReadWrite, GuardsReleaseOnException) {
  EXPECT_THROW(
      {
        const ReadGuard guard(lock);
        throw std::runtime_error("inside");
      },
      std::runtime_error);
  EXPECT_THROW(
      {
        const WriteGuard guard(lock);
        throw std::runtime_error("inside");
      },
      std::runtime_error);
  EXPECT_TRUE(can_write());
}

TEST(ReadWriteRecords, TellHowManyRead) {
  Recording recording;
  {
    ReadWriteLock lock("table");
    lock.acquire_read();
    lock.acquire_read();
    lock.release_read();
    Background writer([&] { const WriteGuard guard(lock); });
    ASSERT_TRUE(writer.falls_asleep());
    lock.release_read();
    EXPECT_TRUE(writer.ends());
  }
  const auto& entries = recording.finish();
  EXPECT_EQ(complaints(entries), kNone);
  std::vector<std::pair<Kind, std::uint64_t>> seen;
  for (const auto& [object, records] : by_object(entries)) {
    for (const Entry& entry : records) {
      if (entry.kind >= Kind::read_acquire && entry.kind <= Kind::write_release) {
        seen.emplace_back(entry.kind, entry.argument);
      }
    }
  }
  const std::vector<std::pair<Kind, std::uint64_t>> expected{
      {Kind::read_acquire, 1}, {Kind::read_acquire, 2},  {Kind::read_release, 1},
      {Kind::read_release, 0}, {Kind::write_acquire, 0}, {Kind::write_release, 0}};
  EXPECT_EQ(seen, expected);
}

}  // namespace
}  // namespace weft::test
