#include "weft/trace/trace.h"

namespace weft::trace {

Trace::Trace(Directory& directory, const std::atomic<std::uint32_t>& stop)
    : directory_(directory), stop_(stop) {}

Trace::~Trace() {
  directory_.ring_count.store(0, std::memory_order_release);
  for (auto& ring : directory_.rings) ring.store(nullptr, std::memory_order_relaxed);
}

RecordRing* Trace::acquire_ring() {
  const platform::LockGuard guard(mutex_);
  if (!unused_.empty()) {
    RecordRing* ring = unused_.back();
    unused_.pop_back();
    return ring;
  }
  const std::uint32_t count = directory_.ring_count.load(std::memory_order_relaxed);
  if (count == Directory::kRingLimit) return nullptr;
  rings_.push_back(std::make_unique<RecordRing>());
  directory_.rings[count].store(rings_.back().get(), std::memory_order_relaxed);
  directory_.ring_count.store(count + 1, std::memory_order_release);
  return rings_.back().get();
}

void Trace::release_ring(RecordRing* ring) {
  ring->drop_backlog();
  const platform::LockGuard guard(mutex_);
  unused_.push_back(ring);
}

std::uint32_t Trace::intern(RecordRing& ring, Record record, std::string_view text) {
  const platform::LockGuard guard(mutex_);
  const auto [entry, added] =
      strings_.try_emplace(std::string(text), static_cast<std::uint32_t>(strings_.size() + 1));
  if (!added) return entry->second;
  record.kind = static_cast<std::uint8_t>(Kind::string);
  record.detail = entry->second;
  // Under the mutex: the string is recorded before another thread can use its id.
  write(ring, record, text);
  return entry->second;
}

}  // namespace weft::trace
