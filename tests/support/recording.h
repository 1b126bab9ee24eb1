#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "support/deterministic_scheduler.h"
#include "support/scheduled.h"
#include "weft/platform/mutex.h"
#include "weft/runtime/park.h"
#include "weft/runtime/session.h"
#include "weft/threading/thread.h"
#include "weft/trace/trace.h"

namespace weft::test {

/// A record as a reader of the trace gets it.
struct Entry {
  trace::Kind kind{};
  std::uint32_t thread = 0;
  std::uint32_t object = 0;
  std::uint32_t sequence = 0;
  std::uint32_t detail = 0;
  std::uint64_t argument = 0;  // without the place in the source
  std::uint64_t time = 0;
  std::string payload;
  std::uint32_t where = 0;  // string id of the place in the source; 0: unknown
};

/// Not in one piece, which there may be no room for in the memory of WebAssembly.
using Entries = std::deque<Entry>;

/// Appends everything unread in the ring and gives the slots back.
inline void read_ring(trace::RecordRing& ring, Entries& entries) {
  const auto [first, count] = ring.unread();
  for (std::uint32_t i = 0; i < count;) {
    const trace::Record& record = ring.slot(first + i);
    Entry entry{static_cast<trace::Kind>(record.kind),
                record.thread,
                record.object,
                record.sequence,
                record.detail,
                record.argument,
                record.time,
                {},
                0};
    ++i;
    if (trace::has_where(entry.kind)) {
      entry.where = static_cast<std::uint32_t>(entry.argument >> 32);
      entry.argument &= 0xffff'ffff;
    }
    if (trace::has_payload(entry.kind)) {
      const auto length = static_cast<std::size_t>(entry.argument);
      while (entry.payload.size() < length) {
        const std::size_t part =
            std::min<std::size_t>(trace::kSlotBytes, length - entry.payload.size());
        entry.payload.append(reinterpret_cast<const char*>(&ring.slot(first + i++)), part);
      }
    }
    entries.push_back(std::move(entry));
  }
  ring.release(count);
}

/// Called with what a recording has when it ends.
inline std::function<void(const Entries&)> on_recorded;

/// A traced session on the calling thread, and a thread outside of it which reads the rings all
/// along and wakes sleepers of a stopped run: what the page does, in small. Inside a controlled
/// session it has a scheduler of its own, and the running thread reads the rings.
class Recording {
 public:
  explicit Recording(trace::Policy policy = trace::Policy::wait)
      : trace_(prepared(directory_, policy), stop_), reader_([this] { read(); }, "reader") {
    runtime::Session::Options options{&trace_, &stop_};
    if (scheduled()) {
      scheduler_.emplace([this] { read_rings(); });
      options.scheduler = &*scheduler_;
    } else {
      reader_.start();
    }
    const std::lock_guard guard(mutex_);
    session_.emplace(options);
  }
  ~Recording() { finish(); }
  Recording(const Recording&) = delete;
  Recording& operator=(const Recording&) = delete;

  void stop() {
    stop_.store(1);
    if (scheduler_) session_->wake_parked();
  }
  runtime::Session& session() { return *session_; }

  /// How many records the writers dropped.
  std::uint32_t dropped() const {
    std::uint32_t sum = 0;
    for (std::uint32_t i = 0; i < directory_.ring_count.load(); ++i) {
      sum += directory_.rings[i].load()->dropped();
    }
    return sum;
  }

  /// How many records there are so far for which `predicate` holds; for waiting for them.
  template <class Predicate>
  std::size_t count(Predicate predicate) const {
    if (scheduler_) read_rings();
    const std::lock_guard guard(mutex_);
    return static_cast<std::size_t>(std::count_if(entries_.begin(), entries_.end(), predicate));
  }

  /// How many threads sleep for this reason, as far as their records tell by now.
  std::size_t sleepers(trace::Reason reason) const {
    if (scheduler_) read_rings();
    const std::lock_guard guard(mutex_);
    std::map<std::uint32_t, const Entry*> last;
    for (const Entry& entry : entries_) last[entry.thread] = &entry;
    return static_cast<std::size_t>(std::ranges::count_if(last, [reason](const auto& thread) {
      return thread.second->kind == trace::Kind::blocked &&
             thread.second->detail == static_cast<std::uint32_t>(reason);
    }));
  }

  /// Ends the session; every other thread of it must have ended. Everything that was recorded, in
  /// each thread's own order.
  const Entries& finish() {
    if (session_) {
      if (scheduler_) {
        session_.reset();
        read_rings();
      } else {
        {
          const std::lock_guard guard(mutex_);
          session_.reset();
        }
        done_.store(true);
        reader_.join();
      }
      if (on_recorded) on_recorded(entries_);
    }
    return entries_;
  }

 private:
  static trace::Directory& prepared(trace::Directory& directory, trace::Policy policy) {
    directory.policy = policy;
    return directory;
  }

  void read_rings() const {
    const std::lock_guard guard(mutex_);
    for (std::uint32_t i = 0; i < directory_.ring_count.load(); ++i) {
      read_ring(*directory_.rings[i].load(), entries_);
    }
  }

  void read() {
    for (;;) {
      const bool last = done_.load();
      read_rings();
      {
        const std::lock_guard guard(mutex_);
        if (stop_.load() != 0 && session_) session_->wake_parked();
      }
      if (last) return;
      runtime::sleep_for(std::chrono::milliseconds(1));
    }
  }

  trace::Directory directory_;
  std::atomic<std::uint32_t> stop_{0};
  std::atomic<bool> done_{false};
  trace::Trace trace_;
  mutable platform::Mutex mutex_;
  mutable Entries entries_;  // guarded by mutex_ until done_
  std::optional<DeterministicScheduler> scheduler_;
  std::optional<runtime::Session> session_;  // guarded by mutex_ against the reader
  threading::Thread reader_;
};

}  // namespace weft::test
