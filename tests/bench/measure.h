#pragma once

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <vector>

/// Timing for the benchmarks: several rounds, of which the median counts.
namespace weft::bench {

/// Keeps the compiler from dropping what computes `value`.
template <class T>
void keep(const T& value) {
  asm volatile("" : : "r"(&value) : "memory");
}

inline double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

/// Nanoseconds that one of `count` repetitions inside `body(count)` takes: the median of 9 rounds.
template <class Body>
double nanoseconds_each(int count, Body body) {
  using Clock = std::chrono::steady_clock;
  body(count / 10 + 1);
  std::vector<double> rounds;
  for (int round = 0; round < 9; ++round) {
    const auto start = Clock::now();
    body(count);
    const std::chrono::duration<double, std::nano> elapsed = Clock::now() - start;
    rounds.push_back(elapsed.count() / count);
  }
  return median(std::move(rounds));
}

/// "name: 12.3 ns"; the page's benchmark reads such lines.
inline void report(const char* name, double value, const char* unit) {
  std::printf("%s: %.1f %s\n", name, value, unit);
}

}  // namespace weft::bench
