#include "weft/multiprocessing/internal/managed_primitives.h"

#include <algorithm>
#include <limits>
#include <tuple>
#include <utility>

#include "weft/errors.h"
#include "weft/multiprocessing/errors.h"
#include "weft/multiprocessing/serialise.h"
#include "weft/queue/errors.h"
#include "weft/threading/barrier.h"

namespace weft::multiprocessing {

using manager_protocol::Call;

namespace {

template <class T>
T read(Archive& arguments) {
  T value{};
  arguments(value);
  return value;
}

template <class T>
void write(Archive& reply, T value) {
  reply(value);
}

runtime::Deadline read_deadline(Archive& arguments) {
  return runtime::deadline_after(read<runtime::Timeout>(arguments));
}

constexpr auto never = [](Archive&) {};
constexpr auto reply_false = [](Archive& reply) { write(reply, false); };

}  // namespace

// ---- queue

std::unique_ptr<PendingCall> ManagedQueue::answer(Call call, Archive& arguments, Archive& reply,
                                                  const Caller&) {
  switch (call) {
    case Call::put_item: {
      const auto deadline = read_deadline(arguments);
      return put(read<Bytes>(arguments), deadline);
    }
    case Call::get_item: return get(read_deadline(arguments));
    case Call::join:
      return pending(
          std::nullopt, [this](Archive&) { return unfinished_ == 0; }, never);
    case Call::size: write(reply, static_cast<std::uint64_t>(items_.size())); return nullptr;
    case Call::is_full: write(reply, full()); return nullptr;
    case Call::task_done: task_done(); return nullptr;
    case Call::shut_down: shut_down(read<bool>(arguments)); return nullptr;
    default: throw RuntimeError("a queue has no such method");
  }
}

std::unique_ptr<PendingCall> ManagedQueue::put(Bytes item, runtime::Deadline deadline) {
  return pending(
      deadline,
      [this, item = std::move(item)](Archive&) mutable {
        if (is_shut_down_) throw queue::ShutDown();
        if (full()) return false;
        items_.push_back(std::move(item));
        ++unfinished_;
        return true;
      },
      [](Archive&) { throw queue::Full(); });
}

std::unique_ptr<PendingCall> ManagedQueue::get(runtime::Deadline deadline) {
  return pending(
      deadline,
      [this](Archive& reply) {
        if (items_.empty() && is_shut_down_) throw queue::ShutDown();
        if (items_.empty()) return false;
        reply(items_.front());
        items_.pop_front();
        return true;
      },
      [](Archive&) { throw queue::Empty(); });
}

void ManagedQueue::task_done() {
  if (unfinished_ == 0) throw ValueError("task_done() called too many times");
  --unfinished_;
}

void ManagedQueue::shut_down(bool immediate) {
  is_shut_down_ = true;
  if (!immediate) return;
  // At most what is unfinished: task_done() may have been called before the items were got.
  unfinished_ -= std::min<std::uint64_t>(unfinished_, items_.size());
  items_.clear();
}

// ---- lock

std::unique_ptr<PendingCall> ManagedLock::answer(Call call, Archive& arguments, Archive& reply,
                                                 const Caller& caller) {
  switch (call) {
    case Call::acquire: return acquire(caller, read_deadline(arguments));
    case Call::release: release(caller); return nullptr;
    case Call::is_locked: write(reply, static_cast<bool>(holder_)); return nullptr;
    case Call::recover: died_ = 0; return nullptr;
    default: throw RuntimeError("a lock has no such method");
  }
}

std::unique_ptr<PendingCall> ManagedLock::acquire(const Caller& caller,
                                                  runtime::Deadline deadline) {
  return pending(
      deadline,
      [this, caller](Archive& reply) {
        if (recursive_ && holder_ == caller) {
          ++depth_;
        } else {
          if (is_abandoned()) throw_abandoned();
          if (holder_) return false;
          take(caller, 1);
        }
        write(reply, true);
        return true;
      },
      reply_false);
}

void ManagedLock::release(const Caller& caller) {
  if (!recursive_ && !holder_) throw RuntimeError("release unlocked lock");
  if (recursive_ && holder_ != caller) throw RuntimeError("cannot release un-acquired lock");
  if (--depth_ == 0) holder_ = {};
}

void ManagedLock::holder_died() noexcept {
  died_ = holder_.process.number;
  release_all();
}

// A plain lock may be used by any thread while it is held.
bool ManagedLock::is_held_by(const Caller& caller) const noexcept {
  return recursive_ ? holder_ == caller : static_cast<bool>(holder_);
}

void ManagedLock::throw_abandoned() const { throw AbandonedError(name_, died_); }

std::uint32_t ManagedLock::release_all() noexcept {
  holder_ = {};
  return std::exchange(depth_, 0);
}

void ManagedLock::take(const Caller& caller, std::uint32_t depth) noexcept {
  holder_ = caller;
  depth_ = depth;
}

// ---- semaphore

ManagedSemaphore::ManagedSemaphore(std::int64_t value, bool bounded)
    : most_(bounded ? value : std::numeric_limits<std::int64_t>::max()), value_(value) {
  if (value < 0) {
    throw ValueError("semaphore initial value must be >= 0, not " + std::to_string(value));
  }
}

std::unique_ptr<PendingCall> ManagedSemaphore::answer(Call call, Archive& arguments, Archive&,
                                                      const Caller&) {
  switch (call) {
    case Call::acquire:
      return pending(
          read_deadline(arguments),
          [this](Archive& reply) {
            if (value_ == 0) return false;
            --value_;
            write(reply, true);
            return true;
          },
          reply_false);
    case Call::release: {
      const auto n = read<std::int64_t>(arguments);
      if (n < 1) throw ValueError("n must be one or more");
      if (n > most_ - value_) throw ValueError("Semaphore released too many times");
      value_ += n;
      return nullptr;
    }
    default: throw RuntimeError("a semaphore has no such method");
  }
}

// ---- condition

/// A wait, from the release of the lock until it is reacquired.
class ManagedCondition::Wait final : public PendingCall {
 public:
  Wait(ManagedCondition& condition, const Caller& caller, runtime::Deadline until)
      : PendingCall(until),
        condition_(condition),
        caller_(caller),
        depth_(condition.lock_.release_all()),
        place_(condition.waits_.insert(condition.waits_.end(), this)) {}
  ~Wait() override { condition_.waits_.erase(place_); }

