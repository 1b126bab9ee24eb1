#include "weft/runtime/wait_queue.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <memory>

#include "support/background.h"
#include "weft/queue/lifo_queue.h"
#include "weft/queue/queue.h"
#include "weft/runtime/session.h"
#include "weft/threading/barrier.h"
#include "weft/threading/condition.h"
#include "weft/threading/event.h"
#include "weft/threading/guard.h"
#include "weft/threading/lock.h"
#include "weft/threading/read_write_lock.h"
#include "weft/threading/rlock.h"
#include "weft/threading/semaphore.h"

namespace weft::test {
namespace {

#if GTEST_HAS_DEATH_TEST

class NativeDestroyedWhileWaitedFor : public testing::Test {
 protected:
  NativeDestroyedWhileWaitedFor() { GTEST_FLAG_SET(death_test_style, "threadsafe"); }

  /// Destroys what another thread waits for.
  template <class Primitive, class Wait>
  static void destroy(std::unique_ptr<Primitive> primitive, Wait wait) {
    const runtime::Session session({});
    Background waiting([&] { wait(*primitive); });
    if (waiting.falls_asleep()) primitive.reset();
    std::_Exit(0);  // what must not be reached
  }
};

constexpr const char* kMessage = "weft: what a thread waits for was destroyed: the program ends";

TEST_F(NativeDestroyedWhileWaitedFor, Event) {
  EXPECT_DEATH(destroy(std::make_unique<threading::Event>(), [](auto& event) { event.wait(); }),
               kMessage);
}

TEST_F(NativeDestroyedWhileWaitedFor, Condition) {
  EXPECT_DEATH(destroy(std::make_unique<threading::Condition>(),
                       [](auto& condition) {
                         const threading::Guard guard(condition);
                         condition.wait();
                       }),
               kMessage);
}

TEST_F(NativeDestroyedWhileWaitedFor, Semaphore) {
  EXPECT_DEATH(destroy(std::make_unique<threading::Semaphore>(0),
                       [](auto& semaphore) { semaphore.acquire(); }),
               kMessage);
}

TEST_F(NativeDestroyedWhileWaitedFor, Barrier) {
  EXPECT_DEATH(
      destroy(std::make_unique<threading::Barrier>(2), [](auto& barrier) { barrier.wait(); }),
      kMessage);
}

TEST_F(NativeDestroyedWhileWaitedFor, ReadWriteLock) {
  auto lock = std::make_unique<threading::ReadWriteLock>();
  lock->acquire_read();
  EXPECT_DEATH(destroy(std::move(lock), [](auto& written) { written.acquire_write(); }), kMessage);
}

TEST_F(NativeDestroyedWhileWaitedFor, Lock) {
  auto lock = std::make_unique<threading::Lock>();
  lock->acquire();
  EXPECT_DEATH(destroy(std::move(lock), [](auto& held) { held.acquire(); }), kMessage);
}

TEST_F(NativeDestroyedWhileWaitedFor, RLock) {
  auto lock = std::make_unique<threading::RLock>();
  lock->acquire();
  EXPECT_DEATH(destroy(std::move(lock), [](auto& held) { held.acquire(); }), kMessage);
}

TEST_F(NativeDestroyedWhileWaitedFor, Queues) {
  EXPECT_DEATH(destroy(std::make_unique<queue::Queue<int>>(), [](auto& items) { items.get(); }),
               kMessage);
  EXPECT_DEATH(destroy(std::make_unique<queue::LifoQueue<int>>(), [](auto& items) { items.get(); }),
               kMessage);
}

// As a daemon may wait, which ends with the process.
void end_while_waited_for() {
  static threading::Event event;
  static const auto* const session = new runtime::Session({});
  static const auto* const waiting = new Background([] { event.wait(); });
  std::exit(session->live_threads() == 2 && waiting->falls_asleep() ? 0 : 1);
}

TEST_F(NativeDestroyedWhileWaitedFor, AtTheEndOfTheProcessItIsNoMatter) {
  EXPECT_EXIT(end_while_waited_for(), testing::ExitedWithCode(0), "");
}

#endif

}  // namespace
}  // namespace weft::test
