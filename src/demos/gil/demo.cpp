#include "demos/kit/demo.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <optional>
#include <vector>

#include "demos/gil/points.h"
#include "demos/kit/time.h"
#include "weft/runtime/gil.h"
#include "weft/threading/thread.h"

namespace weft::demos::gil {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "gil",
              .topic = "gil",
              .title = {"The Global Interpreter Lock", "全局解释器锁（GIL）"},
              .summary = {"The same work on one thread, two, three, …, with the GIL and without: "
                          "when do more threads help?",
                          "同样的工作，一个、两个、三个……线程，有 GIL 和没有 "
                          "GIL：多开线程什么时候有用？"}}) {}

  Choice work =
      choice("work",
             {{"compute", {"Compute", "计算"}},
              {"wait", {"Wait", "等待"}},
              {"both", {"One computes, the others wait", "一个计算，其余等待"}}},
             "compute", {"Kind of work", "工作类型"},
             {"Compute: throw points into a square and count those within the circle. Wait: as "
              "for a server, 2 ms at a time.",
              "计算：向正方形里随机投点，数落在圆内的点。等待：就像等服务器答复，每次 2 "
              "毫秒。"});
  Choice gil = choice(
      "gil", {{"both", {"On, then off", "先开后关"}}, {"on", {"On", "开"}}, {"off", {"Off", "关"}}},
      "both", {"GIL", "GIL"},
      {"On: one thread at a time runs, as in most Pythons. Off: all run in parallel, as "
       "in Python's free-threaded build.",
       "开：同一时刻只有一个线程在运行，多数 Python 就是这样。关：所有线程并行，"
       "如同 Python 的自由线程构建。"});
  Integer threads = counts_threads(integer("threads", {1, 8}, 4, {"Threads", "线程数"},
                                           {"The work is done with 1, 2, … up to so many threads.",
                                            "依次用 1、2……直到这么多个线程做同样的工作。"},
                                           {"threads", "个"}));
  Real switch_interval =
      real("switch_interval", {0.05, 1000}, 5, {"Switch interval", "切换间隔"},
           {"How long a thread waits for the GIL before it asks for it; "
            "sys.setswitchinterval() in Python.",
            "线程等 GIL 等多久才请求对方让出；在 Python 里用 sys.setswitchinterval() 设置。"},
           {"ms", "毫秒"});
  Integer points = integer(
      "points", {1, 1'000'000}, 60'000, {"Points", "投点数"},
      {"How much there is to compute, all threads together.", "所有线程一共要计算多少个点。"},
      {"thousand", "千个"});
  Integer pieces = integer(
      "pieces", {1, 10'000}, 40, {"Waits", "等待次数"},
      {"How much there is to wait for, all threads together.", "所有线程一共要等待多少次。"},
      {"times", "次"});

  Result speed_up_on =
      result("speed_up_on", {"Speed-up with the GIL", "有 GIL 时的加速比"}, {"×", "×"});
  Result speed_up_off =
      result("speed_up_off", {"Speed-up without the GIL", "没有 GIL 时的加速比"}, {"×", "×"});

  Check same_result =
      check("same_result", {"The points counted are the same, however many threads there are",
                            "无论用多少个线程，数出来的点都一样多"});

  Table<5> times = table("times", {"Threads against time", "线程数与用时"},
                         {{{"GIL", "GIL"}, {}, {{"on", {"On", "开"}}, {"off", {"Off", "关"}}}},
                          {{"Threads", "线程"}},
                          {{"Time", "用时"}, {"ms", "毫秒"}},
                          {{"Speed-up", "加速比"}, {"×", "×"}},
                          {{"A wait is late by", "等待平均晚醒"}, {"ms", "毫秒"}}});
} demo;

// Waiting comes in pieces, as it does for a program that talks to a server.
constexpr double kPieceMs = 2;

/// The part of something that falls to one of several threads.
struct Share {
  std::int64_t first;
  std::int64_t end;
};

Share share_of(std::int64_t total, std::int64_t index, std::int64_t threads) {
  return {total * index / threads, total * (index + 1) / threads};
}

/// What all threads of one measurement bring about.
struct Totals {
  std::atomic<std::int64_t> inside{0};
  std::atomic<std::int64_t> pieces{0};   // of waiting
  std::atomic<std::int64_t> late_us{0};  // how much longer they took than they should
};

