#include "weft/multiprocessing/condition.h"

#include <algorithm>
#include <array>
#include <optional>

#include "weft/ipc/self.h"
#include "weft/ipc/shared_record.h"
#include "weft/ipc/wait_queue.h"
#include "weft/multiprocessing/errors.h"
#include "weft/runtime/point.h"

namespace weft::multiprocessing {
namespace {

namespace shared = platform::shared;
using shared::Offset;

// A slot of the waiter table; its first word is the wait queue of its one waiter. Slots are
// claimed, released and chosen for notification with the condition's lock held, except that the
// supervisor releases those of a dead process without it.
struct WaiterSlot {
  std::uint32_t state = kFree;
  std::uint32_t ticket = 0;   // FIFO order of the waiters, modulo 2^32
  std::uint32_t process = 0;  // number of the waiter's process

  static constexpr std::uint32_t kFree = 0;
  static constexpr std::uint32_t kWaiting = 1;
  static constexpr std::uint32_t kNotified = 2;

  bool waits() const { return (state & ~ipc::WaitQueue::kHasWaiters) == kWaiting; }
};
constexpr std::uint32_t kWaiterSlots = 127;
using WaiterSlots = std::array<WaiterSlot, kWaiterSlots>;

constexpr Offset kNextTicket = 0;
constexpr Offset kLockAt = 4;  // offset of the condition's lock
constexpr Offset kTable = 16;

Offset slot_at(Offset condition, std::size_t index) {
  return condition + kTable + static_cast<Offset>(index * sizeof(WaiterSlot));
}

WaiterSlots read_slots(Offset condition) {
  WaiterSlots slots;
  shared::read(slots.data(), condition + kTable, sizeof slots);
  return slots;
}

struct Notification : ipc::WaitQueue::Waiter {
  ipc::WaitQueue::Decision decide(std::uint32_t state) const noexcept {
    return state == WaiterSlot::kNotified ? ipc::WaitQueue::Decision::leave()
                                          : ipc::WaitQueue::Decision::wait(state);
  }
};

// Notifies the slot's waiter; returns false if there is none.
bool notify_slot(Offset slot) noexcept {
  const ipc::WaitQueue queue(slot);
  const auto was = queue.update([](std::uint32_t state) -> std::optional<std::uint32_t> {
    if (state != WaiterSlot::kWaiting) return std::nullopt;
    return WaiterSlot::kNotified;
  });
  if (was) queue.wake(*was, 1);
  return was.has_value();
}

// Ends the use of a slot; returns true if its waiter was notified.
bool release_slot(Offset slot) noexcept {
  const std::uint32_t was = ipc::WaitQueue(slot).exchange(WaiterSlot::kFree);
  return (was & ~ipc::WaitQueue::kHasWaiters) == WaiterSlot::kNotified;
}

// Notifies up to `n` waiters in FIFO order; returns how many.
std::uint32_t notify_first(Offset condition, std::uint32_t n) {
  const WaiterSlots slots = read_slots(condition);
  std::array<std::uint32_t, kWaiterSlots> order;
  std::uint32_t waiting = 0;
  for (std::uint32_t i = 0; i < kWaiterSlots; ++i) {
    if (slots[i].waits()) order[waiting++] = i;
  }
  const std::uint32_t now = shared::load(condition + kNextTicket);
  // Compares ages, as ticket numbers wrap around.
  std::sort(order.begin(), order.begin() + waiting, [&](std::uint32_t a, std::uint32_t b) {
    return now - slots[a].ticket > now - slots[b].ticket;
  });
  std::uint32_t notified = 0;
  for (std::uint32_t i = 0; i < waiting && notified < n; ++i) {
    if (notify_slot(slot_at(condition, order[i]))) ++notified;
  }
  return notified;
}

void process_died(ipc::ObjectRef condition, const ipc::DeadProcess& process) noexcept {
  const Offset at = condition.data();
  const WaiterSlots slots = read_slots(at);
  std::uint32_t passed_on = 0;
  for (std::uint32_t i = 0; i < kWaiterSlots; ++i) {
    if (slots[i].state == WaiterSlot::kFree) continue;
    if (slots[i].process == process.number) {
      // The notification was consumed by a waiter that cannot act on it: it is passed on.
      if (release_slot(slot_at(at, i))) ++passed_on;
    } else {
      ipc::WaitQueue(slot_at(at, i)).recover();
    }
  }
  const Offset lock = shared::load(at + kLockAt);
  const bool lock_is_lost = lock != 0 && ProcessLock::is_left_by(lock, process.number);
  // An abandoned lock cannot be acquired to notify: all waiters leave, with AbandonedError.
  if (lock_is_lost) passed_on = kWaiterSlots;
  if (passed_on != 0) notify_first(at, passed_on);
}

const ipc::RegisterCleanupHooks registered(ipc::ObjectKind::condition, {nullptr, process_died});

// Claims a slot for the calling thread, which keeps it from before it releases the lock until it
// has reacquired it.
std::uint32_t claim_slot(Offset condition) {
  const WaiterSlots slots = read_slots(condition);
  const auto free = std::ranges::find_if(
      slots, [](const WaiterSlot& slot) { return slot.state == WaiterSlot::kFree; });
  if (free == slots.end()) {
    throw RuntimeError("all " + std::to_string(kWaiterSlots) +
                       " waiter slots of the condition are in use");
  }
  const auto index = static_cast<std::uint32_t>(free - slots.begin());
  const shared::Access access;
  const WaiterSlot slot{WaiterSlot::kFree, shared::fetch_add(condition + kNextTicket, 1),
                        ipc::own_number()};
  shared::write(slot_at(condition, index), &slot, sizeof slot);
  shared::store(slot_at(condition, index), WaiterSlot::kWaiting);
  return index;
}

}  // namespace

Condition::Condition(std::variant<Lock, RLock> lock, Options options)
    : lock_(std::move(lock)),
      state_(std::make_shared<ipc::Lazy<State>>([lock = lock_,
                                                 options = std::move(options)]() mutable {
        ipc::NewObject made =
            ipc::create_object(ipc::ObjectKind::condition, kTable + sizeof(WaiterSlots), options);
        const Offset lock_at = (*std::visit([](AnyLock& any) { return any.state_; }, lock))->at;
        const shared::Access access;
        shared::store(made.ref.data() + kLockAt, lock_at);
        return std::move(made.handles[0]);
      })) {}

bool Condition::wait_until(runtime::Deadline deadline, runtime::Where where) {
  State& state = **state_;
  ProcessLock& lock = *process_lock();
  if (!lock.is_mine()) throw AssertionError("must acquire() condition before using wait()");
  runtime::point(trace::Kind::blocked, state.object);
  const Offset slot = slot_at(state.at, claim_slot(state.at));
  const std::uint32_t depth = lock.release_all();

  // A wait returns or throws with the lock held, even if the run is stopped. A notification between
  // the deadline and the reacquisition counts, or it would be lost.
  const auto reacquire_lock = [&] {
    const auto taken = lock.reacquire(depth, where);
    bool notified = false;
    {
      const shared::Access access;
      notified = release_slot(slot);
    }
    if (taken == ProcessLock::Reacquired::abandoned) lock.throw_abandoned();
    return notified;
  };
  try {
    Notification notification;
    ipc::WaitQueue(slot).wait(notification, deadline,
                              {trace::Reason::condition, &state.object, where});
  } catch (...) {
    try {
      reacquire_lock();
    } catch (const AbandonedError&) {
      // Stopped takes precedence.
    }
    throw;
  }
  return reacquire_lock();
}

void Condition::notify(std::uint32_t n) {
  State& state = **state_;
  if (!process_lock()->is_mine()) throw AssertionError("lock is not owned");
  ipc::SharedRecord record(state.object);
  std::uint32_t notified = 0;
  {
    const shared::Access access;
    record.assign_sequence();
    notified = notify_first(state.at, n);
  }
  record.write(trace::Kind::condition_notify, notified);
}

}  // namespace weft::multiprocessing
