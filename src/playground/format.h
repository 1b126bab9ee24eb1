#pragma once

#include <string>

namespace weft::playground {

/// The numbers and offsets by which the page reads what the core writes, as modules of TypeScript. The
/// page's build takes them from here: see format_program/write.mjs.
///
/// web/src/trace/format.generated.ts: the trace format.
std::string trace_module();
/// web/src/machine/abi.generated.ts: Control and the process table.
std::string machine_module();

}  // namespace weft::playground
