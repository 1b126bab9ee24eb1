#include "demos/kit/declarations.h"

#include <concepts>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace weft::test {
namespace {

using demos::Parameter;

const struct : demos::Declarations {
  demos::Choice cure = choice("cure", {{"order", {}}, {"timeout", {}}}, "order", {}, {});
  demos::Real patience_ms = only_when(cure, "timeout", real("patience_ms", {0, 10}, 5, {}, {}));
  demos::Boolean loud = boolean("loud", true, {}, {});
  demos::Integer times = only_when(loud, true, integer("times", {1, 9}, 2, {}, {}));
  demos::Integer seed = random_seed();
  demos::Result elapsed_ms = result("elapsed_ms", {"Time", "用时"}, {"ms", "毫秒"});
  demos::Result retries = result("retries", {"Retries", "重试"});
  demos::Check money = check("money", {"No money was lost", "钱没有变少"});
  demos::Sample wait_ms = sample("wait_ms", {"Wait", "等待"}, {"ms", "毫秒"});
  demos::Table<2> clerks =
      table("clerks", {"Clerks", "柜员"}, {{{"Name", "名字"}}, {{"Wait", "等待"}, {"ms", "毫秒"}}});
} declared;

template <class Entry>
std::string names_of(const std::vector<Entry>& entries) {
  std::string names;
  for (const Entry& entry : entries) (names += names.empty() ? "" : " ") += entry.name;
  return names;
}

TEST(Declarations, AreEnteredInTheirOrder) {
  EXPECT_EQ(names_of(declared.parameters), "cure patience_ms loud times seed");
  EXPECT_EQ(names_of(declared.results), "elapsed_ms retries");
  EXPECT_EQ(names_of(declared.checks), "money");
  EXPECT_EQ(names_of(declared.samples), "wait_ms");
  EXPECT_EQ(names_of(declared.tables), "clerks");
  EXPECT_EQ(declared.results[0].unit.en, "ms");
  ASSERT_EQ(declared.tables[0].columns.size(), 2U);
  EXPECT_EQ(declared.tables[0].columns[1].unit.en, "ms");
}

TEST(Declarations, OfAParameterSayWhenItMatters) {
  EXPECT_FALSE(declared.parameters[0].when);
  ASSERT_TRUE(declared.parameters[1].when);
  EXPECT_EQ(declared.parameters[1].when->name, "cure");
  EXPECT_EQ(declared.parameters[1].when->is, "timeout");
  ASSERT_TRUE(declared.parameters[3].when);
  EXPECT_EQ(declared.parameters[3].when->name, "loud");
  EXPECT_EQ(declared.parameters[3].when->is, "true");
  EXPECT_FALSE(declared.parameters[4].when);
}

// Whoever could make one of these could name what nobody has declared.
static_assert(!std::constructible_from<demos::Integer, std::string_view>);
static_assert(!std::constructible_from<demos::Result, std::string_view>);
static_assert(!std::default_initializable<demos::Result>);
static_assert(!std::convertible_to<demos::Result, demos::Sample>);

}  // namespace
}  // namespace weft::test
