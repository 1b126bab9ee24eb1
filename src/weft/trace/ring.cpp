#include "weft/trace/ring.h"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "weft/platform/futex.h"

namespace weft::trace {

bool Ring::write(Record record, std::string_view payload, Policy policy,
                 const std::atomic<std::uint32_t>& stop) noexcept {
  const std::uint32_t needed = 1 + payload_slots(payload.size());
  const std::uint32_t head = head_.load(std::memory_order_relaxed);
  if (kCapacity - (head - seen_tail_) < needed && !make_room(needed, policy, stop)) return false;
  record.argument = payload.size();
  slots_[head % kCapacity] = record;
  for (std::uint32_t i = 1; !payload.empty(); ++i) {
    const std::size_t part = std::min<std::size_t>(payload.size(), kSlotBytes);
    std::memcpy(static_cast<void*>(&slots_[(head + i) % kCapacity]), payload.data(), part);
    payload.remove_prefix(part);
  }
  head_.store(head + needed, std::memory_order_release);
  return true;
}

bool Ring::make_room(std::uint32_t slots, Policy policy,
                     const std::atomic<std::uint32_t>& stop) noexcept {
  const std::uint32_t head = head_.load(std::memory_order_relaxed);
  for (;;) {
    seen_tail_ = tail_.load(std::memory_order_acquire);
    if (kCapacity - (head - seen_tail_) >= slots) return true;
    if (policy == Policy::drop || stop.load(std::memory_order_relaxed) != 0) {
      dropped_.fetch_add(1, std::memory_order_relaxed);
      return false;
    }
    waiting_.store(1);
    // The reader stores tail_ before it looks at waiting_. The timeout is for the stop word,
    // whose setter does not know who waits here.
    if (tail_.load() == seen_tail_) {
      platform::futex_wait(tail_, seen_tail_, std::chrono::milliseconds(20));
    }
    waiting_.store(0);
  }
}

Ring::Unread Ring::unread() const noexcept {
  const std::uint32_t tail = tail_.load(std::memory_order_relaxed);
  return {tail, head_.load(std::memory_order_acquire) - tail};
}

void Ring::release(std::uint32_t count) noexcept {
  tail_.store(tail_.load(std::memory_order_relaxed) + count);
  if (waiting_.load() != 0) platform::futex_wake(tail_, 1);
}

}  // namespace weft::trace
