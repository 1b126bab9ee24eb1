#include "demos/kit/demo.h"

#include <atomic>
#include <deque>
#include <memory>
#include <string>

#include "demos/kit/time.h"
#include "weft/threading/semaphore.h"
#include "weft/threading/thread.h"

namespace weft::demos::daemon_threads {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "daemon-threads",
              .topic = "basics",
              .title = {"Daemon threads", "守护线程"},
              .summary = {
                  "The process ends when its last ordinary thread has ended. It does not wait for "
                  "daemons: they are ended in the middle of whatever they are doing.",
                  "最后一个普通线程结束时，进程就结束。进程不等守护线程：不管它们正在做什么，都会被"
                  "中途终止。"}}) {}

  Integer workers = counts_threads(
      integer("workers", {0, 16}, 2, {"Workers", "工作线程"},
              {"Ordinary threads, which the process waits for.", "普通线程，进程会等它们。"},
              {"threads", "个"}));
  Real work_ms = real("work_ms", {0, 10'000}, 400, {"Time to work", "工作时间"},
                      {"How long a worker takes.", "每个工作线程工作多久。"}, {"ms", "毫秒"});
  Integer savers = counts_threads(integer(
      "savers", {0, 16}, 2, {"Savers", "保存线程"},
      {"Threads that save something again and again.", "反复保存数据的线程。"}, {"threads", "个"}));
  Boolean daemon =
      boolean("daemon", true, {"Savers are daemons", "保存线程是守护线程"},
              {"If not, the process waits for them, too.", "如果不是，进程也会等它们。"});
  Integer saves = integer("saves", {1, 200}, 20, {"Saves", "保存次数"},
                          {"How often each saver would save, if it were let.",
                           "如果不被打断，每个保存线程保存多少次。"},
                          {"times", "次"});
  Real save_ms = real("save_ms", {0, 10'000}, 60, {"Time to save", "保存一次的时间"},
                      {"How long one save takes.", "保存一次需要多久。"}, {"ms", "毫秒"});

  Result finished = result("finished", {"Saves finished", "完成的保存"});
  Result unfinished =
      result("unfinished", {"Saves begun and never finished", "开始了却没有完成的保存"});
} demo;

void work(Run& run, double work_ms) {
  run.print(threading::current_thread_name(), "begins");
  do_ms("work", work_ms);
  run.print(threading::current_thread_name(), "is done");
}

/// What the savers share. It outlives the body of the demo, as daemons do; whoever lets go of it
/// last reports.
struct Savings {
  Savings(Run& run_, const Params& params)
      : run(run_), saves(params[demo.saves]), save_ms(params[demo.save_ms]) {}
  ~Savings() {
    run.result(demo.finished, finished.load());
    run.result(demo.unfinished, begun.load() - finished.load());
  }

  Run& run;
  const std::int64_t saves;
  const double save_ms;
  threading::Semaphore under_way{0, "under way"};
  std::atomic<std::int64_t> begun{0};
  std::atomic<std::int64_t> finished{0};
};

/// Saves again and again. Nothing in here says how a daemon is ended: it just does not get further.
void save(Savings& savings) {
  const std::string name = threading::current_thread_name();
  for (std::int64_t i = 1; i <= savings.saves; ++i) {
    savings.run.print(name, "begins save", i);
    ++savings.begun;
    if (i == 1) savings.under_way.release();
    wait_ms("save", savings.save_ms);
    savings.run.print(name, "finished save", i);
    ++savings.finished;
  }
  savings.run.print(name, "is done");
}

void run(const Params& params, Run& run) {
  const std::int64_t workers = params[demo.workers];
  const std::int64_t savers = params[demo.savers];
  const bool daemon = params[demo.daemon];
  run.print(workers, "workers,", savers, daemon ? "savers, which are daemons" : "savers");

  std::deque<threading::Thread> threads;
  const auto savings = std::make_shared<Savings>(run, params);
  for (std::int64_t i = 1; i <= savers; ++i) {
    threads.emplace_back(
        [savings] { save(*savings); },
        threading::Thread::Options{.name = "saver-" + to_text(i), .daemon = daemon});
    threads.back().start();
  }
  for (std::int64_t i = 1; i <= savers; ++i) savings->under_way.acquire();
  for (std::int64_t i = 1; i <= workers; ++i) {
    threads.emplace_back(
        [&run, work_ms = params[demo.work_ms]] { work(run, work_ms); },
        threading::Thread::Options{.name = "worker-" + to_text(i), .daemon = false});
    threads.back().start();
  }
  run.print(threading::current_thread_name(), "has nothing more to do");
  // Nobody is joined here. Who is no daemon is waited for all the same.
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::daemon_threads
