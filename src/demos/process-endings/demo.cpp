#include "demos/kit/demo.h"

#include "demos/kit/child_run.h"
#include "demos/kit/time.h"
#include "weft/errors.h"
#include "weft/multiprocessing/connection.h"
#include "weft/multiprocessing/process.h"
#include "weft/multiprocessing/wait.h"

namespace weft::demos::process_endings {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "process-endings",
              .topic = "processes",
              .title = {"Ways a process ends", "进程的各种结束方式"},
              .summary = {
                  "Six processes end in six ways, two of them by force in the middle of an endless "
                  "loop. The seventh is yours: press Kill or Terminate in the process tree.",
                  "六个进程以六种方式结束，其中两个是在死循环中途被终止或强制结束的。第七个归你：请"
                  "在进程树里按“终止”或“强制结束”。"}}) {}

  Integer status = integer("status", {0, 200}, 3, {"Exit status", "退出状态"},
                           {"What by-exit passes to exit(); by-os-exit passes one more to _exit().",
                            "by-exit 传给 exit() 的值；by-os-exit 传给 _exit() 的值再大 1。"});
  Real work_ms = real("work_ms", {0, 5000}, 30, {"Work", "工作时长"},
                      {"How long those that end by themselves work before they do.",
                       "自行结束的进程在结束之前工作多久。"},
                      {"ms", "毫秒"});
  Real patience =
      real("patience", {0, 60}, 4, {"Time for you", "留给你的时间"},
           {"How long the process that is yours to end loops before the program kills it; 0: "
            "there is none.",
            "留给你结束的那个进程循环多久之后，由程序强制结束；0 表示没有这个进程。"},
           {"s", "秒"});

  Check codes = check("codes", {"Each exit code tells how its process ended",
                                "每个退出码都说明了该进程是怎样结束的"});

  Table<3> endings = table("endings", {"How each ended", "各自怎样结束"},
                           {{{"Process", "进程"}},
                            {{"Why", "原因"},
                             {},
                             {{"returned", {"It returned", "函数返回了"}},
                              {"exception", {"An exception was not caught", "有异常没有被捕获"}},
                              {"exit", {"It wanted to", "它自己要结束"}},
                              {"os_exit", {"It wanted to, at once", "它自己要立刻结束"}},
                              {"terminated", {"It was terminated", "它被终止了"}},
                              {"killed", {"It was killed", "它被强制结束了"}},
                              {"by_hand", {"You ended it", "是你结束了它"}},
                              {"out_of_patience", {"You did not end it", "你没有结束它"}}}},
                            {{"Exit code", "退出码"}}});
} demo;

using multiprocessing::Connection;
using multiprocessing::Entry;
using multiprocessing::Process;

const Entry by_return("process-endings.return", [](double work_ms, int) {
  do_ms("work", work_ms);
  child_run().print("by-return: has done its work and returns");
});

const Entry by_exception("process-endings.exception", [](double work_ms, int) {
  do_ms("work", work_ms);
  child_run().print("by-exception: raises, and nobody catches it");
  throw ValueError("this was to be expected");
});

const Entry by_exit("process-endings.exit", [](double work_ms, int status) {
  do_ms("work", work_ms);
  child_run().print("by-exit: calls exit with", status);
  throw SystemExit{status};
});

const Entry by_os_exit("process-endings.os_exit", [](double work_ms, int status) {
  do_ms("work", work_ms);
  child_run().print("by-os-exit: calls _exit with", status + 1, "and tidies nothing up");
  multiprocessing::os_exit(status + 1);
});

/// Comes to no point at which it could be asked to stop.
const Entry endless("process-endings.endless", [](Connection loops) {
  child_run().print(multiprocessing::current_process().name() + ": loops for ever");
  loops.send(true);
  volatile bool forever = true;
  while (forever) {
  }
});

void run(const Params& params, Run& run) {
  const double work_ms = params[demo.work_ms];
  const int status = static_cast<int>(params[demo.status]);
  bool as_said = true;

  const auto start = [&](const auto& entry, const char* name) {
    Process process(Process::Options{.name = name}, entry, work_ms, status);
    process.start();
    return process;
  };
  const auto start_endless = [](const char* name) {
    auto [told, loops] = multiprocessing::Pipe(false);
    Process process(Process::Options{.name = name}, endless, loops);
    process.start();
    multiprocessing::wait({told, process.sentinel()});  // it may be killed by hand before it loops
    return process;
  };
  const auto report = [&](Process& process, const char* why, int expected) {
    process.join();
    const int code = process.exitcode().value();
    run.print(process.name(), "has ended, exit code", code);
    run.row(demo.endings, process.name(), why, code);
    as_said = as_said && code == expected;
  };

  Process returning = start(by_return, "by-return");
  Process throwing = start(by_exception, "by-exception");
  Process exiting = start(by_exit, "by-exit");
  Process exiting_at_once = start(by_os_exit, "by-os-exit");
  Process terminated = start_endless("by-terminate");
  Process killed = start_endless("by-kill");
  report(returning, "returned", 0);
  report(throwing, "exception", 1);
  report(exiting, "exit", status);
  report(exiting_at_once, "os_exit", status + 1);
  terminated.terminate();
  report(terminated, "terminated", -15);
  killed.kill();
  report(killed, "killed", -9);
  run.check(demo.codes, as_said);

  const double patience = params[demo.patience];
  if (patience > 0) {
    run.mark("yours");
    Process yours = start_endless("yours");
    yours.join(milliseconds(1000 * patience));
    const bool was_ended_by_hand = !yours.is_alive();
    yours.kill();
    yours.join();
    run.row(demo.endings, yours.name(), was_ended_by_hand ? "by_hand" : "out_of_patience",
            yours.exitcode().value());
    run.print("yours has ended, too");
  }
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::process_endings
