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

/// A process: an instance of this program with a memory of its own, which runs one function. Move-only.
/// The destructor joins a process that was started and not joined (Python's waits for it at the end of
/// the program), unless it is a daemon.
/// Python: https://docs.python.org/3/library/multiprocessing.html#process-and-exceptions
///
/// | state       | start          | join, terminate, kill  | is_alive   | exitcode   | close      |
/// | ----------- | -------------- | ---------------------- | ---------- | ---------- | ---------- |
/// | not started | -> running     | AssertionError         | false      | none       | -> closed  |
/// | running     | AssertionError | join blocks -> ended   | true       | none       | ValueError |
/// | ended       | AssertionError | do nothing             | false      | a number   | -> closed  |
/// | closed      | ValueError     | ValueError             | ValueError | ValueError | ok         |
///
/// Ways to end, and what exitcode is then: the function returns (0); SystemExit{n} leaves it, or
/// os_exit(n) is called anywhere in the process (n & 255); another exception leaves it, which is reported
/// (1); terminate() (−15), kill() (−9), a crash (minus the signal). A process whose function has returned
/// or thrown waits for its children and threads that are no daemons, and takes the daemons with it.
///
/// What happened before start() happens before what the process does, and that before what follows a
/// join() that found it ended.
class Process {
 public:
  struct Options {
    std::string name = {};                      ///< by default "Process-N", its child's is "Process-N:M"
    std::optional<bool> daemon = std::nullopt;  ///< by default as the calling process is
  };

  /// A process that will call the entry's function with these arguments, which are sent by start().
  template <class F, class... Given>
    requires(Entry<F>::template takes<Given...>)
  explicit Process(const Entry<F>& entry, Given&&... given)
      : Process(Options(), entry, std::forward<Given>(given)...) {}
  template <class F, class... Given>
    requires(Entry<F>::template takes<Given...>)
  Process(Options options, const Entry<F>& entry, Given&&... given)
      : Process(std::move(options), entry.name(),
                std::make_unique<Tuple<typename Entry<F>::Arguments>>(
                    std::forward<Given>(given)...)) {}

  Process(Process&& other) noexcept;
  Process& operator=(Process&& other) noexcept;
  ~Process();

  /// Blocks until the system has accepted the process: its function begins soon. Throws AssertionError
  /// if it was started before, or if the calling process is a daemon; RuntimeError if no further process
  /// is to be had, with the reason, if the program does not call freeze_support(), or if this Process was
  /// moved from.
  void start();

  /// Blocks until the process has ended or `timeout` has passed (a negative one only looks); exitcode
  /// tells which.
  void join(runtime::Timeout timeout = std::nullopt,
            runtime::Where where = runtime::Where::current());

  bool is_alive() const;
  std::optional<int> exitcode() const;

  /// Ends the process, wherever it is: nothing is unwound. Its children go on, but for daemons; what it
  /// held of shared objects is taken from it. Returns at once; join() waits for it.
  void terminate();
  void kill();

  /// Lets go of the process, which has ended or was never started.
  void close();

  const std::string& name() const;
  void set_name(std::string name);
  bool daemon() const;
  /// Throws AssertionError once it was started.
  void set_daemon(bool daemon);

  /// The system's number of the process, none before start(); in WebAssembly its number in the run.
  std::optional<std::uint32_t> pid() const;
  /// Its number in the run, from 1 for the first process; none before start().
  std::optional<std::uint32_t> number() const;
  /// Throws ValueError before start().
  Sentinel sentinel() const;

  /// The process, for those who only want to know of it. Throws AssertionError before start().
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
  /// Not started yet: it ends with its parent, as a daemon does, but is none.
  void become_helper() noexcept { options_.kind = ChildProcess::Kind::helper; }

  void check_open() const;
  ChildProcess& started(const char* what) const;
  void finish() noexcept;

  StartOptions options_;
  std::string entry_;
  std::unique_ptr<Arguments> arguments_;  // until close
  std::shared_ptr<ChildProcess> child_;   // from start on
  bool closed_ = false;
};

/// Ends the calling process at once with the status n & 255, whatever its threads do: nothing is
/// unwound, nobody is waited for.
/// Python: https://docs.python.org/3/library/os.html#os._exit
[[noreturn]] void os_exit(int n) noexcept;

}  // namespace weft::multiprocessing
