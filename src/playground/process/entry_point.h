#pragma once

#include <string>
#include <vector>

namespace weft::playground {

/// Something that a process can be asked to do, by its name. Declared at namespace scope.
class EntryPoint {
 public:
  /// The lines of the mailbox after the name.
  using Arguments = std::vector<std::string>;
  /// Returns the exit status of the process.
  using Body = int (*)(const Arguments& arguments);

  EntryPoint(std::string name, Body body);
};

/// Runs the entry point named by the first line. If there is none, prints an error and returns 2.
int enter(const std::vector<std::string>& lines);

}  // namespace weft::playground
