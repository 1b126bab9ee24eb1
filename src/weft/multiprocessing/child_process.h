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

/// A child of the calling process, from its start on. Lives in a std::shared_ptr.
class ChildProcess {
 public:
  enum class Kind {
    independent,  ///< the end of its parent waits for it
    daemon,       ///< ends with its parent; may not have children
    helper,       ///< ends with its parent, too, but is no daemon: a worker of an executor
  };

  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  /// Blocks until the process has ended and everything of it is cleaned up. Returns false if the
  /// deadline passed first. Throws Stopped; if that is not to be, kills the process of a stopped run.
  bool join(runtime::Deadline deadline, runtime::Where where, runtime::Stoppable stoppable);

  /// None while it is alive.
  std::optional<int> exit_code() noexcept;
  bool is_alive() noexcept { return !exit_code().has_value(); }

  /// Sends the signal, if it is alive.
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
  std::uint32_t id_ = 0;  // once it is started
  runtime::Object object_;
  platform::Mutex mutex_;
  std::optional<int> exit_code_;  // guarded by mutex_
};

/// Writes the arguments of a process.
class Arguments {
 public:
  virtual ~Arguments() = default;
  virtual void write(Archive& archive) = 0;
};

/// What a process is to be started with.
struct StartOptions {
  std::string name;
  std::string identity;
  ChildProcess::Kind kind = ChildProcess::Kind::independent;

  bool daemon() const noexcept { return kind == ChildProcess::Kind::daemon; }
};

/// Starts a process that runs the entry of that name. Blocks until the system has accepted it.
/// Throws RuntimeError if none is to be had, and whatever writing the arguments throws.
std::shared_ptr<ChildProcess> start_child(const StartOptions& options, const std::string& entry,
                                          Arguments& arguments);

/// The children of the calling process that are alive. Those that have ended are forgotten.
std::vector<std::shared_ptr<ChildProcess>> children_alive();

/// The end of a process: its daemons are terminated, and the others are waited for, as Python's atexit
/// does. Throws Stopped.
void finish_children();

/// The end of a run that was stopped, by its first process: asks every other process to end, and kills
/// those that have not after `grace`.
void stop_processes(std::chrono::nanoseconds grace) noexcept;

}  // namespace weft::multiprocessing
