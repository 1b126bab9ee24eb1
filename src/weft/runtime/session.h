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
#include "weft/runtime/default_name.h"
#include "weft/runtime/gil.h"
#include "weft/runtime/scheduler.h"
#include "weft/runtime/session_thread.h"
#include "weft/runtime/thread_list.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"
#include "weft/trace/trace.h"

namespace weft::runtime {

struct ThreadState;

/// A run as the core sees it: the thread that opened it and every thread started from there. What
/// they do is traced (if there is a trace) and can be stopped.
///
/// Threads outside any session, as in a program that uses Weft as a plain library, pay one
/// thread-local load and one branch a point.
class Session {
 public:
  struct Options {
    trace::Trace* trace = nullptr;                     ///< none: nothing is recorded
    const std::atomic<std::uint32_t>* stop = nullptr;  ///< a word of somebody else's to obey
    std::optional<Time> origin = std::nullopt;  ///< zero of the run's clock; none: when it opens
    /// Decides which thread runs; none: the operating system does. Must outlive the session.
    Scheduler* scheduler = testing::default_scheduler();
    /// Stops the run when all its threads wait for each other for ever: see deadlock.h. To be
    /// switched off if waits in it are ended from outside the session, which a controlled scheduler
    /// refuses.
    bool finds_deadlocks = true;
    /// Called on the thread that has written a line for the console, so that whoever shows it can do so
    /// before what that thread does next. It must not throw.
    std::function<void()> on_console = nullptr;
  };

  /// Opens a session on the calling thread, which becomes its thread 1, named "MainThread"; until the
  /// session ends, if it is part of another one. Throws ValueError for a controlled scheduler without
  /// `finds_deadlocks`.
  explicit Session(Options options);
  /// The caller is the thread that opened it. Ends the daemons and blocks until every thread of the
  /// session has ended; it must not be destroyed while one never will.
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Asks every thread to end: the next point or wait of each throws Stopped. Threads that are
  /// parked already need `wake_parked`.
  void stop() noexcept { own_stop_.store(1); }
  bool stopping() const noexcept {
    return (stop_.load(std::memory_order_relaxed) | own_stop_.load(std::memory_order_relaxed)) != 0;
  }

  /// The end of a run, as of a Python process: blocks until every thread that is no daemon has
  /// ended. By the thread that opened the session. Throws Stopped.
  void wait_for_threads(Where where = Where::current());

  /// Stops the daemons, which see it at their next point or wait, and blocks until they have ended,
  /// but not longer than `grace`. Returns false if one is still there: then the session, its trace
  /// and whatever else that thread uses must never be destroyed.
  bool end_daemons(Timeout grace) noexcept;
  /// Calls that before the session is destroyed, for what uses the session and is no thread of it.
  void at_end(std::function<void()> action);
  /// True once the daemons are being stopped.
  bool ending() const noexcept { return ending_.load(std::memory_order_relaxed); }

  /// True if a deadlock was found, which has stopped the run.
  bool deadlocked() const noexcept { return deadlocked_.load(std::memory_order_relaxed); }
  bool finds_deadlocks() const noexcept { return finds_deadlocks_; }
  void set_deadlocked() noexcept {
    deadlocked_.store(true, std::memory_order_relaxed);
    stop();
  }

  /// True if a daemon kept the GIL to itself, which has stopped the run.
  bool gil_lost() const noexcept { return gil_lost_.load(std::memory_order_relaxed); }
  /// Returns false if it was said before.
  bool set_gil_lost() noexcept {
    const bool first = !gil_lost_.exchange(true);
    stop();
    return first;
  }

  /// Wakes every parked thread once, so that it sees the stop word, and returns how many there
  /// were. A thread may go to sleep at this very moment: repeat until it returns 0. Never blocks.
  std::uint32_t wake_parked() noexcept { return threads_.wake_parked(); }

  /// How many threads there are that have been started and have not ended, and the caller's own.
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
  /// How many of that kind got a default name.
  std::atomic<std::uint32_t>& named(Named kind) noexcept {
    return named_[static_cast<std::size_t>(kind)];
  }
  std::uint32_t next_object_number(trace::ObjectType type) noexcept;
  platform::Mutex& object_mutex() noexcept { return object_mutex_; }

  /// The name by which reports know the object of that number. With object_mutex held.
  void set_object_name(std::uint32_t object, const std::string& name);
  /// Empty if it has none.
  std::string object_name(std::uint32_t object) const;

  /// What it was opened with; null: the operating system's.
  Scheduler* scheduler() const noexcept { return scheduler_; }
  /// The GIL that is switched on; null if none is.
  Gil* gil() const noexcept { return gil_.load(); }
  /// Switches a GIL on for the threads to come, and off.
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
  std::atomic<std::uint32_t> objects_made_[32] = {};                // by type
  std::unordered_map<std::uint32_t, std::string> object_names_;     // guarded by object_mutex_

  const bool finds_deadlocks_;
  std::atomic<bool> deadlocked_{false};
  std::atomic<bool> gil_lost_{false};
  std::atomic<bool> ending_{false};
  std::atomic<Gil*> gil_{nullptr};
  std::vector<std::unique_ptr<Gil>> gils_;  // threads may look at one that is closed

  platform::Mutex at_end_mutex_;
  std::vector<std::function<void()>> at_end_;  // guarded by at_end_mutex_

  ThreadList threads_;
  std::shared_ptr<ThreadState> main_;
  ThreadState* const outer_current_;  // of the thread that opened it, as is the next
  ThreadState* const outer_plugged_;
};

}  // namespace weft::runtime