void compute(Share blocks, Totals& totals) {
  std::int64_t inside = 0;
  // Block by block: a browser puts its better code to use with the next call.
  for (std::int64_t b = blocks.first; b < blocks.end; ++b) inside += count_inside(b, b + 1);
  totals.inside += inside;
}

void wait(Share pieces, Totals& totals) {
  for (std::int64_t i = pieces.first; i < pieces.end; ++i) {
    const runtime::Time start = runtime::Clock::now();
    wait_ms("server", kPieceMs);
    totals.pieces += 1;
    totals.late_us += static_cast<std::int64_t>((milliseconds_since(start) - kPieceMs) * 1000);
  }
}

/// What there is to do, however many threads do it.
struct Work {
  bool computes;
  bool waits;
  std::int64_t blocks;
  std::int64_t pieces;

  /// The part of thread `index` of so many. If there is both, the first thread computes and the
  /// others wait; a single one does first this and then that.
  void do_part(std::int64_t index, std::int64_t threads, Totals& totals) const {
    if (!waits) return compute(share_of(blocks, index, threads), totals);
    if (!computes) return wait(share_of(pieces, index, threads), totals);
    if (index == 0) compute({0, blocks}, totals);
    if (threads == 1) wait({0, pieces}, totals);
    if (index > 0) wait(share_of(pieces, index - 1, threads - 1), totals);
  }
};

Work work_of(const Params& params) {
  const std::string& kind = params[demo.work];
  const bool computes = kind != "wait";
  const bool waits = kind != "compute";
  return {computes, waits, computes ? params[demo.points] : 0, waits ? params[demo.pieces] : 0};
}

struct Outcome {
  double elapsed_ms;
  std::int64_t inside;
};

Outcome measure(const Work& work, bool with_gil, std::int64_t threads, const Params& params,
                double alone_ms, Run& run) {
  const char* gil = with_gil ? "on" : "off";
  run.mark("GIL " + std::string(gil) + ", " + to_text(threads));
  Totals totals;
  std::deque<threading::Thread> running;
  double elapsed = 0;
  {
    std::optional<runtime::GilScope> scope;
    if (with_gil) scope.emplace(milliseconds(params[demo.switch_interval]));
    const runtime::Time start = runtime::Clock::now();
    for (std::int64_t i = 0; i < threads; ++i) {
      running.emplace_back([&work, &totals, i, threads] { work.do_part(i, threads, totals); },
                           "worker-" + to_text(i + 1));
      running.back().start();
    }
    for (auto& thread : running) thread.join();
    elapsed = milliseconds_since(start);
  }
  const auto pieces = static_cast<double>(totals.pieces.load());
  const double late_ms =
      pieces > 0 ? static_cast<double>(totals.late_us.load()) / 1000 / pieces : 0;
  run.row(demo.times, gil, threads, to_text(elapsed, 1),
          to_text(alone_ms > 0 ? alone_ms / elapsed : 1, 2), to_text(late_ms, 2));
  if (work.computes) {
    run.print("GIL", gil, "threads", threads, "points inside", totals.inside.load());
  }
  if (work.waits) run.print("GIL", gil, "threads", threads, "waits", totals.pieces.load());
  return {elapsed, totals.inside.load()};
}

/// The first to compute would pay for what comes after: a browser compiles code that runs often anew,
/// and better.
void warm_up(const Work& work, Run& run) {
  run.mark("warm-up");
  for (std::int64_t block = 0; block < work.blocks / 4; ++block) count_inside(block, block + 1);
}

void run(const Params& params, Run& run) {
  const Work work = work_of(params);
  if (work.computes) warm_up(work, run);
  const std::int64_t most = params[demo.threads];
  const std::string& gil = params[demo.gil];
  std::vector<std::int64_t> inside;
  for (const bool with_gil : {true, false}) {
    if (gil == (with_gil ? "off" : "on")) continue;
    double alone_ms = 0;
    double last_ms = 0;
    for (std::int64_t threads = 1; threads <= most; ++threads) {
      const Outcome outcome = measure(work, with_gil, threads, params, alone_ms, run);
      if (threads == 1) alone_ms = outcome.elapsed_ms;
      last_ms = outcome.elapsed_ms;
      inside.push_back(outcome.inside);
    }
    run.result(with_gil ? demo.speed_up_on : demo.speed_up_off, alone_ms / last_ms);
  }
  run.check(demo.same_result, std::ranges::count(inside, inside.front()) == std::ssize(inside));
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::gil
