#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "weft/platform/mutex.h"
#include "weft/runtime/gil.h"
#include "weft/runtime/internal/default_name.h"
#include "weft/runtime/internal/session_thread.h"
#include "weft/runtime/internal/thread_list.h"
#include "weft/runtime/scheduler.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"
#include "weft/trace/trace.h"

namespace weft::runtime {

struct ThreadState;

/// A run, as the core sees it: the thread that opened it and every thread started from there. What
/// they do is traced (if there is a trace) and can be stopped.
///
/// A program that uses Weft as a plain library has no session; its threads pay one thread-local
/// load and one branch per scheduling point.
///
/// Example:
///     trace::Directory directory;
///     const std::atomic<std::uint32_t> stop = 0;
///     trace::Trace trace(directory, stop);
///     Session session({.trace = &trace, .stop = &stop});
///     threading::Thread thread(work);
///     thread.start();
///     session.wait_for_threads();
class Session {
 public:
  struct Options {
    trace::Trace* trace = nullptr;                     ///< none: nothing is recorded
    const std::atomic<std::uint32_t>* stop = nullptr;  ///< an external stop word; null: none
    std::optional<Time> origin = std::nullopt;  ///< zero of the run's clock; none: when it opens
    /// Decides which thread runs; null: the operating system. Must outlive the session.
    Scheduler* scheduler = testing::default_scheduler();
    /// Detects deadlocks and stops the run: see internal/deadlock.h. Must be false if threads
    /// outside the session end waits in it, of which the core cannot know; a controlled scheduler
    /// requires true.
    bool finds_deadlocks = true;
    /// Called on the thread that has written a console line, before it goes on, so that the line
    /// can be shown in time. Must not throw.
    std::function<void()> on_console = nullptr;
  };

  /// Opens a session on the calling thread, which becomes its thread 1, named "MainThread"; if the
  /// thread is part of another session, it leaves that until this one ends. Throws ValueError for a
  /// controlled scheduler without `finds_deadlocks`.
  explicit Session(Options options);
  /// Called by the thread that opened it. Ends the daemon threads and blocks until every thread of
  /// the session has ended; it must not be called while one never will.
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Requests every thread to end: its next point or wait throws Stopped. Threads that are parked
  /// also need `wake_parked`.
  void stop() noexcept { own_stop_.store(1); }
  bool stopping() const noexcept {
    return (stop_.load(std::memory_order_relaxed) | own_stop_.load(std::memory_order_relaxed)) != 0;
  }

  /// Joins all non-daemon threads, as the end of a Python process does. Called by the thread that
  /// opened the session. Blocks. Throws Stopped.
  void wait_for_threads(Where where = Where::current());

  /// Stops the daemon threads, whose next point or wait throws Stopped, and blocks until they have
  /// ended, at most for `grace`. Returns false if one has not: then the session, its trace and
  /// whatever else that thread uses must never be destroyed.
  bool end_daemons(Timeout grace) noexcept;
  /// Registers an action that the destructor calls after the last thread has ended: for users of
  /// the session other than its threads.
  void at_end(std::function<void()> action);
  /// True once the daemon threads are being stopped.
  bool ending() const noexcept { return ending_.load(std::memory_order_relaxed); }

  /// True if a deadlock was found, which has stopped the run.
  bool deadlocked() const noexcept { return deadlocked_.load(std::memory_order_relaxed); }
  bool finds_deadlocks() const noexcept { return finds_deadlocks_; }
  void set_deadlocked() noexcept {
    deadlocked_.store(true, std::memory_order_relaxed);
    stop();
  }

  /// True if a daemon kept the GIL for too long, which has stopped the run: see Gil.
  bool gil_lost() const noexcept { return gil_lost_.load(std::memory_order_relaxed); }
  /// Stops the run for that reason. Returns false if that was done before.
  bool set_gil_lost() noexcept {
    const bool first = !gil_lost_.exchange(true);
    stop();
    return first;
  }

  /// Wakes every parked thread once, so that it checks the stop word; returns the number of parked
  /// threads. A thread that is about to park may miss it: repeat until it returns 0. Never blocks.
  std::uint32_t wake_parked() noexcept { return threads_.wake_parked(); }

  /// The number of live threads, including the one that opened the session.
  std::uint32_t live_threads() const noexcept { return threads_.live().load(); }
  ThreadList& threads() noexcept { return threads_; }

  trace::Trace* trace() const noexcept { return trace_; }
  void console_written() const {
    if (on_console_) on_console_();
  }
  /// The thread that opened the session.
  const std::shared_ptr<ThreadState>& main_thread() const noexcept { return main_; }
  std::uint32_t serial() const noexcept { return serial_; }
  std::uint64_t nanoseconds(Time time) const noexcept;
  /// Zero of the run's clock.
  Time origin() const noexcept { return origin_; }

  std::uint32_t next_thread_number() noexcept {
    return next_thread_.fetch_add(1, std::memory_order_relaxed);
  }
  /// The number of objects of that kind with a default name.
  std::atomic<std::uint32_t>& named(Named kind) noexcept {
    return named_[static_cast<std::size_t>(kind)];
  }
  std::uint32_t next_object_number(trace::ObjectType type) noexcept;
  platform::Mutex& object_mutex() noexcept WEFT_RETURN_CAPABILITY(object_mutex_) {
    return object_mutex_;
  }

  /// The object's name for deadlock reports.
  void set_object_name(std::uint32_t object, const std::string& name) WEFT_REQUIRES(object_mutex_);
  /// Empty if it has none.
  std::string object_name(std::uint32_t object) const;

  /// The scheduler that it was opened with; null: the operating system.
  Scheduler* scheduler() const noexcept { return scheduler_; }
  /// The active GIL; null if none.
  Gil* gil() const noexcept { return gil_.load(); }
  /// Activates a GIL for threads that are started from here on; and deactivates it.
  Gil& open_gil(std::chrono::nanoseconds interval);
  void close_gil() noexcept { gil_.store(nullptr); }

  void enter(ThreadState& thread);
  void leave(ThreadState& thread) noexcept;

 private:
  trace::Trace* const trace_;
  Scheduler* const scheduler_;
  std::atomic<std::uint32_t> own_stop_{0};
  const std::atomic<std::uint32_t>& stop_;
  const Time origin_;
  const std::uint32_t serial_;
  const std::function<void()> on_console_;
  std::atomic<std::uint32_t> next_thread_{1};
  std::atomic<std::uint32_t> named_[kNamedKinds] = {};
  mutable platform::Mutex object_mutex_;
  std::atomic<std::uint32_t> objects_made_[32] = {};  // by type
  std::unordered_map<std::uint32_t, std::string> object_names_ WEFT_GUARDED_BY(object_mutex_);

  const bool finds_deadlocks_;
  std::atomic<bool> deadlocked_{false};
  std::atomic<bool> gil_lost_{false};
  std::atomic<bool> ending_{false};
  std::atomic<Gil*> gil_{nullptr};
  std::vector<std::unique_ptr<Gil>> gils_;  // kept, as threads may still read a closed one

  platform::Mutex at_end_mutex_;
  std::vector<std::function<void()>> at_end_ WEFT_GUARDED_BY(at_end_mutex_);

  ThreadList threads_;
  std::shared_ptr<ThreadState> main_;
  ThreadState* const outer_current_;  // of the opening thread; restored at the end
  ThreadState* const outer_session_thread_;
};

}  // namespace weft::runtime
