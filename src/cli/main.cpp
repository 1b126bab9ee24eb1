// weft: runs the demos from the command line.
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <exception>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "cli/arguments.h"
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
#include "weft/version.h"

namespace weft::cli {
namespace {

constexpr const char* kHelp = R"(Usage:
  weft list [--json]                      the demos (as JSON: with all their parameters)
  weft help [DEMO]                        this text, or a demo's parameters
  weft run DEMO [--NAME=VALUE ...] [--trace FILE]
                                          runs a demo; --trace also writes what happened to FILE,
                                          which the page opens
  weft --version                          the version
Exit status: 0 ok, 1 the demo failed or something could not be written, 2 bad arguments, 3 all threads waited for each other for ever
(the cycle is shown), 130 stopped with Ctrl-C.
)";

constexpr int kFailed = 1;
constexpr int kBadArguments = 2;

int help_text() {
  std::fputs(kHelp, stdout);
  return 0;
}

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
  std::fprintf(stderr, "weft: there is no demo '%s'; `weft list` lists them\n", id.c_str());
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
  for (const demos::TableEntry& table : demos::find(demo)->tables) {
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
  return run_collected(options,
                       [&] { return static_cast<int>(playground::run(demo, parameters)); });
}

int run(const Words& words) {
  const RunArguments arguments = run_arguments(words);
  if (arguments.help && arguments.demo.empty()) return help_text();
  if (demos::find(arguments.demo) == nullptr) return unknown_demo(arguments.demo);
  if (arguments.help) return help(arguments.demo);
  return run_demo(arguments.demo, arguments.parameters, arguments.trace_file);
}

int list(const Words& words) {
  if (!words.empty() && asks_for_help(words[0])) return help_text();
  const bool as_json = !words.empty() && words[0] == "--json";
  expect_no_more("list", words, as_json ? 1 : 0);
  return list(as_json);
}

int main(const Words& words) {
  if (words.empty() || asks_for_help(words[0])) return help_text();
  const std::string& command = words[0];
  const Words rest(words.begin() + 1, words.end());
  if (command == "list") return list(rest);
  if (command == "run") return run(rest);
  if (command == "help") {
    expect_no_more("help", rest, 1);
    return rest.empty() || asks_for_help(rest[0]) ? help_text() : help(rest[0]);
  }
  if (command == "--version") {
    expect_no_more("--version", rest, 0);
    std::printf("weft %s\n", weft::version.data());
    return 0;
  }
  throw BadArguments("weft: unknown command '" + command + "'; `weft help` tells which there are");
}

// Flushes the C library's buffers, which may fail, too, and returns the exit status.
int flushed(int status) {
  if (std::fflush(stdout) == 0 && std::ferror(stdout) == 0) return status;
  // The user closed standard output on purpose.
  if (errno == EBADF) return status;
  std::fprintf(stderr, "weft: can't write to standard output: %s\n", std::strerror(errno));
  return status == 0 ? kFailed : status;
}

}  // namespace
}  // namespace weft::cli

int main(int argc, char** argv) {
  try {
    weft::multiprocessing::allow_children();
    if (weft::platform::own_slot()) weft::cli::run_child_collected();
    return weft::cli::flushed(weft::cli::main({argv + 1, argv + argc}));
  } catch (const weft::cli::BadArguments& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return weft::cli::kBadArguments;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "weft: %s\n", error.what());
    return weft::cli::kBadArguments;
  }
}
