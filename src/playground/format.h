#pragma once

#include <string>

namespace weft::playground {

/// Generates TypeScript modules with the constants and offsets by which the page reads the core's
/// data. Called by the page's build: see format_program/write.mjs.
///
/// web/src/trace/format.generated.ts: the trace format.
std::string trace_module();
/// web/src/machine/abi.generated.ts: Control and the process table.
std::string machine_module();

}  // namespace weft::playground
