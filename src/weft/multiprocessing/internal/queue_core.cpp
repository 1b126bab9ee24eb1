#include "weft/multiprocessing/internal/queue_core.h"

#include <array>
#include <numeric>
#include <utility>

#include "weft/errors.h"
#include "weft/ipc/self.h"
#include "weft/multiprocessing/errors.h"
#include "weft/queue/errors.h"
#include "weft/runtime/internal/park_shared.h"
#include "weft/runtime/internal/thread.h"
#include "weft/runtime/point.h"

namespace weft::multiprocessing {
namespace {

namespace shared = platform::shared;

constexpr std::uint32_t kOneLess = ~std::uint32_t{0};

}  // namespace

struct QueueRecovery {
  static void last_handle_dropped(ipc::ObjectRef queue, std::uint32_t role) noexcept {
    if (role == QueueCore::kUses) ipc::MessageRing::readers_gone(queue.data() + QueueCore::kRing);
  }

  static void process_died(ipc::ObjectRef queue, const ipc::DeadProcess& process) noexcept {
    const shared::Offset at = queue.data();
    mark_unfinished(at, process);
    ipc::MessageRing::process_died(at + QueueCore::kRing, QueueCore::kCapacity, process.number);
    if (ipc::robust_lock::is_held_by(at + QueueCore::kCountLock, process.number) &&
        shared::load(at + QueueCore::kIntent) != 0) {
      const ipc::MessageRing ring(at + QueueCore::kRing, QueueCore::kCapacity);
      const bool sent = ring.messages_sent() != shared::load(at + QueueCore::kMessages);
      shared::store(at + QueueCore::kUnfinished,
                    shared::load(at + QueueCore::kBefore) + (sent ? 1 : 0));
      shared::store(at + QueueCore::kIntent, 0);
    }
    shared::store(at + QueueCore::kToSend + 4 * process.slot, 0);
    ipc::robust_lock::recover_from_owner_death(at + QueueCore::kCountLock, process.number);
    QueueCore::wake_sleepers(at + QueueCore::kRoom, platform::kAllWaiters);
    QueueCore::wake_sleepers(at + QueueCore::kDone, platform::kAllWaiters);
  }

