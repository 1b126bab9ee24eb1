#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "support/recording.h"

/// What must be true of every recording of a whole run, whatever ran.
namespace weft::test {

/// The records of one kind of object or of one thread, in their true order.
using Groups = std::map<std::uint32_t, Entries>;

inline Groups by_thread(const Entries& entries) {
  Groups groups;
  for (const Entry& entry : entries) groups[entry.thread].push_back(entry);
  return groups;
}

/// Ordered records only, by sequence.
inline Groups by_object(const Entries& entries) {
  Groups groups;
  for (const Entry& entry : entries) {
    if (entry.sequence != 0) groups[entry.object].push_back(entry);
  }
  for (auto& [object, records] : groups) {
    std::ranges::sort(records, {}, &Entry::sequence);
  }
  return groups;
}

inline Entries of_kind(const Entries& entries, trace::Kind kind) {
  Entries found;
  std::ranges::copy_if(entries, std::back_inserter(found),
                       [kind](const Entry& entry) { return entry.kind == kind; });
  return found;
}

inline std::vector<std::string> payloads(const Entries& entries, trace::Kind kind) {
  std::vector<std::string> texts;
  for (const Entry& entry : of_kind(entries, kind)) texts.push_back(entry.payload);
  return texts;
}

namespace well_formed {

using Complaints = std::vector<std::string>;
using trace::Kind;

inline std::string at(const Entry& entry) {
  return " (kind " + std::to_string(static_cast<int>(entry.kind)) + ", thread " +
         std::to_string(entry.thread) + ", object " + std::to_string(entry.object) + ", sequence " +
         std::to_string(entry.sequence) + ")";
}

inline void check_sequences(const Groups& objects, Complaints& complaints) {
  for (const auto& [object, records] : objects) {
    for (std::size_t i = 0; i < records.size(); ++i) {
      if (records[i].sequence != i + 1) {
        complaints.push_back("a gap or a double in the sequence" + at(records[i]));
        break;
      }
    }
  }
}

inline void check_names(const Entries& entries, Complaints& complaints) {
  std::set<std::uint32_t> named{trace::kConsoleObject};
  std::set<std::uint32_t> futures;
  for (const Entry& entry : entries) {
    if (entry.kind == Kind::object_name) {
      if (!named.insert(entry.object).second) complaints.push_back("named twice" + at(entry));
      if (entry.payload.empty()) complaints.push_back("an empty name" + at(entry));
    }
    // Futures come by the million and have no names.
    if (entry.kind == Kind::task_submit || entry.kind == Kind::task_finish ||
        entry.kind == Kind::task_cancel) {
      futures.insert(entry.object);
    }
    if (entry.kind == Kind::blocked &&
        entry.detail == static_cast<std::uint32_t>(trace::Reason::future)) {
      futures.insert(entry.object);
    }
  }
  for (const Entry& entry : entries) {
    const bool concerns_it =
        entry.sequence != 0 || (entry.kind == Kind::blocked && entry.object != 0);
    if (concerns_it && !named.contains(entry.object) && !futures.contains(entry.object)) {
      complaints.push_back("an object without a name" + at(entry));
      named.insert(entry.object);
    }
  }
}

inline void check_blocked(const Entries& records, Complaints& complaints) {
  const Entry* blocked = nullptr;
  for (const Entry& entry : records) {
    if (entry.kind == Kind::unblocked) {
      if (blocked == nullptr) {
        complaints.push_back("unblocked, but was not blocked" + at(entry));
      } else if (blocked->object != entry.object || blocked->time > entry.time) {
        complaints.push_back("unblocked from something else" + at(entry));
      }
      blocked = nullptr;
    } else {
      if (blocked != nullptr) complaints.push_back("active while blocked" + at(entry));
      blocked = entry.kind == Kind::blocked ? &entry : nullptr;
    }
  }
  if (blocked != nullptr) complaints.push_back("blocked for ever" + at(*blocked));
}

inline Kind first_beside_names(const Entries& records) {
  const auto found = std::ranges::find_if(records, [](const Entry& entry) {
    return entry.kind != Kind::thread_name && entry.kind != Kind::object_name;
  });
  return found == records.end() ? Kind::thread_name : found->kind;
}

inline void check_threads(const Groups& threads, Complaints& complaints) {
  for (const auto& [number, records] : threads) {
    const auto starts = of_kind(records, Kind::thread_start);
    const auto ends = of_kind(records, Kind::thread_end);
    if (records.front().kind != Kind::thread_name) {
      complaints.push_back("a thread does not begin with its name" + at(records.front()));
    }
    const bool is_main = number == 1;
    if (starts.size() != (is_main ? 0U : 1U) || ends.size() != starts.size()) {
      complaints.push_back("not one start and one end" + at(records.front()));
    } else if (!is_main && (first_beside_names(records) != Kind::thread_start ||
                            records.back().kind != Kind::thread_end)) {
      complaints.push_back("records outside of the thread's life" + at(records.front()));
    } else if (!is_main && !threads.contains(starts[0].detail)) {
      complaints.push_back("an unknown parent" + at(starts[0]));
    }
    if (!std::ranges::is_sorted(records, {}, &Entry::time)) {
      complaints.push_back("time goes back in a thread" + at(records.front()));
    }
    check_blocked(records, complaints);
  }
}

/// The argument of an RLock's records is how often it is held after; a Lock's is 0. Waiting on a
/// condition gives all levels back at once and takes them again at once.
inline void check_locks(const Entries& records, Complaints& complaints) {
  std::uint64_t depth = 0;
  std::uint32_t holder = 0;
  for (const Entry& entry : records) {
    if (entry.kind == Kind::lock_acquire) {
      const bool again = entry.thread == holder && entry.argument == depth + 1;
      if (depth != 0 && !again) complaints.push_back("a lock held twice" + at(entry));
      depth = std::max<std::uint64_t>(1, entry.argument);
      holder = entry.thread;
    } else if (entry.kind == Kind::lock_release) {
      const bool one_level = entry.thread == holder && entry.argument + 1 == depth;
      if (depth == 0 || (entry.argument != 0 && !one_level)) {
        complaints.push_back("a lock released that was not held" + at(entry));
      }
      depth = entry.argument;
    }
  }
}

inline void check_queue(const Entries& records, Complaints& complaints) {
  std::uint64_t maxsize = 0;
  std::uint64_t depth = 0;
  for (const Entry& entry : records) {
    std::uint64_t expected = depth;
    switch (entry.kind) {
      case Kind::queue_open: maxsize = entry.argument; continue;
      case Kind::queue_put: expected = depth + 1; break;
      case Kind::queue_get: expected = depth - 1; break;
      case Kind::queue_shutdown: expected = entry.detail == 1 ? 0 : depth; break;
      default: continue;
    }
    if (entry.argument != expected) complaints.push_back("a wrong depth" + at(entry));
    if (maxsize != 0 && entry.argument > maxsize) complaints.push_back("too deep" + at(entry));
    depth = entry.argument;
  }
}

inline void check_future(const Entries& records, Complaints& complaints) {
  bool submitted = false;
  bool started = false;
  bool ended = false;
  for (const Entry& entry : records) {
    bool good = true;
    switch (entry.kind) {
      case Kind::task_submit:
        good = !submitted && !started && !ended;
        submitted = true;
        break;
      case Kind::task_start:
        good = submitted && !started && !ended;
        started = true;
        break;
      case Kind::task_finish:
        // What a broken pool never began ends with an exception all the same.
        good = (started == submitted || entry.detail == 1) && !ended;
        ended = true;
        break;
      case Kind::task_cancel:
        good = !started && !ended;
        ended = true;
        break;
      default: break;
    }
    if (!good) complaints.push_back("a future out of order" + at(entry));
  }
}

}  // namespace well_formed

/// What is wrong with the recording of a whole run; empty if nothing is.
inline std::vector<std::string> complaints(const Entries& entries) {
  well_formed::Complaints found;
  const Groups objects = by_object(entries);
  well_formed::check_sequences(objects, found);
  well_formed::check_names(entries, found);
  well_formed::check_threads(by_thread(entries), found);
  for (const auto& [object, records] : objects) {
    well_formed::check_locks(records, found);
    well_formed::check_queue(records, found);
    well_formed::check_future(records, found);
  }
  return found;
}

inline const std::vector<std::string> kNone;

/// As `complaints`, of a run that was stopped. A writer that finds its ring full does not wait for the
/// reader then: of a run that lost records nothing more can be told.
inline std::vector<std::string> complaints_of_stopped(Recording& recording) {
  const Entries& entries = recording.finish();
  return recording.dropped() == 0 ? complaints(entries) : kNone;
}

}  // namespace weft::test
