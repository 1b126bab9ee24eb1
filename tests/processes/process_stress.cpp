// Many processes, and processes that are killed at any moment: nothing may be left behind.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "support/scale.h"
#include "weft/errors.h"
#include "weft/multiprocessing/kernel.h"
#include "weft/multiprocessing/layout.h"
#include "weft/multiprocessing/lock.h"
#include "weft/multiprocessing/process.h"
#include "weft/runtime/park.h"
#include "weft/threading/thread.h"

namespace {

using namespace std::chrono_literals;
namespace mp = weft::multiprocessing;
namespace layout = weft::multiprocessing::layout;
using mp::Process;
using weft::test::rounds;

const mp::Entry exit_with("stress.exit_with", [](int code) { throw weft::SystemExit{code}; });
const mp::Entry sleep_long("stress.sleep_long", [] { weft::runtime::sleep_for(1h); });
const mp::Entry take_a_lock("stress.take_a_lock", [](mp::Lock lock) { lock.acquire(); });
const mp::Entry parent_of("stress.parent_of", [](int children) {
  std::vector<Process> all;
  for (int i = 0; i < children; ++i) all.emplace_back(exit_with, 0).start();
});

/// What the kernel keeps of processes, in words: none of it may be left.
std::string slots_in_use() {
  namespace table = weft::platform::process_table;
  namespace shared = weft::platform::shared;
  std::string used;
  for (std::uint32_t slot = 1; slot < table::kSlots; ++slot) {
    const auto at = layout::slot_at(slot);
    const std::uint32_t state = shared::load(at + layout::slot::kState);
    const std::uint32_t claimed = shared::load(at + layout::slot::kClaimed);
    if (state == table::kFree && claimed != layout::slot::kOrphan) continue;
    used += "slot " + std::to_string(slot) + ": process " +
            std::to_string(shared::load(at + layout::slot::kNumber)) + ", state " +
            std::to_string(state) + (claimed == layout::slot::kOrphan ? ", orphan\n" : "\n");
  }
  return used;
}

// Orphans end by themselves, and the kernel is told of it then: what is not gone after that long stays.
constexpr auto kEnough = 20s;

void expect_nothing_left(std::uint32_t bytes_before) {
  EXPECT_TRUE(mp::active_children().empty());
  const auto deadline = weft::runtime::Clock::now() + kEnough;
  while (!slots_in_use().empty() || mp::shared_bytes_used() > bytes_before) {
    if (weft::runtime::Clock::now() >= deadline) {
      ADD_FAILURE() << slots_in_use() << mp::shared_bytes_used() << " bytes, before "
                    << bytes_before;
      return;
    }
    weft::platform::announce_to_kernel();
    weft::runtime::sleep_for(1ms);
  }
}

class ProcessStress : public testing::Test {
 protected:
  void SetUp() override {
    mp::open_kernel();
    // One that was, so that whatever is made once is there.
    Process(exit_with, 0).start();
    bytes_before_ = mp::shared_bytes_used();
  }
  void TearDown() override { expect_nothing_left(bytes_before_); }

 private:
  std::uint32_t bytes_before_ = 0;
};

// In Node a process takes up to 200 ms; the machine's own tests start a thousand in browsers.
#ifdef __EMSCRIPTEN__
constexpr int kOneAfterAnother = 60;
#else
constexpr int kOneAfterAnother = rounds(1000);
#endif

TEST_F(ProcessStress, ManyOneAfterAnother) {
  for (int i = 0; i < kOneAfterAnother; ++i) {
    Process process(exit_with, i % 256);
    process.start();
    process.join();
    ASSERT_EQ(process.exitcode(), i % 256);
  }
}

TEST_F(ProcessStress, SixteenAtOnce) {
  for (int round = 0; round < rounds(10); ++round) {
    std::vector<Process> all;
    for (int i = 0; i < 16; ++i) all.emplace_back(exit_with, i).start();
    for (int i = 0; i < 16; ++i) {
      Process& process = all[static_cast<std::size_t>(i)];
      process.join();
      ASSERT_EQ(process.exitcode(), i);
    }
  }
}

TEST_F(ProcessStress, KilledAtRandomMoments) {
  std::mt19937 random(7);
  for (int i = 0; i < rounds(300); ++i) {
    SCOPED_TRACE(i);
    Process process(exit_with, 3);
    process.start();
    weft::runtime::sleep_for(std::chrono::microseconds(random() % 3000));
    process.kill();
    process.join();
    ASSERT_TRUE(process.exitcode() == -9 || process.exitcode() == 3) << *process.exitcode();
  }
}

TEST_F(ProcessStress, ParentsKilledAtRandomMomentsWhileTheyStartChildren) {
  std::mt19937 random(11);
  for (int i = 0; i < rounds(60); ++i) {
    SCOPED_TRACE(i);
    Process parent(parent_of, 3);
    parent.start();
    weft::runtime::sleep_for(std::chrono::microseconds(random() % 8000));
    parent.kill();
    parent.join();
    ASSERT_TRUE(parent.exitcode() == -9 || parent.exitcode() == 0) << *parent.exitcode();
  }
}

TEST_F(ProcessStress, StartedByManyThreads) {
  std::vector<weft::threading::Thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([i] {
      for (int round = 0; round < rounds(10); ++round) {
        Process process(exit_with, i);
        process.start();
        process.join();
        EXPECT_EQ(process.exitcode(), i);
      }
    });
    threads.back().start();
  }
}

// As many as there may be; the next one is refused with the reason, and room is made by an end.
TEST_F(ProcessStress, MoreThanThereMayBeAreRefused) {
  std::vector<Process> all;
  std::optional<std::string> refused;
  while (!refused) {
    Process process(sleep_long);
    try {
      process.start();
      all.push_back(std::move(process));
    } catch (const weft::RuntimeError& error) {
      refused = error.what();
    }
    ASSERT_LT(all.size(), 64U);
  }
  EXPECT_GE(all.size(), 16U);
  EXPECT_TRUE(refused->starts_with("can't start new process")) << *refused;
  all.back().kill();
  all.back().join();
  Process next(exit_with, 5);
  next.start();
  next.join();
  EXPECT_EQ(next.exitcode(), 5);
  for (Process& process : all) process.kill();
}

#ifndef __EMSCRIPTEN__  // where the machine's own tests make starts fail
TEST_F(ProcessStress, OneThatCannotBeStartedIsToldAndLeavesNothing) {
  constexpr char kName[] = "WEFT_LARGER_THAN_AN_ENVIRONMENT_MAY_BE";
  ASSERT_EQ(setenv(kName, std::string(1 << 20, 'x').c_str(), 1), 0);
  mp::Lock lock;
  Process process(take_a_lock, lock);
  for (int i = 0; i < 3; ++i) {
    try {
      process.start();
      ADD_FAILURE() << "it was started";
    } catch (const weft::RuntimeError& error) {
      EXPECT_STREQ(error.what(), "can't start new process: posix_spawn: Argument list too long");
    }
    EXPECT_FALSE(process.is_alive());
    EXPECT_EQ(process.pid(), std::nullopt);
  }
  ASSERT_EQ(unsetenv(kName), 0);
  process.start();
  process.join();
  EXPECT_EQ(process.exitcode(), 0);
}
#endif

}  // namespace
