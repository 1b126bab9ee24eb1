#include "demos/kit/demo.h"

#include <deque>
#include <string>

#include "demos/kit/child_run.h"
#include "weft/multiprocessing/process.h"
#include "weft/threading/guard.h"
#include "weft/threading/lock.h"
#include "weft/threading/thread.h"

namespace weft::demos::own_memory {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "own-memory",
              .topic = "processes",
              .title = {"Own memory", "各自的内存"},
              .summary = {"A global variable, changed by threads and by processes. Threads change "
                          "the one that all of them see; each process changes one of its own.",
                          "一个全局变量，由线程和进程分别修改。线程改的是大家共见的那一个；每个进程"
                          "改的是它自己的那一个。"}}) {}

  Integer processes =
      integer("processes", {1, 8}, 2, {"Processes", "进程数"},
              {"How many processes are started.", "启动多少个进程。"}, {"processes", "个"});
  Integer threads = integer("threads", {1, 8}, 2, {"Threads in each process", "每个进程的线程数"},
                            {"How many threads add in each process, the first one included.",
                             "每个进程（包括主进程）里有多少个线程在累加。"},
                            {"threads", "个"});
  Integer add = integer("add", {1, 10'000}, 5, {"Additions", "累加次数"},
                        {"How often each thread adds 1.", "每个线程加多少次 1。"}, {"times", "次"});
  Integer start =
      integer("start", {0, 1'000'000}, 100, {"Start value", "初始值"},
              {"What the main process sets the variable to before it starts the others.",
               "主进程在启动其他进程之前给变量赋的值。"});

  Result counter =
      result("counter", {"The main process's variable at the end", "主进程的变量最后的值"});

  Check threads_check =
      check("threads", {"Every addition of the main process's threads is in its variable",
                        "主进程里各线程的每次累加都体现在它的变量里"});
  Check unchanged = check(
      "unchanged", {"What the other processes did has not changed it", "其他进程所做的没有改动它"});

  Table<3> counters =
      table("counters", {"The same variable, a process at a time", "同一个变量，各进程各一份"},
            {{{"Process", "进程"}}, {{"At first", "开始时"}}, {{"In the end", "结束时"}}});
} demo;

using multiprocessing::current_process;
using multiprocessing::Process;

/// A global variable: one in each process, shared by the threads of that process.
std::int64_t counter = 0;

std::int64_t add_by_threads(Run& run, std::int64_t threads, std::int64_t add) {
  threading::Lock lock("lock");  // guards the counter
  std::deque<threading::Thread> running;
  for (std::int64_t i = 1; i <= threads; ++i) {
    running.emplace_back(
        [&] {
          for (std::int64_t n = 0; n < add; ++n) {
            const threading::Guard guard(lock);
            ++counter;
          }
        },
        "thread-" + to_text(i));
    running.back().start();
  }
  for (auto& thread : running) thread.join();
  run.print(current_process().name() + ":", threads, "threads have added", add, "each, counter is",
            counter);
  return counter;
}

const multiprocessing::Entry child("own-memory.child", [](std::int64_t threads, std::int64_t add) {
  Run& run = child_run();
  const std::string me = current_process().name();
  const std::int64_t begin = counter;
  run.print(me + ": counter begins at", begin);
  run.row(demo.counters, me, begin, add_by_threads(run, threads, add));
});

void run(const Params& params, Run& run) {
  const std::int64_t threads = params[demo.threads];
  const std::int64_t add = params[demo.add];
  const std::int64_t begin = params[demo.start];
  counter = begin;
  run.print("MainProcess: counter is set to", counter);

  run.mark("threads");
  const std::int64_t before = add_by_threads(run, threads, add);
  run.check(demo.threads_check, before == begin + threads * add);

  run.mark("processes");
  std::deque<Process> processes;
  for (std::int64_t i = 1; i <= params[demo.processes]; ++i) {
    processes.emplace_back(Process::Options{.name = "adder-" + to_text(i)}, child, threads, add);
    processes.back().start();
  }
  for (Process& process : processes) process.join();

  run.print("MainProcess: counter is still", counter);
  run.row(demo.counters, "MainProcess", begin, counter);
  run.result(demo.counter, counter);
  run.check(demo.unchanged, counter == before);
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::own_memory
