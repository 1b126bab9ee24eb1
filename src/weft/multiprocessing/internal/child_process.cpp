#include "weft/multiprocessing/internal/child_process.h"

#include <algorithm>
#include <csignal>
#include <cstdlib>
#include <utility>

#include "weft/errors.h"
#include "weft/ipc/layout.h"
#include "weft/ipc/self.h"
#include "weft/ipc/supervisor.h"
#include "weft/multiprocessing/internal/launch.h"
#include "weft/multiprocessing/internal/memory_record.h"
#include "weft/multiprocessing/process_ref.h"
#include "weft/platform/process.h"
#include "weft/runtime/internal/park_shared.h"
#include "weft/runtime/point.h"

namespace weft::multiprocessing {
namespace {

namespace layout = ipc::layout;
namespace shared = platform::shared;
namespace table = platform::process_table;
using layout::slot_at;
using shared::Offset;

class Children {
 public:
  void add(std::shared_ptr<ChildProcess> child) {
    const platform::LockGuard guard(mutex_);
    all_.push_back(std::move(child));
  }

  std::vector<std::shared_ptr<ChildProcess>> alive() {
    std::vector<std::shared_ptr<ChildProcess>> found;
    {
      const platform::LockGuard guard(mutex_);
      found = all_;
    }
    std::erase_if(found, [](const auto& child) { return !child->is_alive(); });
    const platform::LockGuard guard(mutex_);
    std::erase_if(all_, [](const auto& child) { return !child->is_alive(); });
    return found;
  }

 private:
  platform::Mutex mutex_;
  std::vector<std::shared_ptr<ChildProcess>> all_ WEFT_GUARDED_BY(mutex_);
};

// Never destroyed: the atexit handler uses it.
Children& children() {
  static auto* const all = new Children;
  return *all;
}

std::string failure_of(std::uint32_t slot) {
  const Offset at = slot_at(slot);
  std::string text(
      std::min(shared::load(at + layout::slot::kFailure), layout::slot::kMaxFailureText), '\0');
  shared::read(text.data(), at + layout::slot::kFailureText, text.size());
  return text;
}

bool run_is_stopping() noexcept {
  return runtime::session_thread != nullptr && runtime::session_thread->session->stopping();
}

std::uint64_t run_origin() {
  if (runtime::session_thread == nullptr) return 0;
  return static_cast<std::uint64_t>(
      runtime::session_thread->session->origin().time_since_epoch().count());
}

/// Calls `act(offset of its slot)` for each process that was requested and is not yet reaped,
/// except the first process.
template <class Act>
void for_each_process(Act act) {
  for (std::uint32_t slot = 1; slot < table::kSlots; ++slot) {
    const std::uint32_t state = shared::load(slot_at(slot) + layout::slot::kState);
    if (state >= table::kRequested && state <= table::kEnded) act(slot_at(slot));
  }
}

void ask_to_stop() noexcept {
  for_each_process([](Offset at) { shared::store(at + layout::slot::kStop, 1); });
}

void kill_all() noexcept {
  for_each_process([](Offset at) { shared::store(at + layout::slot::kSignal, SIGKILL); });
  platform::notify_supervisor();
}

// Returns false if the deadline passed first. An eventcount: kReady is read before the check.
bool wait_for_all(runtime::Deadline deadline) noexcept {
  for (;;) {
    const std::uint32_t seen = shared::load(layout::run::kReady);
    bool any = false;
    for_each_process([&any](Offset) { any = true; });
    if (!any) return true;
    if (runtime::Clock::now() >= *deadline) return false;
    runtime::park_shared(layout::run::kReady, seen, deadline, {trace::Reason::process},
                         runtime::Stoppable::no);
  }
}

// How often stop_processes() repeats its kill.
constexpr std::chrono::milliseconds kKillInterval{100};

// Registers finish_children() for the program's exit, as Python does. Called in the first process:
// a child does it in run_child().
void finish_at_exit() {
  static const std::uint32_t registered_by = platform::process_id();
  [[maybe_unused]] static const int ends_children_at_exit = std::atexit([] {
    // Not in a fork() of this process.
    if (platform::process_id() == registered_by) finish_children();
  });
}

}  // namespace

ChildProcess::ChildProcess(std::uint32_t slot, std::string name, Kind kind)
    : slot_(slot),
      number_(shared::load(slot_at(slot) + layout::slot::kNumber)),
      name_(std::move(name)),
      kind_(kind),
      object_(trace::ObjectType::process) {
  object_.set_shared(shared::load(slot_at(slot) + layout::slot::kObject),
                     slot_at(slot) + layout::slot::kSequence);
  object_.set_name(name_);
}

bool ChildProcess::join(runtime::Deadline deadline, runtime::Where where,
                        runtime::Stoppable stoppable) {
  const Offset endings = slot_at(slot_) + layout::slot::kEndings;
  for (;;) {
    const std::uint32_t seen = shared::load(endings);
    if (!is_alive()) return true;
    // The child of a stopped run need not end by itself, and this wait cannot throw Stopped.
    if (stoppable == runtime::Stoppable::no && run_is_stopping()) signal(SIGKILL);
    if (!runtime::park_shared(endings, seen, deadline,
                              {trace::Reason::process, &object_, where, true}, stoppable)) {
      return !is_alive();
    }
  }
}

// The slot is released as soon as the exit code is known (as waitpid() does with a zombie): from
// then on it may belong to another process and must not be accessed.
std::optional<int> ChildProcess::exit_code() noexcept {
  const platform::LockGuard guard(mutex_);
  const Offset at = slot_at(slot_);
  if (exit_code_ || shared::load(at + layout::slot::kState) != table::kReaped) return exit_code_;
  exit_code_ = static_cast<int>(shared::load(at + layout::slot::kExitCode));
  const shared::Access access;
  shared::store(at + layout::slot::kState, table::kFree);
  return exit_code_;
}

void ChildProcess::signal(int signal) noexcept {
  if (!is_alive()) return;
  runtime::record_exactly(trace::Kind::process_signal, object_, number_,
                          static_cast<std::uint32_t>(signal));
  {
    const platform::LockGuard guard(mutex_);
    if (exit_code_) return;
    const shared::Access access;
    // A pending SIGKILL is not replaced.
    const Offset word = slot_at(slot_) + layout::slot::kSignal;
    if (shared::load(word) != SIGKILL) shared::store(word, static_cast<std::uint32_t>(signal));
  }
  platform::notify_supervisor();
}

/// Starts a process; a guard of its slot, which the destructor releases unless start() succeeded.
class Starting {
 public:
  explicit Starting(const StartOptions& options) : options_(options), slot_(claim_slot()) {}
  ~Starting() {
    if (slot_ == 0) return;
    {
      const shared::Access access;
      shared::store(slot_at(slot_) + layout::slot::kState, table::kFailed);
    }
    platform::notify_supervisor();
  }
  Starting(const Starting&) = delete;
  Starting& operator=(const Starting&) = delete;

