#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <tuple>
#include <utility>

#include "weft/errors.h"
#include "weft/multiprocessing/archive.h"
#include "weft/multiprocessing/errors.h"
#include "weft/multiprocessing/internal/manager_client.h"
#include "weft/queue/errors.h"
#include "weft/runtime/time.h"
#include "weft/runtime/where.h"
#include "weft/threading/barrier.h"

/// Proxies for the queues and synchronisation primitives in a manager's process. They behave as
/// those of threading and queue, for threads of any number of processes: the same errors, and
/// waiting calls are answered in the order of their arrival.
namespace weft::multiprocessing {

using threading::BrokenBarrierError;

/// A proxy for a queue in a manager's process: FIFO, multi-producer, multi-consumer.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.managers.SyncManager.Queue
///
/// An item is in the manager once put() has returned, and outlives its producer. It is lost if its
/// consumer is killed inside get().
///
/// Example:
///     Manager manager;
///     QueueProxy<int> queue = manager.queue<int>(10);
///     queue.put(1);
///     queue.get();   // 1
template <class T>
class QueueProxy : public Proxy {
 public:
  using value_type = T;

  QueueProxy() = default;
  QueueProxy(ManagerClient client, std::uint32_t index) : Proxy(std::move(client), index) {}

  /// Appends the item. If the queue is full, blocks until there is room; throws Full at once if
  /// `block` is false, or once `timeout` has elapsed; ShutDown after shutdown(), also if it was
  /// blocked then; ValueError for a negative timeout (ignored unless `block`).
  void put(const T& item, bool block = true, runtime::Timeout timeout = std::nullopt,
           runtime::Where where = runtime::Where::current()) {
    ask_at(where, Call::put_item, limit(block, timeout), to_stored_bytes(item));
  }
  void put_nowait(const T& item) { put(item, false); }

  /// Removes and returns the oldest item. If the queue is empty, blocks until an item arrives;
  /// throws Empty at once if `block` is false, or once `timeout` has elapsed; ShutDown if the queue
  /// is shut down and empty; ValueError for a negative timeout (ignored unless `block`).
  T get(bool block = true, runtime::Timeout timeout = std::nullopt,
        runtime::Where where = runtime::Where::current()) {
    return from_bytes<T>(from_bytes<Bytes>(ask_at(where, Call::get_item, limit(block, timeout))));
  }
  T get_nowait() { return get(false); }

  /// Only hints while others use the queue.
  std::size_t qsize() const { return static_cast<std::size_t>(ask_for<std::uint64_t>(Call::size)); }
  bool empty() const { return qsize() == 0; }
  bool full() const { return ask_for<bool>(Call::is_full); }

  /// Reports one received item as finished. Throws ValueError if called more often than items were
  /// put.
  void task_done() { ask(Call::task_done); }
  /// Blocks until task_done() has been called for every item. A process that is killed between
  /// get() and task_done() leaves it waiting, as in Python: JoinableQueue tells of that.
  void join(runtime::Where where = runtime::Where::current()) { ask_at(where, Call::join); }

  /// Shuts the queue down: put() throws ShutDown, and get() does once the queue is empty; with
  /// `immediate`, what is left is discarded, each item counting as done. Python: since 3.13.
  void shutdown(bool immediate = false) { ask(Call::shut_down, immediate); }

 private:
  using Call = manager_protocol::Call;
  static runtime::Timeout limit(bool block, runtime::Timeout timeout) {
    if (!block) return std::chrono::nanoseconds(0);
    if (timeout && timeout->count() < 0) {
      throw ValueError("'timeout' must be a non-negative number");
    }
    return timeout;
  }
};

/// Common base of the proxies with acquire() and release().
/// Python: multiprocessing.managers.AcquirerProxy
class AcquirerProxy : public Proxy {
 public:
  /// Blocks until acquired and returns true; returns false at once if that is not possible and
  /// `blocking` is false, or when `timeout` expires (one of 0 or less does not block). Throws
  /// ValueError for a timeout with `blocking` false; AbandonedError, of locks and conditions, if the
  /// process that held it has ended; Stopped if the run is stopped.
  bool acquire(bool blocking = true, runtime::Timeout timeout = std::nullopt,
               runtime::Where where = runtime::Where::current()) {
    if (!blocking && timeout) throw ValueError("can't specify a timeout for a non-blocking call");
    if (!blocking) timeout = std::chrono::nanoseconds(0);
    return from_bytes<bool>(ask_at(where, Call::acquire, timeout));
  }
  /// Does not wait for anything but the manager's reply. For errors see the class.
  void release() { ask(Call::release, std::int64_t{1}); }

