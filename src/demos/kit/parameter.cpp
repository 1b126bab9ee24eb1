#include "demos/kit/parameter.h"

#include <utility>

#include "demos/kit/number.h"

namespace weft::demos {

Parameter integer(std::string_view name, Range<std::int64_t> range, std::int64_t default_value,
                  Text label, Text help, Text unit) {
  return {.name = name,
          .type = Parameter::Type::integer,
          .default_value = to_text(default_value),
          .minimum = static_cast<double>(range.minimum),
          .maximum = static_cast<double>(range.maximum),
          .choices = {},
          .label = std::move(label),
          .help = std::move(help),
          .unit = std::move(unit)};
}

Parameter real(std::string_view name, Range<double> range, double default_value, Text label,
               Text help, Text unit) {
  return {.name = name,
          .type = Parameter::Type::real,
          .default_value = to_text(default_value),
          .minimum = range.minimum,
          .maximum = range.maximum,
          .choices = {},
          .label = std::move(label),
          .help = std::move(help),
          .unit = std::move(unit)};
}

Parameter choice(std::string_view name, std::vector<Parameter::Choice> choices,
                 std::string_view default_value, Text label, Text help) {
  return {.name = name,
          .type = Parameter::Type::choice,
          .default_value = std::string(default_value),
          .choices = std::move(choices),
          .label = std::move(label),
          .help = std::move(help),
          .unit = {}};
}

Parameter boolean(std::string_view name, bool default_value, Text label, Text help) {
  return {.name = name,
          .type = Parameter::Type::boolean,
          .default_value = default_value ? "true" : "false",
          .choices = {},
          .label = std::move(label),
          .help = std::move(help),
          .unit = {}};
}

Parameter only_when(std::string_view name, std::string_view is, Parameter parameter) {
  parameter.when = {name, is};
  return parameter;
}

Parameter seed() {
  return integer(
      "seed", {0, 4'294'967'295}, 1, {"Seed", "随机种子"},
      {"The same seed gives the same random costs.", "种子相同，随机出来的耗时就相同。"});
}

}  // namespace weft::demos