  std::shared_ptr<ChildProcess> start(const std::string& entry, Arguments& arguments) {
    Archive written(slot_);
    arguments.write(written);
    const ProcessRef self = current_process();
    write_launch({options_.name, entry, options_.identity, platform::process_id(), self.name(),
                  run_origin(), written.take_bytes()});
    const Offset at = slot_at(slot_);
    std::shared_ptr<ChildProcess> child(new ChildProcess(slot_, options_.name, options_.kind));
    // Before the process exists, so that the record precedes that of its end.
    runtime::record_exactly(trace::Kind::process_start, child->object_,
                            child->number_ | std::uint64_t{ipc::own_number()} << 32,
                            options_.daemon() ? 1 : 0);
    {
      const shared::Access access;
      shared::store(at + layout::slot::kFlags, flags_of(options_.kind));
      shared::store(at + layout::slot::kState, table::kRequested);
    }
    platform::notify_supervisor();
    const std::uint32_t slot = std::exchange(slot_, 0);
    wait_until_accepted(*child, slot);
    child->id_ = shared::load(at + layout::slot::kProcessId);
    return child;
  }

 private:
  static std::uint32_t flags_of(ChildProcess::Kind kind) {
    switch (kind) {
      case ChildProcess::Kind::daemon: return layout::slot::kDaemon | layout::slot::kEndsWithParent;
      case ChildProcess::Kind::helper: return layout::slot::kEndsWithParent;
      case ChildProcess::Kind::independent: break;
    }
    return 0;
  }

  static std::uint32_t claim_slot() {
    const auto slot = ipc::ask_supervisor(ipc::Request::new_process, 0);
    if (!slot) {
      throw RuntimeError("can't start new process: all " + std::to_string(table::kSlots) +
                         " slots of the process table are in use");
    }
    return *slot;
  }

  void write_launch(Launch launch) {
    const Bytes bytes = to_bytes(launch);
    const auto size = static_cast<std::uint32_t>(bytes.size());
    const auto place = ipc::ask_supervisor(ipc::Request::launch_room, slot_, size);
    if (!place) {
      throw RuntimeError("can't start new process: out of shared memory: its arguments have " +
                         std::to_string(size) + " bytes");
    }
    const shared::Access access;
    shared::write(*place, bytes.data(), bytes.size());
  }

  static void wait_until_accepted(ChildProcess& child, std::uint32_t slot) {
    const Offset word = slot_at(slot) + layout::slot::kState;
    for (;;) {
      const std::uint32_t state = shared::load(word);
      if (state == table::kFailed) {
        const std::string why = failure_of(slot);
        runtime::record_exactly(trace::Kind::process_end, child.object_, child.number_, 1);
        const shared::Access access;
        shared::store(word, table::kFree);
        throw RuntimeError("can't start new process: " + why);
      }
      if (state != table::kRequested && state != table::kStarting) return;
      runtime::park_shared(
          word, state, std::nullopt,
          {trace::Reason::process, &child.object_, runtime::Where::current(), true},
          runtime::Stoppable::no);
    }
  }

  const StartOptions& options_;
  std::uint32_t slot_;  // 0 once the supervisor owns it
};

std::shared_ptr<ChildProcess> start_child(const StartOptions& options, const std::string& entry,
                                          Arguments& arguments) {
  ipc::open_supervisor();
  if (ipc::own_slot() == 0) finish_at_exit();
  children_alive();  // releases the slots of those that have ended
  auto child = Starting(options).start(entry, arguments);
  children().add(child);
  record_memory();  // the parent's, sampled as its number of children changes
  return child;
}

std::vector<std::shared_ptr<ChildProcess>> children_alive() { return children().alive(); }

void finish_children() {
  const auto alive = children_alive();
  for (const auto& child : alive) {
    if (child->ends_with_parent()) child->signal(SIGTERM);
  }
  for (const auto& child : alive) {
    child->join(std::nullopt, runtime::Where(), runtime::Stoppable::yes);
  }
}

void stop_processes(std::chrono::nanoseconds grace) noexcept {
  if (!shared::attached()) return;
  ask_to_stop();
  if (wait_for_all(runtime::deadline_after(grace))) return;
  kill_all();
  // Repeated, as a process may have been about to start others.
  while (!wait_for_all(runtime::deadline_after(kKillInterval))) kill_all();
}

}  // namespace weft::multiprocessing
