#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <tuple>
#include <type_traits>
#include <typeinfo>
#include <utility>

#include "weft/errors.h"
#include "weft/multiprocessing/archive.h"
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
/// As in Python, a derived class can override run() instead of passing an entry; it has to be
/// registered: see ProcessClass.
///
/// Example:
///     inline const Entry greet("greet", [](std::string name) { std::puts(name.c_str()); });
///     Process process(greet, std::string("Ada"));
///     process.start();
///     process.join();
///     *process.exitcode();   // 0
class Process {
 public:
  struct Options {
    /// What views show; any text. Empty: "Process-N"; of a grandchild "Process-N:M".
    std::string name = {};
    /// True: the process is terminated when the calling one ends, and may have no children. None:
    /// as the calling process.
    std::optional<bool> daemon = std::nullopt;
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
  virtual ~Process();

  /// What the process does; a derived class overrides it. Process's own calls the entry's function
  /// with copies of the arguments. start() has it run in the new process; called directly it runs
  /// in the calling one, as in Python. Throws what the function throws, ValueError after close().
  /// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.Process.run
  virtual void run();

  /// Blocks until the system has accepted the process; its function begins soon after. Throws
  /// AssertionError if the process was started before, or if the calling process is a daemon;
  /// RuntimeError, with the reason, if no process can be created, if the program does not call
  /// freeze_support(), if this Process was moved from, or if its class is derived from Process and
  /// not registered as a ProcessClass.
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
  /// The same as pid(), as in Python.
  std::optional<std::uint32_t> ident() const { return pid(); }
  /// The process's number in the run; the first process is 1. None before start().
  std::optional<std::uint32_t> number() const;
  /// Waitable on which wait() reports the end of the process. Throws ValueError before start().
  Sentinel sentinel() const;

  /// A copyable reference to the process that does not own it. Throws AssertionError before
  /// start().
  ProcessRef ref() const;

 protected:
  /// For derived classes that override run().
  explicit Process(Options options);
  Process() : Process(Options()) {}

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
  friend class ProcessClassBase;
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
  bool derived_ = false;  // what runs is run(), not the entry
  bool own_ = false;      // in the child: the copy on which run() is called
};

/// The type-erased interface of ProcessClass: an entry that runs an object.
class ProcessClassBase : public EntryBase {
 public:
  /// Serialises the members of an object of the class.
  virtual void write(Archive& archive, Process& object) const = 0;

 protected:
  ProcessClassBase(std::string name, const std::type_info& type);
  ~ProcessClassBase();

  /// While it exists, a Process that this thread constructs stands for the calling process.
  class Own {
   public:
    Own() noexcept;
    ~Own();
    Own(const Own&) = delete;
    Own& operator=(const Own&) = delete;
  };

 private:
  const std::type_info& type_;
};

/// Registers a class derived from Process under a name, so that its objects can be started. As an
/// Entry, it must be constructed before main() begins, at namespace scope, with a name that no
/// other entry has.
///
/// start() sends a copy of the object: the child default-constructs one, reads its members by the
/// class's serialise(), and calls run(). In the child the object's name(), daemon(), pid() and
/// number() are those of the process, and it counts as started; start(), join(), terminate() and
/// kill() throw AssertionError. What run() changes there, the parent's object does not show.
/// Python: a subclass of Process, which has to be importable and its attributes picklable,
/// https://docs.python.org/3/library/multiprocessing.html#the-spawn-and-forkserver-start-methods
///
/// Example:
///     class Greeter : public Process {
///      public:
///       explicit Greeter(std::string whom = {}) : whom_(std::move(whom)) {}
///       void run() override { std::puts(whom_.c_str()); }
///       friend void serialise(Archive& archive, Greeter& greeter) { archive(greeter.whom_); }
///
///      private:
///       std::string whom_;
///     };
///     inline const ProcessClass<Greeter> greeter("greeter");
///
///     Greeter ada("Ada");
///     ada.start();
///     ada.join();
template <class T>
class ProcessClass final : public ProcessClassBase {
  static_assert(std::is_base_of_v<Process, T> && !std::is_same_v<Process, T>,
                "a class derived from Process");
  static_assert(std::is_default_constructible_v<T>,
                "to be received it needs a default constructor");

 public:
  /// Throws RuntimeError if the name is taken, or the class has been registered before.
  explicit ProcessClass(std::string name) : ProcessClassBase(std::move(name), typeid(T)) {}

  void write(Archive& archive, Process& object) const override { archive(static_cast<T&>(object)); }
  void run(Archive& arguments) const override {
    const auto object = [] {
      const Own own;
      return std::make_unique<T>();
    }();
    arguments(*object);
    arguments.expect_end();
    static_cast<Process&>(*object).run();
  }
  void run_for_result(Archive& arguments, Archive&) const override { run(arguments); }
};

/// Ends the calling process at once with the status n & 255. Nothing is unwound, and no thread is
/// waited for.
/// Python: https://docs.python.org/3/library/os.html#os._exit
[[noreturn]] void os_exit(int n) noexcept;

}  // namespace weft::multiprocessing
