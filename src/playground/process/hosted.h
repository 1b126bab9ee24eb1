#pragma once

#include <functional>

namespace weft::playground {

/// Publishes the control block, reports readiness and waits for `go`; then runs the entry point
/// named in the mailbox. Never returns: the machine terminates the worker that hosts the process.
///
/// `warm_threads`: number of pooled threads, each with its worker, that are created in advance; the
/// machine may ask for more.
[[noreturn]] void run_hosted(unsigned warm_threads);

enum class Traced { yes, no };

/// Calls the function in a session that the machine can stop, and whose trace it reads. Returns its
/// result.
int in_session(Traced traced, const std::function<int()>& body);

}  // namespace weft::playground
