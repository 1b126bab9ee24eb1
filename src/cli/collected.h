#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>

#include "weft/runtime/time.h"

namespace weft::cli {

/// What is to be collected of a process.
struct Collected {
  std::uint32_t process = 1;  ///< its number in the run
  std::string file = {};      ///< where its trace is appended; empty: nowhere
  std::map<std::string, std::string> columns = {};  ///< see Collector
  runtime::Time origin = runtime::Clock::now();
  /// Asked often: true once the run is to be stopped.
  std::function<bool()> must_stop;
};

/// Calls `body` in a session whose console lines and results go to the standard streams, and returns
/// what it returns. If a daemon thread never came to a point, the process ends here, with that status.
int run_collected(const Collected& options, const std::function<int()>& body);

/// In a child: the part of the process that its parent gave it. Ends the process.
[[noreturn]] void run_child_collected();

/// Of the children what is collected of this process: their traces go to the same file, and they tell the
/// same columns before rows. They read it in their environment.
void collect_children(const Collected& options);

/// Makes Ctrl-C stop the run; the second one ends the process.
void stop_when_interrupted();
bool interrupted() noexcept;

}  // namespace weft::cli
