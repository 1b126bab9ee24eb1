#pragma once

#include <string>
#include <vector>

namespace weft::playground {

/// Something that a process can be asked to do, by its name. Declared at namespace scope.
class EntryPoint {
 public:
  /// The lines of the mailbox behind the name.
  using Arguments = std::vector<std::string>;
  /// Returns the status of the process.
  using Body = int (*)(const Arguments& arguments);

  EntryPoint(std::string name, Body body);
};

/// Runs the entry point that the first line names. Status 2 and a line on the console if there is none.
int enter(const std::vector<std::string>& lines);

}  // namespace weft::playground
