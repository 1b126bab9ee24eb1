// The shared memory: pieces of it, objects and who holds them.
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <random>
#include <vector>

#include "weft/errors.h"
#include "weft/ipc/object_table.h"
#include "weft/ipc/shared_allocator.h"
#include "weft/ipc/supervisor.h"
#include "weft/multiprocessing/process.h"
#include "weft/platform/futex.h"

namespace {

using namespace std::chrono_literals;
namespace ipc = weft::ipc;
namespace mp = weft::multiprocessing;
namespace shared = weft::platform::shared;
using weft::ipc::ObjectHandle;
using weft::ipc::SharedAllocator;

constexpr std::uint32_t kBytes = 1 << 20;

TEST(SharedAllocation, PiecesDoNotOverlapAndComeBack) {
  const ipc::NewObject room = ipc::create_object(ipc::ObjectKind::test, kBytes, {.name = "room"});
  SharedAllocator allocator(room.ref.data(), room.ref.data() + kBytes);
  std::mt19937 random(3);
  std::map<shared::Offset, std::uint32_t> taken;
  for (int i = 0; i < 2000; ++i) {
    if (taken.empty() || random() % 3 != 0) {
      const auto bytes = static_cast<std::uint32_t>(1 + random() % 5000);
      const auto place = allocator.allocate(bytes);
      if (!place) continue;
      ASSERT_EQ(*place % SharedAllocator::kAlignment, 0U);
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
      allocator.free(victim->first);
      taken.erase(victim);
    }
  }
  for (const auto& [place, bytes] : taken) allocator.free(place);
  EXPECT_EQ(allocator.used(), 0U);
  // All in one piece again.
  EXPECT_TRUE(allocator.allocate(kBytes - SharedAllocator::kAlignment).has_value());
}

TEST(SharedAllocation, WhatIsTooLargeIsRefused) {
  const ipc::NewObject room = ipc::create_object(ipc::ObjectKind::test, kBytes, {.name = "room"});
  SharedAllocator allocator(room.ref.data(), room.ref.data() + kBytes);
  EXPECT_FALSE(allocator.allocate(kBytes + 1).has_value());
  EXPECT_FALSE(allocator.allocate(0xffff'ffff).has_value());
  EXPECT_EQ(allocator.used(), 0U);
}

/// What the supervisor has reported of objects of the kind `test`; roles only of objects whose
/// first word is 1, as those of earlier tests may be destroyed late.
struct Notifications {
  std::atomic<std::uint32_t> count{0};
  std::atomic<std::uint32_t> unreferenced{0};  // bits: roles
  std::atomic<std::uint32_t> dead{0};          // the number of a process
};
Notifications notifications;

void notify() noexcept {
  notifications.count.fetch_add(1);
  weft::platform::futex_wake(notifications.count, weft::platform::kAllWaiters);
}

const ipc::RegisterCleanupHooks hooks(ipc::ObjectKind::test,
                                      {[](ipc::ObjectRef object, std::uint32_t role) noexcept {
                                         if (shared::load(object.data()) != 1) return;
                                         notifications.unreferenced.fetch_or(1U << role);
                                         notify();
                                       },
                                       [](ipc::ObjectRef,
                                          const ipc::DeadProcess& process) noexcept {
                                         notifications.dead.store(process.number);
                                         notify();
                                       }});

template <class Condition>
void wait_until(Condition condition) {
  for (;;) {
    const std::uint32_t seen = notifications.count.load();
    if (condition()) return;
    weft::platform::futex_wait(notifications.count, seen);
  }
}

ipc::NewObject create_watched(std::uint32_t roles) {
  ipc::NewObject made = ipc::create_object(ipc::ObjectKind::test, 64, {}, roles);
  shared::store(made.ref.data(), 1);
  return made;
}

class SharedObjects : public testing::Test {
 protected:
  void SetUp() override {
    notifications.unreferenced.store(0);
    notifications.dead.store(0);
  }
};

TEST_F(SharedObjects, NumbersAreNeverUsedAgain) {
  // The second may get the first one's place in the table.
  const std::uint32_t first =
      ipc::create_object(ipc::ObjectKind::test, 64, {.name = "first"}).ref.number();
  const std::uint32_t second = ipc::create_object(ipc::ObjectKind::test, 64).ref.number();
  EXPECT_GE(first, weft::trace::kFirstSharedObject);
  EXPECT_GT(second, first);
}

TEST_F(SharedObjects, TheNameIsKept) {
  const auto made = ipc::create_object(ipc::ObjectKind::test, 64, {.name = "a name"});
  EXPECT_EQ(made.ref.name(), "a name");
  EXPECT_EQ(made.ref.bytes(), 64U);
  EXPECT_EQ(made.ref.kind(), ipc::ObjectKind::test);
}

TEST_F(SharedObjects, TheLastHandleOfARoleIsReportedAndTheLastOfAllEndsTheObject) {
  ipc::NewObject made = create_watched(2);
  ObjectHandle copy = made.handles[0];
  made.handles[0].reset();
  copy.reset();
  wait_until([] { return notifications.unreferenced.load() == 1; });
  EXPECT_TRUE(made.ref.exists());
  made.handles[1].reset();
  wait_until([] { return notifications.unreferenced.load() == 3; });
  while (made.ref.exists()) weft::runtime::sleep_for(1ms);
}

/// A handle as those of Connection, Queue and the like.
struct Handle {
  ObjectHandle handle;
};
void serialise(mp::Archive& archive, Handle& handle) { archive.handle(handle.handle); }

const mp::Entry hold_for_ever("objects.hold_for_ever",
                              [](const Handle&) { weft::runtime::sleep_for(1h); });

TEST_F(SharedObjects, AProcessThatIsKilledHoldsNothingAnyMore) {
  ipc::NewObject made = create_watched(1);
  mp::Process process(hold_for_ever, Handle{std::move(made.handles[0])});
  process.start();
  const std::uint32_t number = process.number().value();
  EXPECT_TRUE(made.ref.exists());
  process.kill();
  process.join();
  EXPECT_EQ(notifications.dead.load(), number);
  EXPECT_TRUE(made.ref.exists());  // the arguments are kept
  process.close();
  wait_until([] { return notifications.unreferenced.load() == 1; });
}

TEST_F(SharedObjects, AHandleInAMessageHoldsTheObject) {
  ObjectHandle handle = std::move(create_watched(1).handles[0]);
  mp::Bytes message = mp::to_bytes(Handle{handle});
  // Received: it is there as long as it is held.
  Handle received = mp::from_bytes<Handle>(message);
  handle.reset();
  EXPECT_TRUE(received.handle.ref().exists());
  EXPECT_EQ(notifications.unreferenced.load(), 0U);
  received.handle.reset();
  wait_until([] { return notifications.unreferenced.load() == 1; });
}

}  // namespace
