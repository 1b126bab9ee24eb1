#include "weft/multiprocessing/internal/process_lock.h"

#include "weft/ipc/self.h"
#include "weft/ipc/shared_record.h"
#include "weft/multiprocessing/errors.h"
#include "weft/platform/cpu.h"
#include "weft/runtime/internal/identity.h"
#include "weft/runtime/internal/park_shared.h"
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
    for (;;) {
      const std::uint32_t seen = shared::load(at + ProcessLock::kWord);
      if ((seen & ProcessLock::kOwner) != process.number) break;
      shared::store(at + ProcessLock::kDied, process.number);
      if (shared::compare_exchange(at + ProcessLock::kWord, seen, ProcessLock::kAbandoned) == seen)
        break;
    }
    // Also if it was not the owner: it may have reserved the lock, or died between a release and
    // the wake-up that the release owes (lost wake-up).
    ProcessLock::lift_reservation(at);
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

bool ProcessLock::acquire_slow(runtime::Deadline deadline, runtime::Stoppable stoppable,
                               runtime::Where where, std::uint32_t depth, std::uint32_t accepted) {
  ipc::SharedRecord record(object);
  const runtime::Time since = runtime::Clock::now();
  std::uint32_t slept = 0;
  bool in_time = true;
  bool has_waited_long = false;
  bool reserved = false;
  for (int spins = platform::cpu_count() > 1 ? kSpins : 0;; --spins) {
    std::uint32_t seen = 0;
    {
      const shared::Access access;
      seen = shared::load(at + kWord);
      const bool refused = (seen & kAbandoned & ~accepted) != 0;
      const bool free = (seen & kOwner) == 0;
      if (!refused && free && (has_waited_long || (seen & kReserved) == 0)) {
        const std::uint32_t taken = (seen & kAbandoned) | ipc::own_number() | slept;
        if (shared::compare_exchange(at + kWord, seen, taken) != seen) continue;
        set_owner(depth);
        record.assign_sequence();
        break;
      }
      if (!refused && spins <= 0) {
        const bool reserves = has_waited_long && in_time;
        const std::uint32_t wanted = seen | kContended | (reserves ? kReserved : 0);
        if (wanted != seen && shared::compare_exchange(at + kWord, seen, wanted) != seen) continue;
        reserved |= reserves;
        seen = wanted;
      }
    }
    if ((seen & kAbandoned & ~accepted) != 0) throw_abandoned();
    if (spins > 0) {
      platform::cpu_pause();
      continue;
    }
    if (!in_time) {
      if (reserved) cancel_wait(reserved);
      return false;
    }
    // From now on it acquires with kContended set, as other threads may be parked too (Drepper,
    // "Futexes Are Tricky").
    slept = kContended;
    try {
      in_time = runtime::park_shared(at + kWord, seen, deadline,
                                     {trace::Reason::lock, &object, where}, stoppable);
    } catch (...) {
      cancel_wait(reserved);
      throw;
    }
    has_waited_long = runtime::Clock::now() - since >= kStarvationBound;
  }
  record.write(trace::Kind::lock_acquire, recursive_ ? depth : 0);
  return true;
}

// Called by a waiter that gives up. It may have consumed a wake-up, which it passes on. A
// reservation that it made is lifted; other waiters that need one make it again.
void ProcessLock::cancel_wait(bool reserved) noexcept {
  const shared::Access access;
  if (reserved) {
    lift_reservation(at);
  } else {
    runtime::wake_shared(at + kWord, 1);
  }
}

// Lifts the reservation and wakes all waiters, which compete for the lock.
void ProcessLock::lift_reservation(Offset at) noexcept {
  for (;;) {
    const std::uint32_t seen = shared::load(at + kWord);
    std::uint32_t wanted = seen & ~kReserved;
    if ((seen & kOwner) == 0) wanted &= ~kContended;  // no release would clear it
    if (shared::compare_exchange(at + kWord, seen, wanted) == seen) break;
  }
  runtime::wake_shared(at + kWord);
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
    const std::uint32_t was = shared::fetch_and(at + kWord, kAbandoned | kReserved);
    // Which waiters have waited long enough for a reserved lock is not recorded: wake all.
    if ((was & kReserved) != 0) {
      runtime::wake_shared(at + kWord);
    } else if ((was & kContended) != 0) {
      runtime::wake_shared(at + kWord, 1);
    }
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
  // An owner keeps the lock (reacquire() acquires an abandoned one). Threads may be parked then.
  if (shared::compare_exchange(at + kWord, kAbandoned, 0) == kAbandoned) return;
  shared::fetch_and(at + kWord, ~kAbandoned);
  runtime::wake_shared(at + kWord);
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
