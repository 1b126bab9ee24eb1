#pragma once

#include <source_location>
#include <string>

namespace weft::runtime {

/// A place in the source: the last argument of every call that may block, so that who looks on can be
/// told where a thread waits. Its default is the place of the call.
using Where = std::source_location;

/// "src/demos/race/demo.cpp:12"; empty for a place that is unknown.
std::string place_of(const Where& where);

}  // namespace weft::runtime
