#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "weft/multiprocessing/serialise.h"
#include "weft/platform/mutex.h"
#include "weft/platform/shared.h"
#include "weft/runtime/object.h"
#include "weft/runtime/park.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"

namespace weft::multiprocessing {

/// A started child of the calling process: what a Process refers to after start(). Lives in a
/// std::shared_ptr. Thread-safe.
class ChildProcess {
 public:
  enum class Kind {
    independent,  ///< non-daemon: joined at its parent's exit
    daemon,       ///< terminated at its parent's exit; may not have children
    helper,       ///< terminated at its parent's exit, but may have children: an executor's worker
  };

  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Blocks until the process has ended and the supervisor has reaped it, that is recovered what it
  /// held. Returns false if the deadline passed first. Throws Stopped; with Stoppable::no it kills
  /// the process instead if the run is stopped.
  bool join(runtime::Deadline deadline, runtime::Where where, runtime::Stoppable stoppable);

  /// None until the process is reaped. Does not block.
  std::optional<int> exit_code() noexcept;
  bool is_alive() noexcept { return !exit_code().has_value(); }

  /// Requests the supervisor to send the signal, unless the process has ended. Does not block.
  void signal(int signal) noexcept;

  const std::string& name() const noexcept { return name_; }
  bool daemon() const noexcept { return kind_ == Kind::daemon; }
  bool ends_with_parent() const noexcept { return kind_ != Kind::independent; }
  std::uint32_t slot() const noexcept { return slot_; }
  std::uint32_t number() const noexcept { return number_; }
  std::uint32_t id() const noexcept { return id_; }

 private:
  friend class Starting;
  ChildProcess(std::uint32_t slot, std::string name, Kind kind);

  const std::uint32_t slot_;
  const std::uint32_t number_;
  const std::string name_;
  const Kind kind_;
  std::uint32_t id_ = 0;  // the system's process id; set by start_child
  runtime::Object object_;
  platform::Mutex mutex_;
  std::optional<int> exit_code_ WEFT_GUARDED_BY(mutex_);
};

/// Serialises the arguments of a process's entry.
class Arguments {
 public:
  virtual ~Arguments() = default;
  virtual void write(Archive& archive) = 0;
};

/// Options of start_child. `identity`: see Launch.
struct StartOptions {
  std::string name;
  std::string identity;
  ChildProcess::Kind kind = ChildProcess::Kind::independent;

  bool daemon() const noexcept { return kind == ChildProcess::Kind::daemon; }
};

/// Starts a process that runs the entry of that name. Blocks until the system has created it.
/// Throws RuntimeError if all slots of the process table are taken, the arguments find no room in
/// the shared memory or the system cannot create a process, and whatever `arguments` throws.
std::shared_ptr<ChildProcess> start_child(const StartOptions& options, const std::string& entry,
                                          Arguments& arguments);

/// The live children of the calling process. As a side effect reaps those that have ended, as
/// Python's active_children().
std::vector<std::shared_ptr<ChildProcess>> children_alive();

/// Called at the end of a process: terminates its daemon and helper children, then joins all, as
/// Python's atexit handler does. Blocks. Throws Stopped.
void finish_children();

/// Called by the first process at the end of a stopped run: requests every other process to end,
/// blocks until they have, at most for `grace`, then kills the rest and blocks until they have
/// ended.
void stop_processes(std::chrono::nanoseconds grace) noexcept;

}  // namespace weft::multiprocessing
