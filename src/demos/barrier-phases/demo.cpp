#include "demos/kit/demo.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <vector>

#include "demos/kit/random.h"
#include "demos/kit/time.h"
#include "weft/threading/barrier.h"
#include "weft/threading/thread.h"

namespace weft::demos::barrier_phases {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "barrier-phases",
              .topic = "coordination",
              .title = {"Barrier: work in phases", "屏障：分阶段工作"},
              .summary = {"Workers do one phase after another, and nobody begins the next before "
                          "everybody has done this one.",
                          "多个线程一个阶段一个阶段地干活：所有人都做完这一阶段，才有人能进入下一阶"
                          "段。"}}) {}

  Integer workers = counts_threads(
      integer("workers", {2, 32}, 4, {"Workers", "工作线程"},
              {"Threads that meet at the barrier.", "在屏障处会合的线程。"}, {"threads", "个"}));
  Integer phases = integer("phases", {1, 50}, 6, {"Phases", "阶段数"},
                           {"How often they meet.", "一共会合多少次。"}, {"phases", "个"});
  Real work_ms = real(
      "work_ms", {0, 1000}, 80, {"Work in a phase", "每阶段的工作量"},
      {"What each worker takes for its part of a phase.", "每个线程完成自己那一份所需的时间。"},
      {"ms", "毫秒"});
  Real spread =
      real("spread", {0, 100}, 70, {"Spread of the work", "工作量的浮动"},
           {"How unevenly the work is distributed, at random.", "工作量随机分配得有多不均匀。"},
           {"%", "%"});
  Integer abort_in_phase =
      integer("abort_in_phase", {0, 50}, 0, {"Give up in phase", "在第几阶段放弃"},
              {"In this phase worker 1 calls abort() instead of wait(). 0 means never.",
               "到这一阶段，1 号线程不再 wait()，而是调用 abort()。0 表示从不。"});
  Integer seed = random_seed();

  Result elapsed_ms = result("elapsed_ms", {"Time", "用时"}, {"ms", "毫秒"});
  Result phases_done = result("phases_done", {"Phases done", "完成的阶段"});
  Result waiting_percent = result(
      "waiting_percent", {"Share of the time spent waiting", "等待时间所占比例"}, {"%", "%"});
  Result told =
      result("told", {"Workers that got BrokenBarrierError", "收到 BrokenBarrierError 的线程"});

  Check together =
      check("together", {"Nobody began a phase before everybody had done the one before",
                         "没有线程在所有人做完上一阶段之前进入下一阶段"});
  Check all_told =
      check("all_told",
            {"Everybody but worker 1 got BrokenBarrierError ({told} of {workers} workers)",
             "除 1 号外所有线程都收到了 BrokenBarrierError（{workers} 个线程中有 {told} 个）"});

  Table<4> phases_table = table("phases", {"Phase by phase", "逐个阶段"},
                                {{{"Phase", "阶段"}},
                                 {{"Shortest work", "最短的工作"}, {"ms", "毫秒"}},
                                 {{"Longest work", "最长的工作"}, {"ms", "毫秒"}},
                                 {{"Waiting, all together", "等待时间合计"}, {"ms", "毫秒"}}});
} demo;

using threading::Barrier;
using threading::BrokenBarrierError;

/// One worker, as far as the others and the report look at it.
struct Worker {
  std::atomic<std::int64_t> phases_done{0};
  std::vector<double> worked_ms;  // phase by phase; read after the worker has ended
  std::vector<double> waited_ms;
};

/// What the workers share.
struct Shared {
  Run& run;
  const Params& params;
  Barrier& barrier;
  std::deque<Worker> workers;
  std::atomic<std::int64_t> told{0};   // those that learned that the barrier is broken
  std::atomic<std::int64_t> ahead{0};  // times a worker was let through too early
};

void work(Shared& shared, std::int64_t number) {
  Worker& self = shared.workers[static_cast<std::size_t>(number - 1)];
  Random random(static_cast<std::uint64_t>(shared.params[demo.seed] + number * 1000));
  try {
    for (std::int64_t phase = 1; phase <= shared.params[demo.phases]; ++phase) {
      const double cost = random.spread(shared.params[demo.work_ms], shared.params[demo.spread]);
      do_ms("work", cost);
      if (number == 1 && phase == shared.params[demo.abort_in_phase]) {
        shared.run.print("worker 1 gives up in phase", phase);
        shared.barrier.abort();
        return;
      }
      self.phases_done = phase;
      const runtime::Time arrived = runtime::Clock::now();
      shared.barrier.wait();
      self.worked_ms.push_back(cost);
      self.waited_ms.push_back(milliseconds_since(arrived));
      const bool together = std::ranges::all_of(
          shared.workers, [phase](const Worker& other) { return other.phases_done >= phase; });
      if (!together) shared.ahead.fetch_add(1);
    }
    shared.run.print("worker", number, "has done all phases");
  } catch (const BrokenBarrierError&) {
    shared.told.fetch_add(1);
    shared.run.print("worker", number, "finds the barrier broken");
  }
}

/// Phase by phase: the shortest and the longest work, and what all have waited together. Returns
/// the sum of all waiting.
double report_phases(const std::deque<Worker>& workers, Run& run) {
  double waited_in_all = 0;
  for (std::size_t phase = 0; phase < workers.front().worked_ms.size(); ++phase) {
    double shortest = workers.front().worked_ms[phase];
    double longest = shortest;
    double waited = 0;
    for (const Worker& worker : workers) {
      // Some may have got less far when the barrier broke.
      if (phase >= worker.worked_ms.size()) continue;
      shortest = std::min(shortest, worker.worked_ms[phase]);
      longest = std::max(longest, worker.worked_ms[phase]);
      waited += worker.waited_ms[phase];
    }
    waited_in_all += waited;
    run.row(demo.phases_table, phase + 1, to_text(shortest, 1), to_text(longest, 1),
            to_text(waited, 1));
  }
  return waited_in_all;
}

void run(const Params& params, Run& run) {
  const std::int64_t count = params[demo.workers];
  const std::int64_t phases = params[demo.phases];
  run.print(count, "workers,", phases, "phases");

  std::int64_t passed = 0;  // only ever touched by the action, which one thread at a time runs
  const auto phase_is_done = [&] {
    run.print("phase", ++passed, "is done");
    run.mark("phase " + to_text(passed));
    run.progress(static_cast<std::uint32_t>(passed), static_cast<std::uint32_t>(phases));
  };
  Barrier barrier(static_cast<std::int32_t>(count), {.name = "phase", .action = phase_is_done});
  Shared shared{run, params, barrier, std::deque<Worker>(params.count(demo.workers))};

  const runtime::Time start = runtime::Clock::now();
  std::deque<threading::Thread> threads;
  for (std::int64_t number = 1; number <= count; ++number) {
    threads.emplace_back([&shared, number] { work(shared, number); }, "worker-" + to_text(number));
    threads.back().start();
  }
  for (auto& thread : threads) thread.join();
  const double elapsed = milliseconds_since(start);

  const double waited = report_phases(shared.workers, run);
  run.result(demo.elapsed_ms, elapsed);
  run.result(demo.phases_done, passed);
  run.result(demo.waiting_percent, 100 * waited / (elapsed * static_cast<double>(count)));
  run.check(demo.together, shared.ahead == 0);
  const std::int64_t gives_up = params[demo.abort_in_phase];
  if (gives_up >= 1 && gives_up <= phases) {
    run.result(demo.told, shared.told.load());
    run.check(demo.all_told, shared.told == count - 1);
  }
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::barrier_phases
