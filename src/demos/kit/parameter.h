#pragma once

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
  /// The number of threads that a run has side by side, or a part of it. The page keeps as many ready.
  bool counts_threads = false;
};

/// From one number to another, both included.
template <class Number>
struct Range {
  Number minimum;
  Number maximum;
};

}  // namespace weft::demos
