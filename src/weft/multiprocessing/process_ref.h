#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "weft/multiprocessing/child_process.h"
#include "weft/multiprocessing/wait.h"

namespace weft::multiprocessing {

/// Names a process: the calling one, its parent, or a child. To be copied freely; good beyond the
/// process's end, which it does not wait for.
/// Python: the objects that current_process(), parent_process() and active_children() return.
class ProcessRef {
 public:
  /// A child of the calling process.
  explicit ProcessRef(std::shared_ptr<ChildProcess> child);
  /// Another one.
  ProcessRef(std::string name, Sentinel sentinel, std::uint32_t id, bool daemon)
      : name_(std::move(name)), sentinel_(sentinel), id_(id), daemon_(daemon) {}

  const std::string& name() const noexcept { return name_; }
  /// The system's number of it; in WebAssembly the same as number().
  std::uint32_t pid() const noexcept { return id_; }
  /// Its number in the run, from 1 for the first.
  std::uint32_t number() const noexcept { return sentinel_.number; }
  bool daemon() const noexcept { return daemon_; }

  bool is_alive() const noexcept;
  /// None while it is alive, or if it is no child of the caller.
  std::optional<int> exitcode() const noexcept;
  /// Blocks until it has ended or the time is up; a negative timeout only looks. Throws AssertionError
  /// for the calling process.
  void join(runtime::Timeout timeout = std::nullopt,
            runtime::Where where = runtime::Where::current()) const;
  /// As Process::terminate and Process::kill. Throw AssertionError if it is no child of the caller.
  void terminate() const;
  void kill() const;
  const Sentinel& sentinel() const noexcept { return sentinel_; }

  friend bool operator==(const ProcessRef& a, const ProcessRef& b) noexcept {
    return a.number() == b.number();
  }

 private:
  std::string name_;
  Sentinel sentinel_;
  std::uint32_t id_;
  bool daemon_;
  std::shared_ptr<ChildProcess> child_;  // null: no child of the caller
};

/// The calling process. The first one of a run is named "MainProcess".
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.current_process
ProcessRef current_process();

/// The process that started the calling one; nothing in the first.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.parent_process
std::optional<ProcessRef> parent_process();

/// The children of the calling process that are alive. Joins, as a side effect, those that have ended.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.active_children
std::vector<ProcessRef> active_children();

/// How many threads or processes can run at the same moment.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.cpu_count
std::uint32_t cpu_count() noexcept;

}  // namespace weft::multiprocessing
