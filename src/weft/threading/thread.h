#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "weft/errors.h"
#include "weft/runtime/thread.h"
#include "weft/runtime/time.h"
#include "weft/threading/thread_ref.h"

namespace weft::threading {

using weft::SystemExit;

/// A thread of control. Move-only. The destructor joins a thread that was started and not joined,
/// as std::jthread does (Python's waits for it at the end of the process), unless it is a daemon.
/// Python: https://docs.python.org/3/library/threading.html#thread-objects
///
/// | state       | start        | join                   | is_alive | set_daemon   |
/// | ----------- | ------------ | ---------------------- | -------- | ------------ |
/// | not started | -> running   | RuntimeError           | false    | ok           |
/// | running     | RuntimeError | blocks until -> ended  | true     | RuntimeError |
/// | ended       | RuntimeError | returns at once        | false    | RuntimeError |
///
/// An exception that leaves the target goes to the excepthook and ends this thread only; SystemExit
/// goes there, too, but nobody reports it unless a hook of the program's own does. For the ways to end a thread see StopToken.
///
/// What happened before start() happens before what the thread does, and that before what follows a
/// join() that found it ended.
///
/// Instead of being given a target, a class can be derived that overrides run(). It has to call
/// finish() in its destructor, as run() uses its members, and must not be moved once started.
class Thread {
 public:
  /// A thread that will run `target`. The default name is "Thread-N"; `daemon` is by default what
  /// the calling thread is. A run does not wait for its daemons: they must not use what may be gone.
  explicit Thread(runtime::Callable target, std::string name = {},
                  std::optional<bool> daemon = std::nullopt);
  Thread(Thread&& other) noexcept;
  Thread& operator=(Thread&& other) noexcept;
  virtual ~Thread();

  /// Throws RuntimeError if the thread was started before, or if no further thread is to be had.
  void start();

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
  bool daemon() const noexcept { return daemon_; }
  /// Throws RuntimeError once the thread was started.
  void set_daemon(bool daemon);

  /// The thread, for those who only want to know of it. Throws RuntimeError before start.
  ThreadRef ref() const;

 protected:
  /// For derived classes.
  explicit Thread(std::string name = {}, std::optional<bool> daemon = std::nullopt);

  /// What the thread does; nothing, unless overridden.
  virtual void run();

  /// Waits for the thread if it was started. For destructors of derived classes: goes on waiting when
  /// the run is stopped.
  void finish() noexcept;

 private:
  std::string name_;  // until start
  bool daemon_;
  bool derived_ = false;  // run() is overridden
  runtime::Callable target_;
  std::shared_ptr<runtime::ThreadState> state_;  // from start on
};

}  // namespace weft::threading
