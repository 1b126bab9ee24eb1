#pragma once

#include <string>
#include <vector>

#include "playground/validate.h"

namespace weft::playground {

/// The outcome of a run; also the exit status of its process.
enum class Status : int {
  ok = 0,
  failed = 1,          ///< an uncaught exception, a failed check, or a lost GIL
  bad_parameters = 2,  ///< unknown demo, or invalid parameters
  deadlock = 3,        ///< all its threads waited for each other
  stopped = 130,       ///< 128 + SIGINT, as a shell reports it
};

/// Runs a demo on the calling thread, which has opened a session, and records it in the session's
/// trace. As at the end of a Python process, it joins the non-daemon threads and processes and
/// terminates the daemon processes. Daemon threads get 500 ms to reach a scheduling point, where
/// they end. One that does not (see the session's `live_threads`) keeps running; then nothing that
/// it uses may be destroyed.
Status run(const std::string& demo, const std::vector<Assignment>& parameters);

}  // namespace weft::playground
