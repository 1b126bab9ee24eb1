#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "weft/platform/mutex.h"
#include "weft/trace/ring.h"

namespace weft::trace {

/// What one process writes down of one run: a ring a thread and the table of strings.
///
/// Threads take a ring when they begin and give it back when they end; a ring that was given back
/// serves a later thread, as its records name their thread.
class Trace {
 public:
  /// `directory` outlives the trace (the page keeps its address). Once `stop` != 0, no writer waits for
  /// the reader, who may be gone.
  Trace(Directory& directory, const std::atomic<std::uint32_t>& stop);
  ~Trace();
  Trace(const Trace&) = delete;
  Trace& operator=(const Trace&) = delete;

  /// Null if kRingLimit threads have one already: such a thread runs untraced.
  Ring* take_ring();
  /// Drops what is in the ring's backlog.
  void give_back(Ring* ring);

  /// Never blocks. Returns false if the record was dropped.
  bool write(Ring& ring, const Record& record) noexcept {
    return ring.write(record, directory_.policy, stop_);
  }
  bool write(Ring& ring, const Record& record, std::string_view payload) noexcept {
    return ring.write(record, payload, directory_.policy, stop_);
  }
  /// False once the reader may be gone.
  bool has_reader() const noexcept { return stop_.load(std::memory_order_relaxed) == 0; }

  /// The number of a string in the run's table; written to `ring` the first time.
  std::uint32_t intern(Ring& ring, Record record, std::string_view text);

  std::uint32_t next_object() noexcept {
    return next_object_.fetch_add(1, std::memory_order_relaxed);
  }

  const Directory& directory() const noexcept { return directory_; }

 private:
  static constexpr std::uint32_t kFirstObject = 2;  // 1 is the console

  Directory& directory_;
  const std::atomic<std::uint32_t>& stop_;
  platform::Mutex mutex_;
  std::vector<std::unique_ptr<Ring>> rings_;                 // guarded by mutex_
  std::vector<Ring*> unused_;                                // guarded by mutex_
  std::unordered_map<std::string, std::uint32_t> strings_;  // guarded by mutex_
  // Away from what every record reads.
  alignas(64) std::atomic<std::uint32_t> next_object_{kFirstObject};
};

/// The object that all console lines of a process belong to.
inline constexpr std::uint32_t kConsoleObject = 1;

}  // namespace weft::trace
