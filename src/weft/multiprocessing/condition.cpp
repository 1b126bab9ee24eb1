#include "weft/multiprocessing/condition.h"

#include <algorithm>
#include <array>

#include "weft/multiprocessing/errors.h"
#include "weft/multiprocessing/self.h"
#include "weft/multiprocessing/shared_note.h"
#include "weft/runtime/park_shared.h"
#include "weft/runtime/point.h"

namespace weft::multiprocessing {
namespace {

namespace shared = platform::shared;
using shared::Offset;

// A slot of the waiter table; its first word is what its waiter parks on. Slots are claimed,
// released and chosen for notification with the condition's lock held, except that the kernel
// releases those of a dead process without it.
struct Place {
  std::uint32_t state = kFree;
  std::uint32_t turn = 0;     // ticket: FIFO order of the waiters, modulo 2^32
  std::uint32_t process = 0;  // number of the waiter's process

  static constexpr std::uint32_t kFree = 0;
  static constexpr std::uint32_t kWaiting = 1;
  static constexpr std::uint32_t kAsleep = 2;  // waiting, and parked or about to park
  static constexpr std::uint32_t kNotified = 3;

  bool waits() const { return state == kWaiting || state == kAsleep; }
};
constexpr std::uint32_t kPlaces = 127;
using Places = std::array<Place, kPlaces>;

constexpr Offset kNextTurn = 0;
constexpr Offset kLockAt = 4;  // offset of the condition's lock
constexpr Offset kTable = 16;

Offset place_at(Offset condition, std::size_t index) {
  return condition + kTable + static_cast<Offset>(index * sizeof(Place));
}

Places read_places(Offset condition) {
  Places places;
  shared::read(places.data(), condition + kTable, sizeof places);
  return places;
}

// Notifies the slot's waiter; returns false if there is none. The wake-up is needed only if it
// parks. A waiter goes from kWaiting to kAsleep at most once, so the third attempt is the last that
// is needed.
bool notify_place(Offset place) noexcept {
  for (const std::uint32_t waiting : {Place::kAsleep, Place::kWaiting, Place::kAsleep}) {
    if (shared::compare_exchange(place, waiting, Place::kNotified) == waiting) {
      if (waiting == Place::kAsleep) runtime::wake_shared(place, 1);
      return true;
    }
  }
  return false;
}

// Notifies up to `n` waiters in FIFO order; returns how many.
std::uint32_t notify_first(Offset condition, std::uint32_t n) {
  const Places places = read_places(condition);
  std::array<std::uint32_t, kPlaces> order;
  std::uint32_t waiting = 0;
  for (std::uint32_t i = 0; i < kPlaces; ++i) {
    if (places[i].waits()) order[waiting++] = i;
  }
  const std::uint32_t now = shared::load(condition + kNextTurn);
  // Compares ages, as ticket numbers wrap around.
  std::sort(order.begin(), order.begin() + waiting, [&](std::uint32_t a, std::uint32_t b) {
    return now - places[a].turn > now - places[b].turn;
  });
  std::uint32_t notified = 0;
  for (std::uint32_t i = 0; i < waiting && notified < n; ++i) {
    if (notify_place(place_at(condition, order[i]))) ++notified;
  }
  return notified;
}

void process_died(ObjectRef condition, const DeadProcess& process) noexcept {
  const Offset at = condition.data();
  const Places places = read_places(at);
  std::uint32_t passed_on = 0;
  for (std::uint32_t i = 0; i < kPlaces; ++i) {
    if (places[i].state == Place::kFree) continue;
    if (places[i].process == process.number) {
      // The notification was consumed by a waiter that cannot act on it: it is passed on.
      if (shared::exchange(place_at(at, i), Place::kFree) == Place::kNotified) ++passed_on;
    } else {
      // The dead process may have set kNotified without the wake-up that follows (lost wake-up).
      runtime::wake_shared(place_at(at, i));
    }
  }
  const Offset lock = shared::load(at + kLockAt);
  const bool lock_is_lost = lock != 0 && LockState::is_left_behind(lock, process.number);
  // An abandoned lock cannot be acquired to notify: all waiters leave, with AbandonedError.
  if (lock_is_lost) passed_on = kPlaces;
  if (passed_on != 0) notify_first(at, passed_on);
}

const RegisterBehaviour registered(ObjectKind::condition, {nullptr, process_died});

// Claims a slot for the calling thread, which keeps it from before it releases the lock until it
// has reacquired it.
std::uint32_t take_place(Offset condition) {
  const Places places = read_places(condition);
  const auto free =
      std::ranges::find_if(places, [](const Place& place) { return place.state == Place::kFree; });
  if (free == places.end()) throw RuntimeError("too many threads wait for the condition already");
  const auto index = static_cast<std::uint32_t>(free - places.begin());
  const shared::Access access;
  const Place place{Place::kFree, shared::fetch_add(condition + kNextTurn, 1), own_number()};
  shared::write(place_at(condition, index), &place, sizeof place);
  shared::store(place_at(condition, index), Place::kWaiting);
  return index;
}

}  // namespace

Condition::Condition(std::variant<Lock, RLock> lock, std::string_view name)
    : lock_(std::move(lock)),
      state_(std::make_shared<Lazy<State>>([lock = lock_, name = std::string(name)]() mutable {
        NewObject made = create_object(ObjectKind::condition, kTable + sizeof(Places), name);
        const Offset lock_at = (*std::visit([](AnyLock& any) { return any.state_; }, lock))->at;
        const shared::Access access;
        shared::store(made.ref.data() + kLockAt, lock_at);
        return std::move(made.holds[0]);
      })) {}

bool Condition::wait_until(runtime::Deadline deadline, runtime::Where where) {
  State& state = **state_;
  LockState& lock = *lock_state();
  if (!lock.is_mine()) throw AssertionError("must acquire() condition before using wait()");
  runtime::point(trace::Kind::blocked, state.object);
  const Offset place = place_at(state.at, take_place(state.at));
  const std::uint32_t depth = lock.release_all();

  // A wait returns or throws with the lock held, even if the run is stopped. A notification between
  // the deadline and the reacquisition counts, or it would be lost.
  const auto take_lock_again = [&] {
    const auto taken = lock.take_back(depth, where);
    std::uint32_t left = 0;
    {
      const shared::Access access;
      left = shared::exchange(place, Place::kFree);
    }
    if (taken == LockState::TakenBack::abandoned) lock.refuse();
    return left == Place::kNotified;
  };
  try {
    bool in_time = true;
    while (in_time) {
      std::uint32_t seen = Place::kWaiting;
      {
        const shared::Access access;
        seen = shared::compare_exchange(place, Place::kWaiting, Place::kAsleep);
      }
      if (seen == Place::kNotified) break;
      in_time = runtime::park_shared(place, Place::kAsleep, deadline,
                                     {trace::Reason::condition, &state.object, where});
    }
  } catch (...) {
    try {
      take_lock_again();
    } catch (const AbandonedError&) {
      // Stopped takes precedence.
    }
    throw;
  }
  return take_lock_again();
}

void Condition::notify(std::uint32_t n) {
  State& state = **state_;
  if (!lock_state()->is_mine()) throw AssertionError("lock is not owned");
  SharedNote note(state.object);
  std::uint32_t notified = 0;
  {
    const shared::Access access;
    note.take_place();
    notified = notify_first(state.at, n);
  }
  note.write(trace::Kind::condition_notify, notified);
}

}  // namespace weft::multiprocessing
