#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "demos/kit/demo.h"

/// What can be chosen for a run of any demo.
namespace weft::playground {

/// The demo's own parameters, and then those that every demo on the list takes, `gil` and
/// `switch_interval`, unless it declares parameters of these names itself.
std::vector<demos::Parameter> parameters_of(const demos::Demo& demo);

/// The switch interval of the GIL that the run is to have; none: it is to have no GIL, or the demo
/// sees to it itself.
std::optional<std::chrono::nanoseconds> gil_interval(const demos::Demo& demo,
                                                     const demos::Params& params);

}  // namespace weft::playground
