// weft: the demos on the command line.
#include <cstdio>
#include <ctime>
#include <exception>
#include <filesystem>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "cli/collected.h"
#include "cli/collector.h"
#include "demos/kit/demo.h"
#include "playground/catalogue.h"
#include "playground/options.h"
#include "playground/run.h"
#include "weft/multiprocessing/child.h"
#include "weft/platform/process.h"
#include "weft/trace/json.h"
#include "weft/trace/kinds.h"

namespace weft::cli {
namespace {

constexpr const char* kHelp = R"(Usage:
  weft list [--json]                      the demos (as JSON: with all their parameters)
  weft help [DEMO]                        this text, or a demo's parameters
  weft run DEMO [--NAME=VALUE ...] [--trace FILE]
                                          runs a demo; --trace also writes what happened to FILE,
                                          which the page opens
Exit status: 0 ok, 1 the demo failed, 2 bad arguments, 3 all threads waited for each other for ever
(the cycle is shown), 130 stopped with Ctrl-C.
)";

constexpr int kBadArguments = 2;

int list(bool as_json) {
  if (as_json) {
    std::puts(playground::catalogue().c_str());
    return 0;
  }
  for (const demos::Demo* demo : demos::all()) {
    if (demo->hidden) continue;
    std::printf("%-20s %s\n", std::string(demo->id).c_str(), demo->summary.en.c_str());
  }
  return 0;
}

int unknown_demo(const std::string& id) {
  std::fprintf(stderr, "weft: there is no demo '%s'; `weft list` tells which there are\n",
               id.c_str());
  return kBadArguments;
}

int help(const std::string& id) {
  const demos::Demo* demo = demos::find(id);
  if (demo == nullptr) return unknown_demo(id);
  std::printf("%s: %s\n\n", std::string(demo->id).c_str(), demo->summary.en.c_str());
  for (const demos::Parameter& parameter : playground::parameters_of(*demo)) {
    std::printf("  --%s=%s\n      %s Takes %s.\n", std::string(parameter.name).c_str(),
                parameter.default_value.c_str(), parameter.help.en.c_str(),
                playground::accepted(parameter).c_str());
  }
  return 0;
}

std::string file_header(const std::string& demo,
                        const std::vector<playground::Assignment>& parameters) {
  using json::Object;
  using json::text;
  Object values;
  for (const auto& [name, value] : parameters) values.add(name, text(value));
  char date[32];
  const std::time_t now = std::time(nullptr);
  std::strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%SZ", std::gmtime(&now));
  const std::string machine =
      "native, " + std::to_string(std::thread::hardware_concurrency()) + " cores";
  return Object()
      .add("version", std::to_string(trace::kFormatVersion))
      .add("demo", text(demo))
      .add("parameters", values.str())
      .add("date", text(date))
      .add("machine", text(machine))
      .str();
}

std::map<std::string, std::string> columns_of(const std::string& demo) {
  std::map<std::string, std::string> columns;
  for (const demos::Table& table : demos::find(demo)->tables) {
    std::string& names = columns[std::string(table.name)];
    for (const auto& column : table.columns) {
      const std::string& unit = column.unit.en;
      names += '\t' + column.label.en + (unit.empty() ? "" : " (" + unit + ")");
    }
  }
  return columns;
}

int run_demo(const std::string& demo, const std::vector<playground::Assignment>& parameters,
             const std::string& file) {
  Collected options;
  if (!file.empty()) {
    Collector::begin_file(file, file_header(demo, parameters));
    options.file = file;
  }
  options.columns = columns_of(demo);
  collect_children(options);
  options.must_stop = interrupted;
  stop_when_interrupted();
  return run_collected(options, [&] { return static_cast<int>(playground::run(demo, parameters)); });
}

int run(const std::vector<std::string>& arguments) {
  if (arguments.empty()) {
    std::fprintf(stderr, "weft run: which demo? `weft list` tells which there are\n");
    return kBadArguments;
  }
  const std::string& demo = arguments[0];
  if (demos::find(demo) == nullptr) return unknown_demo(demo);
  std::vector<playground::Assignment> parameters;
  std::string trace_file;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string& argument = arguments[i];
    if (argument == "--trace" && i + 1 < arguments.size()) {
      trace_file = std::filesystem::absolute(arguments[++i]);
    } else if (argument.starts_with("--")) {
      parameters.push_back(playground::parse_assignment(argument.substr(2)));
    } else {
      std::fprintf(stderr, "weft run: what is '%s'? Parameters are written --name=value\n",
                   argument.c_str());
      return kBadArguments;
    }
  }
  return run_demo(demo, parameters, trace_file);
}

int main(const std::vector<std::string>& arguments) {
  const std::string command = arguments.empty() ? "help" : arguments[0];
  if (command == "list") return list(arguments.size() > 1 && arguments[1] == "--json");
  if (command == "run") return run({arguments.begin() + 1, arguments.end()});
  if (command == "help" || command == "--help") {
    if (arguments.size() > 1) return help(arguments[1]);
    std::fputs(kHelp, stdout);
    return 0;
  }
  std::fprintf(stderr, "weft: unknown command '%s'\n%s", command.c_str(), kHelp);
  return kBadArguments;
}

}  // namespace
}  // namespace weft::cli

int main(int argc, char** argv) {
  try {
    weft::multiprocessing::allow_children();
    if (weft::platform::own_slot()) weft::cli::run_child_collected();
    return weft::cli::main({argv + 1, argv + argc});
  } catch (const std::exception& error) {
    std::fprintf(stderr, "weft: %s\n", error.what());
    return weft::cli::kBadArguments;
  }
}
