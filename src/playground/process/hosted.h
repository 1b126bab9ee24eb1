#pragma once

#include <functional>

namespace weft::playground {

/// Makes ready what the machine wants to see, says so, and waits for its word; then runs the entry point
/// that it names. Never returns: the machine ends the worker that hosts the process.
///
/// `warm_threads` is how many threads find their worker waiting.
[[noreturn]] void run_hosted(unsigned warm_threads);

enum class Traced { yes, no };

/// Calls the function in a session that the machine can stop, with a trace that it reads. Returns what
/// it returns.
int in_session(Traced traced, const std::function<int()>& body);

}  // namespace weft::playground