  // BasicLockable and Lockable, for std::lock_guard and std::unique_lock.
  void lock() { acquire(true, std::nullopt, runtime::Where()); }
  bool try_lock() { return acquire(false); }
  void unlock() { release(); }

 protected:
  using Call = manager_protocol::Call;
  using Proxy::Proxy;
};

/// A proxy for a lock in a manager's process. Not re-entrant; any thread of any process may release
/// it, which throws RuntimeError if it is not locked.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.managers.SyncManager.Lock
///
/// As a Lock of this folder, it is abandoned if a process ends, in whatever way, while it holds it:
/// those that wait and later callers of acquire() get AbandonedError, which names the process, until
/// recover(). (In Python it stays locked.)
///
/// Example:
///     Manager manager;
///     LockProxy lock = manager.lock();
///     const threading::Guard guard(lock);
class LockProxy : public AcquirerProxy {
 public:
  LockProxy() = default;
  LockProxy(ManagerClient client, std::uint32_t index) : AcquirerProxy(std::move(client), index) {}

  /// True if a thread holds the lock; may be stale on return.
  bool locked() const { return ask_for<bool>(Call::is_locked); }
  /// Makes an abandoned lock usable again; has no effect on any other. Python has no counterpart.
  void recover() { ask(Call::recover); }
};

/// A proxy for a re-entrant lock in a manager's process, which knows the thread that owns it. A
/// release by another thread, or one too many, throws RuntimeError. Abandoned as a LockProxy's.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.managers.SyncManager.RLock
///
/// Example:
///     Manager manager;
///     RLockProxy lock = manager.rlock();
///     const threading::Guard outer(lock);
///     const threading::Guard inner(lock);   // does not block: depth 2
class RLockProxy : public LockProxy {
 public:
  using LockProxy::LockProxy;
};

/// A proxy for a semaphore in a manager's process.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.managers.SyncManager.Semaphore
///
/// The permits of a process that has ended stay taken, as in Python: another may release them in
/// its place. (Semaphore tells of the permits of a killed process.)
///
/// Example:
///     Manager manager;
///     SemaphoreProxy slots = manager.semaphore(2);
///     const threading::Guard guard(slots);   // at most two threads at once
class SemaphoreProxy : public AcquirerProxy {
 public:
  SemaphoreProxy() = default;
  SemaphoreProxy(ManagerClient client, std::uint32_t index)
      : AcquirerProxy(std::move(client), index) {}

  /// Releases `n` permits. Throws ValueError if `n` is less than 1 or, of a bounded semaphore, if
  /// that makes more permits than there were at first.
  void release(std::int64_t n = 1) { ask(Call::release, n); }
};

/// A proxy for a condition variable in a manager's process, together with its lock. Waiters are
/// notified in the order in which they came.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.managers.SyncManager.Condition
///
/// wait() and notify() throw RuntimeError unless the calling thread owns the lock (over a LockProxy:
/// unless any thread does). If a process ends while it holds the lock, each waiter acquires it in
/// turn and gets AbandonedError; one that ended after it was notified passes its notification on.
///
/// Example:
///     Manager manager;
///     ConditionProxy condition = manager.condition();
///     bool ready = false;
///     threading::Thread thread([&] {
///       const threading::Guard guard(condition);
///       ready = true;
///       condition.notify();
///     });
///     thread.start();
///     const threading::Guard guard(condition);
///     condition.wait_for([&] { return ready; });
class ConditionProxy : public LockProxy {
 public:
  using LockProxy::LockProxy;

  /// Releases the lock, at whatever depth it is held, blocks until notified or until `timeout` has
  /// expired, and reacquires the lock to the same depth. Returns true if notified. Throws
  /// RuntimeError; AbandonedError with the lock held.
  bool wait(runtime::Timeout timeout = std::nullopt,
            runtime::Where where = runtime::Where::current()) {
    return from_bytes<bool>(ask_at(where, Call::wait, timeout));
  }

