#pragma once

#include <functional>

#include "weft/runtime/session.h"

namespace weft::playground {

/// Makes ready what the machine wants to see, says so, and waits for its word; then runs the entry point
/// that it names. Never returns: the machine ends the worker that hosts the process.
///
/// `warm_threads` is how many threads find their worker waiting.
[[noreturn]] void run_hosted(unsigned warm_threads);

/// Calls the function in a session with a trace that the machine reads, and which it can stop.
/// Returns what it returns.
int in_session(runtime::Session::Options options, const std::function<int()>& body);

}  // namespace weft::playground
