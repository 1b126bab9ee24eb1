// The shared memory: pieces of it, objects and who holds them.
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <random>
#include <vector>

#include "weft/errors.h"
#include "weft/multiprocessing/heap.h"
#include "weft/multiprocessing/kernel.h"
#include "weft/multiprocessing/object_table.h"
#include "weft/multiprocessing/process.h"
#include "weft/platform/futex.h"

namespace {

using namespace std::chrono_literals;
namespace mp = weft::multiprocessing;
namespace shared = weft::platform::shared;
using mp::Heap;
using mp::Hold;

constexpr std::uint32_t kBytes = 1 << 20;

TEST(SharedHeap, PiecesDoNotOverlapAndComeBack) {
  const mp::NewObject room = mp::create_object(mp::ObjectKind::test, kBytes, "room");
  Heap heap(room.ref.data(), room.ref.data() + kBytes);
  std::mt19937 random(3);
  std::map<shared::Offset, std::uint32_t> taken;
  for (int i = 0; i < 2000; ++i) {
    if (taken.empty() || random() % 3 != 0) {
      const auto bytes = static_cast<std::uint32_t>(1 + random() % 5000);
      const auto place = heap.allocate(bytes);
      if (!place) continue;
      ASSERT_EQ(*place % Heap::kAlignment, 0U);
      ASSERT_GE(*place, room.ref.data());
      ASSERT_LE(*place + bytes, room.ref.data() + kBytes);
      const auto next = taken.lower_bound(*place);
      if (next != taken.end()) {
        ASSERT_LE(*place + bytes, next->first);
      }
      if (next != taken.begin()) {
        ASSERT_LE(std::prev(next)->first + std::prev(next)->second, *place);
      }
      ASSERT_EQ(shared::load(*place), 0U);
      shared::store(*place, 0xffff'ffff);
      taken.emplace(*place, bytes);
    } else {
      const auto victim = std::next(taken.begin(), static_cast<long>(random() % taken.size()));
      heap.free(victim->first);
      taken.erase(victim);
    }
  }
  for (const auto& [place, bytes] : taken) heap.free(place);
  EXPECT_EQ(heap.used(), 0U);
  // All in one piece again.
  EXPECT_TRUE(heap.allocate(kBytes - Heap::kAlignment).has_value());
}

TEST(SharedHeap, WhatIsTooLargeIsRefused) {
  const mp::NewObject room = mp::create_object(mp::ObjectKind::test, kBytes, "room");
  Heap heap(room.ref.data(), room.ref.data() + kBytes);
  EXPECT_FALSE(heap.allocate(kBytes + 1).has_value());
  EXPECT_FALSE(heap.allocate(0xffff'ffff).has_value());
  EXPECT_EQ(heap.used(), 0U);
}

/// What the kernel told of objects of the kind `test`, but of roles only if the object's first word is 1:
/// those of earlier tests may be ended late. Changes are told.
struct Told {
  std::atomic<std::uint32_t> count{0};
  std::atomic<std::uint32_t> unheld{0};  // bits: roles
  std::atomic<std::uint32_t> dead{0};    // the number of a process
};
Told told;

void note_told() noexcept {
  told.count.fetch_add(1);
  weft::platform::futex_wake(told.count, weft::platform::kAllWaiters);
}

const mp::RegisterBehaviour behaviour(
    mp::ObjectKind::test, {[](mp::ObjectRef object, std::uint32_t role) noexcept {
                             if (shared::load(object.data()) != 1) return;
                             told.unheld.fetch_or(1U << role);
                             note_told();
                           },
                           [](mp::ObjectRef, const mp::DeadProcess& process) noexcept {
                             told.dead.store(process.number);
                             note_told();
                           }});

template <class Condition>
void wait_until(Condition condition) {
  for (;;) {
    const std::uint32_t seen = told.count.load();
    if (condition()) return;
    weft::platform::futex_wait(told.count, seen);
  }
}

mp::NewObject create_watched(std::uint32_t roles) {
  mp::NewObject made = mp::create_object(mp::ObjectKind::test, 64, "", roles);
  shared::store(made.ref.data(), 1);
  return made;
}

class SharedObjects : public testing::Test {
 protected:
  void SetUp() override {
    told.unheld.store(0);
    told.dead.store(0);
  }
};

TEST_F(SharedObjects, NumbersAreNeverUsedAgain) {
  // The second may get the first one's place in the table.
  const std::uint32_t first = mp::create_object(mp::ObjectKind::test, 64, "first").ref.number();
  const std::uint32_t second = mp::create_object(mp::ObjectKind::test, 64, "").ref.number();
  EXPECT_GE(first, weft::trace::kFirstSharedObject);
  EXPECT_GT(second, first);
}

TEST_F(SharedObjects, TheNameIsKept) {
  const auto made = mp::create_object(mp::ObjectKind::test, 64, "a name");
  EXPECT_EQ(made.ref.name(), "a name");
  EXPECT_EQ(made.ref.bytes(), 64U);
  EXPECT_EQ(made.ref.kind(), mp::ObjectKind::test);
}

TEST_F(SharedObjects, TheLastHoldOfARoleIsToldAndTheLastOfAllEndsTheObject) {
  mp::NewObject made = create_watched(2);
  Hold copy = made.holds[0];
  made.holds[0].reset();
  copy.reset();
  wait_until([] { return told.unheld.load() == 1; });
  EXPECT_TRUE(made.ref.exists());
  made.holds[1].reset();
  wait_until([] { return told.unheld.load() == 3; });
  while (made.ref.exists()) weft::runtime::sleep_for(1ms);
}

/// A handle as those of Connection, Queue and the like.
struct Handle {
  Hold hold;
};
void serialise(mp::Archive& archive, Handle& handle) { archive.hold(handle.hold); }

const mp::Entry hold_for_ever("objects.hold_for_ever",
                              [](const Handle&) { weft::runtime::sleep_for(1h); });

TEST_F(SharedObjects, AProcessThatIsKilledHoldsNothingAnyMore) {
  mp::NewObject made = create_watched(1);
  mp::Process process(hold_for_ever, Handle{std::move(made.holds[0])});
  process.start();
  const std::uint32_t number = process.number().value();
  EXPECT_TRUE(made.ref.exists());
  process.kill();
  process.join();
  EXPECT_EQ(told.dead.load(), number);
  EXPECT_TRUE(made.ref.exists());  // the arguments are kept
  process.close();
  wait_until([] { return told.unheld.load() == 1; });
}

TEST_F(SharedObjects, AHandleInAMessageHoldsTheObject) {
  Hold hold = std::move(create_watched(1).holds[0]);
  mp::Bytes message = mp::to_bytes(Handle{hold});
  // Received: it is there as long as it is held.
  Handle received = mp::from_bytes<Handle>(message);
  hold.reset();
  EXPECT_TRUE(received.hold.ref().exists());
  EXPECT_EQ(told.unheld.load(), 0U);
  received.hold.reset();
  wait_until([] { return told.unheld.load() == 1; });
}

}  // namespace
