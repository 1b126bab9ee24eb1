// Records at a given rate, to see what the way from a thread to the screen can carry.
#include "demos/kit/demo.h"

#include <algorithm>
#include <chrono>
#include <deque>

#include "weft/runtime/park.h"
#include "weft/threading/lock.h"
#include "weft/threading/thread.h"

namespace weft::demos::flood {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "flood",
              .topic = "laboratory",
              .title = {"Flood", "洪流"},
              .summary = {"Writes trace records at a given rate.", "以给定的速率写入轨迹记录。"},
              .hidden = true}) {}

  Integer threads = counts_threads(integer("threads", {1, 16}, 2, {"Threads", "线程数"},
                                           {"How many write.", "写入线程的数量。"}));
  Real records = real("records", {1, 10'000'000}, 200'000, {"Records a second", "每秒记录数"},
                      {"All threads together.", "所有线程合计。"});
  Real seconds = real("seconds", {0, 600}, 5, {"Duration", "持续时间"}, {"How long.", "写多久。"},
                      {"s", "秒"});

  Result elapsed_ms = result("elapsed_ms", {"Time", "用时"}, {"ms", "毫秒"});
} demo;

using std::chrono::nanoseconds;

constexpr nanoseconds kStep = std::chrono::milliseconds(2);

/// Takes and releases a lock of its own, two records each time, `rate` records a second.
void write_records(double rate, nanoseconds duration) {
  threading::Lock lock;
  const runtime::Time start = runtime::Clock::now();
  const double pairs_each_nanosecond = rate / 2 / 1e9;
  std::int64_t written = 0;
  for (;;) {
    const nanoseconds elapsed = runtime::Clock::now() - start;
    const auto due = static_cast<std::int64_t>(
        static_cast<double>(std::min(elapsed, duration).count()) * pairs_each_nanosecond);
    for (; written < due; ++written) {
      lock.acquire();
      lock.release();
    }
    if (elapsed >= duration) return;
    runtime::sleep_for(kStep);
  }
}

void run(const Params& params, Run& run) {
  const std::int64_t count = params[demo.threads];
  const double rate = params[demo.records] / static_cast<double>(count);
  const auto duration =
      std::chrono::duration_cast<nanoseconds>(std::chrono::duration<double>(params[demo.seconds]));
  run.print("writing");
  const runtime::Time start = runtime::Clock::now();
  std::deque<threading::Thread> threads;
  for (std::int64_t i = 0; i < count; ++i) {
    threads.emplace_back([=] { write_records(rate, duration); });
    threads.back().start();
  }
  for (auto& thread : threads) thread.join();
  const std::chrono::duration<double> elapsed = runtime::Clock::now() - start;
  run.result(demo.elapsed_ms, elapsed.count() * 1000);
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::flood
