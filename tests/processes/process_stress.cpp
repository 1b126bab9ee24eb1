// Many processes, and processes that are killed at any moment: nothing may be left behind.
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <random>
#include <vector>

#include "support/scale.h"
#include "weft/errors.h"
#include "weft/multiprocessing/kernel.h"
#include "weft/multiprocessing/layout.h"
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
const mp::Entry spin("stress.spin", [] {
  volatile bool forever = true;
  while (forever) {
  }
});
const mp::Entry parent_of("stress.parent_of", [](int children) {
  std::vector<Process> all;
  for (int i = 0; i < children; ++i) all.emplace_back(exit_with, 0).start();
});

/// What the kernel keeps of processes: none of it may be left.
std::uint32_t slots_in_use() {
  namespace table = weft::platform::process_table;
  std::uint32_t used = 0;
  for (std::uint32_t slot = 1; slot < table::kSlots; ++slot) {
    const auto at = layout::slot_at(slot);
    used += weft::platform::shared::load(at + layout::slot::kState) != table::kFree ||
            weft::platform::shared::load(at + layout::slot::kClaimed) == layout::slot::kOrphan;
  }
  return used;
}

void expect_nothing_left(std::uint32_t bytes_before) {
  EXPECT_TRUE(mp::active_children().empty());
  // Orphans end by themselves, and the kernel is told of it then.
  while (slots_in_use() != 0 || mp::shared_bytes_used() > bytes_before) {
    weft::platform::announce_to_kernel();
    weft::runtime::sleep_for(1ms);
  }
}

// What does not end yet when the machine hosts it in Node, where a process takes 40 ms to start.
#ifdef __EMSCRIPTEN__
#define WEFT_NATIVE_ONLY() GTEST_SKIP() << "runs natively only, as yet"
#else
#define WEFT_NATIVE_ONLY() static_cast<void>(0)
#endif

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

TEST_F(ProcessStress, AThousandOneAfterAnother) {
  WEFT_NATIVE_ONLY();
  for (int i = 0; i < rounds(1000); ++i) {
    Process process(exit_with, i % 256);
    process.start();
    process.join();
    ASSERT_EQ(process.exitcode(), i % 256);
  }
}

TEST_F(ProcessStress, SixteenAtOnce) {
  WEFT_NATIVE_ONLY();
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
  WEFT_NATIVE_ONLY();
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
  WEFT_NATIVE_ONLY();
  std::vector<Process> all;
  std::optional<std::string> refused;
  while (!refused) {
    Process process(spin);
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

}  // namespace
