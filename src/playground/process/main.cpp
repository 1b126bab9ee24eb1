// A process of the page: waits for the machine's word, runs one entry point, ends.
#include <cstddef>
#include <cstdio>
#include <mutex>
#include <string>
#include <vector>

#include <emscripten.h>

#include "playground/process/control.h"
#include "playground/run.h"
#include "weft/platform/futex.h"
#include "weft/platform/mutex.h"
#include "weft/platform/thread.h"
#include "weft/runtime/session.h"
#include "weft/trace/trace.h"

extern "C" void weft_host_event(const char* name);

namespace weft::playground {
namespace {

// Most demos start a handful of threads; these find their worker waiting.
constexpr std::uint32_t kWarmThreads = 6;

constexpr std::uint32_t kMailboxBytes = 64 * 1024;
char mailbox[kMailboxBytes];
trace::Directory directory;
Control control;
static_assert(sizeof(void*) != 4 || (offsetof(Control, origin) == 40 && sizeof(Control) == 64));

platform::Mutex session_mutex;
runtime::Session* session = nullptr;  // guarded by session_mutex; while the entry point runs

void set_session(runtime::Session* value) {
  const std::lock_guard guard(session_mutex);
  session = value;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    lines.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  return lines;
}

/// The mailbox: the entry point's name, then its arguments, a line each.
int enter(const std::vector<std::string>& lines) {
  if (lines.size() < 2 || lines[0] != "run") {
    std::fprintf(stderr, "weft: unknown entry point '%s'\n", lines.empty() ? "" : lines[0].c_str());
    return static_cast<int>(Status::bad_parameters);
  }
  try {
    std::vector<Assignment> parameters;
    for (std::size_t i = 2; i < lines.size(); ++i) parameters.push_back(parse_assignment(lines[i]));
    return static_cast<int>(run(lines[1], parameters));
  } catch (const BadParameter& error) {
    std::fprintf(stderr, "weft: %s\n", error.what());
    return static_cast<int>(Status::bad_parameters);
  }
}

int run_process() {
  directory.process = control.process;
  // Never destroyed: the page goes on reading after the end, and a daemon that never came to a point
  // goes on running.
  auto& trace = *new trace::Trace(directory, control.stop);
  const auto origin = std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::duration<double, std::milli>(control.origin));
  auto& running = *new runtime::Session({&trace, &control.stop, runtime::Time(origin)});
  set_session(&running);
  const int status = enter(lines_of(std::string(mailbox, control.mailbox_length)));
  set_session(nullptr);
  return status;
}

void prepare() {
  control.directory = &directory;
  control.mailbox = mailbox;
  control.mailbox_capacity = kMailboxBytes;
  control.worker_limit = platform::thread_limit();
  control.workers = &platform::thread_count();
  platform::warm_threads(kWarmThreads);
}

}  // namespace
}  // namespace weft::playground

using weft::playground::Control;
using weft::playground::control;

extern "C" {

EMSCRIPTEN_KEEPALIVE Control* weft_control() { return &control; }

/// Called by the host's worker, again and again while it returns anything but 0.
EMSCRIPTEN_KEEPALIVE std::uint32_t weft_stop() {
  using namespace weft::playground;
  control.stop.store(1);
  const std::unique_lock guard(session_mutex, std::try_to_lock);
  if (!guard) return 1;
  return session != nullptr ? session->wake_parked() : 0;
}
}

int main() {
  using namespace weft::playground;
  prepare();
  control.state.store(Control::kReady);
  weft_host_event("ready");
  while (control.go.load() == 0) weft::platform::futex_wait(control.go, 0);
  control.state.store(Control::kRunning);
  control.status = run_process();
  control.state.store(Control::kEnded);
  // The machine ends the worker that hosts this process as soon as it sees that. A runtime that is
  // ending its own threads at that moment would leave some of them behind, for ever.
  for (;;) weft::platform::futex_wait(control.state, Control::kEnded);
}
