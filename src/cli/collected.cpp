#include "cli/collected.h"

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <sstream>
#include <string>
#include <thread>

#include "cli/collector.h"
#include "weft/ipc/self.h"
#include "weft/multiprocessing/child.h"
#include "weft/platform/process.h"
#include "weft/runtime/session.h"
#include "weft/trace/trace.h"

namespace weft::cli {
namespace {

constexpr const char* kTraceFile = "WEFT_TRACE_FILE";
constexpr const char* kColumns = "WEFT_COLUMNS";  // one line per table

std::atomic<std::uint32_t> stop_requested{0};

// For the first process: its output has no reader, so it dies of SIGPIPE as other programs do.
[[noreturn]] void end_by_broken_pipe() noexcept {
  std::signal(SIGPIPE, SIG_DFL);
  std::raise(SIGPIPE);
  std::_Exit(1);
}

void note_interrupt(int) {
  stop_requested.store(1);
  std::signal(SIGINT, SIG_DFL);
}

}  // namespace

void stop_when_interrupted() { std::signal(SIGINT, note_interrupt); }

bool interrupted() noexcept { return stop_requested.load() != 0; }

int run_collected(const Collected& options, const std::function<int()>& body) {
  // SIGPIPE is ignored: a process killed by it could not flush its trace or report its end.
  const bool is_first = options.process == 1;
  const bool ends_by_signal = std::signal(SIGPIPE, SIG_IGN) != SIG_IGN && is_first;
  auto directory = std::make_unique<trace::Directory>();
  directory->process = options.process;
  auto trace = std::make_unique<trace::Trace>(*directory, stop_requested);
  Collector collector(*directory, options.file, options.columns);

  std::atomic<bool> done{false};
  bool stopped_by_console = false;  // used by the collecting thread only, until that is joined
  std::atomic<runtime::Session*> session{nullptr};
  std::thread collecting([&] {
    while (!done.load()) {
      collector.drain();
      stopped_by_console = stopped_by_console || (is_first && collector.console_is_gone());
      if (options.must_stop() || stopped_by_console) {
        stop_requested.store(1);
        if (session.load() != nullptr) session.load()->wake_parked();
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    collector.finish();
  });
  runtime::Session::Options session_options;
  session_options.trace = trace.get();
  session_options.stop = &stop_requested;
  session_options.origin = options.origin;
  session_options.on_console = [&collector] { collector.drain(); };
  auto running = std::make_unique<runtime::Session>(session_options);
  session.store(running.get());
  int status = body();
  done.store(true);
  collecting.join();
  if (ends_by_signal && (stopped_by_console || collector.console_is_broken())) end_by_broken_pipe();
  if (const std::string failure = collector.failure(); !failure.empty()) {
    std::fprintf(stderr, "weft: %s\n", failure.c_str());
    constexpr int kFailed = 1;
    if (status == 0 && is_first) status = kFailed;
  }
  if (running->live_threads() != 1) {
    // A daemon thread still runs, since it never reached a scheduling point. It ends with the
    // process, which therefore skips all destructors.
    std::fflush(nullptr);
    std::_Exit(status);
  }
  return status;
}

void collect_children(const Collected& options) {
  // Unset a value inherited from the environment.
  if (options.file.empty()) {
    unsetenv(kTraceFile);
  } else {
    setenv(kTraceFile, options.file.c_str(), 1);
  }
  std::string columns;
  for (const auto& [table, names] : options.columns) columns += table + names + '\n';
  setenv(kColumns, columns.c_str(), 1);
}

void run_child_collected() {
  stop_when_interrupted();
  Collected options;
  options.process = ipc::own_number();
  if (const char* const file = std::getenv(kTraceFile); file != nullptr) options.file = file;
  if (const char* const columns = std::getenv(kColumns); columns != nullptr) {
    std::istringstream lines(columns);
    for (std::string line; std::getline(lines, line);) {
      const std::size_t table = line.find('\t');
      if (table != std::string::npos)
        options.columns.emplace(line.substr(0, table), line.substr(table));
    }
  }
  options.origin = multiprocessing::child_origin();
  options.must_stop = [] { return interrupted() || multiprocessing::child_must_stop(); };
  const int code = run_collected(options, multiprocessing::run_child);
  std::fflush(nullptr);
  platform::exit_process(code);
}

}  // namespace weft::cli
