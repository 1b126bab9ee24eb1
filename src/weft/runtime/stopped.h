#pragma once

namespace weft::runtime {

/// Thrown by a scheduling point or a wait when the run was stopped. Not a std::exception, so that
/// `catch (const std::exception&)` in user code does not swallow it. Never thrown while another
/// exception unwinds the stack.
struct Stopped {};

}  // namespace weft::runtime
