#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#ifndef __EMSCRIPTEN__
#include <unistd.h>
#endif

#include "weft/platform/process.h"
#include "weft/platform/process_table.h"

namespace {

namespace platform = weft::platform;
namespace table = weft::platform::process_table;

TEST(PlatformProcess, AProgramIsAFirstProcess) {
  EXPECT_EQ(platform::own_slot(), std::nullopt);
#ifdef __EMSCRIPTEN__
  EXPECT_EQ(platform::process_id(), 1U);
#else
  EXPECT_EQ(platform::process_id(), static_cast<std::uint32_t>(getpid()));
#endif
}

TEST(PlatformProcess, MemoryInUseIsNoLessThanWhatIsWritten) {
  const std::vector<char> bytes(16 << 20, 'x');
  const platform::ProcessMemory memory = platform::process_memory();
  EXPECT_GE(memory.used, bytes.size());
  EXPECT_GE(memory.size, memory.used);
  EXPECT_EQ(bytes.back(), 'x');
}

// web/src/machine/shared.ts has the same numbers.
TEST(ProcessTable, ItsLayoutIsThatOfTheMachine) {
  EXPECT_EQ(table::slot_at(0), 64U);
  EXPECT_EQ(table::slot_at(1), 320U);
  EXPECT_EQ(table::slot_at(table::kSlots), table::kEnd);
  EXPECT_LE(table::slot::kFailureText + table::slot::kMaxFailureText, table::slot::kBytes);
  EXPECT_LE(table::slot::kPrivate, table::slot::kFailureText);
  EXPECT_EQ(table::kReaped, 6);
}

}  // namespace
