#include "weft/multiprocessing/child.h"

#include <atomic>
#include <cstdio>
#include <exception>

#include "weft/errors.h"
#include "weft/ipc/layout.h"
#include "weft/ipc/self.h"
#include "weft/multiprocessing/entry.h"
#include "weft/multiprocessing/internal/child_process.h"
#include "weft/multiprocessing/internal/launch.h"
#include "weft/multiprocessing/internal/memory_record.h"
#include "weft/platform/futex.h"
#include "weft/platform/process.h"
#include "weft/runtime/point.h"
#include "weft/runtime/uncaught.h"

namespace weft::multiprocessing {
namespace {

namespace layout = ipc::layout;
namespace shared = platform::shared;
namespace table = platform::process_table;

constexpr int kStopped = 130;  // the shell's convention: 128 + SIGINT

// Time for daemon threads to reach their next scheduling point, where they are stopped.
constexpr std::chrono::milliseconds kGrace{500};

std::atomic<bool> allowed{false};

void publish_running() noexcept {
  const shared::Access access;
  const auto word = ipc::own_slot_offset() + layout::slot::kState;
  for (const std::uint32_t before : {table::kStarting, table::kAccepted}) {
    shared::compare_exchange(word, before, table::kRunning);
  }
  shared::wake(word, platform::kAllWaiters);
}

// As Python's BaseProcess._bootstrap: the exit code, from how the action ended.
int outcome_of(void (*action)()) {
  try {
    action();
    return 0;
  } catch (const SystemExit& exit) {
    return exit.code & 255;
  } catch (const runtime::Stopped&) {
    return kStopped;
  } catch (...) {
    runtime::report_end_of_process(own_launch().name, std::current_exception());
    return 1;
  }
}

void run_entry() {
  Archive arguments(own_launch().arguments, ipc::own_slot());
  find_entry(own_launch().entry).run(arguments);
}

void set_flag(std::uint32_t flag) noexcept {
  const shared::Access access;
  shared::fetch_or(ipc::own_slot_offset() + layout::slot::kFlags, flag);
}

void record_own_exit(int exit_code) noexcept {
  if (!runtime::traced()) return;
  const auto at = ipc::own_slot_offset();
  runtime::Object object(trace::ObjectType::process);
  object.set_shared(shared::load(at + layout::slot::kObject), at + layout::slot::kSequence);
  object.set_name(own_launch().name);
  runtime::record_exactly(trace::Kind::process_end, object, ipc::own_number(),
                          static_cast<std::uint32_t>(exit_code));
  set_flag(layout::slot::kExitRecorded);
}

}  // namespace

void allow_children() noexcept { allowed.store(true, std::memory_order_relaxed); }

void check_children_allowed() {
  if (allowed.load(std::memory_order_relaxed)) return;
  throw RuntimeError(
      "a program that starts processes must call weft::multiprocessing::freeze_support() first of "
      "all in main()");
}

int run_child() {
  publish_running();
  record_memory();
  runtime::Session& session = *runtime::session_thread->session;
  int code = outcome_of(run_entry);
  for (const auto wait :
       {finish_children, +[] { runtime::session_thread->session->wait_for_threads(); }}) {
    const int waited = outcome_of(wait);
    if (code == 0) code = waited;
  }
  session.end_daemons(kGrace);
  record_memory();
  record_own_exit(code);
  set_flag(layout::slot::kFinished);
  return code;
}

runtime::Time child_origin() {
  if (!child_is_of_a_run()) return runtime::Clock::now();
  return runtime::Time(std::chrono::nanoseconds(static_cast<std::int64_t>(own_launch().origin)));
}

bool child_is_of_a_run() { return own_launch().origin != 0; }

bool child_must_stop() noexcept {
  return shared::load(ipc::own_slot_offset() + layout::slot::kStop) != 0;
}

void freeze_support() {
  allow_children();
  if (!platform::own_slot()) return;
  runtime::Session::Options options;
  options.origin = child_origin();
  // As in a parent without a session.
  options.finds_deadlocks = false;
  runtime::Session session(options);
  const int code = run_child();
  std::fflush(nullptr);
  platform::exit_process(code);
}

}  // namespace weft::multiprocessing
