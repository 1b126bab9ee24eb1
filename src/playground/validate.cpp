#include "playground/validate.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>

#include "demos/kit/number.h"
#include "playground/options.h"

namespace weft::playground {
namespace {

using demos::Parameter;
using Value = demos::Params::Value;

/// Up to here a double holds every whole number.
constexpr double kExactlyHeld = 0x1p53;

bool within(const Parameter& parameter, double number) {
  return number >= parameter.minimum && number <= parameter.maximum;
}

std::optional<Value> read(const Parameter& parameter, const std::string& text) {
  switch (parameter.type) {
    case Parameter::Type::integer: {
      const auto number = demos::parse_number(text);
      if (!number || *number != std::trunc(*number) || std::abs(*number) > kExactlyHeld ||
          !within(parameter, *number)) {
        return std::nullopt;
      }
      return static_cast<std::int64_t>(*number);
    }
    case Parameter::Type::real: {
      const auto number = demos::parse_number(text);
      if (number && within(parameter, *number)) return *number;
      return std::nullopt;
    }
    case Parameter::Type::boolean:
      if (text == "true") return true;
      if (text == "false") return false;
      return std::nullopt;
    case Parameter::Type::choice:
      if (std::ranges::find(parameter.choices, text, &Parameter::Choice::value) !=
          parameter.choices.end()) {
        return text;
      }
      return std::nullopt;
  }
  return std::nullopt;
}

std::string names_of(const std::vector<Parameter>& parameters) {
  std::string names;
  for (const Parameter& parameter : parameters) {
    (names += names.empty() ? "" : ", ") += parameter.name;
  }
  return names;
}

}  // namespace

Assignment parse_assignment(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) {
    throw BadParameter("'" + text + "' is no parameter: write name=value");
  }
  return {text.substr(0, equals), text.substr(equals + 1)};
}

std::string accepted(const Parameter& parameter) {
  const auto range = [&] {
    return demos::to_decimal(parameter.minimum) + " to " + demos::to_decimal(parameter.maximum);
  };
  switch (parameter.type) {
    case Parameter::Type::integer: return "a whole number from " + range();
    case Parameter::Type::real: return "a number from " + range();
    case Parameter::Type::boolean: return "true or false";
    case Parameter::Type::choice: break;
  }
  std::string values;
  for (const auto& choice : parameter.choices) {
    (values += values.empty() ? "" : ", ") += choice.value;
  }
  return "one of: " + values;
}

demos::Params validate(const demos::Demo& demo, const std::vector<Assignment>& given) {
  const std::vector<Parameter> parameters = parameters_of(demo);
  demos::Params::Values values;
  for (const Parameter& parameter : parameters) {
    values.emplace(parameter.name, *read(parameter, parameter.default_value));
  }
  for (const auto& [name, text] : given) {
    const auto parameter = std::ranges::find(parameters, name, &Parameter::name);
    if (parameter == parameters.end()) {
      throw BadParameter("'" + std::string(demo.id) + "' has no parameter '" + name +
                         "': it takes " + names_of(parameters));
    }
    const auto value = read(*parameter, text);
    if (!value) {
      throw BadParameter("parameter '" + name + "': got '" + text + "', takes " +
                         accepted(*parameter));
    }
    values.insert_or_assign(name, *value);
  }
  return demos::Params(std::move(values));
}

}  // namespace weft::playground
