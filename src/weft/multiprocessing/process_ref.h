#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "weft/multiprocessing/internal/child_process.h"
#include "weft/multiprocessing/wait.h"

namespace weft::multiprocessing {

/// A copyable, non-owning reference to a process: the calling one, its parent, or a child. It stays
/// valid after the process has ended, and its destructor does not join. Python: the objects that
/// current_process(), parent_process() and active_children() return.
///
/// Example:
///     for (const ProcessRef& child : active_children()) child.terminate();
class ProcessRef {
 public:
  /// Refers to a child of the calling process.
  explicit ProcessRef(std::shared_ptr<ChildProcess> child);
  /// Refers to a process that is not a child.
  ProcessRef(std::string name, Sentinel sentinel, std::uint32_t id, bool daemon)
      : name_(std::move(name)), sentinel_(sentinel), id_(id), daemon_(daemon) {}

  const std::string& name() const noexcept { return name_; }
  /// The operating system's process id; in WebAssembly the same as number().
  std::uint32_t pid() const noexcept { return id_; }
  /// The same as pid(), as in Python.
  std::uint32_t ident() const noexcept { return id_; }
  /// The process's number in the run; the first process is 1.
  std::uint32_t number() const noexcept { return sentinel_.number; }
  bool daemon() const noexcept { return daemon_; }

  bool is_alive() const noexcept;
  /// None while the process is alive, and none if it is not a child of the caller.
  std::optional<int> exitcode() const noexcept;
  /// Blocks until the process has ended or `timeout` has elapsed; a negative timeout polls. Throws
  /// AssertionError if it refers to the calling process.
  void join(runtime::Timeout timeout = std::nullopt,
            runtime::Where where = runtime::Where::current()) const;
  /// As Process::terminate and Process::kill. Throw AssertionError unless it refers to a child of
  /// the caller.
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
  std::shared_ptr<ChildProcess> child_;  // null: not a child of the caller
};

/// The calling process. The first process of a run is named "MainProcess".
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.current_process
ProcessRef current_process();

/// The process that started the calling one; none in the first process.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.parent_process
std::optional<ProcessRef> parent_process();

/// The living children of the calling process. As a side effect, joins those that have ended.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.active_children
std::vector<ProcessRef> active_children();

/// The hardware concurrency: how many threads or processes can run in parallel.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.cpu_count
std::uint32_t cpu_count() noexcept;

}  // namespace weft::multiprocessing
