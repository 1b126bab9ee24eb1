#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "weft/platform/mutex.h"
#include "weft/runtime/time.h"
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
    Time origin = Clock::now();                        ///< zero of the run's clock
  };

  /// Opens a session on the calling thread, which becomes its thread 1, named "MainThread".
  explicit Session(Options options);
  /// Every thread of the session must have ended; the caller is the thread that opened it.
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  /// Asks every thread to end: the next point or wait of each throws Stopped. Threads that are
  /// parked already need `wake_parked`. For the sessions that own their stop word.
  void stop() noexcept { own_stop_.store(1); }
  bool stopping() const noexcept { return stop_.load(std::memory_order_relaxed) != 0; }

  /// Wakes every parked thread once, so that it sees the stop word, and returns how many there
  /// were. A thread may go to sleep at this very moment: repeat until it returns 0. Never blocks.
  std::uint32_t wake_parked() noexcept;

  trace::Trace* trace() const noexcept { return trace_; }
  /// The thread that opened the session.
  const std::shared_ptr<ThreadState>& main_thread() const noexcept { return main_; }
  std::uint32_t serial() const noexcept { return serial_; }
  std::uint64_t nanoseconds(Time time) const noexcept;

  std::uint32_t next_thread_number() noexcept {
    return next_thread_.fetch_add(1, std::memory_order_relaxed);
  }
  std::uint32_t next_object_number(trace::ObjectType type) noexcept;
  platform::Mutex& object_mutex() noexcept { return object_mutex_; }

  void enter(ThreadState& thread);
  void leave(ThreadState& thread) noexcept;

 private:
  trace::Trace* const trace_;
  std::atomic<std::uint32_t> own_stop_{0};
  const std::atomic<std::uint32_t>& stop_;
  const Time origin_;
  const std::uint32_t serial_;
  std::atomic<std::uint32_t> next_thread_{1};
  platform::Mutex object_mutex_;
  std::atomic<std::uint32_t> objects_made_[16] = {};  // by type

  platform::Mutex threads_mutex_;
  ThreadState* threads_ = nullptr;  // guarded by threads_mutex_; those that can park
  std::shared_ptr<ThreadState> main_;
};

}  // namespace weft::runtime
