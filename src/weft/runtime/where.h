#pragma once

#include <source_location>
#include <string>

namespace weft::runtime {

/// A call site: the last parameter of every call that may block, by default the place of the call.
/// It tells the trace and deadlock reports where a thread waits.
using Where = std::source_location;

/// "src/demos/race/demo.cpp:12"; empty if unknown.
std::string place_of(const Where& where);

}  // namespace weft::runtime
