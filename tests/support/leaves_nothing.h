#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <string>

#include "weft/ipc/layout.h"
#include "weft/ipc/object_table.h"
#include "weft/ipc/supervisor.h"
#include "weft/multiprocessing/process_ref.h"
#include "weft/platform/process.h"
#include "weft/runtime/park.h"

namespace weft::test {

/// What the supervisor keeps of processes, in words: none of it may be left.
inline std::string slots_in_use() {
  namespace table = platform::process_table;
  namespace shared = platform::shared;
  namespace layout = ipc::layout;
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

/// The objects that there are, by their names.
inline std::string objects_in_use() {
  namespace layout = ipc::layout;
  std::string names;
  for (std::uint32_t index = 0; index < layout::kObjects; ++index) {
    const std::uint32_t generation =
        platform::shared::load(layout::object_at(index) + layout::object::kGeneration);
    if (generation % 2 == 0) continue;
    names += ipc::ObjectRef{index, generation}.name() + "\n";
  }
  return names;
}

/// Tests after each of which no process, and no more of the shared memory than before, may be in use.
class LeavesNothing : public testing::Test {
 protected:
  void SetUp() override {
    ipc::open_supervisor();
    bytes_before_ = ipc::shared_bytes_used();
  }

  void TearDown() override {
    EXPECT_TRUE(multiprocessing::active_children().empty());
    settle([this] { return slots_in_use().empty() && ipc::shared_bytes_used() <= bytes_before_; });
    EXPECT_LE(ipc::shared_bytes_used(), bytes_before_) << objects_in_use();
    EXPECT_EQ(slots_in_use(), "");
  }

 private:
  // Orphans end by themselves, which the supervisor notices later: what is not gone by the deadline
  // stays.
  template <class Condition>
  static void settle(Condition holds) {
    const auto deadline = runtime::Clock::now() + std::chrono::seconds(20);
    while (!holds() && runtime::Clock::now() < deadline) {
      platform::notify_supervisor();
      runtime::sleep_for(std::chrono::milliseconds(1));
    }
  }

  std::uint32_t bytes_before_ = 0;
};

}  // namespace weft::test
