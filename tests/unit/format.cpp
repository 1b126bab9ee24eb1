#include "playground/format.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "weft/trace/internal/names.h"
#include "weft/trace/kinds.h"

namespace weft::test {
namespace {

#define WEFT_NUMBER(name, number, ...) number,

TEST(Format, NoNumberIsUsedTwice) {
  const std::vector<std::vector<std::uint32_t>> tables = {
      {WEFT_TRACE_KINDS(WEFT_NUMBER)},        {WEFT_TRACE_REASONS(WEFT_NUMBER)},
      {WEFT_TRACE_OBJECT_TYPES(WEFT_NUMBER)}, {WEFT_TRACE_THREAD_ENDS(WEFT_NUMBER)},
      {WEFT_TRACE_UNBLOCKED(WEFT_NUMBER)},    {WEFT_TRACE_GIL_RELEASES(WEFT_NUMBER)}};
  for (const auto& table : tables) {
    EXPECT_EQ(std::set<std::uint32_t>(table.begin(), table.end()).size(), table.size());
  }
}

// What a file of any version says does not change its meaning.
TEST(Format, NumbersAreNeverUsedAgain) {
  EXPECT_EQ(static_cast<int>(trace::Kind::thread_start), 1);
  EXPECT_EQ(static_cast<int>(trace::Kind::abandon), 53);
  EXPECT_EQ(static_cast<int>(trace::Kind::console), 131);
  EXPECT_EQ(static_cast<int>(trace::Kind::row), 140);
  EXPECT_EQ(static_cast<int>(trace::Reason::pool), 19);
  EXPECT_EQ(static_cast<int>(trace::ObjectType::pool), 16);
  const std::vector<int> kinds = {WEFT_TRACE_KINDS(WEFT_NUMBER)};
  EXPECT_EQ(std::ranges::count(kinds, 24), 0) << "was in use once";
}

TEST(Format, TypesHaveNames) {
  EXPECT_STREQ(trace::class_name(trace::ObjectType::read_write_lock), "ReadWriteLock");
  EXPECT_STREQ(trace::name_of(trace::ObjectType::read_write_lock), "read_write_lock");
  EXPECT_STREQ(trace::name_of(trace::Reason::queue_join), "queue_join");
}

#ifndef __EMSCRIPTEN__
std::string content(const std::string& path) {
  std::ifstream file(WEFT_SOURCE_DIR "/web/src/" + path);
  return {std::istreambuf_iterator<char>(file), {}};
}

// The page's build makes them anew; what is kept with the source has to be the same.
TEST(Format, ThePagesModulesAreCurrent) {
  EXPECT_EQ(content("trace/format.generated.ts"), playground::trace_module());
  EXPECT_EQ(content("machine/abi.generated.ts"), playground::machine_module());
}
#endif

}  // namespace
}  // namespace weft::test
