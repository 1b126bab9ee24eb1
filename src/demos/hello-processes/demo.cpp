#include "demos/kit/demo.h"

#include <deque>
#include <set>
#include <string>

#include "demos/kit/child_run.h"
#include "demos/kit/time.h"
#include "weft/multiprocessing/process.h"

namespace weft::demos::hello_processes {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "hello-processes",
              .topic = "processes",
              .title = {"Hello, processes", "你好，进程"},
              .summary = {"Several processes greet. Each has a number, a parent, and a memory of "
                          "its own; threads of one process share all three.",
                          "几个进程分别打招呼。每个进程都有自己的进程号、父进程和内存；而同一个进程"
                          "里的线程，这三样都是共用的。"}}) {}

  Integer processes =
      integer("processes", {1, 8}, 3, {"Processes", "进程数"},
              {"How many processes are started.", "启动多少个进程。"}, {"processes", "个"});
  Integer greetings =
      integer("greetings", {1, 50}, 2, {"Greetings", "问候次数"},
              {"How often each process says hello.", "每个进程打几次招呼。"}, {"times", "次"});
  Real pause_ms =
      real("pause_ms", {0, 1000}, 10, {"Pause", "间隔"},
           {"How long a process sleeps after each greeting.", "每次打完招呼后休眠多久。"},
           {"ms", "毫秒"});

  Result start_ms = result("start_ms", {"Time to start them all", "全部启动用时"}, {"ms", "毫秒"});
  Result elapsed_ms =
      result("elapsed_ms", {"Time until all had ended", "到全部结束用时"}, {"ms", "毫秒"});

  Check pids = check("pids", {"No two processes have the same pid", "没有两个进程的进程号相同"});
  Check parent = check("parent", {"Each knows its parent's pid, and ended with exit code 0",
                                  "每个进程都知道父进程的进程号，并以退出码 0 结束"});

  Table<3> processes_table =
      table("processes", {"Who is who", "各进程的身份"},
            {{{"Name", "名字"}}, {{"pid", "进程号"}}, {{"Parent's pid", "父进程号"}}});
} demo;

using multiprocessing::current_process;
using multiprocessing::Process;

/// What each process does. It runs in a memory of its own: what it knows it was given as an argument.
const multiprocessing::Entry greet("hello-processes.greet", [](std::int64_t greetings,
                                                               double pause_ms,
                                                               std::uint32_t parent_pid) {
  Run& run = child_run();
  const auto me = current_process();
  const auto parent = multiprocessing::parent_process();
  run.print(me.name(), "is a child of", parent->name());
  run.row(demo.processes_table, me.name(), "#" + to_text(me.pid()), "#" + to_text(parent->pid()));
  if (parent->pid() != parent_pid) throw SystemExit{1};
  for (std::int64_t i = 1; i <= greetings; ++i) {
    run.print("hello from", me.name() + ",", i, "of", greetings);
    wait_ms("pause", pause_ms);
  }
});

void run(const Params& params, Run& run) {
  const std::int64_t count = params[demo.processes];
  const auto me = current_process();
  run.row(demo.processes_table, me.name(), "#" + to_text(me.pid()), "–");

  const runtime::Time start = runtime::Clock::now();
  std::deque<Process> processes;
  std::set<std::uint32_t> pids{me.pid()};
  for (std::int64_t i = 1; i <= count; ++i) {
    processes.emplace_back(Process::Options{.name = "greeter-" + to_text(i)}, greet,
                           params[demo.greetings], params[demo.pause_ms], me.pid());
    run.print(me.name(), "starts", processes.back().name());
    processes.back().start();
    pids.insert(processes.back().pid().value());
  }
  run.result(demo.start_ms, milliseconds_since(start));
  bool succeeded = true;
  for (Process& process : processes) {
    process.join();
    run.print(me.name(), "joined", process.name() + ", exit code", process.exitcode().value());
    succeeded = succeeded && process.exitcode() == 0;
  }
  run.result(demo.elapsed_ms, milliseconds_since(start));
  run.check(demo.pids, pids.size() == static_cast<std::size_t>(count) + 1);
  run.check(demo.parent, succeeded);
  run.print("all", count, "processes have ended");
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::hello_processes
