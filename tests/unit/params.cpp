#include "demos/kit/params.h"

#include <concepts>
#include <type_traits>

#include <gtest/gtest.h>

#include "demos/kit/declarations.h"

namespace weft::test {
namespace {

using demos::Params;

const struct : demos::Declarations {
  demos::Integer number = integer("count", {0, 9}, 3, {}, {});
  demos::Real pace = real("pace", {0, 2}, 1.5, {}, {});
  demos::Boolean loud = boolean("loud", true, {}, {});
  demos::Choice mode = choice("mode", {{"fast", {}}, {"slow", {}}}, "fast", {}, {});
} declared;

const Params params(
    {{"count", std::int64_t{3}}, {"pace", 1.5}, {"loud", true}, {"mode", std::string("fast")}});

TEST(Params, GivesEachTypeBack) {
  EXPECT_EQ(params[declared.number], 3);
  EXPECT_EQ(params.count(declared.number), 3U);
  EXPECT_EQ(params[declared.pace], 1.5);
  EXPECT_TRUE(params[declared.loud]);
  EXPECT_EQ(params[declared.mode], "fast");
  EXPECT_EQ(params.values().size(), 4U);
}

template <class Declared>
using ValueOf = std::remove_cvref_t<decltype(params[std::declval<Declared>()])>;
static_assert(std::same_as<ValueOf<demos::Integer>, std::int64_t>);
static_assert(std::same_as<ValueOf<demos::Real>, double>);
static_assert(std::same_as<ValueOf<demos::Boolean>, bool>);
static_assert(std::same_as<ValueOf<demos::Choice>, std::string>);

}  // namespace
}  // namespace weft::test
