#include "playground/process/hosted.h"

#include <algorithm>
#include <string>
#include <vector>

#include <emscripten.h>

#include "playground/process/control.h"
#include "playground/process/entry_point.h"
#include "weft/errors.h"
#include "weft/platform/futex.h"
#include "weft/platform/mutex.h"
#include "weft/platform/process.h"
#include "weft/platform/thread.h"
#include "weft/platform/wasm/hosting.h"
#include "weft/runtime/session.h"
#include "weft/trace/trace.h"

namespace weft::playground {
namespace {

constexpr std::uint32_t kMailboxBytes = 64 * 1024;
char mailbox[kMailboxBytes];
trace::Directory directory;
Control control;

platform::Mutex session_mutex;
// Null outside in_session().
runtime::Session* session WEFT_GUARDED_BY(session_mutex) = nullptr;

void set_session(runtime::Session* value) {
  const platform::LockGuard guard(session_mutex);
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

// Without enough workers the run itself says so, when it starts the thread that has none.
void try_to_warm(std::uint32_t threads) {
  try {
    platform::warm_threads(std::min(threads, platform::thread_limit()));
  } catch (const RuntimeError&) {
  }
}

void wait_for_go() {
  for (;;) {
    const std::uint32_t go = control.go.load();
    try_to_warm(go >> 1);
    if ((go & 1) != 0) return;
    platform::futex_wait(control.go, go);
  }
}

void prepare(unsigned warm_threads) {
  control.directory = &directory;
  control.mailbox = mailbox;
  control.mailbox_capacity = kMailboxBytes;
  control.begun = &platform::begun_thread_count();
  control.workers = &platform::thread_count();
  platform::warm_threads(warm_threads);
}

}  // namespace

int in_session(Traced traced, const std::function<int()>& body) {
  runtime::Session::Options options;
  // Never destroyed: the page reads the trace after the end, and a daemon thread that never reached
  // a scheduling point still runs.
  if (traced == Traced::yes) options.trace = new trace::Trace(directory, control.stop);
  options.stop = &control.stop;
  options.origin = runtime::Time(std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::duration<double, std::milli>(control.origin)));
  auto& running = *new runtime::Session(options);
  set_session(&running);
  const int status = body();
  set_session(nullptr);
  return status;
}

void run_hosted(unsigned warm_threads) {
  prepare(warm_threads);
  control.state.store(Control::kReady);
  weft_host_event("ready", 0, 0);
  wait_for_go();
  control.state.store(Control::kRunning);
  directory.process = control.process;
  if (control.slot != 0) platform::become_child(control.slot, control.process);
  control.status = enter(lines_of(std::string(mailbox, control.mailbox_length)));
  // The exit status must be in the process table before the machine sees the end.
  if (control.slot != 0) platform::exit_process(control.status);
  control.state.store(Control::kEnded);
  weft_host_event("exit", 0, control.status);
  // The machine terminates the worker that hosts this process as soon as it sees kEnded. It must
  // not find the runtime in the middle of ending its own threads: some of them would be leaked.
  for (;;) platform::futex_wait(control.state, Control::kEnded);
}

}  // namespace weft::playground

extern "C" {

EMSCRIPTEN_KEEPALIVE weft::playground::Control* weft_control() {
  return &weft::playground::control;
}

/// Requests a stop. The host's worker calls it repeatedly while it returns nonzero.
EMSCRIPTEN_KEEPALIVE std::uint32_t weft_stop() {
  using namespace weft::playground;
  control.stop.store(1);
  if (!session_mutex.try_lock()) return 1;
  const std::uint32_t parked = session != nullptr ? session->wake_parked() : 0;
  session_mutex.unlock();
  return parked;
}
}
