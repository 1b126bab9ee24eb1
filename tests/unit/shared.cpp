#include "weft/shared.h"

#include <gtest/gtest.h>

#include <bit>

#include "support/recording.h"
#include "support/scale.h"
#include "support/well_formed.h"
#include "weft/threading/thread.h"

namespace weft::test {
namespace {

using trace::Kind;

TEST(Shared, IsAVariable) {
  Shared<int> x(3);
  EXPECT_EQ(x, 3);
  x = 4;
  x += 2;
  x -= 1;
  ++x;
  --x;
  EXPECT_EQ(x.load(), 5);
  Shared<int> y;
  EXPECT_EQ(y, 0);
  y = x;
  EXPECT_EQ(y, 5);
  y += x;
  EXPECT_EQ(y, 10);
}

TEST(Shared, OfOtherTypes) {
  Shared<double> real(0.5);
  real += 1;
  EXPECT_EQ(real, 1.5);
  Shared<bool> flag(false);
  flag = true;
  EXPECT_TRUE(flag);
  struct Pair {
    std::int32_t a, b;
  };
  Shared<Pair> pair(Pair{1, 2});
  pair.store({3, 4});
  EXPECT_EQ(pair.load().b, 4);
}

TEST(Shared, EveryAccessIsRecordedWithItsValue) {
  Recording recording;
  Shared<std::int32_t> x(7, "x");
  Shared<double> real(0);
  x += -8;
  real = 2.5;
  const auto& entries = recording.finish();
  EXPECT_EQ(complaints(entries), kNone);
  EXPECT_EQ(payloads(entries, Kind::object_name), (std::vector<std::string>{"x", "Shared-1"}));
  const auto loads = of_kind(entries, Kind::shared_load);
  const auto stores = of_kind(entries, Kind::shared_store);
  ASSERT_EQ(loads.size(), 1U);
  ASSERT_EQ(stores.size(), 2U);
  EXPECT_EQ(loads[0].argument, 7U);
  EXPECT_EQ(loads[0].sequence, 1U);
  EXPECT_EQ(stores[0].argument, 0xffffffffU) << "-1 in four bytes";
  EXPECT_EQ(stores[0].sequence, 2U);
  EXPECT_EQ(stores[1].argument, std::bit_cast<std::uint64_t>(2.5));
}

TEST(Shared, OrNot) {
  Recording recording;
  Shared<int> x(0, {.name = "x", .recorded = Recorded::no});
  x += 1;
  EXPECT_EQ(x, 1);
  const auto& entries = recording.finish();
  EXPECT_TRUE(of_kind(entries, Kind::shared_load).empty());
  EXPECT_TRUE(of_kind(entries, Kind::shared_store).empty());
}

TEST(Shared, AStoppedRunStopsAtEachAccess) {
  runtime::Session session({});
  Shared<int> x(1);
  Shared<int> unrecorded(1, {.recorded = Recorded::no});
  session.stop();
  EXPECT_THROW(x.load(), runtime::Stopped);
  EXPECT_THROW(x.store(2), runtime::Stopped);
  EXPECT_THROW(unrecorded += 1, runtime::Stopped);
}

// Replaying the stores in the order of their numbers gives what each load got.
TEST(Shared, RecordsTellTheOrderInWhichItHappened) {
  Recording recording;
  Shared<std::uint32_t> x(0, "x");
  const int each = rounds(3000);
  const auto change = [&] {
    for (int i = 0; i < each; ++i) x += 1;
  };
  {
    threading::Thread first(change);
    threading::Thread second(change);
    threading::Thread third(change);
    first.start();
    second.start();
    third.start();
  }
  const std::uint32_t last = x.load();
  const auto& entries = recording.finish();
  EXPECT_EQ(complaints(entries), kNone);
  std::uint64_t value = 0;
  int wrong = 0;
  for (const auto& [object, records] : by_object(entries)) {
    for (const Entry& entry : records) {
      if (entry.kind == Kind::shared_store) value = entry.argument;
      if (entry.kind == Kind::shared_load && entry.argument != value) ++wrong;
    }
  }
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(value, last);
  EXPECT_LE(last, static_cast<std::uint32_t>(3 * each));
}

}  // namespace
}  // namespace weft::test
