#include "weft/multiprocessing/queue_core.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <numeric>
#include <optional>

#include "weft/errors.h"
#include "weft/multiprocessing/errors.h"
#include "weft/multiprocessing/self.h"
#include "weft/platform/cpu.h"
#include "weft/queue/errors.h"
#include "weft/runtime/park_shared.h"
#include "weft/runtime/point.h"
#include "weft/runtime/thread.h"

namespace weft::multiprocessing {
namespace {

namespace shared = platform::shared;

constexpr std::uint32_t kOneLess = ~std::uint32_t{0};
constexpr int kMostTries = 10'000;

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
    shared::store(at + QueueCore::kMoving + 4 * process.slot, 0);
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

// What each process has yet to send, and whether it is sending some of it at this moment.
struct QueueCore::Pending {
  static constexpr std::size_t kSlots = platform::process_table::kSlots;
  std::array<std::uint32_t, 2 * kSlots> words;

  explicit Pending(Offset at) noexcept {
    static_assert(kMoving == kToSend + 4 * kSlots);
    shared::read(words.data(), at + kToSend, sizeof words);
  }
  std::uint32_t items() const noexcept {
    return std::accumulate(words.begin(), words.begin() + kSlots, 0u);
  }
  bool moves() const noexcept {
    return std::any_of(words.begin() + kSlots, words.end(), [](std::uint32_t feeders) { return feeders != 0; });
  }
  bool operator==(const Pending&) const = default;
};

// An item that a feeder sends is for a moment in both of the words: the sum is taken when none is. A feeder
// that is interrupted just there is not waited for for long.
std::uint32_t QueueCore::size() const noexcept {
  if (!has_had_feeders()) return ring_.messages();
  for (int tries = 0;; ++tries) {
    const Pending before(at);
    const std::uint32_t sent = ring_.messages();
    if (tries == kMostTries || (!before.moves() && Pending(at) == before)) return before.items() + sent;
    platform::cpu_pause();
  }
}

// With the gate, or where it does not matter that an item may count twice.
std::uint32_t QueueCore::unfinished() const noexcept {
  return (has_had_feeders() ? Pending(at).items() : 0) + shared::load(at + kUnfinished);
}

bool QueueCore::has_had_feeders() const noexcept { return shared::load(at + kFeeders) != 0; }

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
  if (has_room() || closed()) return Room::seen;
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
  if (closed()) throw_closed();
  if (message.size() > Ring::kMostBytes) throw ValueError("the item is larger than 2 GB");
  runtime::point(trace::Kind::queue_put, object);
  SharedNote note(object);
  if (flavour_ == Flavour::simple) {
    const auto sent = ring_.send(message.framed(), note, waiting(trace::Reason::queue_put, where));
    if (sent == Ring::Sent::not_now) throw_closed();
  } else if (!try_put(message, note)) {
    const runtime::Deadline deadline = runtime::deadline_after(timeout);
    bool in_time = block && !(timeout && timeout->count() <= 0);
    bool slept = false;
    do {
      if (!in_time) throw queue::Full();
      const Room room = wait_for_room(deadline, where);
      in_time = room != Room::not_in_time;
      slept = slept || room != Room::seen;
      if (closed()) throw_closed();
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
    const auto send = [&] { return ring_.try_send(message.framed(), note); };
    if (send_counted(send) == Ring::Sent::yes) return true;
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

// With the gate, if there is one: `send` sends an item, or not, and the unfinished ones are counted.
template <class Send>
Ring::Sent QueueCore::send_counted(Send send) noexcept {
  const shared::Access access;
  const bool joinable = flavour_ == Flavour::joinable;
  const std::uint32_t before = joinable ? shared::load(at + kUnfinished) : 0;
  if (joinable) {
    shared::store(at + kMessages, ring_.messages_sent());
    shared::store(at + kBefore, before);
    shared::store(at + kIntent, 1);
  }
  const Ring::Sent sent = send();
  if (joinable) {
    if (sent == Ring::Sent::yes) shared::store(at + kUnfinished, before + 1);
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
    const std::lock_guard guard(mutex_);
    if (closed()) throw_closed();
    accepted_.push_back(std::move(bytes));
    unsent_.fetch_add(1);
    const shared::Access access;
    shared::store(at + kFeeders, 1);
    shared::fetch_add(at + kToSend + 4 * own_slot(), 1);
    note.take_place();
  }
  signals_.fetch_add(1);
  runtime::wake(signals_);
}

void QueueCore::feed() {
  for (;;) {
    const std::uint32_t seen = signals_.load();
    const bool closes = closed();  // before the look: nothing comes after that
    const Ring::Framed first = first_accepted();
    if (dropped_.load() || (!first.empty() && !send_accepted(first))) {
      forget_accepted();
      return;
    }
    if (!first.empty()) {
      const std::lock_guard guard(mutex_);
      accepted_.pop_front();
      unsent_.fetch_sub(1);
    } else if (closes) {
      if (finishes_.load()) Ring::writers_gone(at + kRing);
      return;
    } else {
      runtime::park(signals_, seen, std::nullopt, waiting(trace::Reason::queue_get, runtime::Where()));
    }
  }
}

// Empty if there is none: a message has a header at least.
Ring::Framed QueueCore::first_accepted() {
  const std::lock_guard guard(mutex_);
  return accepted_.empty() ? Ring::Framed() : Ring::Framed(accepted_.front());
}

// False if it never will be sent.
bool QueueCore::send_accepted(Ring::Framed message) {
  const runtime::Waiting for_room = waiting(trace::Reason::queue_put, runtime::Where());
  SharedNote nothing;
  if (!Ring::fits_at_once(message.size(), kCapacity)) {
    Ring::Stream stream(ring_, message, for_room);
    return move_to_ring([&] { return stream.finish(nothing); }, for_room) == Ring::Sent::yes;
  }
  for (;;) {
    const auto send = [&] { return ring_.try_send(message, nothing); };
    if (move_to_ring(send, for_room) == Ring::Sent::yes) return true;
    if (!ring_.await_room(message.size() - Ring::kRoom, for_room)) return false;
  }
}

// Has `send` send what was accepted first, so that it counts once.
template <class Send>
Ring::Sent QueueCore::move_to_ring(Send send, runtime::Waiting for_gate) noexcept {
  std::optional<robust_lock::Guard> gate;
  if (has_gate()) gate.emplace(at + kGate, for_gate);
  const shared::Access access;
  const Offset moving = at + kMoving + 4 * own_slot();
  shared::fetch_add(moving, 1);
  const Ring::Sent sent = send_counted(send);
  if (sent == Ring::Sent::yes) shared::fetch_add(at + kToSend + 4 * own_slot(), kOneLess);
  shared::fetch_add(moving, kOneLess);
  return sent;
}

// What was accepted and not sent never will be.
void QueueCore::forget_accepted() noexcept {
  {
    const std::lock_guard guard(mutex_);
    const shared::Access access;
    shared::fetch_add(at + kToSend + 4 * own_slot(), ~static_cast<std::uint32_t>(accepted_.size()) + 1);
    accepted_.clear();
    unsent_.store(0);
  }
  wake_sleepers(at + kRoom, platform::kEverybody);
  wake_sleepers(at + kDone, platform::kEverybody);
}

void QueueCore::set_closed() noexcept {
  {
    const std::lock_guard guard(mutex_);
    closed_.store(true);
  }
  signals_.fetch_add(1);
  runtime::wake(signals_);
  wake_sleepers(at + kRoom, platform::kEverybody);
}

void QueueCore::close() noexcept {
  set_closed();
  if (finishes_.load()) return;
  ring_.stop_receiving();
  if (flavour_ == Flavour::simple) ring_.stop_sending();
}

void QueueCore::finish() noexcept {
  finishes_.store(true);
  set_closed();
  const std::lock_guard guard(mutex_);
  if (feeder_ == nullptr || feeder_->has_ended()) Ring::writers_gone(at + kRing);
}

void QueueCore::drop() noexcept {
  dropped_.store(true);
  ring_.stop_sending();
  close();
}

void QueueCore::throw_closed() const { throw ValueError("Queue " + name() + " is closed"); }

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
  if (closed() && !finishes_.load()) throw_closed();
  runtime::point(trace::Kind::queue_get, object);
  SharedNote note(object);
  if (flavour_ == Flavour::joinable) note.count_in(at + kWork + 4 * own_slot());
  const bool at_once = !block || (timeout && timeout->count() <= 0);
  const Ring::Received received =
      at_once ? ring_.try_receive(message, note)
              : ring_.receive(message, note, runtime::deadline_after(timeout),
                              waiting(trace::Reason::queue_get, where));
  if (received == Ring::Received::nobody_writes) throw EOFError("no more is put into " + name());
  if (received != Ring::Received::yes) {
    if (closed() && !finishes_.load()) throw_closed();
    throw queue::Empty();
  }
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
  if (cancelled_.load()) {
    core_->drop();
  } else {
    core_->close();
    core_->join_feeder(runtime::Stoppable::no, runtime::Where());
  }
}

void QueueHandle::join_thread(runtime::Where where) {
  if (!core_->closed()) throw AssertionError("Queue " + core_->name() + " not closed");
  if (!cancelled_.load()) core_->join_feeder(runtime::Stoppable::yes, where);
}

}  // namespace weft::multiprocessing
