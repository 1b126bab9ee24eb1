#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "weft/platform/mutex.h"
#include "weft/trace/record_ring.h"

namespace weft::trace {

/// What one process records of one run: a ring per thread and a table of strings.
///
/// A thread acquires a ring when it begins and releases it when it ends. A released ring is reused
/// by a later thread, as each record names its thread.
///
/// Example:
///     Directory directory;
///     const std::atomic<std::uint32_t> stop = 0;
///     Trace trace(directory, stop);
///     RecordRing* const ring = trace.acquire_ring();
///     trace.write(*ring, Record{.kind = 1});
///     trace.release_ring(ring);
class Trace {
 public:
  /// `directory` must outlive the trace (the page keeps its address). Once `stop` != 0 no writer
  /// waits for the reader, which may be gone.
  Trace(Directory& directory, const std::atomic<std::uint32_t>& stop);
  ~Trace();
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;

  /// A ring for the calling thread; null if all kRingLimit are in use: then the thread is not
  /// traced.
  RecordRing* acquire_ring();
  /// Returns a ring for reuse. Drops the records of its backlog that don't fit.
  void release_ring(RecordRing* ring);

  /// Never blocks. Returns false if the record was dropped.
  bool write(RecordRing& ring, const Record& record) noexcept {
    return ring.write(record, directory_.policy, stop_);
  }
  bool write(RecordRing& ring, const Record& record, std::string_view payload) noexcept {
    return ring.write(record, payload, directory_.policy, stop_);
  }
  /// False once the reader may be gone.
  bool has_reader() const noexcept { return stop_.load(std::memory_order_relaxed) == 0; }

  /// The id of a string in the run's table; at first use the string is recorded in `ring`.
  std::uint32_t intern(RecordRing& ring, Record record, std::string_view text);

  std::uint32_t next_object() noexcept {
    return next_object_.fetch_add(1, std::memory_order_relaxed);
  }

  const Directory& directory() const noexcept { return directory_; }

 private:
  static constexpr std::uint32_t kFirstObject = 2;  // 1 is kConsoleObject

  Directory& directory_;
  const std::atomic<std::uint32_t>& stop_;
  platform::Mutex mutex_;
  std::vector<std::unique_ptr<RecordRing>> rings_ WEFT_GUARDED_BY(mutex_);
  std::vector<RecordRing*> unused_ WEFT_GUARDED_BY(mutex_);
  std::unordered_map<std::string, std::uint32_t> strings_ WEFT_GUARDED_BY(mutex_);
  // On a cache line of its own: the members above are read for every record.
  alignas(64) std::atomic<std::uint32_t> next_object_{kFirstObject};
};

/// The object of all console lines of a process.
inline constexpr std::uint32_t kConsoleObject = 1;

}  // namespace weft::trace
