#include "weft/multiprocessing/queue_core.h"

#include <array>
#include <mutex>
#include <numeric>

#include "weft/errors.h"
#include "weft/multiprocessing/errors.h"
#include "weft/multiprocessing/self.h"
#include "weft/queue/errors.h"
#include "weft/runtime/park_shared.h"
#include "weft/runtime/point.h"
#include "weft/runtime/thread.h"

namespace weft::multiprocessing {
namespace {

namespace shared = platform::shared;

constexpr std::uint32_t kOneLess = ~std::uint32_t{0};

}  // namespace

struct QueueCare {
  static void process_died(ObjectRef queue, const DeadProcess& process) noexcept {
    const shared::Offset at = queue.data();
    Ring::process_died(at + QueueCore::kRing, QueueCore::kCapacity, process.number);
    if (robust_lock::is_held_by(at + QueueCore::kGate, process.number) &&
        shared::load(at + QueueCore::kIntent) != 0) {
      const Ring ring(at + QueueCore::kRing, QueueCore::kCapacity);
      const bool sent = ring.messages_sent() != shared::load(at + QueueCore::kMessages);
      shared::store(at + QueueCore::kUnfinished,
                    shared::load(at + QueueCore::kBefore) + (sent ? 1 : 0));
      shared::store(at + QueueCore::kIntent, 0);
    }
    shared::store(at + QueueCore::kToSend + 4 * process.slot, 0);
    const auto work =
        static_cast<std::int32_t>(shared::exchange(at + QueueCore::kWork + 4 * process.slot, 0));
    if (work > 0 && process.exit_code < 0) shared::store(at + QueueCore::kDied, process.number);
    robust_lock::break_up(at + QueueCore::kGate, process.number);
    QueueCore::wake_sleepers(at + QueueCore::kRoom, platform::kEverybody);
    QueueCore::wake_sleepers(at + QueueCore::kDone, platform::kEverybody);
  }
};

namespace {
const RegisterBehaviour registered(ObjectKind::queue, {nullptr, QueueCare::process_died});
}  // namespace

Hold QueueCore::make(Flavour flavour, std::uint32_t maxsize, std::string_view name) {
  NewObject made = create_object(ObjectKind::queue, kBytes, name);
  const shared::Access access;
  shared::store(made.ref.data() + kFlavour, static_cast<std::uint32_t>(flavour));
  shared::store(made.ref.data() + kMaxsize, maxsize);
  return std::move(made.holds[0]);
}

QueueCore::QueueCore(Hold held)
    : View(std::move(held), trace::ObjectType::queue),
      flavour_(static_cast<Flavour>(shared::load(at + kFlavour))),
      maxsize_(shared::load(at + kMaxsize)),
      ring_(at + kRing, kCapacity) {
  // Whoever made it; those who receive it later find that something is recorded of it.
  if (shared::load(hold.ref().sequence_word()) == 0) {
    runtime::note(trace::Kind::queue_open, object, maxsize_);
  }
}

// ---- sizes

std::uint32_t QueueCore::to_send(Offset at) noexcept {
  if (shared::load(at + kFeeders) == 0) return 0;
  std::array<std::uint32_t, platform::process_table::kSlots> items;
  shared::read(items.data(), at + kToSend, sizeof items);
  return std::accumulate(items.begin(), items.end(), 0u);
}

std::uint32_t QueueCore::size() const noexcept { return to_send(at) + ring_.messages(); }

std::uint32_t QueueCore::unfinished() const noexcept {
  return to_send(at) + shared::load(at + kUnfinished);
}

// ---- those who wait for room, and for all to be done

void QueueCore::wake_sleepers(Offset word, std::uint32_t most) noexcept {
  const shared::Access access;
  shared::fetch_add(word, kTurn);
  shared::fetch_and(word, ~kSleeps);
  runtime::wake_shared(word, most);
}

void QueueCore::wake_if_asleep(Offset word, std::uint32_t most) noexcept {
  if ((shared::load(word) & kSleeps) != 0) wake_sleepers(word, most);
}

QueueCore::Room QueueCore::wait_for_room(const runtime::Deadline& deadline,
                                         runtime::Where where) {
  const auto has_room = [this] { return size() < maxsize_; };
  if (room_spin_.until(has_room)) return Room::seen;
  std::uint32_t seen = 0;
  {
    const shared::Access access;
    seen = shared::fetch_or(at + kRoom, kSleeps) | kSleeps;
  }
  if (has_room()) return Room::seen;
  try {
    const bool in_time = runtime::park_shared(at + kRoom, seen, deadline,
                                              waiting(trace::Reason::queue_put, where));
    return in_time ? Room::after_sleep : Room::not_in_time;
  } catch (...) {
    wake_sleepers(at + kRoom, 1);  // it may have been woken, for nothing now
    throw;
  }
}

// ---- putting

void QueueCore::put(OutgoingMessage& message, bool block, runtime::Timeout timeout,
                    runtime::Where where) {
  if (closed()) throw ValueError("Queue " + name() + " is closed");
  if (message.size() > Ring::kMostBytes) throw ValueError("the item is larger than 2 GB");
  runtime::point(trace::Kind::queue_put, object);
  SharedNote note(object);
  if (flavour_ == Flavour::simple) {
    ring_.send(message.framed(), note, waiting(trace::Reason::queue_put, where));
  } else if (!try_put(message, note)) {
    const runtime::Deadline deadline = runtime::deadline_after(timeout);
    bool in_time = block && !(timeout && timeout->count() <= 0);
    bool slept = false;
    do {
      if (!in_time) throw queue::Full();
      const Room room = wait_for_room(deadline, where);
      in_time = room != Room::not_in_time;
      slept = slept || room != Room::seen;
    } while (!try_put(message, note));
    if (slept) pass_on_room();
  }
  if (note.taken()) note.write(trace::Kind::queue_put, size());
}

// One get wakes one: whoever was woken sees to the next.
void QueueCore::pass_on_room() noexcept {
  const shared::Access access;
  shared::fetch_or(at + kRoom, kSleeps);
  if (size() < maxsize_) wake_sleepers(at + kRoom, 1);
}

// False if the queue is full.
bool QueueCore::try_put(OutgoingMessage& message, SharedNote& note) {
  if (!has_gate()) {
    if (unsent_.load() != 0 || !send_soon(message.framed(), note)) accept(message, note);
    return true;
  }
  if (unsent_.load() == 0) {
    const robust_lock::Guard gate(at + kGate, {trace::Reason::queue_put, &object});
    if (maxsize_ != 0 && size() >= maxsize_) return false;
    if (send_through_gate(message.framed(), note)) return true;
  }
  start_feeder();
  const robust_lock::Guard gate(at + kGate, {trace::Reason::queue_put, &object});
  if (maxsize_ != 0 && size() >= maxsize_) return false;
  accept(message, note);
  return true;
}

// Sends the message if there is room in the ring, or will be in a moment: whoever gets makes some, and a
// queue that the feeder serves is a slower one.
bool QueueCore::send_soon(Ring::Framed message, SharedNote& note) noexcept {
  if (!Ring::fits_at_once(message.size(), kCapacity)) return false;
  return room_spin_.until([&] { return ring_.try_send(message, note) == Ring::Sent::yes; });
}

// With the gate: sends the message if there is room in the ring.
bool QueueCore::send_through_gate(Ring::Framed message, SharedNote& note) noexcept {
  const shared::Access access;
  const bool joinable = flavour_ == Flavour::joinable;
  const std::uint32_t before = joinable ? shared::load(at + kUnfinished) : 0;
  if (joinable) {
    shared::store(at + kMessages, ring_.messages_sent());
    shared::store(at + kBefore, before);
    shared::store(at + kIntent, 1);
  }
  const bool sent = ring_.try_send(message, note) == Ring::Sent::yes;
  if (joinable) {
    if (sent) shared::store(at + kUnfinished, before + 1);
    shared::store(at + kIntent, 0);
  }
  return sent;
}

// ---- the feeder

void QueueCore::start_feeder() {
  const std::lock_guard guard(mutex_);
  if (feeder_ != nullptr && !feeder_->has_ended()) return;
  feeder_ = runtime::start_thread(
      "QueueFeederThread", [core = shared_from_this()] { core->feed(); }, true);
}

// Leaves the message to the feeder.
void QueueCore::accept(OutgoingMessage& message, SharedNote& note) {
  start_feeder();
  const Ring::Framed framed = message.framed();
  Bytes bytes(framed.begin(), framed.end());
  {
    const shared::Access access;
    shared::store(at + kFeeders, 1);
    shared::fetch_add(at + kToSend + 4 * own_slot(), 1);
    note.take_place();
  }
  {
    const std::lock_guard guard(mutex_);
    accepted_.push_back(std::move(bytes));
    unsent_.fetch_add(1);
  }
  signals_.fetch_add(1);
  runtime::wake(signals_);
}

void QueueCore::feed() {
  for (;;) {
    const std::uint32_t seen = signals_.load();
    Bytes* first = nullptr;
    {
      const std::lock_guard guard(mutex_);
      if (!accepted_.empty()) first = &accepted_.front();
    }
    if (first == nullptr) {
      if (finishes_.load()) Ring::writers_gone(at + kRing);
      if (closed()) return;
      runtime::park(signals_, seen, std::nullopt,
                    waiting(trace::Reason::queue_get, runtime::Where()));
      continue;
    }
    send_accepted(*first);
    const std::lock_guard guard(mutex_);
    accepted_.pop_front();
    unsent_.fetch_sub(1);
  }
}

void QueueCore::send_accepted(Ring::Framed message) {
  const Offset own = at + kToSend + 4 * own_slot();
  const runtime::Waiting for_room = waiting(trace::Reason::queue_put, runtime::Where());
  SharedNote nothing;
  if (has_gate()) {
    while (Ring::fits_at_once(message.size(), kCapacity)) {
      {
        const robust_lock::Guard gate(at + kGate, for_room);
        if (send_through_gate(message, nothing)) {
          const shared::Access access;
          shared::fetch_add(own, kOneLess);
          return;
        }
      }
      ring_.await_room(message.size() - Ring::kRoom, for_room);
    }
  }
  ring_.send(message, nothing, for_room);
  if (!has_gate()) {
    const shared::Access access;
    shared::fetch_add(own, kOneLess);
    return;
  }
  const robust_lock::Guard gate(at + kGate, for_room);
  const shared::Access access;
  if (flavour_ == Flavour::joinable) shared::fetch_add(at + kUnfinished, 1);
  shared::fetch_add(own, kOneLess);
  wake_if_asleep(at + kRoom, 1);  // the item was counted twice for a moment
}

void QueueCore::close() noexcept {
  closed_.store(true);
  signals_.fetch_add(1);
  runtime::wake(signals_);
}

void QueueCore::finish() {
  start_feeder();
  finishes_.store(true);
  close();
}

void QueueCore::join_feeder(runtime::Stoppable stoppable, runtime::Where where) {
  std::shared_ptr<runtime::ThreadState> feeder;
  {
    const std::lock_guard guard(mutex_);
    feeder = feeder_;
  }
  if (feeder != nullptr) runtime::join_thread(*feeder, std::nullopt, stoppable, where);
}

// ---- getting

void QueueCore::get(Incoming& message, bool block, runtime::Timeout timeout, runtime::Where where) {
  if (closed() && !finishes_.load()) throw ValueError("Queue " + name() + " is closed");
  runtime::point(trace::Kind::queue_get, object);
  SharedNote note(object);
  if (flavour_ == Flavour::joinable) note.count_in(at + kWork + 4 * own_slot());
  const bool at_once = !block || (timeout && timeout->count() <= 0);
  const Ring::Received received =
      at_once ? ring_.try_receive(message, note)
              : ring_.receive(message, note, runtime::deadline_after(timeout),
                              waiting(trace::Reason::queue_get, where));
  if (received == Ring::Received::nobody_writes) throw EOFError("no more is put into " + name());
  if (received != Ring::Received::yes) throw queue::Empty();
  if (maxsize_ != 0) wake_if_asleep(at + kRoom, 1);
  if (note.taken()) note.write(trace::Kind::queue_get, size());
}

// ---- work on items

void QueueCore::task_done() {
  runtime::point(trace::Kind::queue_task_done, object);
  SharedNote note(object);
  std::uint32_t left = 0;
  {
    const robust_lock::Guard gate(at + kGate, {trace::Reason::queue_join, &object});
    const shared::Access access;
    const std::uint32_t sent = shared::load(at + kUnfinished);
    if (sent == 0) throw ValueError("task_done() called too many times");
    note.take_place();
    shared::store(at + kUnfinished, sent - 1);
    shared::fetch_add(at + kWork + 4 * own_slot(), kOneLess);
    left = unfinished();
    if (left == 0) wake_if_asleep(at + kDone, platform::kEverybody);
  }
  note.write(trace::Kind::queue_task_done, left);
}

void QueueCore::join(runtime::Where where) {
  runtime::point(trace::Kind::queue_task_done, object);
  while (unfinished() != 0) {
    std::uint32_t seen = 0;
    {
      const shared::Access access;
      seen = shared::fetch_or(at + kDone, kSleeps) | kSleeps;
    }
    if (unfinished() == 0) return;
    if (const std::uint32_t died = shared::load(at + kDied); died != 0) {
      throw AbandonedError("unfinished items of " + name(), died);
    }
    runtime::park_shared(at + kDone, seen, std::nullopt, waiting(trace::Reason::queue_join, where));
  }
}

// ---- handles

QueueHandle::~QueueHandle() {
  core_->close();
  if (!cancelled_.load()) core_->join_feeder(runtime::Stoppable::no, runtime::Where());
}

void QueueHandle::join_thread(runtime::Where where) {
  if (!core_->closed()) throw AssertionError("Queue " + core_->name() + " not closed");
  if (!cancelled_.load()) core_->join_feeder(runtime::Stoppable::yes, where);
}

}  // namespace weft::multiprocessing
