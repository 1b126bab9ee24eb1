#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "demos/kit/text.h"

namespace weft::demos {

/// What a demo lets its user choose. Forms, command lines, URLs and checks are all made from this. Its
/// names are literals.
struct Parameter {
  enum class Type { integer, real, choice, boolean };

  struct Choice {
    std::string_view value;
    Text label;
  };

  /// The parameter matters only while another one has this value.
  struct When {
    std::string_view name;
    std::string_view is;
  };

  std::string_view name;
  Type type = Type::integer;
  std::string default_value;
  double minimum = 0;  // numbers only
  double maximum = 0;
  std::vector<Choice> choices;  // Type::choice only
  Text label;
  Text help;
  Text unit;
  std::optional<When> when = std::nullopt;
};

/// "workers", 1 to 32, by default 4: integer("workers", {1, 32}, 4, …)
template <class Number>
struct Range {
  Number minimum;
  Number maximum;
};

Parameter integer(std::string_view name, Range<std::int64_t> range, std::int64_t default_value,
                  Text label, Text help, Text unit = {});
Parameter real(std::string_view name, Range<double> range, double default_value, Text label,
               Text help, Text unit = {});
Parameter choice(std::string_view name, std::vector<Parameter::Choice> choices,
                 std::string_view default_value, Text label, Text help);
Parameter boolean(std::string_view name, bool default_value, Text label, Text help);
/// The parameter, for runs in which another one has this value.
Parameter only_when(std::string_view name, std::string_view is, Parameter parameter);
/// The seed of everything random in a run.
Parameter seed();

}  // namespace weft::demos
