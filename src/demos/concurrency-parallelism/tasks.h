#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "demos/kit/run.h"
#include "weft/runtime/time.h"
#include "weft/threading/lock.h"

namespace weft::demos::concurrency_parallelism {

/// One of the tasks: so many chunks of work, to be done one after the other.
struct Task {
  char letter;
  std::uint32_t number;     // from 0
  std::int64_t primes = 0;  // found so far
  runtime::Time due = {};   // when the wait that it is in will be over
};

/// The work that all the ways of doing it have in common.
class Work {
 public:
  struct Options {
    std::int64_t tasks;
    std::int64_t chunks;  // of each task
    bool computes;        // or waits
    std::int64_t size;    // numbers to look at in a chunk
    double chunk_ms;      // how long a chunk waits
  };
  Work(const Options& options, Run& run);

  std::vector<Task> tasks() const;
  std::uint32_t chunks() const noexcept { return chunks_; }
  bool computes() const noexcept { return computes_; }

  /// Does one chunk of `task` from beginning to end.
  void do_chunk(Task& task, std::uint32_t chunk);

  /// Only for waiting: begins a chunk, which is over when the task is due.
  void begin_waiting(Task& task);
  static void await(const Task& task);

  /// The letters of the tasks in the order in which chunks were begun since the last call.
  std::string take_order();

 private:
  void begin(const Task& task);

  Run& run_;
  const std::uint32_t count_;
  const std::uint32_t chunks_;
  const bool computes_;
  const std::uint32_t size_;
  const double chunk_ms_;
  threading::Lock lock_{"order"};
  std::string order_;  // guarded by lock_
};

}  // namespace weft::demos::concurrency_parallelism