  /// Waits until `predicate()`, evaluated in the calling process with the lock held, is true.
  /// Returns its last value: false only if `timeout` has expired. Throws as wait().
  template <class Predicate>
  bool wait_for(Predicate predicate, runtime::Timeout timeout = std::nullopt,
                runtime::Where where = runtime::Where::current()) {
    const runtime::Deadline deadline = runtime::deadline_after(timeout);
    while (!predicate()) {
      runtime::Timeout left;
      if (deadline) left = *deadline - runtime::Clock::now();
      if (!wait(left, where)) return predicate();
    }
    return true;
  }

  /// Wakes the `n` longest waiting threads, or all if they are fewer. Throws RuntimeError.
  void notify(std::uint32_t n = 1) { ask(Call::notify, n); }
  void notify_all() { notify(std::numeric_limits<std::uint32_t>::max()); }
};

/// A proxy for an event in a manager's process.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.managers.SyncManager.Event
///
/// Example:
///     inline const Entry wait_for("EventProxy.wait_for", [](EventProxy event) { event.wait(); });
///     Manager manager;
///     EventProxy ready = manager.event();
///     Process process(wait_for, ready);
///     process.start();
///     ready.set();
///     process.join();
class EventProxy : public Proxy {
 public:
  EventProxy() = default;
  EventProxy(ManagerClient client, std::uint32_t index) : Proxy(std::move(client), index) {}

  /// May be stale on return.
  bool is_set() const { return ask_for<bool>(Call::is_set); }
  /// Sets the flag and wakes all waiters: their wait() returns true even if clear() follows at once.
  void set() { ask(Call::raise_flag); }
  void clear() { ask(Call::clear); }
  /// Blocks until the flag is set and returns true; returns false if `timeout` expired first.
  bool wait(runtime::Timeout timeout = std::nullopt,
            runtime::Where where = runtime::Where::current()) {
    return from_bytes<bool>(ask_at(where, Call::wait, timeout));
  }

 private:
  using Call = manager_protocol::Call;
};

/// A proxy for a cyclic barrier in a manager's process.
/// Python: https://docs.python.org/3/library/multiprocessing.html#multiprocessing.managers.SyncManager.Barrier
///
/// A wait that times out breaks the barrier, and so does a process that ends while one of its
/// threads waits there. (In Python that thread still counts as arrived.)
///
/// Example:
///     inline const Entry arrive("BarrierProxy.arrive", [](BarrierProxy all) { all.wait(); });
///     Manager manager;
///     BarrierProxy barrier = manager.barrier(2);
///     Process process(arrive, barrier);
///     process.start();
///     barrier.wait();   // both have arrived
///     process.join();
class BarrierProxy : public Proxy {
 public:
  BarrierProxy() = default;
  BarrierProxy(ManagerClient client, std::uint32_t index) : Proxy(std::move(client), index) {}

  /// Blocks until all parties have arrived, the caller included. Returns a different number to each,
  /// from 0 to parties - 1. Throws BrokenBarrierError if the barrier is broken, or is broken or reset
  /// meanwhile.
  std::int32_t wait(runtime::Timeout timeout = std::nullopt,
                    runtime::Where where = runtime::Where::current()) {
    return from_bytes<std::int32_t>(ask_at(where, Call::wait, timeout));
  }
  /// Breaks the barrier: waits throw BrokenBarrierError, now and later.
  void abort() { ask(Call::abort); }
  /// Makes the barrier as new; those that wait get BrokenBarrierError.
  void reset() { ask(Call::reset); }

  std::int32_t parties() const { return std::get<0>(state()); }
  /// How many threads wait. May be stale on return.
  std::int32_t n_waiting() const { return std::get<1>(state()); }
  bool broken() const { return std::get<2>(state()); }

 private:
  using Call = manager_protocol::Call;
  std::tuple<std::int32_t, std::int32_t, bool> state() const {
    return ask_for<std::tuple<std::int32_t, std::int32_t, bool>>(Call::state);
  }
};

}  // namespace weft::multiprocessing
