#include "weft/multiprocessing/barrier.h"

#include <exception>

#include "weft/errors.h"
#include "weft/ipc/layout.h"
#include "weft/ipc/robust_lock.h"
#include "weft/ipc/self.h"
#include "weft/ipc/shared_record.h"
#include "weft/ipc/wait_queue.h"
#include "weft/platform/process_table.h"
#include "weft/runtime/point.h"

namespace weft::multiprocessing {
namespace {

namespace layout = ipc::layout;
namespace shared = platform::shared;
using shared::Offset;

constexpr Offset kLock = 0;  // a robust lock that guards the rest
constexpr Offset kParties = 4;
constexpr Offset kBroken = 8;
constexpr Offset kCount = 12;   // arrivals of this phase
constexpr Offset kActing = 16;  // number of the process that runs the action; 0: it does not run
// The generation, modulo 2^31: incremented by each completion, break and reset. A wait queue: of
// those that have arrived, and of those that have to wait for the next phase.
constexpr Offset kPhase = 64;
// A ring of one bit per phase, for the last kPhases: 1 if the phase completed, 0 if it was broken
// or reset. A waiter reads the bit of its phase when it resumes, by when later phases may have
// ended.
constexpr Offset kOutcomes = 128;
constexpr std::uint32_t kPhases = 1024;
constexpr std::uint32_t kBytes = kOutcomes + kPhases / 8;

Offset outcome_at(Offset at, std::uint32_t phase) {
  return at + kOutcomes + phase % kPhases / 32 * 4;
}
std::uint32_t outcome_bit(std::uint32_t phase) { return 1u << phase % 32; }

ipc::WaitQueue phase_of(Offset at) { return ipc::WaitQueue(at + kPhase); }

struct PhaseEnds : ipc::WaitQueue::Waiter {
  explicit PhaseEnds(std::uint32_t phase_) : phase(phase_) {}

  ipc::WaitQueue::Decision decide(std::uint32_t now) const noexcept {
    return now == phase ? ipc::WaitQueue::Decision::wait(now) : ipc::WaitQueue::Decision::leave();
  }

