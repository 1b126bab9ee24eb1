#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <vector>

#include <gtest/gtest.h>

#include "support/eventually.h"
#include "support/recording.h"
#include "weft/runtime/gil.h"
#include "weft/runtime/point.h"
#include "weft/runtime/session.h"
#include "weft/threading/lock.h"
#include "weft/threading/thread.h"
#include "weft/trace/trace.h"

namespace weft::test {
namespace {

using trace::BacklogState;
using trace::Kind;
using trace::RecordRing;

constexpr auto kTraceFull = static_cast<std::uint32_t>(trace::Reason::trace_full);

/// A traced session on the calling thread, whose rings are read when a test says so.
struct TraceFull : testing::Test {
  // Nobody reads what is left.
  ~TraceFull() override { stop = 1; }

  /// Of the thread that entered the session as the n-th one.
  RecordRing& ring(std::uint32_t n) { return *directory.rings[n].load(); }
  bool has_ring(std::uint32_t n) { return directory.ring_count > n; }
  bool sleeps(std::uint32_t n) {
    return has_ring(n) && ring(n).backlog_state() == BacklogState::records_and_parked;
  }

  Entries read(std::uint32_t n) {
    Entries entries;
    if (has_ring(n)) read_ring(ring(n), entries);
    return entries;
  }

  /// More than the caller's ring has room for, as an operation does that holds locks: without a point.
  void overfill() {
    for (std::uint32_t i = 0; i < RecordRing::kCapacity + 10; ++i) {
      runtime::record(Kind::lock_release, object, i);
    }
  }

  /// Reads a ring until its writer has ended or is not behind any more.
  template <class Done>
  Entries read_until(std::uint32_t n, Done done) {
    Entries all;
    EXPECT_TRUE(eventually([&] {
      const bool last = done();
      for (Entry& entry : read(n)) all.push_back(std::move(entry));
      return last;
    }));
    return all;
  }

  trace::Directory directory;
  std::atomic<std::uint32_t> stop{0};
  trace::Trace trace{directory, stop};
  std::optional<runtime::Session> session{
      runtime::Session::Options{.trace = &trace, .stop = &stop}};
  runtime::Object object{trace::ObjectType::lock};
};

std::vector<Kind> kinds(const Entries& entries) {
  std::vector<Kind> found;
  for (const Entry& entry : entries) found.push_back(entry.kind);
  return found;
}

// An operation that holds a lock of the core notes what it did, and is not kept from giving it back.
TEST_F(TraceFull, NoOperationWaits) {
  overfill();
  EXPECT_EQ(ring(0).backlog_state(), BacklogState::records);
  EXPECT_EQ(ring(0).dropped(), 0U);
}

TEST_F(TraceFull, TheNextPointWaitsForTheReaderAndSaysSo) {
  threading::Lock lock("A");
  std::atomic<bool> done{false};
  threading::Thread writer([&] {
    overfill();
    lock.acquire();
    lock.release();
    done = true;
  });
  writer.start();
  ASSERT_TRUE(eventually([&] { return sleeps(1); }));
  // It sleeps before it takes the lock.
  EXPECT_TRUE(lock.acquire(false));
  lock.release();
  EXPECT_FALSE(done);

  const Entries entries = read_until(1, [&] { return !writer.is_alive(); });
  EXPECT_EQ(ring(1).dropped(), 0U);
  std::uint64_t next = 0;
  for (const Entry& entry : entries) {
    if (entry.kind == Kind::lock_release &&
        entry.object == object.known_id(*runtime::session_thread)) {
      EXPECT_EQ(entry.argument, next++);
    }
  }
  EXPECT_EQ(next, RecordRing::kCapacity + 10);
  const auto found = kinds(entries);
  const auto blocked = std::ranges::find(found, Kind::blocked);
  ASSERT_GE(found.end() - blocked, 5);
  EXPECT_EQ(blocked[1], Kind::unblocked);
  EXPECT_EQ(std::ranges::count(found, Kind::blocked), 1);
  EXPECT_LT(blocked, std::ranges::find(found, Kind::lock_acquire)) << "before it takes the lock";
  EXPECT_EQ(entries[static_cast<std::size_t>(blocked - found.begin())].detail, kTraceFull);
  EXPECT_EQ(found.back(), Kind::thread_end);
  writer.join();
}

// Other threads run while one waits for the reader.
TEST_F(TraceFull, TheGilIsNotHeldMeanwhile) {
  std::atomic<bool> done{false};
  Entries entries;
  threading::Thread reader([&] {
    EXPECT_TRUE(eventually([&] { return sleeps(0); }));  // what was read before would make room
    entries = read_until(0, [&] { return done.load(); });
  });
  // Outside the session: it must not need the GIL.
  runtime::ThreadState* const session_thread = runtime::session_thread;
  runtime::session_thread = nullptr;
  reader.start();
  runtime::session_thread = session_thread;
  {
    const runtime::GilScope gil;
    overfill();
    runtime::checkpoint();
  }
  // The end of the wait may have found the ring full once more.
  while (runtime::session_thread->ring->has_backlog()) runtime::checkpoint();
  done = true;
  reader.join();
  const auto found = kinds(entries);
  const auto blocked = std::ranges::find(found, Kind::blocked);
  ASSERT_GE(blocked - found.begin(), 1);
  ASSERT_GE(found.end() - blocked, 3);
  EXPECT_EQ(blocked[-1], Kind::gil_release);
  EXPECT_EQ(blocked[1], Kind::unblocked);
  EXPECT_EQ(blocked[2], Kind::gil_acquire);
  EXPECT_EQ(entries[static_cast<std::size_t>(blocked - found.begin())].detail, kTraceFull);
}

TEST_F(TraceFull, AThreadThatEndsWaitsUntilAllIsWrittenDown) {
  threading::Thread writer([&] { overfill(); });
  writer.start();
  ASSERT_TRUE(eventually([&] { return sleeps(1); }));
  EXPECT_TRUE(writer.is_alive());
  const Entries entries = read_until(1, [&] { return !writer.is_alive(); });
  EXPECT_EQ(kinds(entries).back(), Kind::thread_end);
  EXPECT_EQ(ring(1).dropped(), 0U);
  writer.join();
}

// Nobody may be left to read.
TEST_F(TraceFull, AStoppedRunDoesNotWait) {
  threading::Thread writer([&] {
    overfill();
    runtime::checkpoint();
  });
  writer.start();
  ASSERT_TRUE(eventually([&] { return sleeps(1); }));
  stop = 1;
  ASSERT_TRUE(eventually([&] { return !writer.is_alive(); }));
  EXPECT_GT(ring(1).dropped(), 10U) << "what had no room is counted";
}

TEST_F(TraceFull, BlobsWaitForRoomAsWell) {
  const std::string blob(RecordRing::kMaxPayload, 'b');
  threading::Thread writer([&] {
    for (int i = 0; i < 4; ++i) runtime::record_payload(Kind::result, 0, 0, 0, blob);
  });
  writer.start();
  const Entries entries = read_until(1, [&] { return !writer.is_alive(); });
  writer.join();
  EXPECT_EQ(std::ranges::count(kinds(entries), Kind::result), 4);
  EXPECT_EQ(ring(1).dropped(), 0U);
}

}  // namespace
}  // namespace weft::test
