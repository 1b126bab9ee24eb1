#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "weft/errors.h"
#include "weft/platform/mutex.h"
#include "weft/runtime/internal/callable.h"
#include "weft/runtime/internal/thread.h"
#include "weft/runtime/time.h"
#include "weft/threading/thread_ref.h"

namespace weft::threading {

using weft::SystemExit;

/// A thread of execution. Move-only. The destructor joins a started thread, as std::jthread's does
/// (Python joins it at interpreter exit), unless it is a daemon or the calling thread itself: a
/// thread may destroy or replace its own object and continues to run.
/// Python: https://docs.python.org/3/library/threading.html#thread-objects
///
/// | state       | start        | join                   | is_alive | set_daemon   |
/// | ----------- | ------------ | ---------------------- | -------- | ------------ |
/// | not started | -> running   | RuntimeError           | false    | ok           |
/// | running     | RuntimeError | blocks until -> ended  | true     | RuntimeError |
/// | ended       | RuntimeError | returns at once        | false    | RuntimeError |
/// | moved from  | RuntimeError | RuntimeError           | false    | no effect    |
///
/// All members are thread-safe, except moves and the destructor. If several threads call start(),
/// one call succeeds. The end of a run joins its non-daemon threads, and the end of the process
/// (return from main(), or exit()) those outside any run, whether or not their objects still exist.
///
/// An exception that leaves the target is passed to the excepthook and ends this thread only.
/// SystemExit is passed there, too, but the default hook does not report it. StopToken lists the
/// ways to end a thread.
///
/// The call of start() happens before the target, and the end of the target before the return of a
/// join() that found the thread ended.
///
/// As in Python, a derived class can override run() instead of passing a target. Its objects must
/// be created as JoiningThread<Derived>; otherwise start() throws.
///
/// Example:
///     Thread thread([&] { work(); });
///     thread.start();
///     thread.join();
class Thread {
 public:
  struct Options {
    std::string name = {};  ///< what views show; any text; empty: "Thread-N"
    /// True: the end of a run does not join the thread, which must not access what may have been
    /// destroyed by then. None: as the calling thread.
    std::optional<bool> daemon = std::nullopt;
  };

  /// A thread that will call `target`, which may be empty.
  explicit Thread(runtime::Callable target) : Thread(std::move(target), Options()) {}
  Thread(runtime::Callable target, Options options);
  Thread(runtime::Callable target, Name auto name)
      : Thread(std::move(target), Options{.name = std::move(name)}) {}
  /// A thread that will call `function(arguments…)` with decayed copies, as std::thread does;
  /// Python: `args`. If `function` can be called without arguments, too, a name or options are
  /// taken as such, not as arguments.
  template <class F, class... Arguments>
    requires runtime::kTakesBesides<Options, F, Arguments...>
  explicit Thread(F&& function, Arguments&&... arguments)
      : Thread(
            runtime::bind_once(std::forward<F>(function), std::forward<Arguments>(arguments)...)) {}
  template <class F, class... Arguments>
    requires runtime::kTakes<F, Arguments...>
  Thread(Options options, F&& function, Arguments&&... arguments)
      : Thread(runtime::bind_once(std::forward<F>(function), std::forward<Arguments>(arguments)...),
               std::move(options)) {}
  Thread(Thread&& other) noexcept;
  Thread& operator=(Thread&& other) noexcept
      WEFT_NO_THREAD_SAFETY_ANALYSIS;  // moves are not thread-safe
  virtual ~Thread();

  /// Starts the thread. Throws RuntimeError if it was started before, if the object was moved from,
  /// if the system cannot create another thread, or for an object of a derived class that is not
  /// JoiningThread.
  void start(runtime::Where where = runtime::Where::current());

  /// Blocks until the thread has ended or `timeout` has expired (a negative one counts as 0);
  /// is_alive() distinguishes the two. Throws RuntimeError before start(), or if called by the
  /// thread itself.
  void join(runtime::Timeout timeout = std::nullopt,
            runtime::Where where = runtime::Where::current());

  bool is_alive() const noexcept;

  /// The thread's number within its run, counted from 1, the main thread; empty before start().
  std::optional<std::uint32_t> ident() const noexcept;
  /// The operating system's thread id; empty until the thread runs.
  std::optional<std::uint64_t> native_id() const noexcept;

  std::string name() const;
  /// Renames the thread. Views show the name at start(), or the last one that the thread itself
  /// set.
  void set_name(std::string name);

  /// True if the end of the run does not join the thread.
  bool daemon() const noexcept;
  /// Throws RuntimeError after start().
  void set_daemon(bool daemon);

  /// A non-owning reference to the thread. Throws RuntimeError before start().
  ThreadRef ref() const;

 protected:
  /// For derived classes.
  Thread() : Thread(Options()) {}
  explicit Thread(Options options);
  explicit Thread(Name auto name) : Thread(Options{.name = std::move(name)}) {}

  /// The thread's body; does nothing unless overridden.
  virtual void run();

 private:
  template <class T>
  friend class JoiningThread;

  void take_over(Thread& other) noexcept WEFT_NO_THREAD_SAFETY_ANALYSIS;  // of a move
  void finish() noexcept;
  std::shared_ptr<runtime::ThreadState> state() const noexcept;

  mutable platform::Mutex mutex_;
  std::string name_ WEFT_GUARDED_BY(mutex_);  // before start()
  bool daemon_ WEFT_GUARDED_BY(mutex_) = false;
  // Of a derived class: the body is run(), not target_.
  bool derived_ WEFT_GUARDED_BY(mutex_) = false;
  bool joining_ WEFT_GUARDED_BY(mutex_) = false;  // the object is a JoiningThread
  bool moved_from_ WEFT_GUARDED_BY(mutex_) = false;
  runtime::Callable target_ WEFT_GUARDED_BY(mutex_);
  std::shared_ptr<runtime::ThreadState> state_ WEFT_GUARDED_BY(mutex_);  // null before start()
};

/// The most derived class of a Thread with its own run(). Its destructor joins the thread, also a
/// daemon and also in a stopped run, before the members that run() uses are destroyed. (In Python a
/// thread keeps its object alive.) Not movable: the thread refers to its address.
///
/// Example:
///     class Weaver : public Thread {
///       void run() override { ++woven_; }
///       int woven_ = 0;
///     };
///     JoiningThread<Weaver> weaver;
///     weaver.start();
template <class T>
class JoiningThread final : public T {
  static_assert(std::is_base_of_v<Thread, T>, "a class derived from Thread");

 public:
  template <class... Arguments>
  explicit JoiningThread(Arguments&&... arguments) : T(std::forward<Arguments>(arguments)...) {
    Thread::joining_ = true;
  }
  JoiningThread(const JoiningThread&) = delete;
  JoiningThread& operator=(const JoiningThread&) = delete;
  ~JoiningThread() override { Thread::finish(); }
};

}  // namespace weft::threading
