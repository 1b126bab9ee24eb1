#include "weft/multiprocessing/semaphore.h"

#include "weft/ipc/layout.h"
#include "weft/ipc/self.h"
#include "weft/ipc/wait_queue.h"
#include "weft/multiprocessing/errors.h"
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
    // The waiters look at kLost again.
    ipc::WaitQueue(at + SemaphoreState::kValue).recover();
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
  shared::store(at + kValue, static_cast<std::uint32_t>(value));
  shared::store(at + kMax, bounded ? static_cast<std::uint32_t>(value) : kMaxPermits);
  return std::move(made.handles[0]);
}

// Counts the permit as taken before taking it: a process killed in between is considered to have
// held it, so that waiters get AbandonedError instead of hanging.
struct SemaphoreState::Acquisition : ipc::WaitQueue::Waiter {
  using Decision = ipc::WaitQueue::Decision;

  explicit Acquisition(SemaphoreState& semaphore)
      : at(semaphore.at),
        taken(semaphore.at + kTaken + 4 * ipc::own_slot()),
        record(semaphore.object) {}

  Decision decide(std::uint32_t permits) const noexcept {
    if (permits != 0) return Decision::change(permits - 1);
    return shared::load(at + kLost) != 0 ? Decision::refuse() : Decision::wait(permits);
  }
  void begin() const noexcept { shared::fetch_add(taken, 1); }
  void undo() const noexcept { shared::fetch_add(taken, kOneLess); }
  void done() noexcept { record.assign_sequence(); }

  const Offset at;
  const Offset taken;  // the process's word of kTaken
  ipc::SharedRecord record;
};

bool SemaphoreState::acquire(bool block, runtime::Timeout timeout, runtime::Where where) {
  runtime::point(trace::Kind::semaphore_acquire, object);
  Acquisition acquisition(*this);
  const ipc::WaitQueue queue(at + kValue);
  if (!block || (timeout && timeout->count() <= 0)) {
    if (!queue.attempt(acquisition)) return false;
  } else {
    switch (queue.wait(acquisition, runtime::deadline_after(timeout),
                       {trace::Reason::semaphore, &object, where})) {
      case ipc::WaitQueue::Waited::done: break;
      case ipc::WaitQueue::Waited::timed_out: return false;
      case ipc::WaitQueue::Waited::refused: throw AbandonedError(name(), shared::load(at + kDied));
    }
  }
  acquisition.record.write(trace::Kind::semaphore_acquire, static_cast<std::uint64_t>(value()));
  return true;
}

void SemaphoreState::release(std::int64_t n) {
  if (n < 1) throw ValueError("n must be one or more");
  runtime::point(trace::Kind::semaphore_release, object);
  ipc::SharedRecord record(object);
  const ipc::WaitQueue queue(at + kValue);
  std::uint32_t now = 0;
  {
    const shared::Access access;
    const std::uint32_t most = shared::load(at + kMax);
    const auto was = queue.update([&](std::uint32_t permits) -> std::optional<std::uint32_t> {
      if (n > static_cast<std::int64_t>(most) - permits) return std::nullopt;
      return now = permits + static_cast<std::uint32_t>(n);
    });
    if (!was) throw ValueError("semaphore or lock released too many times");
    record.assign_sequence();
    shared::fetch_add(at + kTaken + 4 * ipc::own_slot(), ~static_cast<std::uint32_t>(n) + 1);
    queue.wake(*was, static_cast<std::uint32_t>(n));
    for (std::uint32_t lost = shared::load(at + kLost); lost != 0;) {
      const std::uint32_t left = lost - std::min(lost, static_cast<std::uint32_t>(n));
      const std::uint32_t there = shared::compare_exchange(at + kLost, lost, left);
      if (there == lost) break;
      lost = there;
    }
  }
  record.write(trace::Kind::semaphore_release, now, static_cast<std::uint32_t>(n));
}

std::int64_t SemaphoreState::value() const noexcept { return ipc::WaitQueue(at + kValue).value(); }

}  // namespace weft::multiprocessing
