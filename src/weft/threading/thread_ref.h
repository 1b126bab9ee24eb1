#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "weft/runtime/internal/thread_state.h"
#include "weft/runtime/point.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"

namespace weft::threading {

/// A reference to a thread: of any kind, including the main thread and threads that Weft did not
/// start. Cheap to copy; stays valid after the thread's end; its destructor does not join.
/// Python: the Thread objects that current_thread() and enumerate() return.
///
/// Example:
///     for (const ThreadRef& thread : enumerate()) print(thread.name());
class ThreadRef {
 public:
  explicit ThreadRef(std::shared_ptr<runtime::ThreadState> state) noexcept
      : state_(std::move(state)) {}

  std::string name() const { return state_->name(); }
  /// Renames the thread. Views show the new name only if the thread renames itself.
  void set_name(std::string name) const { state_->set_name(std::move(name)); }

  /// The thread's number within its run, counted from 1, the main thread. Outside any run the main
  /// thread's is 0.
  std::uint32_t ident() const noexcept { return state_->number; }
  /// The operating system's thread id; 0 until the thread runs.
  std::uint64_t native_id() const noexcept { return state_->native_id; }
  bool daemon() const noexcept { return state_->daemon; }
  bool is_alive() const noexcept {
    runtime::yield_hint();
    return !state_->has_ended();
  }

  /// As Thread::join. Throws RuntimeError for the calling thread, and for threads that cannot be
  /// joined: the main thread and those that Weft did not start.
  void join(runtime::Timeout timeout = std::nullopt,
            runtime::Where where = runtime::Where::current()) const;

  friend bool operator==(const ThreadRef&, const ThreadRef&) noexcept = default;

 private:
  std::shared_ptr<runtime::ThreadState> state_;
};

/// The calling thread. A thread that Weft did not start is named "Dummy-N" and is a daemon; the one
/// that runs main() is named "MainThread".
/// Python: https://docs.python.org/3/library/threading.html#threading.current_thread
ThreadRef current_thread();

/// The thread that opened the caller's run; outside any run, the thread that runs main().
/// Python: https://docs.python.org/3/library/threading.html#threading.main_thread
ThreadRef main_thread();

/// The live threads of the caller's run (outside any run: those outside any run): the main thread,
/// the threads that were started and have not ended, oldest first, and the caller. Excludes every
/// thread that was joined.
/// Python: https://docs.python.org/3/library/threading.html#threading.enumerate
std::vector<ThreadRef> enumerate();

/// Number of threads that enumerate() returns.
/// Python: https://docs.python.org/3/library/threading.html#threading.active_count
std::size_t active_count();

/// The name of the calling thread.
std::string current_thread_name();

/// The calling thread's ident().
/// Python: https://docs.python.org/3/library/threading.html#threading.get_ident
std::uint32_t get_ident();

/// The operating system's id of the calling thread.
/// Python: https://docs.python.org/3/library/threading.html#threading.get_native_id
std::uint64_t get_native_id() noexcept;

}  // namespace weft::threading
