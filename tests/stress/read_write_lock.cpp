#include "weft/threading/read_write_lock.h"

#include <atomic>
#include <list>

#include <gtest/gtest.h>

#include "support/crowd.h"
#include "support/eventually.h"
#include "support/recording.h"
#include "support/rest.h"
#include "support/well_formed.h"

namespace weft::test {
namespace {

using namespace std::chrono_literals;
using threading::ReadGuard;
using threading::ReadWriteLock;
using threading::WriteGuard;
using trace::Kind;

TEST(ReadWriteStress, ReadersSeeWholeWrites) {
  ReadWriteLock lock;
  long left = 0;  // no atomics: the lock has to keep them right
  long right = 0;
  std::atomic<int> writers{0};
  const int turns = rounds(5'000);
  crowd([&](int number) {
    if (number % 4 == 0) ++writers;
    for (int i = 0; i < turns; ++i) {
      if (number % 4 == 0) {
        const WriteGuard guard(lock);
        ++left;
        ++right;
      } else {
        const ReadGuard guard(lock);
        ASSERT_EQ(left, right);
      }
    }
  });
  EXPECT_EQ(left, static_cast<long>(writers) * turns);
  EXPECT_EQ(lock.readers(), 0U);
  EXPECT_FALSE(lock.is_written());
}

TEST(ReadWriteStress, SomeGiveUp) {
  ReadWriteLock lock;
  long written = 0;
  std::atomic<long> expected{0};
  crowd([&](int number) {
    for (int i = 0; i < rounds(3'000); ++i) {
      const auto patience = std::chrono::microseconds(i % 50);
      if (number % 2 == 0) {
        if (!lock.acquire_write(true, patience)) continue;
        ++written;
        lock.release_write();
        ++expected;
      } else if (lock.acquire_read(true, patience)) {
        ASSERT_GE(written, 0);
        lock.release_read();
      }
    }
  });
  EXPECT_EQ(written, expected);
  EXPECT_TRUE(lock.acquire_write(false)) << "somebody left it locked";
  lock.release_write();
}

// A writer gets its turn though readers come without end, and the other way round.
TEST(ReadWriteStress, NobodyStarves) {
  ReadWriteLock lock;
  std::atomic<bool> done{false};
  std::atomic<int> writers_served{0};
  std::atomic<int> readers_served{0};
  const int turns = rounds(500);
  crowd([&](int number) {
    if (number == 0) {
      while (writers_served < turns || readers_served == 0) {  // readers may come late
        const WriteGuard guard(lock);
        ++writers_served;
      }
      done = true;
    } else {
      while (!done) {
        const ReadGuard guard(lock);
        ++readers_served;
      }
    }
  });
  EXPECT_GE(writers_served, turns);
  EXPECT_GT(readers_served, 0);
}

TEST(ReadWriteStress, TheRecordsAddUp) {
  Recording recording;
  {
    ReadWriteLock lock;
    crowd([&](int number) {
      for (int i = 0; i < rounds(1'000); ++i) {
        if ((number + i) % 4 == 0) {
          const WriteGuard guard(lock);
        } else {
          const ReadGuard guard(lock);
        }
      }
    });
  }
  const auto& entries = recording.finish();
  EXPECT_EQ(complaints(entries), kNone);
  std::uint64_t readers = 0;
  bool written = false;
  for (const auto& [object, records] : by_object(entries)) {
    for (const Entry& entry : records) {
      switch (entry.kind) {
        case Kind::read_acquire:
          ASSERT_FALSE(written);
          ASSERT_EQ(entry.argument, ++readers);
          break;
        case Kind::read_release: ASSERT_EQ(entry.argument, --readers); break;
        case Kind::write_acquire:
          ASSERT_FALSE(written);
          ASSERT_EQ(readers, 0U);
          written = true;
          break;
        case Kind::write_release:
          ASSERT_TRUE(written);
          written = false;
          break;
        default: break;
      }
    }
  }
  EXPECT_FALSE(written);
  EXPECT_EQ(readers, 0U);
}

TEST(ReadWriteStress, StoppedInTheMiddle) {
  for (int i = 0; i < rounds(100); ++i) {
    Recording recording;
    {
      ReadWriteLock lock;
      std::atomic<int> turns{0};
      std::list<threading::Thread> threads;
      for (int n = 0; n < 8; ++n) {
        threads.emplace_back([&, n] {
          for (;; ++turns) {
            rest_after(turns);
            if (n % 4 == 0) {
              const WriteGuard guard(lock);
            } else {
              const ReadGuard guard(lock);
            }
          }
        });
        threads.back().start();
      }
      ASSERT_TRUE(eventually([&] { return turns > 10 * (i % 10); }));
      recording.stop();
      for (threading::Thread& thread : threads) {
        ASSERT_TRUE(eventually([&] { return !thread.is_alive(); })) << "round " << i;
      }
    }
    ASSERT_EQ(complaints_of_stopped(recording), kNone);
  }
}

}  // namespace
}  // namespace weft::test
