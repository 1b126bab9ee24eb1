#include "weft/trace/json.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/json.h"

namespace weft::test {
namespace {

namespace writer = weft::json;

TEST(Json, TextsAreEscaped) {
  EXPECT_EQ(writer::text(""), R"("")");
  EXPECT_EQ(writer::text("线程"), "\"线程\"");
  EXPECT_EQ(writer::text(R"(say "\")"), R"("say \"\\\"")");
  EXPECT_EQ(writer::text("a\nb\x1f"), R"("a\u000ab\u001f")");
}

TEST(Json, EveryAsciiCharacterComesBack) {
  std::string all;
  for (char c = 0; c != 0x7f; ++c) all += c;
  EXPECT_EQ(json::parse(writer::text(all)).text(), all);
}

TEST(Json, ObjectsAndArrays) {
  EXPECT_EQ(writer::Object().str(), "{}");
  EXPECT_EQ(writer::Object().add("a", "1").add("b\"", "[]").str(), R"({"a":1,"b\"":[]})");
  const auto number = [](int n) { return std::to_string(n); };
  EXPECT_EQ(writer::array(std::vector<int>{}, number), "[]");
  EXPECT_EQ(writer::array(std::vector<int>{1, 2}, number), "[1,2]");
}

// The tests' own parser is strict, or it would find no fault in anything.
TEST(JsonParser, RefusesWhatIsNoJson) {
  for (const char* text :
       {"", "{", "[1,]", "{\"a\":1,}", "{a:1}", "{\"a\" 1}", "[1 2]", "01", "+1", ".5", "1.", "nan",
        "'a'", "\"a", "\"\n\"", "\"\\x\"", "{} {}", "tru", "{\"a\":1,\"a\":2}"}) {
    EXPECT_THROW(json::parse(text), std::runtime_error) << text;
  }
  EXPECT_EQ(json::parse(R"( {"a": [1, -2.5e1, true, null, "x\n"]} )")["a"].array().size(), 5U);
}

}  // namespace
}  // namespace weft::test
