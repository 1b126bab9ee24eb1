#include "demos/kit/parameter.h"

#include <utility>

#include "demos/kit/number.h"

namespace weft::demos {

Parameter integer(std::string_view name, Range<std::int64_t> range, std::int64_t usual, Text label,
                  Text help, Text unit) {
  return {.name = name,
          .type = Parameter::Type::integer,
          .default_value = to_text(usual),
          .minimum = static_cast<double>(range.minimum),
          .maximum = static_cast<double>(range.maximum),
          .choices = {},
          .label = std::move(label),
          .help = std::move(help),
          .unit = std::move(unit)};
}

Parameter real(std::string_view name, Range<double> range, double usual, Text label, Text help,
               Text unit) {
  return {.name = name,
          .type = Parameter::Type::real,
          .default_value = to_text(usual),
          .minimum = range.minimum,
          .maximum = range.maximum,
          .choices = {},
          .label = std::move(label),
          .help = std::move(help),
          .unit = std::move(unit)};
}

Parameter choice(std::string_view name, std::vector<Parameter::Choice> choices, std::string_view usual,
                 Text label, Text help) {
  return {.name = name,
          .type = Parameter::Type::choice,
          .default_value = std::string(usual),
          .choices = std::move(choices),
          .label = std::move(label),
          .help = std::move(help),
          .unit = {}};
}

Parameter boolean(std::string_view name, bool usual, Text label, Text help) {
  return {.name = name,
          .type = Parameter::Type::boolean,
          .default_value = usual ? "true" : "false",
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
  return integer("seed", {0, 4'294'967'295}, 1, {"Seed", "随机种子"},
                 {"The same seed gives the same random costs.", "种子相同，随机出来的耗时就相同。"});
}

}  // namespace weft::demos
