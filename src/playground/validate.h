#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "demos/kit/demo.h"

namespace weft::playground {

/// A parameter that a demo does not take, or a value that it does not accept. The text names the
/// parameter, the value and what is accepted.
struct BadParameter : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

using Assignment = std::pair<std::string, std::string>;

/// "name=value". Throws BadParameter if there is no "=".
Assignment parse_assignment(const std::string& text);

/// What a parameter takes, in words: "a whole number from 1 to 32".
std::string accepted(const demos::Parameter& parameter);

/// The values for a run of the demo: those given, and the defaults of the others. Throws
/// BadParameter.
demos::Params validate(const demos::Demo& demo, const std::vector<Assignment>& given);

}  // namespace weft::playground