  const std::uint32_t phase;
};

bool was_completed(Offset at, std::uint32_t phase) {
  return (shared::load(outcome_at(at, phase)) & outcome_bit(phase)) != 0;
}

// Ends the phase and wakes its waiters. With the lock held, or by the supervisor for a dead owner.
void end_phase(Offset at, bool completed) noexcept {
  const ipc::WaitQueue queue = phase_of(at);
  const std::uint32_t phase = queue.value();
  if (completed) {
    shared::fetch_or(outcome_at(at, phase), outcome_bit(phase));
  } else {
    shared::fetch_and(outcome_at(at, phase), ~outcome_bit(phase));
  }
  shared::store(at + kCount, 0);
  shared::store(at + kActing, 0);
  queue.wake(queue.exchange((phase + 1) & ~ipc::WaitQueue::kHasWaiters), ipc::WaitQueue::kAll);
}

bool break_barrier(Offset at) noexcept {
  if (shared::exchange(at + kBroken, 1) != 0) return false;
  end_phase(at, false);
  return true;
}

void process_died(ipc::ObjectRef barrier, const ipc::DeadProcess& process) noexcept {
  const Offset at = barrier.data();
  const bool had_it = shared::load(layout::handle_count_at(barrier.index, 0, process.slot)) != 0;
  const bool was_inside = ipc::robust_lock::is_held_by(at + kLock, process.number);
  // If it died inside the critical section or the action, the state may be inconsistent: breaking
  // the barrier overwrites it.
  const bool acted = shared::load(at + kActing) == process.number;
  if (was_inside) {
    // Also if it is marked as broken: the process may have died between the mark and the phase's end.
    shared::store(at + kBroken, 1);
    end_phase(at, false);
  } else if ((had_it && process.exit_code < 0) || acted) {
    break_barrier(at);
  }
  ipc::robust_lock::recover_from_owner_death(at + kLock, process.number);
  phase_of(at).recover();
}

const ipc::RegisterCleanupHooks registered(ipc::ObjectKind::barrier, {nullptr, process_died});

}  // namespace

Barrier::Barrier(std::int32_t parties, Options options)
    : timeout_(options.timeout), action_(std::move(options.action.entry_)) {
  if (parties < 1) throw ValueError("parties must be > 0, not " + std::to_string(parties));
  ObjectOptions shown{std::move(options.name), options.recorded};
  state_ = std::make_shared<ipc::Lazy<State>>([parties, shown = std::move(shown)] {
    ipc::NewObject made = ipc::create_object(ipc::ObjectKind::barrier, kBytes, shown);
    const shared::Access access;
    shared::store(made.ref.data() + kParties, static_cast<std::uint32_t>(parties));
    return std::move(made.handles[0]);
  });
}

std::int32_t Barrier::wait(runtime::Timeout timeout, runtime::Where where) {
  State& state = **state_;
  const Offset at = state.at;
  const runtime::Deadline deadline = runtime::deadline_after(timeout ? timeout : timeout_);
  const runtime::Waiting waiting{trace::Reason::barrier, &state.object, where, true};
  const ipc::WaitQueue queue = phase_of(at);
  runtime::point(trace::Kind::barrier_arrive, state.object);
  ipc::SharedRecord arrival(state.object);
  ipc::SharedRecord passing(state.object);
  std::uint32_t index = 0;
  std::uint32_t phase = 0;
  bool last = false;
  for (bool early = true; early;) {
    {
      const ipc::robust_lock::Guard lock(at + kLock, waiting);
      const shared::Access access;
      if (shared::load(at + kBroken) != 0) throw BrokenBarrierError();
      phase = queue.value();
      early = shared::load(at + kActing) != 0;
      if (!early) {
        arrival.assign_sequence();
        index = shared::fetch_add(at + kCount, 1);
        last = index + 1 == shared::load(at + kParties);
        if (last && !action_.empty()) {
          shared::store(at + kActing, ipc::own_number());
        } else if (last) {
          passing.assign_sequence();
          end_phase(at, true);
        }
      }
    }
    if (early) {
      PhaseEnds next(phase);
      queue.wait(next, std::nullopt, waiting);
    }
  }
  arrival.write(trace::Kind::barrier_arrive, index, index + 1);
  passing.write(trace::Kind::barrier_pass);
  if (last && !action_.empty()) complete_phase(phase, waiting);
  if (last) return static_cast<std::int32_t>(index);

  const auto still_waits = [&] { return queue.value() == phase; };
  // All have arrived: only the action is awaited, without a deadline.
  const auto is_full = [&] { return shared::load(at + kActing) != 0; };
  try {
    PhaseEnds end(phase);
    runtime::Deadline until = deadline;
    while (queue.wait(end, until, waiting) == ipc::WaitQueue::Waited::timed_out) {
      ipc::SharedRecord breaking(state.object);
      {
        const ipc::robust_lock::Guard lock(at + kLock, waiting);
        const shared::Access access;
        if (!still_waits()) break;
        if (is_full()) {
          until = std::nullopt;
          continue;
        }
        breaking.assign_sequence();
        break_barrier(at);
      }
      breaking.write(trace::Kind::barrier_break);
      throw BrokenBarrierError();
    }
  } catch (const runtime::Stopped&) {
    // A stopped thread withdraws its arrival: it does not pass the barrier with the others.
    const ipc::robust_lock::Guard lock(at + kLock, waiting);
    const shared::Access access;
    if (still_waits() && !is_full()) shared::fetch_add(at + kCount, ~std::uint32_t{0});
    throw;
  }
  if (!was_completed(at, phase)) throw BrokenBarrierError();
  return static_cast<std::int32_t>(index);
}

// Called by the last thread to arrive: runs the action, then releases the phase's other threads.
// The lock is not held meanwhile, so that the barrier may be broken or reset during the action.
void Barrier::complete_phase(std::uint32_t phase, runtime::Waiting waiting) {
  State& state = **state_;
  std::exception_ptr failure;
  try {
    Archive no_arguments(std::span<const std::byte>{}, ipc::own_slot());
    find_entry(action_).run(no_arguments);
  } catch (...) {
    failure = std::current_exception();
  }
  ipc::SharedRecord record(state.object);
  bool overtaken = false;
  {
    const ipc::robust_lock::Guard lock(state.at + kLock, waiting);
    const shared::Access access;
    overtaken = phase_of(state.at).value() != phase;
    if (!overtaken) {
      record.assign_sequence();
      if (failure) {
        break_barrier(state.at);
      } else {
        end_phase(state.at, true);
      }
    }
  }
  record.write(failure ? trace::Kind::barrier_break : trace::Kind::barrier_pass);
  if (failure) std::rethrow_exception(failure);
  if (overtaken) throw BrokenBarrierError();
}

void Barrier::abort() {
  State& state = **state_;
  runtime::point(trace::Kind::barrier_break, state.object);
  ipc::SharedRecord record(state.object);
  {
    const ipc::robust_lock::Guard lock(state.at + kLock, {trace::Reason::barrier, &state.object});
    const shared::Access access;
    if (shared::load(state.at + kBroken) == 0) {
      record.assign_sequence();
      break_barrier(state.at);
    }
  }
  record.write(trace::Kind::barrier_break);
}

void Barrier::reset() {
  State& state = **state_;
  runtime::point(trace::Kind::barrier_reset, state.object);
  ipc::SharedRecord record(state.object);
  {
    const ipc::robust_lock::Guard lock(state.at + kLock, {trace::Reason::barrier, &state.object});
    const shared::Access access;
    record.assign_sequence();
    shared::store(state.at + kBroken, 0);
    end_phase(state.at, false);
  }
  record.write(trace::Kind::barrier_reset);
}

std::int32_t Barrier::parties() const {
  return static_cast<std::int32_t>(shared::load((*state_)->at + kParties));
}

std::int32_t Barrier::n_waiting() const {
  return static_cast<std::int32_t>(shared::load((*state_)->at + kCount));
}

bool Barrier::broken() const { return shared::load((*state_)->at + kBroken) != 0; }

}  // namespace weft::multiprocessing
