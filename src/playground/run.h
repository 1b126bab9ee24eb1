#pragma once

#include <string>
#include <vector>

#include "playground/validate.h"

namespace weft::playground {

/// How a run ended; also the exit status of its process.
enum class Status : int {
  ok = 0,
  failed = 1,          ///< an uncaught exception, a check that does not hold, or a lost GIL
  bad_parameters = 2,  ///< there is no such demo, or it does not take these parameters
  deadlock = 3,        ///< all its threads waited for each other for ever
  stopped = 130,       ///< as a shell reports an interrupted program
};

/// Runs a demo on the calling thread, which has opened a session. Everything there is to see goes
/// into the session's trace. As a Python process does, it waits for the threads and processes that are
/// no daemons. Processes that are, it terminates; threads that are get a moment to see that they are to
/// end. If one does not (`live_threads` of the session tells), it goes on: then nothing that it uses may
/// ever be destroyed.
Status run(const std::string& demo, const std::vector<Assignment>& parameters);

}  // namespace weft::playground
