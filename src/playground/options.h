#pragma once

#include <chrono>
#include <optional>
#include <vector>

#include "demos/kit/demo.h"

/// Options that every demo has.
namespace weft::playground {

/// The demo's own parameters, followed by the common ones, `gil` and `switch_interval`. Hidden
/// demos, and demos that declare either name themselves, get no common parameters.
std::vector<demos::Parameter> parameters_of(const demos::Demo& demo);

/// The switch interval of the GIL for the run. None: no GIL, or the demo manages it itself.
std::optional<std::chrono::nanoseconds> gil_interval(const demos::Demo& demo,
                                                     const demos::Params& params);

}  // namespace weft::playground
