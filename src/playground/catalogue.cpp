#include "playground/catalogue.h"

#include "demos/kit/demo.h"
#include "demos/kit/number.h"
#include "playground/options.h"
#include "weft/trace/json.h"

namespace weft::playground {
namespace {

using demos::Parameter;
using demos::Text;
using demos::to_text;

std::string to_json(const Text& text) {
  return json::Object().add("en", json::text(text.en)).add("zh", json::text(text.zh)).str();
}

const char* type_name(Parameter::Type type) {
  switch (type) {
    case Parameter::Type::integer: return "integer";
    case Parameter::Type::real: return "real";
    case Parameter::Type::choice: return "choice";
    case Parameter::Type::boolean: return "boolean";
  }
  return "";
}

std::string to_json(const Parameter::Choice& choice) {
  return json::Object()
      .add("value", json::text(choice.value))
      .add("label", to_json(choice.label))
      .str();
}

std::string to_json(const Parameter& parameter) {
  json::Object object;
  object.add("name", json::text(parameter.name)).add("type", json::text(type_name(parameter.type)));
  switch (parameter.type) {
    case Parameter::Type::integer:
    case Parameter::Type::real:
      object.add("default", parameter.default_value)
          .add("minimum", demos::to_decimal(parameter.minimum))
          .add("maximum", demos::to_decimal(parameter.maximum));
      break;
    case Parameter::Type::boolean: object.add("default", parameter.default_value); break;
    case Parameter::Type::choice:
      object.add("default", json::text(parameter.default_value))
          .add("choices",
               json::array(parameter.choices, [](const auto& choice) { return to_json(choice); }));
      break;
  }
  if (!parameter.unit.en.empty()) object.add("unit", to_json(parameter.unit));
  if (parameter.when) {
    object.add("when", json::Object()
                           .add("name", json::text(parameter.when->name))
                           .add("is", json::text(parameter.when->is))
                           .str());
  }
  if (parameter.counts_threads) object.add("countsThreads", "true");
  return object.add("label", to_json(parameter.label)).add("help", to_json(parameter.help)).str();
}

std::string to_json(const demos::ResultEntry& result) {
  json::Object object;
  object.add("name", json::text(result.name)).add("label", to_json(result.label));
  if (!result.unit.en.empty()) object.add("unit", to_json(result.unit));
  return object.str();
}

std::string to_json(const demos::SampleEntry& sample) {
  return to_json(demos::ResultEntry{sample.name, sample.label, sample.unit});
}

std::string to_json(const demos::TableEntry::Column& column) {
  json::Object object;
  object.add("label", to_json(column.label));
  if (!column.unit.en.empty()) object.add("unit", to_json(column.unit));
  if (!column.values.empty()) {
    object.add("values",
               json::array(column.values, [](const auto& value) { return to_json(value); }));
  }
  return object.str();
}

std::string to_json(const demos::TableEntry& table) {
  return json::Object()
      .add("name", json::text(table.name))
      .add("label", to_json(table.label))
      .add("columns",
           json::array(table.columns, [](const auto& column) { return to_json(column); }))
      .str();
}

std::string to_json(const demos::CheckEntry& check) {
  return json::Object()
      .add("name", json::text(check.name))
      .add("label", to_json(check.label))
      .str();
}

std::string to_json(const demos::Demo& demo) {
  const auto one = [](const auto& part) { return to_json(part); };
  return json::Object()
      .add("id", json::text(demo.id))
      .add("hidden", demo.hidden ? "true" : "false")
      .add("topic", json::text(demo.topic))
      .add("title", to_json(demo.title))
      .add("summary", to_json(demo.summary))
      .add("parameters", json::array(parameters_of(demo), one))
      .add("results", json::array(demo.results, one))
      .add("checks", json::array(demo.checks, one))
      .add("samples", json::array(demo.samples, one))
      .add("tables", json::array(demo.tables, one))
      .str();
}

}  // namespace

std::string catalogue() {
  return json::Object()
      .add("version", "1")
      .add("demos", json::array(demos::all(), [](const auto* demo) { return to_json(*demo); }))
      .str();
}

}  // namespace weft::playground
