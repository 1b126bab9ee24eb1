#include "weft/trace/ring.h"

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>
#include <vector>

#include "weft/platform/futex.h"

namespace weft::trace {

/// Records with their payloads, laid out as in the ring; those from `first` on are pending.
struct Ring::Backlog {
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

Ring::~Ring() { delete backlog_; }

bool Ring::write(Record record, std::string_view payload, Policy policy,
                 const std::atomic<std::uint32_t>& stop) noexcept {
  record.argument = payload.size();
  const std::uint32_t head = head_.load(std::memory_order_relaxed);
  if (kCapacity - (head - seen_tail_) < 1 + payload_slots(payload.size())) {
    return write_full(record, payload, policy, stop);
  }
  put(record, payload);
  return true;
}

void Ring::put(const Record& record, std::string_view payload) noexcept {
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
bool Ring::write_full(const Record& record, std::string_view payload, Policy policy,
                      const std::atomic<std::uint32_t>& stop) noexcept {
  if (catch_up()) {
    seen_tail_ = tail_.load(std::memory_order_acquire);
    const std::uint32_t head = head_.load(std::memory_order_relaxed);
    if (kCapacity - (head - seen_tail_) >= 1 + payload_slots(payload.size())) {
      put(record, payload);
      return true;
    }
  }
  const bool stopped = stop.load(std::memory_order_relaxed) != 0;
  if (policy == Policy::wait && set_aside(record, payload, stopped ? kLastSlots : SIZE_MAX)) {
    return true;
  }
  dropped_.fetch_add(1, std::memory_order_relaxed);
  return false;
}

bool Ring::set_aside(const Record& record, std::string_view payload,
                     std::size_t most_slots) noexcept {
  try {
    if (backlog_ == nullptr) backlog_ = new Backlog;
    if (backlog_->slots.size() - backlog_->first >= most_slots) return false;
    backlog_->add(record, payload);
  } catch (const std::bad_alloc&) {
    return false;
  }
  if (is_behind_) return true;
  is_behind_ = true;
  behind_.store(static_cast<std::uint32_t>(Behind::records));
  // Makes the ring look full, so that later records follow into the backlog even if they would fit.
  catch_up();
  return true;
}

bool Ring::catch_up() noexcept {
  if (!is_behind_) return true;
  caught_up_to_ = tail_.load(std::memory_order_acquire);
  std::uint32_t head = head_.load(std::memory_order_relaxed);
  while (!backlog_->empty()) {
    const std::uint32_t count = backlog_->slots_of_first();
    if (kCapacity - (head - caught_up_to_) < count) break;
    for (std::uint32_t i = 0; i < count; ++i) {
      slots_[(head + i) % kCapacity] = backlog_->slots[backlog_->first + i];
    }
    head += count;
    backlog_->first += count;
  }
  head_.store(head);
  if (!backlog_->empty()) {
    seen_tail_ = head - kCapacity;
    return false;
  }
  backlog_->clear();
  is_behind_ = false;
  seen_tail_ = caught_up_to_;
  // Stored after head_: a reader that loads `nothing` finds the drained records in the ring.
  behind_.store(static_cast<std::uint32_t>(Behind::nothing));
  return true;
}

void Ring::wait_for_reader(std::chrono::nanoseconds limit) noexcept {
  behind_.store(static_cast<std::uint32_t>(Behind::records_and_sleeps));
  // Store-load (Dekker) pattern: this thread stores behind_, then loads tail_; release() stores
  // tail_, then loads behind_.
  if (tail_.load() == caught_up_to_) platform::futex_wait(tail_, caught_up_to_, limit);
  behind_.store(static_cast<std::uint32_t>(Behind::records));
}

void Ring::drop_backlog() noexcept {
  if (catch_up()) return;
  std::uint32_t records = 0;
  for (; !backlog_->empty(); backlog_->first += backlog_->slots_of_first()) ++records;
  dropped_.fetch_add(records, std::memory_order_relaxed);
  catch_up();
}

Ring::Unread Ring::unread() const noexcept {
  const std::uint32_t tail = tail_.load(std::memory_order_relaxed);
  return {tail, head_.load(std::memory_order_acquire) - tail};
}

void Ring::release(std::uint32_t count) noexcept {
  tail_.store(tail_.load(std::memory_order_relaxed) + count);
  if (behind() == Behind::records_and_sleeps) platform::futex_wake(tail_, 1);
}

}  // namespace weft::trace
