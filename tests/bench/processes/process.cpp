// Starting and joining processes that do nothing, killing ones that spin.
#include <algorithm>
#include <chrono>
#include <vector>

#include "../measure.h"
#include "weft/multiprocessing/child.h"
#include "weft/multiprocessing/process.h"

namespace {

using weft::bench::median;
using weft::bench::report;
using weft::multiprocessing::Entry;
using weft::multiprocessing::Process;
using Clock = std::chrono::steady_clock;

const Entry nothing("nothing", [] {});
const Entry spin("spin", [] {
  volatile bool forever = true;
  while (forever) {
  }
});

constexpr int kRounds = 50;

double milliseconds_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

void start_and_join() {
  std::vector<double> times;
  for (int round = 0; round < kRounds; ++round) {
    const auto start = Clock::now();
    Process process(nothing);
    process.start();
    process.join();
    times.push_back(milliseconds_since(start));
  }
  report("start -> join", median(times), "ms");
}

void sixteen_at_once() {
  std::vector<double> times;
  for (int round = 0; round < 5; ++round) {
    const auto start = Clock::now();
    std::vector<Process> all;
    for (int i = 0; i < 16; ++i) all.emplace_back(nothing).start();
    for (Process& process : all) process.join();
    times.push_back(milliseconds_since(start));
  }
  report("16 at once", median(times), "ms");
}

void kill_and_join() {
  std::vector<double> times;
  for (int round = 0; round < kRounds; ++round) {
    Process process(spin);
    process.start();
    const auto start = Clock::now();
    process.kill();
    process.join();
    times.push_back(milliseconds_since(start));
  }
  std::ranges::sort(times);
  report("kill -> join, median", median(times), "ms");
  report("kill -> join, p95", times[times.size() * 95 / 100], "ms");
}

}  // namespace

int main() {
  weft::multiprocessing::freeze_support();
  start_and_join();
  sixteen_at_once();
  kill_and_join();
  return 0;  // in WebAssembly it is no main()
}
