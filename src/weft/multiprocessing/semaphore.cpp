#include "weft/multiprocessing/semaphore.h"

#include "weft/ipc/layout.h"
#include "weft/ipc/self.h"
#include "weft/multiprocessing/errors.h"
#include "weft/runtime/internal/park_shared.h"
#include "weft/runtime/point.h"

namespace weft::multiprocessing {
namespace {

namespace shared = platform::shared;

constexpr std::uint32_t kMaxPermits = 0x7fff'ffff;
constexpr std::uint32_t kOneLess = ~std::uint32_t{0};

}  // namespace

struct SemaphoreRecovery {
  static void process_died(ipc::ObjectRef semaphore, const ipc::DeadProcess& process) noexcept {
    const shared::Offset at = semaphore.data();
    const auto taken = static_cast<std::int32_t>(
        shared::exchange(at + SemaphoreState::kTaken + 4 * process.slot, 0));
    if (taken > 0 && process.exit_code < 0) {
      shared::store(at + SemaphoreState::kDied, process.number);
      shared::fetch_add(at + SemaphoreState::kLost, static_cast<std::uint32_t>(taken));
    }
    // Changes the word, so that a thread about to park does not, and wakes all waiters to recheck
    // kLost.
    shared::fetch_and(at + SemaphoreState::kWord, ~SemaphoreState::kHasSleepers);
    runtime::wake_shared(at + SemaphoreState::kWord);
  }
};

namespace {
const ipc::RegisterCleanupHooks registered(ipc::ObjectKind::semaphore,
                                           {nullptr, SemaphoreRecovery::process_died});
}  // namespace

ipc::ObjectHandle SemaphoreState::make(std::int64_t value, bool bounded,
                                       const ObjectOptions& options) {
  if (value < 0 || value > kMaxPermits) {
    throw ValueError("semaphore initial value must be >= 0 and <= " + std::to_string(kMaxPermits) +
                     ", not " + std::to_string(value));
  }
  ipc::NewObject made = ipc::create_object(ipc::ObjectKind::semaphore,
                                           kTaken + 4 * platform::process_table::kSlots, options);
  const shared::Offset at = made.ref.data();
  const shared::Access access;
  shared::store(at + kWord, static_cast<std::uint32_t>(value));
  shared::store(at + kMax, bounded ? static_cast<std::uint32_t>(value) : kMaxPermits);
  return std::move(made.handles[0]);
}

// Counts the permit as taken before taking it: a process killed in between is considered to have
// held it, so that waiters get AbandonedError instead of hanging.
SemaphoreState::Attempt SemaphoreState::attempt(std::uint32_t slept, ipc::SharedRecord& record,
                                                std::uint32_t& seen) noexcept {
  const Offset taken = at + kTaken + 4 * ipc::own_slot();
  const shared::Access access;
  for (;;) {
    seen = shared::load(at + kWord);
    const std::uint32_t permits = seen & ~kHasSleepers;
    if (permits == 0) {
      if (shared::load(at + kLost) != 0) return Attempt::lost;
      if ((seen & kHasSleepers) == 0 &&
          shared::compare_exchange(at + kWord, seen, seen | kHasSleepers) != seen) {
        continue;
      }
      seen |= kHasSleepers;
      return Attempt::none;
    }
    shared::fetch_add(taken, 1);
    if (shared::compare_exchange(at + kWord, seen, (seen - 1) | slept) == seen) {
      record.assign_sequence();
      // Passes a wake-up on. release() clears kHasSleepers, so the next release() wakes none
      // although more threads may be parked. A thread that has parked therefore sets kHasSleepers
      // again and, if permits are left, wakes one more.
      if (slept != 0 && permits > 1) runtime::wake_shared(at + kWord, 1);
      return Attempt::taken;
    }
    shared::fetch_add(taken, kOneLess);
  }
}

bool SemaphoreState::wait(runtime::Deadline deadline, ipc::SharedRecord& record,
                          runtime::Where where) {
  bool in_time = true;
  for (std::uint32_t slept = 0;; slept = kHasSleepers) {
    std::uint32_t seen = 0;
    switch (attempt(slept, record, seen)) {
      case Attempt::taken: return true;
      case Attempt::lost: throw AbandonedError(name(), shared::load(at + kDied));
      case Attempt::none: break;
    }
    if (!in_time) return false;
    try {
      in_time = runtime::park_shared(at + kWord, seen, deadline,
                                     {trace::Reason::semaphore, &object, where});
    } catch (...) {
      runtime::wake_shared(at + kWord, 1);  // it may have consumed a wake-up: pass it on
      throw;
    }
  }
}

bool SemaphoreState::acquire(bool block, runtime::Timeout timeout, runtime::Where where) {
  runtime::point(trace::Kind::semaphore_acquire, object);
  ipc::SharedRecord record(object);
  bool taken = false;
  if (!block || (timeout && timeout->count() <= 0)) {
    std::uint32_t seen = 0;
    taken = attempt(0, record, seen) == Attempt::taken;
  } else {
    taken = wait(runtime::deadline_after(timeout), record, where);
  }
  record.write(trace::Kind::semaphore_acquire, static_cast<std::uint64_t>(value()));
  return taken;
}

void SemaphoreState::release(std::int64_t n) {
  if (n < 1) throw ValueError("n must be one or more");
  runtime::point(trace::Kind::semaphore_release, object);
  ipc::SharedRecord record(object);
  std::uint32_t now = 0;
  {
    const shared::Access access;
    const std::uint32_t most = shared::load(at + kMax);
    for (;;) {
      const std::uint32_t seen = shared::load(at + kWord);
      const std::uint32_t permits = seen & ~kHasSleepers;
      if (n > static_cast<std::int64_t>(most) - permits) {
        throw ValueError("semaphore or lock released too many times");
      }
      now = permits + static_cast<std::uint32_t>(n);
      if (shared::compare_exchange(at + kWord, seen, now) != seen) continue;
      record.assign_sequence();
      shared::fetch_add(at + kTaken + 4 * ipc::own_slot(), ~static_cast<std::uint32_t>(n) + 1);
      if ((seen & kHasSleepers) != 0)
        runtime::wake_shared(at + kWord, static_cast<std::uint32_t>(n));
      break;
    }
    for (std::uint32_t lost = shared::load(at + kLost); lost != 0;) {
      const std::uint32_t left = lost - std::min(lost, static_cast<std::uint32_t>(n));
      const std::uint32_t there = shared::compare_exchange(at + kLost, lost, left);
      if (there == lost) break;
      lost = there;
    }
  }
  record.write(trace::Kind::semaphore_release, now, static_cast<std::uint32_t>(n));
}

std::int64_t SemaphoreState::value() const noexcept {
  return shared::load(at + kWord) & ~kHasSleepers;
}

}  // namespace weft::multiprocessing
