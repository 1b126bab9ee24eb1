#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "playground/validate.h"

namespace weft::cli {

/// What was written after a command is not what it takes; the message tells both.
struct BadArguments : std::runtime_error {
  using std::runtime_error::runtime_error;
};

using Words = std::vector<std::string>;

/// What follows `weft run`.
struct RunArguments {
  std::string demo;
  std::vector<playground::Assignment> parameters;
  std::string trace_file;  ///< absolute; empty: none
  bool help = false;       ///< of the demo, instead of a run
};

/// Throws BadArguments.
RunArguments run_arguments(const Words& words);

/// Throws BadArguments if there are more than `most` words after that command.
void expect_no_more(const std::string& command, const Words& words, std::size_t most);

/// True for "-h" and "--help".
bool asks_for_help(const std::string& word);

}  // namespace weft::cli
