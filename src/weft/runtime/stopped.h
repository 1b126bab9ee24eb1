#pragma once

namespace weft::runtime {

/// Thrown out of a point or a wait when the run was stopped. Not a std::exception, so that
/// `catch (const std::exception&)` around a demo's work does not swallow it. Never thrown while
/// another exception unwinds the stack.
struct Stopped {};

}  // namespace weft::runtime
