#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "weft/runtime/point.h"
#include "weft/runtime/thread_state.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"

namespace weft::threading {

/// Names a thread: any thread, also the main thread and such as Weft did not start. To be copied
/// freely; good beyond the thread's end, which it does not wait for.
/// Python: the Thread objects that current_thread() and enumerate() return.
class ThreadRef {
 public:
  explicit ThreadRef(std::shared_ptr<runtime::ThreadState> state) noexcept
      : state_(std::move(state)) {}

  std::string name() const { return state_->name(); }
  /// For everybody who asks from now on. Views learn of it if the thread names itself.
  void set_name(std::string name) const { state_->set_name(std::move(name)); }

  /// The thread's number in its run, from 1 for the main thread. Outside any run the main thread's
  /// is 0.
  std::uint32_t ident() const noexcept { return state_->number; }
  /// The system's number for it; 0 if it has not begun to run.
  std::uint64_t native_id() const noexcept { return state_->native_id; }
  bool daemon() const noexcept { return state_->daemon; }
  bool is_alive() const noexcept {
    runtime::observe();
    return !state_->has_ended();
  }

  /// As Thread::join. Throws RuntimeError for the calling thread, and for one that nobody can wait
  /// for: the main thread and those that Weft did not start.
  void join(runtime::Timeout timeout = std::nullopt,
            runtime::Where where = runtime::Where::current()) const;

  friend bool operator==(const ThreadRef&, const ThreadRef&) noexcept = default;

 private:
  std::shared_ptr<runtime::ThreadState> state_;
};

/// The calling thread. One that Weft did not start is named "Dummy-N" and counts as a daemon; the
/// one that runs main() is named "MainThread".
/// Python: https://docs.python.org/3/library/threading.html#threading.current_thread
ThreadRef current_thread();

/// The thread that opened the caller's run; outside any, the one that runs main().
/// Python: https://docs.python.org/3/library/threading.html#threading.main_thread
ThreadRef main_thread();

/// The threads of the caller's run (outside any: those outside any) that are alive: the main thread,
/// those that were started and have not ended, oldest first, and the caller. A thread that was
/// joined is not among them.
/// Python: https://docs.python.org/3/library/threading.html#threading.enumerate
std::vector<ThreadRef> enumerate();

/// How many enumerate() returns.
/// Python: https://docs.python.org/3/library/threading.html#threading.active_count
std::size_t active_count();

/// The name of the calling thread.
std::string current_thread_name();

/// The calling thread's ident.
/// Python: https://docs.python.org/3/library/threading.html#threading.get_ident
std::uint32_t get_ident();

/// The system's number for the calling thread.
/// Python: https://docs.python.org/3/library/threading.html#threading.get_native_id
std::uint64_t get_native_id() noexcept;

}  // namespace weft::threading
