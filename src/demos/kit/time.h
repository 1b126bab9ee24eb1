#pragma once

#include <chrono>
#include <string_view>

#include "weft/runtime/park.h"
#include "weft/runtime/simulated_work.h"
#include "weft/runtime/time.h"

/// Times as demos state them: a number of milliseconds, which need not be whole.
namespace weft::demos {

inline std::chrono::nanoseconds milliseconds(double count) {
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::duration<double, std::milli>(count));
}

/// Simulated work, of which only matters how long it takes: the thread sleeps. Views show it under its name.
inline void work_ms(trace::Work stands_for, std::string_view name, double count) {
  if (count <= 0) {
    runtime::checkpoint();
    return;
  }
  const runtime::SimulatedWork working(stands_for, name);
  runtime::sleep_for(milliseconds(count));
}

/// Stands for a computation, or for what else a thread does itself: "eating".
inline void do_ms(std::string_view name, double count) {
  work_ms(trace::Work::computes, name, count);
}

/// Stands for waiting for something slow: a server, a disk, a person.
inline void wait_ms(std::string_view name, double count) {
  work_ms(trace::Work::waits, name, count);
}

inline double milliseconds_since(runtime::Time start) {
  return std::chrono::duration<double, std::milli>(runtime::Clock::now() - start).count();
}

}  // namespace weft::demos
