// A pool of two processes: tasks that do nothing, one message each, and tasks that compute.
#include <chrono>
#include <cstdint>
#include <numeric>
#include <vector>

#include "../measure.h"
#include "weft/multiprocessing/child.h"
#include "weft/multiprocessing/entry.h"
#include "weft/multiprocessing/pool.h"

namespace {

using weft::bench::median;
using weft::bench::report;
using weft::multiprocessing::Entry;
using weft::multiprocessing::Pool;
using Clock = std::chrono::steady_clock;

constexpr int kTasks = 50'000;
constexpr int kJobs = 32;
constexpr std::uint32_t kTurns = 10'000'000;
constexpr int kRounds = 5;
constexpr double kWarmUp = 1;  // s; a process starts later than another, and its code is compiled

const Entry square("square", [](int x) { return x * x; });

/// Some 10 ms of a processor's time.
const Entry compute("compute", [](std::uint32_t x) {
  for (std::uint32_t i = 0; i < kTurns; ++i) {
    x = x * 1664525 + 1013904223;
    asm volatile("" : "+r"(x));
  }
  return x;
});

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void tasks() {
  Pool pool(2);
  std::vector<int> items(kTasks);
  std::iota(items.begin(), items.end(), 0);
  std::vector<double> rates;
  for (int round = 0; round < kRounds; ++round) {
    const auto start = Clock::now();
    pool.map(square, items, 1);
    rates.push_back(kTasks / seconds_since(start) / 1e3);
  }
  report("Pool(2).map, chunksize 1", median(rates), "k tasks/s");
}

double seconds_to_compute(int processes) {
  Pool pool(processes);
  std::vector<std::uint32_t> items(kJobs);
  std::iota(items.begin(), items.end(), 0U);
  const auto begin = Clock::now();
  while (seconds_since(begin) < kWarmUp) pool.map(compute, items, 1);
  std::vector<double> times;
  for (int round = 0; round < kRounds; ++round) {
    const auto start = Clock::now();
    pool.map(compute, items, 1);
    times.push_back(seconds_since(start));
  }
  return median(times);
}

void efficiency() {
  const double alone = seconds_to_compute(1);
  report("Pool(2).map, computing, efficiency", 100 * alone / (2 * seconds_to_compute(2)), "%");
}

}  // namespace

int main() {
  weft::multiprocessing::freeze_support();
  tasks();
  efficiency();
  return 0;  // in WebAssembly it is no main()
}
