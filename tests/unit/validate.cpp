#include "playground/validate.h"

#include <cstdint>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <variant>

#include <gtest/gtest.h>

#include "playground/options.h"
#include "support/json.h"

namespace weft::test {
namespace {

using demos::Demo;
using demos::Params;
using playground::Assignment;
using playground::BadParameter;
using playground::parse_assignment;
using playground::validate;

/// A demo with a parameter of each type.
struct SampleDemo : Demo {
  explicit SampleDemo(bool is_hidden = false)
      : Demo({.id = "sample", .topic = "tests", .title = {}, .summary = {}, .hidden = is_hidden}) {}

  demos::Integer workers = integer("workers", {1, 32}, 4, {}, {});
  demos::Integer offset = integer("offset", {-5, 5}, 0, {}, {});
  demos::Real cost = real("cost", {0, 1000}, 20, {}, {});
  demos::Choice work = choice("work", {{"compute", {}}, {"wait", {}}}, "compute", {}, {});
  demos::Boolean compare = boolean("compare", true, {}, {});
  demos::Integer seed = random_seed();
};
const SampleDemo demo;

Params with(const std::string& name, const std::string& value) {
  return validate(demo, {{name, value}});
}

std::string complaint(const std::vector<Assignment>& given) {
  try {
    validate(demo, given);
  } catch (const BadParameter& error) {
    return error.what();
  }
  return "";
}

TEST(ParseAssignment, CutsAtTheFirstEquals) {
  EXPECT_EQ(parse_assignment("workers=4"), Assignment("workers", "4"));
  EXPECT_EQ(parse_assignment("a=b=c"), Assignment("a", "b=c"));
  EXPECT_EQ(parse_assignment("a="), Assignment("a", ""));
  EXPECT_EQ(parse_assignment("=a"), Assignment("", "a"));
}

TEST(ParseAssignment, NeedsAnEquals) {
  EXPECT_THROW(parse_assignment("workers"), BadParameter);
  EXPECT_THROW(parse_assignment(""), BadParameter);
}

TEST(Validate, DefaultsForWhatIsNotGiven) {
  const Params params = validate(demo, {});
  EXPECT_EQ(params[demo.workers], 4);
  EXPECT_EQ(params[demo.offset], 0);
  EXPECT_EQ(params[demo.cost], 20);
  EXPECT_EQ(params[demo.work], "compute");
  EXPECT_TRUE(params[demo.compare]);
  EXPECT_EQ(params[demo.seed], 1);
  EXPECT_EQ(params.values().at("gil"), Params::Value(false));
  EXPECT_EQ(params.values().at("switch_interval"), Params::Value(5.0));
  EXPECT_EQ(params.values().size(), demo.parameters.size() + 2);
}

TEST(Validate, ADemoThatHasAGilOfItsOwnTakesNoOther) {
  const struct : SampleDemo {
    demos::Boolean gil = boolean("gil", true, {}, {});
  } own;
  const Params params = validate(own, {});
  EXPECT_EQ(params.values().size(), own.parameters.size());
  EXPECT_TRUE(params[own.gil]);
  EXPECT_FALSE(playground::gil_interval(own, params));
  const SampleDemo tool(true);
  EXPECT_EQ(validate(tool, {}).values().size(), tool.parameters.size());
}

TEST(Validate, TheGilsIntervalIsInMilliseconds) {
  EXPECT_FALSE(playground::gil_interval(demo, validate(demo, {})));
  EXPECT_EQ(playground::gil_interval(
                demo, validate(demo, {{"gil", "true"}, {"switch_interval", "0.01"}})),
            std::chrono::microseconds(10));
  EXPECT_NE(complaint({{"switch_interval", "0"}}), "");
}

TEST(Validate, TakesEveryValueUpToItsBounds) {
  EXPECT_EQ(with("workers", "1")[demo.workers], 1);
  EXPECT_EQ(with("workers", "32")[demo.workers], 32);
  EXPECT_EQ(with("offset", "-5")[demo.offset], -5);
  EXPECT_EQ(with("offset", "-0")[demo.offset], 0);
  EXPECT_EQ(with("seed", "4294967295")[demo.seed], 4294967295);
  EXPECT_EQ(with("cost", "0")[demo.cost], 0);
  EXPECT_EQ(with("cost", "1000")[demo.cost], 1000);
  EXPECT_EQ(with("cost", "0.25")[demo.cost], 0.25);
  EXPECT_EQ(with("cost", ".5")[demo.cost], 0.5);
  EXPECT_EQ(with("cost", "1e2")[demo.cost], 100);
  EXPECT_EQ(with("cost", "1E-2")[demo.cost], 0.01);
  EXPECT_EQ(with("work", "wait")[demo.work], "wait");
  EXPECT_FALSE(with("compare", "false")[demo.compare]);
  EXPECT_TRUE(with("compare", "true")[demo.compare]);
}

TEST(Validate, OfTwoValuesTheLastCounts) {
  EXPECT_EQ(validate(demo, {{"workers", "2"}, {"workers", "3"}})[demo.workers], 3);
  EXPECT_NE(complaint({{"workers", "zero"}, {"workers", "3"}}), "") << "both must be good";
}

void expect_refused(const std::string& name, const std::vector<std::string>& values) {
  for (const std::string& value : values) {
    const std::string text = complaint({{name, value}});
    EXPECT_NE(text.find("'" + name + "'"), std::string::npos) << name << "=" << value;
    EXPECT_NE(text.find("got '" + value + "', takes "), std::string::npos) << name << "=" << value;
  }
}

TEST(Validate, RefusesIntegersThatAreNone) {
  expect_refused("workers", {"", " ", "4.5", "4x", "four", "0x4", "1_0", "1,0", "--4", "nan", "inf",
                             "true", "٤"});
}

#ifndef __EMSCRIPTEN__
// The page's parameters are tested by the same table: tests/web/form_parameters.test.ts.
TEST(Validate, ReadsNumbersByTheGrammarOfThePage) {
  std::ifstream file(WEFT_SOURCE_DIR "/tests/numbers.json");
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  const json::Value table = json::Parser::parse(content);
  const double minimum = table["minimum"].number();
  const double maximum = table["maximum"].number();
  struct Numbers : Demo {
    Numbers(double low, double high)
        : Demo({.id = "numbers", .topic = "tests", .title = {}, .summary = {}}),
          whole(integer("integer",
                        {static_cast<std::int64_t>(low), static_cast<std::int64_t>(high)}, 1, {},
                        {})),
          any(real("real", {low, high}, 1, {}, {})) {}
    demos::Integer whole;
    demos::Real any;
  };
  const Numbers numbers(minimum, maximum);
  const auto value_of = [&](const std::string& name,
                            const std::string& text) -> std::optional<double> {
    try {
      const Params params = validate(numbers, {{name, text}});
      return name == "real" ? params[numbers.any] : static_cast<double>(params[numbers.whole]);
    } catch (const BadParameter&) {
      return std::nullopt;
    }
  };
  EXPECT_GT(table["numbers"].array().size(), 60U);
  for (const json::Value& entry : table["numbers"].array()) {
    for (const std::string name : {"integer", "real"}) {
      const auto& held = entry[name].held;
      const std::optional<double> expected = std::holds_alternative<double>(held)
                                                 ? std::optional(std::get<double>(held))
                                                 : std::nullopt;
      EXPECT_EQ(value_of(name, entry["text"].text()), expected)
          << name << " '" << entry["text"].text() << "'";
    }
  }
}
#endif

TEST(Validate, RefusesIntegersOutOfRange) {
  expect_refused("workers", {"0", "33", "-1", "4294967300", "9223372036854775808",
                             "-9223372036854775809", "99999999999999999999999999"});
  expect_refused("offset", {"-6", "6"});
  expect_refused("seed", {"-1", "4294967296"});
}

TEST(Validate, RefusesNumbersThatAreNone) {
  expect_refused("cost", {"", " ", "nan", "NaN", "-nan", "nan(0)", "0x10", "0x1p3", "1p3", "1.2.3",
                          "1e", "e1", ".", "-", "1,5", "1ms", "one", "1-2"});
}

TEST(Validate, RefusesNumbersOutOfRange) {
  expect_refused("cost",
                 {"-1", "-0.0001", "1000.0001", "inf", "-inf", "infinity", "1e999", "-1e999"});
}

TEST(Validate, RefusesChoicesThatAreNotOffered) {
  expect_refused("work",
                 {"", "Compute", "comput", "computes", " wait", "compute, wait", "0", "wait\n"});
}

TEST(Validate, RefusesBooleansOtherThanTrueAndFalse) {
  expect_refused("compare", {"", "True", "yes", "1", "0", "true ", "on"});
}

TEST(Validate, AnUnknownNameIsRefusedWithThoseThereAre) {
  EXPECT_EQ(complaint({{"speed", "1"}}),
            "'sample' has no parameter 'speed': it takes workers, offset, cost, work, compare, "
            "seed, gil, switch_interval");
  EXPECT_NE(complaint({{"", "1"}}), "");
  EXPECT_NE(complaint({{"Workers", "1"}}), "");
  EXPECT_NE(complaint({{"workers ", "1"}}), "");
}

TEST(Validate, SaysWhatIsAccepted) {
  EXPECT_EQ(complaint({{"workers", "0"}}),
            "parameter 'workers': got '0', takes a whole number from 1 to 32");
  EXPECT_EQ(complaint({{"cost", "much"}}),
            "parameter 'cost': got 'much', takes a number from 0 to 1000");
  EXPECT_EQ(complaint({{"work", "sleep"}}),
            "parameter 'work': got 'sleep', takes one of: compute, wait");
  EXPECT_EQ(complaint({{"compare", "maybe"}}),
            "parameter 'compare': got 'maybe', takes true or false");
}

TEST(Validate, BoundsNeedNotBeWhole) {
  const struct : demos::Declarations {
    demos::Real pace = real("pace", {0.25, 1.5}, 1, {}, {});
  } declared;
  EXPECT_EQ(playground::accepted(declared.parameters.front()), "a number from 0.25 to 1.5");
}

TEST(Validate, AValueOfAMegabyteIsRefusedLikeAnyOther) {
  EXPECT_NE(complaint({{"workers", std::string(1 << 20, '9')}}), "");
  EXPECT_NE(complaint({{"cost", std::string(1 << 20, '9')}}), "");
  EXPECT_NE(complaint({{"work", std::string(1 << 20, 'w')}}), "");
}

}  // namespace
}  // namespace weft::test