 private:
  // Must run while the ring is still locked as the process left it.
  static void mark_unfinished(shared::Offset at, const ipc::DeadProcess& process) noexcept {
    const auto work =
        static_cast<std::int32_t>(shared::exchange(at + QueueCore::kWork + 4 * process.slot, 0));
    const ipc::MessageRing ring(at + QueueCore::kRing, QueueCore::kCapacity);
    const bool has_not_left =
        (work & 1) != 0 && ring.head_word() == shared::load(at + QueueCore::kTakenFrom);
    const std::int32_t unfinished = (work >> 1) - (has_not_left ? 1 : 0);
    if (unfinished > 0 && process.exit_code < 0) {
      shared::store(at + QueueCore::kDied, process.number);
    }
  }
};

namespace {
const ipc::RegisterCleanupHooks registered(ipc::ObjectKind::queue,
                                           {QueueRecovery::last_handle_dropped,
                                            QueueRecovery::process_died});
}  // namespace

ipc::ObjectHandle QueueCore::make(Flavour flavour, std::uint32_t maxsize,
                                  const ObjectOptions& options) {
  ipc::NewObject made = ipc::create_object(ipc::ObjectKind::queue, kBytes, options, 2);
  const shared::Access access;
  shared::store(made.ref.data() + kFlavour, static_cast<std::uint32_t>(flavour));
  shared::store(made.ref.data() + kMaxsize, maxsize);
  return std::move(made.handles[kUses]);
}

QueueCore::QueueCore(ipc::ObjectHandle held)
    : SharedObjectView(std::move(held), trace::ObjectType::queue),
      ref_(handle.ref()),
      flavour_(static_cast<Flavour>(shared::load(at + kFlavour))),
      maxsize_(shared::load(at + kMaxsize)),
      ring_(at + kRing, kCapacity) {
  // The creator records the opening; a process that receives the queue later finds its sequence
  // number above 0.
  if (shared::load(handle.ref().sequence_word()) == 0) {
    runtime::record(trace::Kind::queue_open, object, maxsize_);
  }
}

// ---- sizes

std::uint32_t QueueCore::to_send() const noexcept {
  if (shared::load(at + kFeeders) == 0) return 0;
  std::array<std::uint32_t, platform::process_table::kSlots> items;
  shared::read(items.data(), at + kToSend, sizeof items);
  return std::accumulate(items.begin(), items.end(), 0u);
}

// Rereads if a feeder moved an item from one count to the other between the two loads.
std::uint32_t QueueCore::size() const noexcept {
  for (;;) {
    const std::uint32_t before = to_send();
    const std::uint32_t sent = ring_.messages();
    if (to_send() == before) return before + sent;
  }
}

// The count lock must be held.
std::uint32_t QueueCore::unfinished() const noexcept {
  return to_send() + shared::load(at + kUnfinished);
}

// ---- waiting for room, and for task_done()

void QueueCore::wake_sleepers(Offset word, std::uint32_t most) noexcept {
  const shared::Access access;
  shared::fetch_add(word, kEpochUnit);
  shared::fetch_and(word, ~kHasSleepers);
  runtime::wake_shared(word, most);
}

void QueueCore::wake_if_waiting(Offset word, std::uint32_t most) noexcept {
  if ((shared::load(word) & kHasSleepers) != 0) wake_sleepers(word, most);
}

QueueCore::Room QueueCore::wait_for_room(const runtime::Deadline& deadline, runtime::Where where) {
  const auto has_room = [this] { return size() < maxsize_; };
  if (room_spin_.until(has_room)) return Room::seen;
  std::uint32_t seen = 0;
  {
    const shared::Access access;
    seen = shared::fetch_or(at + kRoom, kHasSleepers) | kHasSleepers;
  }
  if (has_room() || closed()) return Room::seen;
  try {
    const bool in_time =
        runtime::park_shared(at + kRoom, seen, deadline, waiting(trace::Reason::queue_put, where));
    return in_time ? Room::after_sleep : Room::not_in_time;
  } catch (...) {
    wake_sleepers(at + kRoom, 1);  // the wake-up may have gone to this thread: pass it on
    throw;
  }
}

// ---- putting

void QueueCore::put(OutgoingMessage& message, bool block, runtime::Timeout timeout,
                    runtime::Where where) {
  if (closed()) throw_closed();
  if (message.size() > ipc::MessageRing::kMaxBytes)
    throw ValueError("the item is larger than 2 GB");
  runtime::point(trace::Kind::queue_put, object);
  ipc::SharedRecord record(object);
  if (flavour_ == Flavour::simple) {
    const auto sent =
        ring_.send(message.framed(), record, waiting(trace::Reason::queue_put, where));
    if (sent == ipc::MessageRing::Sent::not_now) throw_closed();
  } else if (!try_put(message, record)) {
    const runtime::Deadline deadline = runtime::deadline_after(timeout);
    bool in_time = block && !(timeout && timeout->count() <= 0);
    bool slept = false;
    do {
      if (!in_time) throw queue::Full();
      const Room room = wait_for_room(deadline, where);
      in_time = room != Room::not_in_time;
      slept = slept || room != Room::seen;
      if (closed()) throw_closed();
    } while (!try_put(message, record));
    if (slept) pass_on_wake_up();
  }
  if (record.pending()) record.write(trace::Kind::queue_put, size());
}

// Passes a wake-up on: one get() wakes one producer and clears kHasSleepers, although more may be
// parked.
void QueueCore::pass_on_wake_up() noexcept {
  const shared::Access access;
  shared::fetch_or(at + kRoom, kHasSleepers);
  if (size() < maxsize_) wake_sleepers(at + kRoom, 1);
}

// Returns false if the queue is full.
bool QueueCore::try_put(OutgoingMessage& message, ipc::SharedRecord& record) {
  if (!has_count_lock()) {
    if (unsent_.load() != 0 || !spin_send(message.framed(), record)) accept(message, record);
    return true;
  }
  if (unsent_.load() == 0) {
    const ipc::robust_lock::Guard lock(at + kCountLock, {trace::Reason::queue_put, &object});
    if (maxsize_ != 0 && size() >= maxsize_) return false;
    const auto send = [&] { return ring_.try_send(message.framed(), record); };
    if (send_counted(send) == ipc::MessageRing::Sent::yes) return true;
  }
  start_feeder();
  const ipc::robust_lock::Guard lock(at + kCountLock, {trace::Reason::queue_put, &object});
  if (maxsize_ != 0 && size() >= maxsize_) return false;
  accept(message, record);
  return true;
}

// Sends the message if the ring has room, or will have after a short spin: consumers make room all
// the time, and the path through the feeder is slower.
bool QueueCore::spin_send(ipc::MessageRing::Framed message, ipc::SharedRecord& record) noexcept {
  if (!ipc::MessageRing::fits_at_once(message.size(), kCapacity)) return false;
  return room_spin_.until(
      [&] { return ring_.try_send(message, record) == ipc::MessageRing::Sent::yes; });
}

// Runs `send` and counts the item as unfinished if it was sent. The count lock must be held.
// kIntent, kMessages and kBefore let the supervisor redo the count if this process is killed in
// between.
template <class Send>
ipc::MessageRing::Sent QueueCore::send_counted(Send send) noexcept {
  const shared::Access access;
  const bool joinable = flavour_ == Flavour::joinable;
  const std::uint32_t before = joinable ? shared::load(at + kUnfinished) : 0;
  if (joinable) {
    shared::store(at + kMessages, ring_.messages_sent());
    shared::store(at + kBefore, before);
    shared::store(at + kIntent, 1);
  }
  const ipc::MessageRing::Sent sent = send();
  if (joinable) {
    if (sent == ipc::MessageRing::Sent::yes) shared::store(at + kUnfinished, before + 1);
    shared::store(at + kIntent, 0);
  }
  return sent;
}

// ---- the feeder

void QueueCore::start_feeder() {
  const platform::LockGuard guard(mutex_);
  if (feeder_ != nullptr && !feeder_->has_ended()) return;
  feeder_ = runtime::start_thread(
      "QueueFeederThread", [core = shared_from_this()] { core->feed(); }, true);
}

// Hands the message to the feeder.
void QueueCore::accept(OutgoingMessage& message, ipc::SharedRecord& record) {
  start_feeder();
  const ipc::MessageRing::Framed framed = message.framed();
  Bytes bytes(framed.begin(), framed.end());
  {
    const platform::LockGuard guard(mutex_);
    if (closed()) throw_closed();
    accepted_.push_back(std::move(bytes));
    unsent_.fetch_add(1);
    const shared::Access access;
    shared::store(at + kFeeders, 1);
    shared::fetch_add(at + kToSend + 4 * ipc::own_slot(), 1);
    record.assign_sequence();
  }
  signals_.fetch_add(1);
  runtime::wake(signals_);
}

void QueueCore::feed() {
  for (;;) {
    const std::uint32_t seen = signals_.load();
    const bool closes = closed();  // read before the queue: nothing is accepted once it is set
    const ipc::MessageRing::Framed first = first_accepted();
    if (dropped_.load() || (!first.empty() && !send_accepted(first))) {
      discard_accepted();
      return;
    }
    if (!first.empty()) {
      const platform::LockGuard guard(mutex_);
      accepted_.pop_front();
      unsent_.fetch_sub(1);
    } else if (closes) {
      if (finishes_.load()) ipc::MessageRing::writers_gone(at + kRing);
      return;
    } else {
      runtime::park(signals_, seen, std::nullopt,
                    waiting(trace::Reason::queue_get, runtime::Where()));
    }
  }
}

// Empty if there is none; a message is never empty, since it has a header.
ipc::MessageRing::Framed QueueCore::first_accepted() {
  const platform::LockGuard guard(mutex_);
  return accepted_.empty() ? ipc::MessageRing::Framed()
                           : ipc::MessageRing::Framed(accepted_.front());
}

// Returns false if it can never be sent.
bool QueueCore::send_accepted(ipc::MessageRing::Framed message) {
  const runtime::Waiting for_room = waiting(trace::Reason::queue_put, runtime::Where());
  ipc::SharedRecord record;
  record.count_in(at + kToSend + 4 * ipc::own_slot(), kOneLess);
  if (!ipc::MessageRing::fits_at_once(message.size(), kCapacity)) {
    ipc::MessageRing::Stream stream(ring_, message, for_room);
    return send_locked([&] { return stream.finish(record); }, for_room) ==
           ipc::MessageRing::Sent::yes;
  }
  for (;;) {
    const auto send = [&] { return ring_.try_send(message, record); };
    if (const ipc::MessageRing::Sent sent = send_locked(send, for_room);
        sent != ipc::MessageRing::Sent::not_now) {
      return sent == ipc::MessageRing::Sent::yes;
    }
    if (!ring_.await_room(message.size() - ipc::MessageRing::kHeaderBytes, for_room)) return false;
  }
}

template <class Send>
ipc::MessageRing::Sent QueueCore::send_locked(Send send, runtime::Waiting for_lock) noexcept {
  if (!has_count_lock()) return send();
  const ipc::robust_lock::Guard lock(at + kCountLock, for_lock);
  return send_counted(send);
}

// Discards the unsent items and wakes the threads that wait for the count to fall.
void QueueCore::discard_accepted() noexcept {
  {
    const platform::LockGuard guard(mutex_);
    const shared::Access access;
    shared::fetch_add(at + kToSend + 4 * ipc::own_slot(),
                      ~static_cast<std::uint32_t>(accepted_.size()) + 1);
    accepted_.clear();
    unsent_.store(0);
  }
  wake_sleepers(at + kRoom, platform::kAllWaiters);
  wake_sleepers(at + kDone, platform::kAllWaiters);
}

void QueueCore::set_closed() noexcept {
  {
    const platform::LockGuard guard(mutex_);
    closed_.store(true);
  }
  signals_.fetch_add(1);
  runtime::wake(signals_);
  wake_sleepers(at + kRoom, platform::kAllWaiters);
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
  const platform::LockGuard guard(mutex_);
  if (feeder_ == nullptr || feeder_->has_ended()) ipc::MessageRing::writers_gone(at + kRing);
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
    const platform::LockGuard guard(mutex_);
    feeder = feeder_;
  }
  if (feeder == nullptr) return;
  only_send();
  runtime::join_thread(*feeder, std::nullopt, stoppable, where);
}

