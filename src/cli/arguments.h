#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "playground/validate.h"

namespace weft::cli {

/// The command line is invalid. The message names the offending word and what is accepted.
struct BadArguments : std::runtime_error {
  using std::runtime_error::runtime_error;
};

using Words = std::vector<std::string>;

/// The arguments of `weft run`.
struct RunArguments {
  std::string demo;
  std::vector<playground::Assignment> parameters;
  std::string trace_file;  ///< absolute path; empty: no trace
  bool help = false;       ///< show the demo's help instead of running it
};

/// Parses the words after `weft run`. Throws BadArguments.
RunArguments run_arguments(const Words& words);

/// Throws BadArguments if more than `most` words follow the command.
void expect_no_more(const std::string& command, const Words& words, std::size_t max);

/// True for "-h" and "--help".
bool asks_for_help(const std::string& word);

}  // namespace weft::cli
