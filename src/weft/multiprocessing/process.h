#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <utility>

#include "weft/errors.h"
#include "weft/multiprocessing/child.h"
#include "weft/multiprocessing/entry.h"
#include "weft/multiprocessing/process_ref.h"

namespace weft::multiprocessing {

using weft::SystemExit;

/// A process: an instance of this program with its own address space, which runs one function.
/// Move-only. The destructor joins a process that was started and not joined, unless it is a
/// daemon. (Python joins it at the end of the program.)
/// Python: https://docs.python.org/3/library/multiprocessing.html#process-and-exceptions
///
/// | state       | start          | join, terminate, kill  | is_alive   | exitcode   | close      |
/// | ----------- | -------------- | ---------------------- | ---------- | ---------- | ---------- |
/// | not started | -> running     | AssertionError         | false      | none       | -> closed  |
/// | running     | AssertionError | join blocks -> ended   | true       | none       | ValueError |
/// | ended       | AssertionError | do nothing             | false      | a number   | -> closed  |
/// | closed      | ValueError     | ValueError             | ValueError | ValueError | ok         |
///
/// The exit code tells how the process ended: 0 if the function returned; n & 255 if SystemExit{n}
/// left it, or os_exit(n) was called anywhere in the process; 1 if another exception left it, which
/// is reported; −15 after terminate(), −9 after kill(), minus the signal's number after a crash. A
/// process whose function has returned or thrown first waits for its non-daemon children and
/// threads; it terminates its daemon children.
///
/// Memory order: what precedes start() happens before the process's function, and that happens
/// before the return of a join() that found the process ended.
///
/// Example:
///     inline const Entry greet("greet", [](std::string name) { std::puts(name.c_str()); });
///     Process process(greet, std::string("Ada"));
///     process.start();
///     process.join();
///     assert(process.exitcode() == 0);
class Process {
 public:
  struct Options {
    std::string name = {};  ///< by default "Process-N"; a grandchild's is "Process-N:M"
    std::optional<bool> daemon = std::nullopt;  ///< by default inherited from the calling process
  };

  /// A process that will call the entry's function with these arguments. start() serialises them.
  template <class F, class... Given>
    requires(Entry<F>::template takes<Given...>)
  explicit Process(const Entry<F>& entry, Given&&... given)
      : Process(Options(), entry, std::forward<Given>(given)...) {}
  template <class F, class... Given>
    requires(Entry<F>::template takes<Given...>)
  Process(Options options, const Entry<F>& entry, Given&&... given)
      : Process(
            std::move(options), entry.name(),
            std::make_unique<Tuple<typename Entry<F>::Arguments>>(std::forward<Given>(given)...)) {}

  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;
  ~Process();

  /// Blocks until the system has accepted the process; its function begins soon after. Throws
  /// AssertionError if the process was started before, or if the calling process is a daemon;
  /// RuntimeError, with the reason, if no process can be created, if the program does not call
  /// freeze_support(), or if this Process was moved from.
  void start();

  /// Blocks until the process has ended or `timeout` has elapsed (a negative one polls); exitcode()
  /// tells which.
  void join(runtime::Timeout timeout = std::nullopt,
            runtime::Where where = runtime::Where::current());

  bool is_alive() const;
  /// None unless the process has ended. Neither blocks.
  std::optional<int> exitcode() const;

  /// Kills the process asynchronously; nothing is unwound. Its non-daemon children keep running.
  /// The locks it holds on shared objects are recovered (owner-death recovery; see AbandonedError).
  /// Does not block; join() waits for the end.
  void terminate();
  void kill();

  /// Releases the handle of a process that has ended or was never started. Throws ValueError if it
  /// is alive.
  void close();

  const std::string& name() const;
  void set_name(std::string name);
  bool daemon() const;
  /// Throws AssertionError after start().
  void set_daemon(bool daemon);

  /// The operating system's process id; in WebAssembly the same as number(). None before start().
  std::optional<std::uint32_t> pid() const;
  /// The process's number in the run; the first process is 1. None before start().
  std::optional<std::uint32_t> number() const;
  /// Waitable on which wait() reports the end of the process. Throws ValueError before start().
  Sentinel sentinel() const;

  /// A copyable reference to the process that does not own it. Throws AssertionError before
  /// start().
  ProcessRef ref() const;

 private:
  template <class Values>
  class Tuple final : public Arguments {
   public:
    template <class... Given>
    explicit Tuple(Given&&... given) : values_(std::forward<Given>(given)...) {}
    void write(Archive& archive) override { archive(values_); }

   private:
    Values values_;
  };

  Process(Options options, std::string entry, std::unique_ptr<Arguments> arguments);

  friend class PoolCore;
  /// Before start(): makes it end with its parent, like a daemon, without being one, so that it may
  /// have children.
  void become_helper() noexcept { options_.kind = ChildProcess::Kind::helper; }

  void check_open() const;
  ChildProcess& started(const char* what) const;
  void finish() noexcept;

  StartOptions options_;
  std::string entry_;
  std::unique_ptr<Arguments> arguments_;  // until close()
  std::shared_ptr<ChildProcess> child_;   // from start() on
  bool closed_ = false;
};

/// Ends the calling process at once with the status n & 255. Nothing is unwound, and no thread is
/// waited for.
/// Python: https://docs.python.org/3/library/os.html#os._exit
[[noreturn]] void os_exit(int n) noexcept;

}  // namespace weft::multiprocessing
