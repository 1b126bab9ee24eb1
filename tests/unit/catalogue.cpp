#include "playground/catalogue.h"

#include <cmath>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "demos/kit/demo.h"
#include "playground/validate.h"
#include "support/json.h"

namespace weft::test {
namespace {

const json::Value& catalogue() {
  static const json::Value parsed = json::parse(playground::catalogue());
  return parsed;
}

void expect_both_languages(const json::Value& text, const std::string& where) {
  EXPECT_FALSE(text["en"].text().empty()) << where;
  EXPECT_FALSE(text["zh"].text().empty()) << where;
  EXPECT_EQ(text.object().size(), 2U) << where;
}

// Keys of URLs and of command lines.
bool is_identifier(const std::string& name) {
  return !name.empty() &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_-") == std::string::npos;
}

// Returns them.
std::set<std::string> expect_values(const json::Value& values, const std::string& name) {
  std::set<std::string> found;
  for (const auto& each : values.array()) {
    EXPECT_TRUE(is_identifier(each["value"].text())) << name;
    EXPECT_TRUE(found.insert(each["value"].text()).second) << name << ": a value twice";
    expect_both_languages(each["label"], name);
  }
  EXPECT_GE(found.size(), 2U) << name;
  return found;
}

TEST(Catalogue, HasBothDemos) {
  std::set<std::string> ids;
  for (const auto& demo : catalogue()["demos"].array()) ids.insert(demo["id"].text());
  EXPECT_TRUE(ids.contains("thread-pool"));
  EXPECT_TRUE(ids.contains("producer-consumer"));
  EXPECT_EQ(ids.size(), catalogue()["demos"].array().size()) << "an id twice";
  EXPECT_EQ(ids.size(), demos::all().size());
}

TEST(Catalogue, EveryTextIsThereInBothLanguages) {
  for (const auto& demo : catalogue()["demos"].array()) {
    const std::string id = demo["id"].text();
    EXPECT_TRUE(is_identifier(id)) << id;
    EXPECT_TRUE(is_identifier(demo["topic"].text())) << id;
    expect_both_languages(demo["title"], id);
    expect_both_languages(demo["summary"], id);
    for (const auto& parameter : demo["parameters"].array()) {
      const std::string name = id + "." + parameter["name"].text();
      expect_both_languages(parameter["label"], name);
      expect_both_languages(parameter["help"], name);
      if (parameter.has("unit")) expect_both_languages(parameter["unit"], name);
    }
    for (const auto& result : demo["results"].array()) {
      EXPECT_TRUE(is_identifier(result["name"].text())) << id;
      expect_both_languages(result["label"], id + "." + result["name"].text());
    }
    for (const auto& check : demo["checks"].array()) {
      EXPECT_TRUE(is_identifier(check["name"].text())) << id;
      expect_both_languages(check["label"], id + "." + check["name"].text());
    }
    for (const auto& table : demo["tables"].array()) {
      const std::string name = id + "." + table["name"].text();
      expect_both_languages(table["label"], name);
      for (const auto& column : table["columns"].array()) {
        expect_both_languages(column["label"], name);
        if (column.has("unit")) expect_both_languages(column["unit"], name);
        if (column.has("values")) expect_values(column["values"], name);
      }
    }
  }
}

void expect_number(const json::Value& parameter, const std::string& name, bool whole) {
  const double value = parameter["default"].number();
  EXPECT_LT(parameter["minimum"].number(), parameter["maximum"].number()) << name;
  EXPECT_GE(value, parameter["minimum"].number()) << name;
  EXPECT_LE(value, parameter["maximum"].number()) << name;
  if (whole) {
    EXPECT_EQ(value, std::floor(value)) << name;
  }
}

void expect_choice(const json::Value& parameter, const std::string& name) {
  EXPECT_TRUE(expect_values(parameter["choices"], name).contains(parameter["default"].text()))
      << name;
}

// It names another parameter, and a value that this one can have.
void expect_condition(const json::Value& when, const json::Value& parameters,
                      const std::string& name) {
  const std::string is = when["is"].text();
  for (const auto& other : parameters.array()) {
    if (other["name"].text() != when["name"].text()) continue;
    if (other["type"].text() == "choice") {
      EXPECT_TRUE(expect_values(other["choices"], name).contains(is)) << name;
    } else {
      EXPECT_EQ(other["type"].text(), "boolean") << name;
      EXPECT_TRUE(is == "true" || is == "false") << name;
    }
    return;
  }
  ADD_FAILURE() << name << ": there is no parameter " << when["name"].text();
}

TEST(Catalogue, EveryParameterIsWhatItsTypeSays) {
  for (const auto& demo : catalogue()["demos"].array()) {
    std::set<std::string> names;
    for (const auto& parameter : demo["parameters"].array()) {
      const std::string name = demo["id"].text() + "." + parameter["name"].text();
      const std::string type = parameter["type"].text();
      EXPECT_TRUE(is_identifier(parameter["name"].text())) << name;
      EXPECT_TRUE(names.insert(parameter["name"].text()).second) << name << " twice";
      if (type == "integer" || type == "real") {
        expect_number(parameter, name, type == "integer");
      } else if (type == "choice") {
        expect_choice(parameter, name);
      } else {
        ASSERT_EQ(type, "boolean") << name;
        EXPECT_NO_THROW(parameter["default"].boolean()) << name;
      }
    }
    for (const auto& parameter : demo["parameters"].array()) {
      if (parameter.has("countsThreads")) {
        EXPECT_EQ(parameter["type"].text(), "integer") << demo["id"].text();
      }
      if (parameter.has("when")) {
        const std::string name = demo["id"].text() + "." + parameter["name"].text();
        expect_condition(parameter["when"], demo["parameters"], name);
      }
    }
  }
}

// As the page writes them back: JavaScript has no exponent below 1e21.
std::string text_of(const json::Value& value) {
  if (std::holds_alternative<bool>(value.held)) return value.boolean() ? "true" : "false";
  if (std::holds_alternative<double>(value.held)) return demos::to_decimal(value.number());
  return value.text();
}

TEST(Catalogue, EveryDefaultAndBoundIsAccepted) {
  for (const demos::Demo* demo : demos::all()) {
    EXPECT_NO_THROW(playground::validate(*demo, {})) << demo->id;
  }
  for (const auto& demo : catalogue()["demos"].array()) {
    const demos::Demo& declared = *demos::find(demo["id"].text());
    for (const auto& parameter : demo["parameters"].array()) {
      for (const char* key : {"default", "minimum", "maximum"}) {
        if (!parameter.has(key)) continue;
        const std::string value = text_of(parameter[key]);
        EXPECT_NO_THROW(playground::validate(declared, {{parameter["name"].text(), value}}))
            << declared.id << "." << parameter["name"].text() << "=" << value;
      }
    }
  }
}

TEST(Demos, AreFoundByTheirId) {
  for (const demos::Demo* demo : demos::all()) EXPECT_EQ(demos::find(demo->id), demo);
  EXPECT_EQ(demos::find("no-such-demo"), nullptr);
  EXPECT_EQ(demos::find(""), nullptr);
}

}  // namespace
}  // namespace weft::test
