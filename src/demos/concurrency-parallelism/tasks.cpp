#include "demos/concurrency-parallelism/tasks.h"

#include <string_view>
#include <utility>

#include "demos/kit/primes.h"
#include "demos/kit/time.h"
#include "weft/runtime/park.h"
#include "weft/threading/guard.h"

namespace weft::demos::concurrency_parallelism {
namespace {

// Large enough that numbers from here on cost about the same each.
constexpr std::uint32_t kFirstNumber = 1'000'000;

}  // namespace

Work::Work(const Options& options, Run& run)
    : run_(run),
      count_(static_cast<std::uint32_t>(options.tasks)),
      chunks_(static_cast<std::uint32_t>(options.chunks)),
      computes_(options.computes),
      size_(static_cast<std::uint32_t>(options.size)),
      chunk_ms_(options.chunk_ms) {}

std::vector<Task> Work::tasks() const {
  std::vector<Task> tasks;
  for (std::uint32_t i = 0; i < count_; ++i) tasks.push_back({static_cast<char>('A' + i), i});
  return tasks;
}

void Work::begin(const Task& task) {
  run_.mark(std::string_view(&task.letter, 1));
  const threading::Guard guard(lock_);
  order_ += task.letter;
}

void Work::do_chunk(Task& task, std::uint32_t chunk) {
  begin(task);
  if (!computes_) {
    wait_ms("server", chunk_ms_);
    return;
  }
  const std::uint32_t first = kFirstNumber + (task.number * chunks_ + chunk) * size_;
  task.primes += count_primes(first, first + size_);
}

void Work::begin_waiting(Task& task) {
  begin(task);
  task.due = runtime::Clock::now() + milliseconds(chunk_ms_);
}

void Work::await(const Task& task) { runtime::sleep_for(task.due - runtime::Clock::now()); }

std::string Work::take_order() {
  const threading::Guard guard(lock_);
  return std::exchange(order_, {});
}

}  // namespace weft::demos::concurrency_parallelism
