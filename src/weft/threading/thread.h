#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "weft/errors.h"
#include "weft/platform/mutex.h"
#include "weft/runtime/callable.h"
#include "weft/runtime/thread.h"
#include "weft/runtime/time.h"
#include "weft/threading/thread_ref.h"

namespace weft::threading {

using weft::SystemExit;

/// A thread of control. Move-only. The destructor joins a thread that was started and not joined,
/// as std::jthread does (Python's waits for it at the end of the process), unless it is a daemon, or the
/// calling thread itself: a thread may destroy or replace its own object, and goes on to its end.
/// Python: https://docs.python.org/3/library/threading.html#thread-objects
///
/// | state       | start        | join                   | is_alive | set_daemon   |
/// | ----------- | ------------ | ---------------------- | -------- | ------------ |
/// | not started | -> running   | RuntimeError           | false    | ok           |
/// | running     | RuntimeError | blocks until -> ended  | true     | RuntimeError |
/// | ended       | RuntimeError | returns at once        | false    | RuntimeError |
/// | moved from  | RuntimeError | RuntimeError           | false    | no effect    |
///
/// Every call is safe from every thread, but for moves and the destructor. Of several threads that
/// call start() one starts it. The end of a run waits for its threads that are no daemons and the end
/// of the process (of main(), or exit()) for those outside any run, whether their objects exist or not.
///
/// An exception that leaves the target goes to the excepthook and ends this thread only; SystemExit
/// goes there, too, but nobody reports it unless a hook of the program's own does. For the ways to end a thread see StopToken.
///
/// What happened before start() happens before what the thread does, and that before what follows a
/// join() that found it ended.
///
/// Instead of being given a target, a class can be derived that overrides run(). Its objects are made as
/// Joining<TheClass>, and can't be started otherwise.
class Thread {
 public:
  /// A thread that will run `target`; nothing, if that is empty. The default name is "Thread-N";
  /// `daemon` is by default what the calling thread is. A run does not wait for its daemons: they must
  /// not use what may be gone.
  explicit Thread(runtime::Callable target, std::string name = {},
                  std::optional<bool> daemon = std::nullopt);
  /// A thread that will call `function(arguments…)` with decayed copies of them, as std::thread does.
  /// For a function that can't be called without arguments; else what follows it is the name. Python:
  /// `args`.
  template <class F, class... Arguments>
    requires runtime::kTakes<F, Arguments...>
  explicit Thread(F&& function, Arguments&&... arguments)
      : Thread(runtime::bind_once(std::forward<F>(function),
                                  std::forward<Arguments>(arguments)...)) {}
  Thread(Thread&& other) noexcept;
  Thread& operator=(Thread&& other) noexcept;
  virtual ~Thread();

  /// Throws RuntimeError if the thread was started before, if the object was moved from, if no further
  /// thread is to be had, or for an object of a derived class that is not Joining.
  void start(runtime::Where where = runtime::Where::current());

  /// Blocks until the thread has ended or `timeout` has passed (a negative one only looks);
  /// `is_alive` tells which. Throws RuntimeError before start, or for the calling thread itself.
  void join(runtime::Timeout timeout = std::nullopt,
            runtime::Where where = runtime::Where::current());

  bool is_alive() const noexcept;

  /// The thread's number in its run, from 1 for the main thread; none before start.
  std::optional<std::uint32_t> ident() const noexcept;
  /// The system's number for the thread; none before it runs.
  std::optional<std::uint64_t> native_id() const noexcept;

  std::string name() const;
  /// For everybody who asks from now on. Views show the name that the thread was started with, or the
  /// last one that it gave itself.
  void set_name(std::string name);

  /// True if the end of the run does not wait for the thread.
  bool daemon() const noexcept;
  /// Throws RuntimeError once the thread was started.
  void set_daemon(bool daemon);

  /// The thread, for those who only want to know of it. Throws RuntimeError before start.
  ThreadRef ref() const;

 protected:
  /// For derived classes.
  explicit Thread(std::string name = {}, std::optional<bool> daemon = std::nullopt);

  /// What the thread does; nothing, unless overridden.
  virtual void run();

 private:
  template <class T>
  friend class Joining;

  void take_over(Thread& other) noexcept;
  void finish() noexcept;
  std::shared_ptr<runtime::ThreadState> state() const noexcept;

  mutable platform::Mutex mutex_;
  std::string name_;  // until start; guarded by mutex_, as is the rest
  bool daemon_ = false;
  bool derived_ = false;  // run() is overridden
  bool joining_ = false;  // and the object is Joining
  bool moved_from_ = false;
  runtime::Callable target_;
  std::shared_ptr<runtime::ThreadState> state_;  // from start on
};

/// An object of a class that is derived from Thread. As run() uses the members of that class, the thread
/// has to end before they do: the destructor waits for it first, also if it is a daemon or if the run is
/// stopped. (In Python a thread keeps its object alive.) Not to be moved: the thread knows its address.
///
/// Example:
///     class Weaver : public Thread {
///       void run() override { ++woven_; }
///       int woven_ = 0;
///     };
///     Joining<Weaver> weaver;
///     weaver.start();
template <class T>
class Joining final : public T {
  static_assert(std::is_base_of_v<Thread, T>, "a class derived from Thread");

 public:
  template <class... Arguments>
  explicit Joining(Arguments&&... arguments) : T(std::forward<Arguments>(arguments)...) {
    Thread::joining_ = true;
  }
  Joining(const Joining&) = delete;
  Joining& operator=(const Joining&) = delete;
  ~Joining() override { Thread::finish(); }
};

}  // namespace weft::threading
