#include "cli/arguments.h"

#include <algorithm>
#include <filesystem>
#include <string_view>

namespace weft::cli {
namespace {

constexpr std::string_view kTrace = "--trace";

[[noreturn]] void refuse(const std::string& what) { throw BadArguments("weft run: " + what); }

void set_trace_file(RunArguments& arguments, const std::string& name) {
  if (name.empty()) refuse("--trace: got '', takes the name of a file");
  if (!arguments.trace_file.empty()) refuse("--trace is given twice");
  arguments.trace_file = std::filesystem::absolute(name);
}

void add_parameter(RunArguments& arguments, const std::string& word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos) refuse("'" + word + "' has no value: write " + word + "=VALUE");
  const playground::Assignment given = playground::parse_assignment(word.substr(2));
  const auto name_of = [](const playground::Assignment& each) { return each.first; };
  const auto before = std::ranges::find(arguments.parameters, given.first, name_of);
  if (before != arguments.parameters.end()) {
    refuse("parameter '" + given.first + "' is given twice: '" + before->second + "' and '" +
           given.second + "'");
  }
  arguments.parameters.push_back(given);
}

}  // namespace

bool asks_for_help(const std::string& word) { return word == "-h" || word == "--help"; }

void expect_no_more(const std::string& command, const Words& words, std::size_t max) {
  if (words.size() <= max) return;
  throw BadArguments("weft " + command + ": unexpected argument '" + words[max] + "': it takes " +
                     (max == 0 ? "none" : "at most " + std::to_string(max)));
}

RunArguments run_arguments(const Words& words) {
  RunArguments arguments;
  if (words.empty()) refuse("no demo is named: `weft list` lists them");
  if (asks_for_help(words[0])) {
    arguments.help = true;
    return arguments;
  }
  if (words[0].starts_with("-")) {
    refuse("got '" + words[0] + "' where the name of a demo is expected; `weft list` lists them");
  }
  arguments.demo = words[0];
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (word == kTrace) {
      if (i + 1 == words.size()) refuse("--trace: no file is named: write --trace FILE");
      const std::string& file = words[++i];
      if (file.starts_with("--")) {
        refuse("--trace: got '" + file +
               "' where a file is expected; if it is one, write --trace=" + file);
      }
      set_trace_file(arguments, file);
    } else if (word.starts_with(std::string(kTrace) + "=")) {
      set_trace_file(arguments, word.substr(kTrace.size() + 1));
    } else if (asks_for_help(word)) {
      arguments.help = true;
    } else if (word.starts_with("--")) {
      add_parameter(arguments, word);
    } else {
      refuse("unexpected argument '" + word + "': parameters are written --name=value");
    }
  }
  return arguments;
}

}  // namespace weft::cli
