#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "weft/runtime/thread.h"
#include "weft/runtime/time.h"

namespace weft::threading {

/// A thread of control. Move-only. The destructor joins a thread that was started and not joined,
/// as std::jthread does (Python's waits for it at the end of the process).
/// Python: https://docs.python.org/3/library/threading.html#thread-objects
///
/// | state       | start        | join                   | is_alive |
/// | ----------- | ------------ | ---------------------- | -------- |
/// | not started | -> running   | RuntimeError           | false    |
/// | running     | RuntimeError | blocks until -> ended  | true     |
/// | ended       | RuntimeError | returns at once        | false    |
///
/// An exception that leaves the target is reported and ends this thread only.
class Thread {
 public:
  /// A thread that will run `target`. The default name is "Thread-N".
  explicit Thread(runtime::Callable target, std::string name = {});
  Thread(Thread&&) noexcept = default;
  Thread& operator=(Thread&& other) noexcept;
  ~Thread();

  /// Throws RuntimeError if the thread was started before, or if no further thread is to be had.
  void start();

  /// Blocks until the thread has ended or `timeout` has passed (a negative one only looks);
  /// `is_alive` tells which. Throws RuntimeError before start, or for the calling thread itself.
  void join(runtime::Timeout timeout = std::nullopt,
            runtime::Where where = runtime::Where::current());

  bool is_alive() const noexcept;

  /// The thread's number in its run, from 1 for the main thread; none before start.
  std::optional<std::uint32_t> ident() const noexcept;
  const std::string& name() const noexcept { return name_; }

 private:
  void finish() noexcept;

  std::string name_;
  runtime::Callable target_;
  std::shared_ptr<runtime::ThreadState> state_;  // from start on
};

/// The name of the calling thread; "MainThread" outside any.
/// Python: https://docs.python.org/3/library/threading.html#threading.current_thread
std::string current_thread_name();

/// The calling thread's number in its run; 0 outside any.
/// Python: https://docs.python.org/3/library/threading.html#threading.get_ident
std::uint32_t get_ident() noexcept;

}  // namespace weft::threading
