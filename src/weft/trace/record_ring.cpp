#include "weft/trace/record_ring.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>
#include <vector>

#include "weft/platform/futex.h"

namespace weft::trace {

/// Records with their payloads, laid out as in the ring; those from `first` on are pending.
struct RecordRing::Backlog {
  std::vector<Record> slots;
  std::size_t first = 0;

  void add(const Record& record, std::string_view payload) {
    const std::size_t end = slots.size();
    slots.resize(end + 1 + payload_slots(payload.size()));
    slots[end] = record;
    // memcpy must not be given the null pointer of an empty payload.
    if (!payload.empty()) {
      std::memcpy(static_cast<void*>(&slots[end] + 1), payload.data(), payload.size());
    }
  }
  std::uint32_t slots_of_first() const noexcept {
    const Record& record = slots[first];
    return has_payload(static_cast<Kind>(record.kind)) ? 1 + payload_slots(record.argument) : 1;
  }
  bool empty() const noexcept { return first == slots.size(); }
  void clear() noexcept {
    slots.clear();
    first = 0;
  }
};

RecordRing::~RecordRing() { delete backlog_; }

bool RecordRing::write(Record record, std::string_view payload, Policy policy,
                       const std::atomic<std::uint32_t>& stop) noexcept {
  record.argument = payload.size();
  const std::uint32_t head = head_.load(std::memory_order_relaxed);
  if (kCapacity - (head - cached_tail_) < 1 + payload_slots(payload.size())) {
    return write_full(record, payload, policy, stop);
  }
  put(record, payload);
  return true;
}

void RecordRing::put(const Record& record, std::string_view payload) noexcept {
  const std::uint32_t head = head_.load(std::memory_order_relaxed);
  const std::uint32_t slots = 1 + payload_slots(payload.size());
  slots_[head % kCapacity] = record;
  for (std::uint32_t i = 1; i < slots; ++i) {
    const std::size_t part = std::min<std::size_t>(payload.size(), kSlotBytes);
    std::memcpy(static_cast<void*>(&slots_[(head + i) % kCapacity]), payload.data(), part);
    payload.remove_prefix(part);
  }
  head_.store(head + slots, std::memory_order_release);
}

// The ring is full according to the cached tail; the reader may have released slots since.
bool RecordRing::write_full(const Record& record, std::string_view payload, Policy policy,
                            const std::atomic<std::uint32_t>& stop) noexcept {
  if (flush_backlog()) {
    cached_tail_ = tail_.load(std::memory_order_acquire);
    const std::uint32_t head = head_.load(std::memory_order_relaxed);
    if (kCapacity - (head - cached_tail_) >= 1 + payload_slots(payload.size())) {
      put(record, payload);
      return true;
    }
  }
  const bool stopped = stop.load(std::memory_order_relaxed) != 0;
  if (policy == Policy::wait &&
      push_backlog(record, payload, stopped ? kStoppedBacklogSlots : SIZE_MAX)) {
    return true;
  }
  dropped_.fetch_add(1, std::memory_order_relaxed);
  return false;
}

bool RecordRing::push_backlog(const Record& record, std::string_view payload,
                              std::size_t max_slots) noexcept {
  try {
    if (backlog_ == nullptr) backlog_ = new Backlog;
    if (backlog_->slots.size() - backlog_->first >= max_slots) return false;
    backlog_->add(record, payload);
  } catch (const std::bad_alloc&) {
    return false;
  }
  if (has_backlog_) return true;
  has_backlog_ = true;
  backlog_state_.store(static_cast<std::uint32_t>(BacklogState::records));
  // Makes the ring look full, so that later records follow into the backlog even if they would fit.
  flush_backlog();
  return true;
}

bool RecordRing::flush_backlog() noexcept {
  if (!has_backlog_) return true;
  tail_at_flush_ = tail_.load(std::memory_order_acquire);
  std::uint32_t head = head_.load(std::memory_order_relaxed);
  while (!backlog_->empty()) {
    const std::uint32_t count = backlog_->slots_of_first();
    if (kCapacity - (head - tail_at_flush_) < count) break;
    for (std::uint32_t i = 0; i < count; ++i) {
      slots_[(head + i) % kCapacity] = backlog_->slots[backlog_->first + i];
    }
    head += count;
    backlog_->first += count;
  }
  head_.store(head);
  if (!backlog_->empty()) {
    cached_tail_ = head - kCapacity;
    return false;
  }
  backlog_->clear();
  has_backlog_ = false;
  cached_tail_ = tail_at_flush_;
  // Stored after head_: a reader that loads `nothing` finds the drained records in the ring.
  backlog_state_.store(static_cast<std::uint32_t>(BacklogState::nothing));
  return true;
}

void RecordRing::wait_for_reader(std::chrono::nanoseconds limit) noexcept {
  backlog_state_.store(static_cast<std::uint32_t>(BacklogState::records_and_parked));
  // Store-load (Dekker) pattern: this thread stores backlog_state_, then loads tail_; release()
  // stores tail_, then loads backlog_state_.
  if (tail_.load() == tail_at_flush_) platform::futex_wait(tail_, tail_at_flush_, limit);
  backlog_state_.store(static_cast<std::uint32_t>(BacklogState::records));
}

void RecordRing::drop_backlog() noexcept {
  if (flush_backlog()) return;
  std::uint32_t records = 0;
  for (; !backlog_->empty(); backlog_->first += backlog_->slots_of_first()) ++records;
  dropped_.fetch_add(records, std::memory_order_relaxed);
  flush_backlog();
}

RecordRing::Unread RecordRing::unread() const noexcept {
  const std::uint32_t tail = tail_.load(std::memory_order_relaxed);
  return {tail, head_.load(std::memory_order_acquire) - tail};
}

void RecordRing::release(std::uint32_t count) noexcept {
  tail_.store(tail_.load(std::memory_order_relaxed) + count);
  if (backlog_state() == BacklogState::records_and_parked) platform::futex_wake(tail_, 1);
}

}  // namespace weft::trace
