#include "demos/kit/params.h"

#include <gtest/gtest.h>

namespace weft::test {
namespace {

using demos::Params;

const Params params(
    {{"count", std::int64_t{3}}, {"pace", 1.5}, {"loud", true}, {"mode", std::string("fast")}});

TEST(Params, GivesEachTypeBack) {
  EXPECT_EQ(params.integer("count"), 3);
  EXPECT_EQ(params.count("count"), 3U);
  EXPECT_EQ(params.real("pace"), 1.5);
  EXPECT_TRUE(params.boolean("loud"));
  EXPECT_EQ(params.choice("mode"), "fast");
  EXPECT_EQ(params.values().size(), 4U);
}

TEST(Params, AskingForWhatWasNotDeclaredIsAMistakeOfTheDemo) {
  EXPECT_THROW(params.integer("speed"), std::logic_error);
  EXPECT_THROW(params.integer("pace"), std::logic_error);
  EXPECT_THROW(params.real("count"), std::logic_error);
  EXPECT_THROW(params.boolean("mode"), std::logic_error);
  EXPECT_THROW(params.choice("loud"), std::logic_error);
}

}  // namespace
}  // namespace weft::test