  bool attempt(Archive& reply) override {
    ManagedLock& lock = condition_.lock_;
    if (is_waiting() && !lock.is_abandoned()) return false;
    if (lock.holder()) return false;
    lock.take(caller_, depth_);
    if (lock.is_abandoned()) lock.throw_abandoned();
    write(reply, notified_);
    return true;
  }
  bool expire(Archive& reply) override {
    timed_out_ = true;
    return attempt(reply);
  }
  void abandon() noexcept override {
    // Not for this one itself, which is notified already.
    if (notified_) condition_.notify(1);
  }

  bool is_waiting() const noexcept { return !notified_ && !timed_out_; }
  void notify() noexcept { notified_ = true; }

 private:
  ManagedCondition& condition_;
  const Caller caller_;
  const std::uint32_t depth_;
  const std::list<Wait*>::iterator place_;
  bool notified_ = false;
  bool timed_out_ = false;
};

std::unique_ptr<PendingCall> ManagedCondition::answer(Call call, Archive& arguments, Archive& reply,
                                                      const Caller& caller) {
  switch (call) {
    case Call::wait:
      if (!lock_.is_held_by(caller)) throw RuntimeError("cannot wait on un-acquired lock");
      return std::make_unique<Wait>(*this, caller, read_deadline(arguments));
    case Call::notify:
      if (!lock_.is_held_by(caller)) throw RuntimeError("cannot notify on un-acquired lock");
      notify(read<std::uint32_t>(arguments));
      return nullptr;
    default: return lock_.answer(call, arguments, reply, caller);
  }
}

void ManagedCondition::notify(std::uint32_t n) noexcept {
  for (Wait* const wait : waits_) {
    if (n == 0) return;
    if (!wait->is_waiting()) continue;
    wait->notify();
    --n;
  }
}

// ---- event

std::unique_ptr<PendingCall> ManagedEvent::answer(Call call, Archive& arguments, Archive& reply,
                                                  const Caller&) {
  switch (call) {
    case Call::is_set: write(reply, is_set_); return nullptr;
    case Call::raise_flag: is_set_ = true; return nullptr;
    case Call::clear: is_set_ = false; return nullptr;
    case Call::wait:
      return pending(
          read_deadline(arguments),
          [this](Archive& answer) {
            if (!is_set_) return false;
            write(answer, true);
            return true;
          },
          reply_false);
    default: throw RuntimeError("an event has no such method");
  }
}

// ---- barrier

/// A thread that has arrived.
class ManagedBarrier::Wait final : public PendingCall {
 public:
  Wait(ManagedBarrier& barrier, std::int32_t number, runtime::Deadline until)
      : PendingCall(until), barrier_(barrier), phase_(barrier.phase_), number_(number) {}

  bool attempt(Archive& reply) override {
    if (*phase_ == Phase::filling) return false;
    if (*phase_ == Phase::broken) throw threading::BrokenBarrierError();
    write(reply, number_);
    return true;
  }
  bool expire(Archive& reply) override {
    abandon();
    return attempt(reply);
  }
  void abandon() noexcept override {
    if (*phase_ == Phase::filling) barrier_.break_phase();
  }

 private:
  ManagedBarrier& barrier_;
  const std::shared_ptr<Phase> phase_;
  const std::int32_t number_;
};

ManagedBarrier::ManagedBarrier(std::int32_t parties, runtime::Timeout timeout)
    : parties_(parties), timeout_(timeout) {
  if (parties < 1) throw ValueError("parties must be > 0, not " + std::to_string(parties));
  begin_phase();
}

void ManagedBarrier::begin_phase() {
  phase_ = std::make_shared<Phase>(Phase::filling);
  count_ = 0;
}

// It stays the present phase until reset().
void ManagedBarrier::break_phase() noexcept {
  *phase_ = Phase::broken;
  count_ = 0;
}

std::unique_ptr<PendingCall> ManagedBarrier::answer(Call call, Archive& arguments, Archive& reply,
                                                    const Caller&) {
  switch (call) {
    case Call::wait: {
      const auto timeout = read<runtime::Timeout>(arguments);
      if (*phase_ == Phase::broken) throw threading::BrokenBarrierError();
      auto wait = std::make_unique<Wait>(*this, count_++,
                                         runtime::deadline_after(timeout ? timeout : timeout_));
      if (count_ == parties_) {
        *phase_ = Phase::full;
        begin_phase();
      }
      return wait;
    }
    case Call::abort: break_phase(); return nullptr;
    case Call::reset:
      break_phase();
      begin_phase();
      return nullptr;
    case Call::state: {
      std::tuple state(parties_, count_, *phase_ == Phase::broken);
      reply(state);
      return nullptr;
    }
    default: throw RuntimeError("a barrier has no such method");
  }
}

}  // namespace weft::multiprocessing
