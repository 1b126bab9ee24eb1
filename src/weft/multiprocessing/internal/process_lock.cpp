#include "weft/multiprocessing/internal/process_lock.h"

#include <optional>

#include "weft/ipc/self.h"
#include "weft/ipc/shared_record.h"
#include "weft/ipc/wait_queue.h"
#include "weft/multiprocessing/errors.h"
#include "weft/platform/cpu.h"
#include "weft/runtime/internal/identity.h"
#include "weft/runtime/point.h"

namespace weft::multiprocessing {
namespace {

namespace shared = platform::shared;

// The wait after which a waiter reserves the lock. A reserved lock idles for the length of a
// wake-up; this keeps the idle share of the time small.
constexpr std::chrono::milliseconds kStarvationBound{2};

constexpr int kSpins = 100;

std::uint32_t calling_thread() noexcept { return static_cast<std::uint32_t>(runtime::identity()); }

}  // namespace

struct LockRecovery {
  static void process_died(ipc::ObjectRef lock, const ipc::DeadProcess& process) noexcept {
    const shared::Offset at = lock.data();
    const ipc::WaitQueue queue(at + ProcessLock::kWord);
    // Again if another thread reserves the lock meanwhile.
    queue.update([&](std::uint32_t value) -> std::optional<std::uint32_t> {
      if ((value & ProcessLock::kOwner) != process.number) return std::nullopt;
      shared::store(at + ProcessLock::kDied, process.number);
      return ProcessLock::kAbandoned;
    });
    // It may have reserved the lock.
    ProcessLock::lift_reservation(queue);
  }
};

namespace {
const ipc::RegisterCleanupHooks locks(ipc::ObjectKind::lock, {nullptr, LockRecovery::process_died});
const ipc::RegisterCleanupHooks rlocks(ipc::ObjectKind::rlock,
                                       {nullptr, LockRecovery::process_died});
}  // namespace

ProcessLock::ProcessLock(ipc::ObjectHandle held)
    : SharedObjectView(std::move(held), held.ref().kind() == ipc::ObjectKind::rlock
                                            ? trace::ObjectType::rlock
                                            : trace::ObjectType::lock),
      recursive_(handle.ref().kind() == ipc::ObjectKind::rlock) {}

ipc::ObjectHandle ProcessLock::make(bool recursive, const ObjectOptions& options) {
  return std::move(ipc::create_object(recursive ? ipc::ObjectKind::rlock : ipc::ObjectKind::lock,
                                      kBytes, options)
                       .handles[0]);
}

bool ProcessLock::locked() const noexcept { return (word() & kOwner) != 0; }

bool ProcessLock::is_mine() const noexcept {
  return (word() & kOwner) == ipc::own_number() &&
         (!recursive_ || shared::load(at + kThread) == calling_thread());
}

bool ProcessLock::is_left_by(Offset at, std::uint32_t process) noexcept {
  const std::uint32_t word = shared::load(at + kWord);
  return (word & kAbandoned) != 0 || (word & kOwner) == process;
}

// Within an Access, after the acquisition.
void ProcessLock::set_owner(std::uint32_t depth) noexcept {
  if (!recursive_) return;
  shared::store(at + kThread, calling_thread());
  shared::store(at + kDepth, depth);
}

struct ProcessLock::Acquisition : ipc::WaitQueue::Waiter {
  using Decision = ipc::WaitQueue::Decision;

  Acquisition(ProcessLock& lock_, std::uint32_t depth_, std::uint32_t accepted_)
      : lock(lock_), depth(depth_), accepted(accepted_), record(lock_.object) {}

  Decision decide(std::uint32_t value) noexcept {
    if ((value & kAbandoned & ~accepted) != 0) return Decision::refuse();
    const bool free = (value & kOwner) == 0;
    if (free && (has_waited_long || (value & kReserved) == 0))
      return Decision::change((value & kAbandoned) | ipc::own_number());
    if (!has_waited_long || !in_time) return Decision::wait(value);
    reserved = true;
    return Decision::wait(value | kReserved);
  }
  void done() noexcept {
    lock.set_owner(depth);
    record.assign_sequence();
  }
  void woken(bool in_time_) noexcept {
    in_time = in_time_;
    has_waited_long = runtime::Clock::now() - since >= kStarvationBound;
  }
  void timed_out(ipc::WaitQueue queue) const noexcept {
    if (reserved) give_up(queue);
  }
  void stopped(ipc::WaitQueue queue) noexcept {
    if (reserved) {
      give_up(queue);
    } else {
      Waiter::stopped(queue);
    }
  }
  // Other waiters that need a reservation make it again.
  static void give_up(ipc::WaitQueue queue) noexcept {
    const shared::Access access;
    lift_reservation(queue);
  }

