#include "demos/kit/declarations.h"

#include <string>

#include "demos/kit/number.h"

namespace weft::demos {

Integer Declarations::integer(std::string_view name, Range<std::int64_t> range,
                              std::int64_t default_value, Text label, Text help, Text unit) {
  parameters.push_back({.name = name,
                        .type = Parameter::Type::integer,
                        .default_value = to_text(default_value),
                        .minimum = static_cast<double>(range.minimum),
                        .maximum = static_cast<double>(range.maximum),
                        .choices = {},
                        .label = std::move(label),
                        .help = std::move(help),
                        .unit = std::move(unit)});
  return Integer(name);
}

Real Declarations::real(std::string_view name, Range<double> range, double default_value,
                        Text label, Text help, Text unit) {
  parameters.push_back({.name = name,
                        .type = Parameter::Type::real,
                        .default_value = to_text(default_value),
                        .minimum = range.minimum,
                        .maximum = range.maximum,
                        .choices = {},
                        .label = std::move(label),
                        .help = std::move(help),
                        .unit = std::move(unit)});
  return Real(name);
}

Choice Declarations::choice(std::string_view name, std::vector<Parameter::Choice> choices,
                            std::string_view default_value, Text label, Text help) {
  parameters.push_back({.name = name,
                        .type = Parameter::Type::choice,
                        .default_value = std::string(default_value),
                        .choices = std::move(choices),
                        .label = std::move(label),
                        .help = std::move(help),
                        .unit = {}});
  return Choice(name);
}

Boolean Declarations::boolean(std::string_view name, bool default_value, Text label, Text help) {
  parameters.push_back({.name = name,
                        .type = Parameter::Type::boolean,
                        .default_value = default_value ? "true" : "false",
                        .choices = {},
                        .label = std::move(label),
                        .help = std::move(help),
                        .unit = {}});
  return Boolean(name);
}

Integer Declarations::random_seed() {
  return integer(
      "seed", {0, 4'294'967'295}, 1, {"Seed", "随机种子"},
      {"The same seed gives the same random costs.", "种子相同，随机出来的耗时就相同。"});
}

Result Declarations::result(std::string_view name, Text label, Text unit) {
  results.push_back({name, std::move(label), std::move(unit)});
  return Result(name);
}

Check Declarations::check(std::string_view name, Text label) {
  checks.push_back({name, std::move(label)});
  return Check(name);
}

Sample Declarations::sample(std::string_view name, Text label, Text unit) {
  samples.push_back({name, std::move(label), std::move(unit)});
  return Sample(name);
}

}  // namespace weft::demos