// Gives up the right to receive, after close(). Once no process has it, nothing can be received,
// and the feeders give up.
void QueueCore::only_send() noexcept {
  const platform::LockGuard guard(mutex_);
  if (std::exchange(only_sends_, true)) return;
  handle = ipc::ObjectHandle(ref_, kSends);
}

// ---- getting

void QueueCore::get(ipc::ReceivedMessage& message, bool block, runtime::Timeout timeout,
                    runtime::Where where) {
  if (closed() && !finishes_.load()) throw_closed();
  runtime::point(trace::Kind::queue_get, object);
  ipc::SharedRecord record(object);
  if (flavour_ == Flavour::joinable)
    record.count_work(at + kWork + 4 * ipc::own_slot(), at + kTakenFrom);
  const bool at_once = !block || (timeout && timeout->count() <= 0);
  const ipc::MessageRing::Received received =
      at_once ? ring_.try_receive(message, record)
              : ring_.receive(message, record, runtime::deadline_after(timeout),
                              waiting(trace::Reason::queue_get, where));
  if (received == ipc::MessageRing::Received::no_writers)
    throw EOFError("no more is put into " + name());
  if (received != ipc::MessageRing::Received::yes) {
    if (closed() && !finishes_.load()) throw_closed();
    throw queue::Empty();
  }
  if (maxsize_ != 0) wake_if_waiting(at + kRoom, 1);
  if (record.pending()) record.write(trace::Kind::queue_get, size());
}

