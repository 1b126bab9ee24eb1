#pragma once

#include <atomic>
#include <cstdint>

#include "weft/platform/mutex.h"

namespace weft::runtime {

class Scheduler;
struct ThreadState;

/// The threads of a session, and which of them are parked: the basis of deadlock detection and of
/// stopping.
///
/// A thread is live from before it is started until it is removed. It is parked indefinitely (its
/// park cannot time out, nor be ended from outside the session) from before it parks until after it
/// wakes, and from `leave` until it is removed. The session is quiescent when all live threads are
/// parked indefinitely and the word of each still has the value that it waits on: then no thread is
/// left that could change one. See `is_quiescent`.
class ThreadList {
 public:
  /// `scheduler`: the session's; null: the operating system.
  explicit ThreadList(Scheduler* scheduler) noexcept : scheduler_(scheduler) {}
  ThreadList(const ThreadList&) = delete;
  ThreadList& operator=(const ThreadList&) = delete;

  /// A thread is about to be started; or its start has failed.
  void register_start(const ThreadState& thread) noexcept;
  void cancel_start(const ThreadState& thread) noexcept;

  /// Inserts the calling thread.
  void add(ThreadState& thread) noexcept;
  /// The calling thread has nothing left to do but to write its last record and to be removed.
  /// Returns true if all live threads are parked indefinitely now.
  bool leave(ThreadState& thread) noexcept;
  /// Removes the calling thread: its last use of the list.
  void remove(ThreadState& thread) noexcept;

  /// The calling thread is about to park on `word`; its `parked_*` fields have been set. Returns
  /// true if all live threads are parked indefinitely now.
  bool park(ThreadState& thread, const std::atomic<std::uint32_t>& word) noexcept;
  /// The calling thread has woken. The memory of the word may be freed once this returns, not
  /// before.
  void unpark(ThreadState& thread) noexcept;

  /// The calling thread, which the scheduler knows, has ended: its last use of session and
  /// scheduler.
  void end_scheduled() noexcept;
  /// Blocks until `end_scheduled` was called by each started thread. Does nothing without a
  /// scheduler.
  void await_scheduled() noexcept;

  /// The number of live threads, including the one that opened the session. Each decrease wakes the
  /// threads parked on the word.
  const std::atomic<std::uint32_t>& live() const noexcept { return live_; }
  /// The number of live non-daemon threads that were started. Each decrease wakes as above.
  const std::atomic<std::uint32_t>& foreground() const noexcept { return foreground_; }

  /// Wakes every parked thread once; returns the number of parked threads, 1 if the mutex is held
  /// by another thread. Never blocks.
  std::uint32_t wake_parked() noexcept;
  /// Wakes each thread that was parked at the last `is_quiescent`, except for the caller, until
  /// it has resumed. Blocks until then, unless the scheduler is a controlled one.
  void wake_deadlocked(const ThreadState& caller) noexcept;

  /// Calls `then(first thread)` if the session is quiescent. Parked threads stay parked meanwhile,
  /// so what they wait for can be read.
  template <class Then>
  bool if_quiescent(Then then) {
    Snapshot snapshot(*this);
    if (!is_quiescent()) return false;
    then(static_cast<const ThreadState*>(first_));
    return true;
  }

 private:
  /// RAII: a snapshot. While it exists no parked thread returns from `unpark`, so the fields
  /// `parked_*` and the words that they refer to stay valid.
  class WEFT_SCOPED_CAPABILITY Snapshot {
   public:
    explicit Snapshot(ThreadList& list) noexcept WEFT_ACQUIRE(list.mutex_) : list_(list) {
      list_.mutex_.lock();
      list_.snapshot_.store(1);
    }
    ~Snapshot() WEFT_RELEASE() {
      list_.snapshot_.store(0);
      list_.mutex_.unlock();
    }
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

   private:
    ThreadList& list_;
  };

  // The quiescence check. Called with a Snapshot.
  bool is_quiescent() noexcept WEFT_REQUIRES(mutex_);

  // Adds to a count and wakes the threads parked on it.
  void change(std::atomic<std::uint32_t>& count, std::uint32_t by) noexcept;

  Scheduler* const scheduler_;
  platform::Mutex mutex_;
  ThreadState* first_ WEFT_GUARDED_BY(mutex_) = nullptr;
  std::atomic<std::uint32_t> live_{1};
  std::atomic<std::uint32_t> foreground_{0};
  std::atomic<std::uint32_t> parked_indefinitely_{0};  // number of threads parked indefinitely
  std::atomic<std::uint32_t> snapshot_{0};             // 1: a Snapshot exists
  std::atomic<std::uint32_t> scheduled_{0};  // started threads that may still use scheduler_
};

}  // namespace weft::runtime
