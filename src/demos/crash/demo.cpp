// Every way in which a run can go wrong.
#include "demos/kit/demo.h"

#include <stdexcept>

#include "weft/threading/thread.h"

namespace weft::demos::crash {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "crash",
              .topic = "laboratory",
              .title = {"Crash", "崩溃"},
              .summary = {"A run that goes wrong.", "一次出错的运行。"},
              .hidden = true}) {}

  Choice how = choice("how",
                      {{"exception", {"Uncaught exception", "未捕获的异常"}},
                       {"trap", {"Trap", "陷阱指令"}},
                       {"stack", {"Endless recursion", "无限递归"}},
                       {"check", {"Failed check", "检查不通过"}}},
                      "exception", {"How", "方式"}, {"What goes wrong.", "出什么错。"});
  Choice where = choice(
      "where", {{"main", {"Main thread", "主线程"}}, {"thread", {"Another thread", "其他线程"}}},
      "main", {"Where", "位置"}, {"Which thread it happens to.", "发生在哪个线程。"});

  Check never = check("never", {"Never holds", "永不成立"});
} demo;

[[noreturn]] void trap() { __builtin_trap(); }

int recurse(int depth) {
  volatile char frame[4096] = {};
  frame[0] = static_cast<char>(depth);
  return depth < 0 ? 0 : recurse(depth + 1) + frame[0];
}

void fail(const std::string& how, Run& run) {
  if (how == "exception") throw std::runtime_error("thrown on purpose");
  if (how == "trap") trap();
  if (how == "stack") run.print(recurse(1));
  if (how == "check") run.check(demo.never, false);
}

void run(const Params& params, Run& run) {
  run.print("about to go wrong");
  if (params[demo.where] == "main") {
    fail(params[demo.how], run);
    return;
  }
  threading::Thread thread([&] { fail(params[demo.how], run); }, "unlucky");
  thread.start();
  thread.join();
  run.print("the other thread has ended");
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::crash