// ---- work on items

void QueueCore::task_done() {
  runtime::point(trace::Kind::queue_task_done, object);
  ipc::SharedRecord record(object);
  std::uint32_t left = 0;
  {
    const ipc::robust_lock::Guard lock(at + kCountLock, {trace::Reason::queue_join, &object});
    const shared::Access access;
    const std::uint32_t sent = shared::load(at + kUnfinished);
    if (sent == 0) throw ValueError("task_done() called too many times");
    record.assign_sequence();
    shared::store(at + kUnfinished, sent - 1);
    shared::fetch_add(at + kWork + 4 * ipc::own_slot(), 2 * kOneLess);
    left = unfinished();
    if (left == 0) wake_if_waiting(at + kDone, platform::kAllWaiters);
  }
  record.write(trace::Kind::queue_task_done, left);
}

bool QueueCore::all_done() noexcept {
  const ipc::robust_lock::Guard lock(at + kCountLock, {trace::Reason::queue_join, &object});
  return unfinished() == 0;
}

void QueueCore::join(runtime::Where where) {
  runtime::point(trace::Kind::queue_task_done, object);
  while (!all_done()) {
    std::uint32_t seen = 0;
    {
      const shared::Access access;
      seen = shared::fetch_or(at + kDone, kHasSleepers) | kHasSleepers;
    }
    if (all_done()) return;
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

void serialise_queue(Archive& archive, std::shared_ptr<ipc::Lazy<QueueHandle>>& queue) {
  ipc::ObjectHandle handle;
  if (archive.reading()) {
    archive.handle(handle);
    ipc::expect_kind(handle, ipc::ObjectKind::queue);
    queue = std::make_shared<ipc::Lazy<QueueHandle>>(std::move(handle));
  } else {
    handle = (*queue)->handle_to_send();
    archive.handle(handle);
  }
}

void QueueHandle::join_thread(runtime::Where where) {
  if (!core_->closed()) throw AssertionError("Queue " + core_->name() + " not closed");
  if (!cancelled_.load()) core_->join_feeder(runtime::Stoppable::yes, where);
}

}  // namespace weft::multiprocessing