  ProcessLock& lock;
  const std::uint32_t depth;
  const std::uint32_t accepted;  // kAbandoned: acquires an abandoned lock too
  ipc::SharedRecord record;
  const runtime::Time since = runtime::Clock::now();
  bool in_time = true;
  bool has_waited_long = false;
  bool reserved = false;
};

bool ProcessLock::acquire_slow(runtime::Deadline deadline, runtime::Stoppable stoppable,
                               runtime::Where where, std::uint32_t depth, std::uint32_t accepted) {
  const ipc::WaitQueue queue(at + kWord);
  Acquisition acquisition(*this, depth, accepted);
  bool taken = false;
  for (int spins = platform::cpu_count() > 1 ? kSpins : 0; spins > 0 && !taken; --spins) {
    const std::uint32_t value = queue.value();
    if ((value & kAbandoned & ~accepted) != 0) break;
    taken = (value & (kOwner | kReserved)) == 0 && queue.attempt(acquisition);
    if (!taken) platform::cpu_pause();
  }
  if (!taken) {
    switch (queue.wait(acquisition, deadline, {trace::Reason::lock, &object, where}, stoppable)) {
      case ipc::WaitQueue::Waited::done: break;
      case ipc::WaitQueue::Waited::timed_out: return false;
      case ipc::WaitQueue::Waited::refused: throw_abandoned();
    }
  }
  acquisition.record.write(trace::Kind::lock_acquire, recursive_ ? depth : 0);
  return true;
}

// Lifts the reservation and wakes all waiters, which compete for the lock.
void ProcessLock::lift_reservation(ipc::WaitQueue queue) noexcept {
  queue.keep(~kReserved);
  queue.recover();
}

bool ProcessLock::acquire(bool block, runtime::Timeout timeout, runtime::Where where) {
  runtime::point(trace::Kind::lock_acquire, object);
  if (recursive_ && is_mine()) {
    ipc::SharedRecord record(object);
    std::uint32_t depth = 0;
    {
      const shared::Access access;
      depth = shared::fetch_add(at + kDepth, 1) + 1;
      record.assign_sequence();
    }
    record.write(trace::Kind::lock_acquire, depth);
    return true;
  }
  {
    ipc::SharedRecord record(object);
    bool taken = false;
    {
      const shared::Access access;
      taken = shared::compare_exchange(at + kWord, 0, ipc::own_number()) == 0;
      if (taken) {
        set_owner(1);
        record.assign_sequence();
      }
    }
    record.write(trace::Kind::lock_acquire, recursive_ ? 1 : 0);
    if (taken) return true;
  }
  if (!block || (timeout && timeout->count() <= 0)) {
    if ((word() & (kAbandoned | kOwner)) == kAbandoned) throw_abandoned();
    return false;
  }
  return acquire_slow(runtime::deadline_after(timeout), runtime::Stoppable::yes, where, 1, 0);
}

void ProcessLock::release_word() noexcept {
  ipc::SharedRecord record(object);
  {
    const shared::Access access;
    record.assign_sequence();
    if (recursive_) shared::store(at + kThread, 0);
    const ipc::WaitQueue queue(at + kWord);
    const std::uint32_t was = queue.keep(kAbandoned | kReserved);
    // Which waiters have waited long enough for a reserved lock is not recorded: wake all.
    queue.wake(was, (was & kReserved) != 0 ? ipc::WaitQueue::kAll : 1);
  }
  record.write(trace::Kind::lock_release, 0);
}

void ProcessLock::release() {
  if (recursive_) {
    if (!is_mine()) throw AssertionError("attempt to release recursive lock not owned by thread");
    const std::uint32_t depth = shared::load(at + kDepth);
    if (depth > 1) {
      ipc::SharedRecord record(object);
      {
        const shared::Access access;
        shared::store(at + kDepth, depth - 1);
        record.assign_sequence();
      }
      record.write(trace::Kind::lock_release, depth - 1);
      return;
    }
  } else if (!locked()) {
    throw ValueError("semaphore or lock released too many times");
  }
  release_word();
}

void ProcessLock::recover() {
  const shared::Access access;
  const ipc::WaitQueue queue(at + kWord);
  // An owner keeps the lock (reacquire() acquires an abandoned one). Threads may be parked then.
  queue.keep(~kAbandoned);
  queue.recover();
}

std::uint32_t ProcessLock::release_all() noexcept {
  const std::uint32_t depth = recursive_ ? shared::load(at + kDepth) : 1;
  release_word();
  return depth;
}

ProcessLock::Reacquired ProcessLock::reacquire(std::uint32_t depth, runtime::Where where) {
  acquire_slow(std::nullopt, runtime::Stoppable::no, where, depth, kAbandoned);
  return (word() & kAbandoned) != 0 ? Reacquired::abandoned : Reacquired::consistent;
}

void ProcessLock::throw_abandoned() {
  std::uint32_t died = 0;
  ipc::SharedRecord record(object);
  {
    const shared::Access access;
    died = shared::fetch_or(at + kDied, kDeathRecorded);
    if ((died & kDeathRecorded) == 0) record.assign_sequence();
  }
  record.write(trace::Kind::abandon, died & ~kDeathRecorded);
  throw AbandonedError(name(), died & ~kDeathRecorded);
}

}  // namespace weft::multiprocessing
