#pragma once

#include <atomic>
#include <cstdint>

#include "weft/platform/mutex.h"

namespace weft::runtime {

class Scheduler;
struct ThreadState;

/// The threads of a session, and which of them are parked.
///
/// A thread counts as live from before it is started until it is removed. It is parked for ever from
/// when it goes to sleep without a deadline, or has nothing left to do but to end, until it looks
/// again. When all that are live are parked for ever and each one's word is still what it was, nobody
/// is left who could change that: see `nobody_can_go_on`.
class ThreadList {
 public:
  /// `scheduler`: the session's; null: the operating system's.
  explicit ThreadList(Scheduler* scheduler) noexcept : scheduler_(scheduler) {}
  ThreadList(const ThreadList&) = delete;
  ThreadList& operator=(const ThreadList&) = delete;

  /// A thread is about to be started; or was not, after all.
  void expect(const ThreadState& thread) noexcept;
  void forget(const ThreadState& thread) noexcept;

  /// The calling thread is there.
  void add(ThreadState& thread) noexcept;
  /// The calling thread has nothing left to do but to write its last record and to be removed.
  /// Returns true if everybody else is parked for ever.
  bool leave(ThreadState& thread) noexcept;
  /// The calling thread is gone: its last use of the list.
  void remove(ThreadState& thread) noexcept;

  /// The calling thread is about to sleep; what it waits for has been stored. Returns true if all
  /// are parked for ever now.
  bool park(ThreadState& thread, const std::atomic<std::uint32_t>& word) noexcept;
  /// It has woken. The word may be gone as soon as this returns, but not before.
  void unpark(ThreadState& thread) noexcept;

  /// The calling thread, which a scheduler sees, is gone: its last use of the session and of the scheduler.
  void end_scheduled() noexcept;
  /// Blocks until `end_scheduled` was called by each thread that was started.
  void await_scheduled() noexcept;

  /// How many there are, with the one that opened the session; changes are told to those who wait
  /// on the word.
  const std::atomic<std::uint32_t>& live() const noexcept { return live_; }
  /// How many of them are no daemons and were started.
  const std::atomic<std::uint32_t>& foreground() const noexcept { return foreground_; }

  /// Wakes every parked thread once and returns how many there were. Never blocks.
  std::uint32_t wake_parked() noexcept;
  /// Blocks until each thread that was parked at the last `nobody_can_go_on`, but for the caller,
  /// has looked again.
  void wake_all_that_were_parked(const ThreadState& caller) noexcept;

  /// Calls `then(first thread)` if no thread can ever go on. They keep still meanwhile; whatever
  /// they wait for can be looked at.
  template <class Then>
  bool if_nobody_can_go_on(Then then) {
    Census census(*this);
    if (!nobody_can_go_on()) return false;
    then(static_cast<const ThreadState*>(first_));
    return true;
  }

 private:
  /// While it lasts no thread that is parked leaves `unpark`.
  class Census {
   public:
    explicit Census(ThreadList& list) noexcept : list_(list) {
      list_.mutex_.lock();
      list_.census_.store(1);
    }
    ~Census() {
      list_.census_.store(0);
      list_.mutex_.unlock();
    }
    Census(const Census&) = delete;
    Census& operator=(const Census&) = delete;

   private:
    ThreadList& list_;
  };

  bool nobody_can_go_on() noexcept;

  void change(std::atomic<std::uint32_t>& count, std::uint32_t by) noexcept;

  Scheduler* const scheduler_;
  platform::Mutex mutex_;
  ThreadState* first_ = nullptr;  // guarded by mutex_
  std::atomic<std::uint32_t> live_{1};
  std::atomic<std::uint32_t> foreground_{0};
  std::atomic<std::uint32_t> for_ever_{0};  // how many are parked for ever
  std::atomic<std::uint32_t> census_{0};
  std::atomic<std::uint32_t> scheduled_{0};  // started threads that go on using scheduler_
};

}  // namespace weft::runtime
