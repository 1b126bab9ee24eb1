#include "weft/runtime/point.h"

#include <algorithm>
#include <string>

#include <gtest/gtest.h>

#include "support/recording.h"
#include "support/well_formed.h"
#include "weft/threading/lock.h"
#include "weft/threading/thread.h"

namespace weft::test {
namespace {

using namespace runtime;
using trace::Kind;

TEST(Point, DoesNothingOutsideASession) {
  threading::Lock lock;
  point(Kind::lock_acquire, lock.object());
  checkpoint();
  record(Kind::lock_acquire, lock.object());
  record_exactly(Kind::lock_release, lock.object());
  record_unordered(Kind::progress, 1);
  record_payload(Kind::console, 1, 1, 0, "unheard");
  EXPECT_FALSE(traced());
  EXPECT_EQ(intern("unheard"), 0U);
}

TEST(Point, OnlyAnnounces) {
  Recording recording;
  threading::Lock lock;
  point(Kind::lock_acquire, lock.object());
  checkpoint();
  EXPECT_EQ(recording.finish().size(), 1U) << "more than the main thread's name";
}

TEST(Note, CarriesEverything) {
  Recording recording;
  threading::Lock lock;
  record(Kind::shared_store, lock.object(), 0x1'0000'0002, 3);
  record_exactly(Kind::queue_get, lock.object(), 4, 5);
  record_unordered(Kind::progress, std::uint64_t{9} << 32 | 8, 7);
  record_payload(Kind::tile, 11, 12, 13, std::string("a\0b", 3));
  const auto& entries = recording.finish();

  const Entry put = of_kind(entries, Kind::shared_store).at(0);
  EXPECT_EQ(put.argument, 0x1'0000'0002U);
  EXPECT_EQ(put.detail, 3U);
  EXPECT_EQ(put.sequence, 1U);
  EXPECT_EQ(put.thread, 1U);
  const Entry get = of_kind(entries, Kind::queue_get).at(0);
  EXPECT_EQ(get.argument, 4U);
  EXPECT_EQ(get.detail, 5U);
  EXPECT_EQ(get.sequence, 2U);
  EXPECT_EQ(get.object, put.object);
  const Entry progress = of_kind(entries, Kind::progress).at(0);
  EXPECT_EQ(progress.argument, std::uint64_t{9} << 32 | 8);
  EXPECT_EQ(progress.detail, 7U);
  EXPECT_EQ(progress.object, 0U);
  EXPECT_EQ(progress.sequence, 0U);
  const Entry tile = of_kind(entries, Kind::tile).at(0);
  EXPECT_EQ(tile.payload, std::string("a\0b", 3));
  EXPECT_EQ(tile.object, 11U);
  EXPECT_EQ(tile.sequence, 12U);
  EXPECT_EQ(tile.detail, 13U);
}

TEST(Note, APayloadThatIsTooLongIsCut) {
  Recording recording;
  record_payload(Kind::console, 1, 1, 0, std::string(trace::RecordRing::kMaxPayload + 100, 'x'));
  EXPECT_EQ(payloads(recording.finish(), Kind::console),
            std::vector<std::string>{std::string(trace::RecordRing::kMaxPayload, 'x')});
}

TEST(Note, TimesInAThreadNeverGoBackAndExactOnesAreFresh) {
  Recording recording;
  threading::Lock lock;
  constexpr auto kStep = std::chrono::milliseconds(2);
  const Time start = Clock::now();
  for (int i = 0; i < 2'000; ++i) record(Kind::event_set, lock.object());
  sleep_for(kStep);
  record_exactly(Kind::event_clear, lock.object());
  const std::uint64_t latest = recording.session().nanoseconds(Clock::now());
  const std::uint64_t earliest = recording.session().nanoseconds(start + kStep);
  const auto& entries = recording.finish();
  EXPECT_EQ(complaints(entries), kNone);
  const Entry exact = of_kind(entries, Kind::event_clear).at(0);
  EXPECT_GE(exact.time, earliest);
  EXPECT_LE(exact.time, latest);
}

TEST(Intern, IsOneNumberForOneText) {
  Recording recording;
  const std::uint32_t here = intern("same");
  std::uint32_t there = 0;
  threading::Thread thread([&] { there = intern("same"); });
  thread.start();
  thread.join();
  EXPECT_NE(here, 0U);
  EXPECT_EQ(here, there);
  const auto texts = payloads(recording.finish(), Kind::string);  // and of places in the source
  EXPECT_EQ(std::ranges::count(texts, "same"), 1);
}

}  // namespace
}  // namespace weft::test
