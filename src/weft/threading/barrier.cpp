#include "weft/threading/barrier.h"

#include "weft/errors.h"
#include "weft/runtime/point.h"

namespace weft::threading {

Barrier::Barrier(std::int32_t parties, Options options)
    : parties_(parties),
      action_(std::move(options.action)),
      timeout_(options.timeout),
      object_(trace::ObjectType::barrier, {std::move(options.name), options.recorded}) {
  if (parties < 1) throw ValueError("parties must be > 0, not " + std::to_string(parties));
  runtime::record(trace::Kind::barrier_open, object_, static_cast<std::uint64_t>(parties));
}

std::int32_t Barrier::wait(runtime::Timeout timeout, runtime::Where where) {
  const runtime::Deadline deadline = runtime::deadline_after(timeout ? timeout : timeout_);
  runtime::point(trace::Kind::barrier_arrive, object_);
  const platform::LockGuard guard(mutex_);
  enter(where);
  const std::int32_t index = count_++;
  runtime::record(trace::Kind::barrier_arrive, object_, where, static_cast<std::uint32_t>(index),
                  static_cast<std::uint32_t>(count_));
  if (count_ == parties_) {
    complete_phase();
  } else {
    wait_for_others(deadline, where);
  }
  return index;
}

// Waits until no action runs: a thread that arrives during the action belongs to the next phase.
void Barrier::enter(runtime::Where where) {
  while (acting_) {
    early_arrivals_.wait_without(mutex_, std::nullopt, {trace::Reason::barrier, &object_, where});
  }
  if (broken_) throw BrokenBarrierError();
}

void Barrier::complete_phase() {
  const std::uint32_t phase = phase_;
  if (action_) {
    acting_ = true;
    mutex_.unlock();
    std::exception_ptr failure;
    try {
      action_();
    } catch (...) {
      failure = std::current_exception();
    }
    mutex_.lock();
    acting_ = false;
    while (!early_arrivals_.empty()) runtime::WaitQueue::wake(early_arrivals_.release_first());
    if (failure) {
      if (phase_ == phase) break_barrier();
      std::rethrow_exception(failure);
    }
    if (phase_ != phase) throw BrokenBarrierError();
  }
  end_phase(true, runtime::record(trace::Kind::barrier_pass, object_));
}

void Barrier::wait_for_others(runtime::Deadline deadline, runtime::Where where) {
  const std::uint32_t phase = phase_;
  for (;;) {
    Arrival arrival;
    try {
      waiters_.wait_without(mutex_, arrival, deadline, {trace::Reason::barrier, &object_, where});
    } catch (...) {
      // A stopped thread takes its arrival back: it will not be part of the phase.
      if (!arrival.released() && phase_ == phase && !acting_) --count_;
      throw;
    }
    if (arrival.released()) {
      if (!arrival.completed) throw BrokenBarrierError();
      return;
    }
    if (!acting_) {
      break_barrier();
      throw BrokenBarrierError();
    }
    // The deadline passed, but all parties had arrived: the wait for the action is unlimited.
    deadline = std::nullopt;
  }
}

void Barrier::end_phase(bool completed, std::uint32_t sequence) noexcept {
  ++phase_;
  count_ = 0;
  while (!waiters_.empty()) {
    static_cast<Arrival&>(waiters_.first()).completed = completed;
    runtime::WaitQueue::wake(waiters_.release_first(sequence));
  }
}

void Barrier::break_barrier() noexcept {
  if (broken_) return;
  broken_ = true;
  end_phase(false, runtime::record(trace::Kind::barrier_break, object_));
}

void Barrier::abort() {
  runtime::point(trace::Kind::barrier_break, object_);
  const platform::LockGuard guard(mutex_);
  break_barrier();
}

void Barrier::reset() {
  runtime::point(trace::Kind::barrier_reset, object_);
  const platform::LockGuard guard(mutex_);
  broken_ = false;
  end_phase(false, runtime::record(trace::Kind::barrier_reset, object_));
}

std::int32_t Barrier::n_waiting() const {
  runtime::yield_hint();
  const platform::LockGuard guard(mutex_);
  return acting_ ? 0 : count_;
}

bool Barrier::broken() const {
  runtime::yield_hint();
  const platform::LockGuard guard(mutex_);
  return broken_;
}

}  // namespace weft::threading
