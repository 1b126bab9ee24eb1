#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "demos/kit/demo.h"

namespace weft::playground {

/// An unknown parameter or an invalid value. The message names the parameter, the value and what is
/// accepted.
struct BadParameter : std::invalid_argument {
  using std::invalid_argument::invalid_argument;
};

using Assignment = std::pair<std::string, std::string>;

/// Parses "name=value". Throws BadParameter if there is no "=".
Assignment parse_assignment(const std::string& text);

/// The accepted values, as text: "a whole number from 1 to 32".
std::string accepted(const demos::Parameter& parameter);

/// Checks the given values and adds defaults for the other parameters of the demo. Throws
/// BadParameter.
demos::Params validate(const demos::Demo& demo, const std::vector<Assignment>& given);

}  // namespace weft::playground
