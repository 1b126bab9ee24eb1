#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "weft/runtime/time.h"

namespace weft::cli {

/// What to collect of a process.
struct Collected {
  std::uint32_t process = 1;  ///< the process's number in the run
  std::string file = {};      ///< the trace is appended here; empty: not recorded
  std::map<std::string, std::string> columns = {};  ///< see Collector
  runtime::Time origin = runtime::Clock::now();
  /// Polled every 5 ms: returns true once the run must stop.
  std::function<bool()> must_stop;
};

/// Calls `body` in a session, writes its console lines and results to the standard streams, and
/// returns its status. If a daemon thread is still running afterwards, ends the process here with
/// that status.
int run_collected(const Collected& options, const std::function<int()>& body);

/// The main function of a child process: runs what its parent sent, collected as its environment
/// says, and ends the process.
[[noreturn]] void run_child_collected();

/// Makes children collect likewise: they append their traces to the same file and print the same
/// column headers. Passed through environment variables, so call it before the first child starts.
void collect_children(const Collected& options);

/// The first Ctrl-C stops the run; the second one kills the process.
void stop_when_interrupted();
bool interrupted() noexcept;

}  // namespace weft::cli
