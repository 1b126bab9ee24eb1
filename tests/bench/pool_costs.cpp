// What the thread pool costs beside time: how well it uses the processors for long tasks, the memory
// of a queued task, and what a pool that has nothing to do takes.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <ctime>
#include <numeric>
#include <thread>
#include <vector>

#include <malloc.h>

#include "measure.h"
#include "weft/futures/thread_pool_executor.h"
#include "weft/platform/cpu.h"
#include "weft/threading/event.h"

namespace {

using namespace weft;
using futures::ThreadPoolExecutor;

template <class Body>
double seconds(Body body) {
  const auto start = std::chrono::steady_clock::now();
  body();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Computes for `turns` turns.
std::uint64_t compute(std::uint64_t seed, int turns) {
  for (int i = 0; i < turns; ++i) {
    seed = seed * 6364136223846793005 + 1442695040888963407;
    asm volatile("" : "+r"(seed));  // no two turns become one
  }
  return seed;
}

/// How many of them take some 300 microseconds.
int turns_of_a_task() {
  int turns = 10'000;
  while (seconds([&] { bench::keep(compute(1, turns)); }) < 250e-6) turns = turns * 5 / 4;
  return turns;
}

// The time of N threads that each compute an Nth without a pool is what there is to reach.
void measure_efficiency() {
  const auto cores = static_cast<int>(platform::cpu_count());
  constexpr int kTasks = 2'000;
  const int turns = turns_of_a_task();
  std::vector<std::uint64_t> items(kTasks);
  std::iota(items.begin(), items.end(), 0);
  std::vector<double> efficiencies;
  ThreadPoolExecutor pool(cores);
  for (int round = 0; round < 7; ++round) {
    const double without = seconds([&] {
      std::vector<std::thread> threads;
      for (int i = 0; i < cores; ++i) {
        threads.emplace_back([&items, i, cores, turns] {
          for (int n = i; n < kTasks; n += cores) {
            bench::keep(compute(items[static_cast<std::size_t>(n)], turns));
          }
        });
      }
      for (std::thread& thread : threads) thread.join();
    });
    const double with = seconds([&] {
      const auto task = [turns](std::uint64_t seed) { return compute(seed, turns); };
      for (const std::uint64_t result : pool.map(task, items)) bench::keep(result);
    });
    efficiencies.push_back(100 * without / with);
  }
  std::printf("map, %d workers on as many cores: parallel efficiency %.1f %% (tasks of %.0f us)\n",
              cores, bench::median(efficiencies),
              1e6 * seconds([&] { bench::keep(compute(1, turns)); }));
}

std::size_t heap_in_use() {
#ifdef __EMSCRIPTEN__
  return static_cast<std::size_t>(mallinfo().uordblks);
#else
  return mallinfo2().uordblks;
#endif
}

void measure_memory() {
  constexpr int kTasks = 50'000;
  ThreadPoolExecutor pool(1);
  threading::Event go;
  pool.submit([&] { go.wait(); });
  std::vector<futures::Future<long>> futures;
  futures.reserve(kTasks);
  const std::size_t before = heap_in_use();
  for (long i = 0; i < kTasks; ++i) futures.push_back(pool.submit([i] { return i; }));
  const auto with_future = static_cast<double>(heap_in_use() - before) / kTasks;
  const std::size_t between = heap_in_use();
  for (long i = 0; i < kTasks; ++i) pool.post([i] { bench::keep(i); });
  const auto posted = static_cast<double>(heap_in_use() - between) / kTasks;
  go.set();
  std::printf("memory of a queued task: %.0f bytes, posted %.0f bytes\n", with_future, posted);
}

#ifndef __EMSCRIPTEN__  // which has no clock for it
double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

void measure_idleness() {
  ThreadPoolExecutor pool(4);
  std::atomic<int> here{0};
  for (int i = 0; i < 4; ++i) {
    pool.post([&] {
      ++here;
      while (here < 4) std::this_thread::yield();
    });
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  const double before = processor_seconds();
  std::this_thread::sleep_for(std::chrono::seconds(2));
  std::printf("idle pool of 4: %.2f ms of processor time in 2 s\n",
              1e3 * (processor_seconds() - before));
}
#endif

}  // namespace

int main() {
  measure_memory();  // while nothing is there to be used again
  measure_efficiency();
#ifndef __EMSCRIPTEN__
  measure_idleness();
#endif
}
