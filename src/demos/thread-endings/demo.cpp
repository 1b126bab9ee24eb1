#include "demos/kit/demo.h"

#include <algorithm>
#include <deque>
#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "demos/kit/primes.h"
#include "demos/kit/time.h"
#include "weft/errors.h"
#include "weft/threading/event.h"
#include "weft/threading/excepthook.h"
#include "weft/threading/stop_token.h"
#include "weft/threading/thread.h"

namespace weft::demos::thread_endings {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "thread-endings",
              .topic = "basics",
              .title = {"Ways a thread ends", "线程的各种结束方式"},
              .summary = {"Five threads, five endings: by returning, by an exception, by "
                          "SystemExit, by a flag and by a stop token. Nobody can end a thread from "
                          "outside; one can only ask.",
                          "五个线程，五种结局：正常返回、抛出异常、SystemExit、停止标志、停止令牌。"
                          "谁也不能从外面强行结束一个线程，只能请它停下。"}}) {}

  Integer steps = integer("steps", {1, 100}, 8, {"Steps", "步数"},
                          {"How many steps there are to do for the thread that returns.",
                           "正常返回的线程一共要做多少步。"},
                          {"steps", "步"});
  Real step_ms =
      real("step_ms", {0, 1000}, 30, {"Length of a step", "每步的时长"},
           {"How long a step takes; also how long the thread with the flag waits at a time.",
            "每一步需要多久；等标志的线程每次也等这么久。"},
           {"ms", "毫秒"});
  Integer fails_at =
      integer("fails_at", {1, 100}, 3, {"Fails at step", "在第几步出错"},
              {"Where the thread that ends by an exception throws it; at its last step at the "
               "latest.",
               "抛出异常的线程在第几步抛出；最迟在最后一步。"});
  Choice hook =
      choice("hook",
             {{"original", {"The original one", "默认的"}},
              {"own", {"One of the program's own", "程序自定义的"}}},
             "original", {"excepthook", "excepthook"},
             {"What is called with an exception that leaves a thread. The original one reports "
              "it as an error, unless it is SystemExit; the program's own prints a line.",
              "异常逃出线程时被调用。默认的把它作为错误报告出来（SystemExit "
              "除外）；自定义的打印一行文字。"});

  Result flag_ms = result("flag_ms", {"From flag to end", "从设置标志到结束"}, {"ms", "毫秒"});
  Result token_ms = result("token_ms", {"From request to end", "从请求停止到结束"}, {"ms", "毫秒"});
  Result flag_waits =
      result("flag_waits", {"Waits for the flag that timed out", "等标志时超时的次数"});
  Result token_rounds =
      result("token_rounds", {"Rounds until asked to stop", "被请求停止之前做了多少轮"});

  Check went_on =
      check("went_on", {"The exception in one thread kept no other from doing all {steps} steps",
                        "一个线程里的异常没有妨碍别的线程做完全部 {steps} 步"});
  Check ended = check("ended", {"Every thread had ended when its join() returned",
                                "每次 join() 返回时，对应的线程都已结束"});
} demo;

/// What the threads are given and what they leave behind; each writes its own part only.
struct Shared {
  Run& run;
  const double step_ms;
  const std::int64_t steps;
  const std::int64_t fails_at;
  threading::Event stop{"stop"};
  std::int64_t steps_done = 0;
  std::int64_t looks_at_flag = 0;
  std::int64_t looks_at_token = 0;
};

void by_return(Shared& shared) {
  for (std::int64_t i = 0; i < shared.steps; ++i) {
    do_ms("step", shared.step_ms);
    ++shared.steps_done;
  }
  shared.run.print("by-return: did all", shared.steps, "steps and returns");
}

void by_exception(Shared& shared) {
  for (std::int64_t i = 1; i < shared.fails_at; ++i) do_ms("step", shared.step_ms);
  shared.run.print("by-exception: something is wrong at step", shared.fails_at);
  throw ValueError("step " + to_text(shared.fails_at) + " failed");
}

/// However deep the calls: SystemExit ends the thread. Only a hook of the program's own hears of it.
void by_system_exit(Shared& shared, int depth = 0) {
  if (depth < 3) {
    by_system_exit(shared, depth + 1);
    return;
  }
  do_ms("step", shared.step_ms);
  shared.run.print("by-system-exit: is three calls deep and has enough");
  throw SystemExit();
}

/// Waits for the flag instead of sleeping: so it need not look again and again.
void by_flag(Shared& shared) {
  while (!shared.stop.wait(milliseconds(shared.step_ms))) ++shared.looks_at_flag;
  shared.run.print("by-flag: the flag is set; tidies up and returns");
}

/// Computes, and looks at its token where it can be interrupted.
void by_token(Shared& shared, const threading::StopToken& token) {
  while (!token.stop_requested()) {
    count_primes(0, 1000);
    ++shared.looks_at_token;
  }
  shared.run.print("by-token: was asked to stop; tidies up and returns");
}

void report(Run& run, const threading::ExceptHookArgs& args) {
  try {
    std::rethrow_exception(args.exc_value);
  } catch (const ValueError& error) {
    run.print("excepthook:", args.thread.name(), "ended because", error.what());
  } catch (const SystemExit&) {
    run.print("excepthook:", args.thread.name(), "ended because it wanted to");
  }
}

/// Sets an excepthook of the demo's own while it lives.
class OwnExceptHook {
 public:
  explicit OwnExceptHook(Run& run)
      : previous_(threading::set_excepthook(
            [&run](const threading::ExceptHookArgs& args) { report(run, args); })) {}
  ~OwnExceptHook() { threading::set_excepthook(std::move(previous_)); }
  OwnExceptHook(const OwnExceptHook&) = delete;
  OwnExceptHook& operator=(const OwnExceptHook&) = delete;

 private:
  threading::ExceptHook previous_;
};

class Threads {
 public:
  explicit Threads(Run& run) : run_(run) {}

  threading::Thread& start(std::function<void()> target, std::string name) {
    threads_.emplace_back(std::move(target), std::move(name));
    threads_.back().start();
    return threads_.back();
  }

  void join(threading::Thread& thread) {
    thread.join();
    all_ended_ = all_ended_ && !thread.is_alive();
    run_.print(thread.name(), "has ended");
  }

  bool all_ended() const noexcept { return all_ended_; }

 private:
  Run& run_;
  std::deque<threading::Thread> threads_;
  bool all_ended_ = true;
};

void run(const Params& params, Run& run) {
  std::optional<OwnExceptHook> own_hook;
  if (params[demo.hook] == "own") own_hook.emplace(run);
  const std::int64_t steps = params[demo.steps];
  Shared shared{run, params[demo.step_ms], steps, std::min(steps, params[demo.fails_at])};
  threading::StopSource source;
  Threads threads(run);

  auto& returns = threads.start([&] { by_return(shared); }, "by-return");
  auto& throws = threads.start([&] { by_exception(shared); }, "by-exception");
  auto& exits = threads.start([&] { by_system_exit(shared); }, "by-system-exit");
  auto& flag = threads.start([&] { by_flag(shared); }, "by-flag");
  auto& token = threads.start([&, token = source.token()] { by_token(shared, token); }, "by-token");

  threads.join(throws);
  threads.join(exits);
  threads.join(returns);
  run.print("the first three have ended by themselves; the others are asked to");

  const runtime::Time flag_set = runtime::Clock::now();
  shared.stop.set();
  threads.join(flag);
  run.result(demo.flag_ms, milliseconds_since(flag_set));
  const runtime::Time stop_requested = runtime::Clock::now();
  source.request_stop();
  threads.join(token);
  run.result(demo.token_ms, milliseconds_since(stop_requested));

  run.result(demo.flag_waits, shared.looks_at_flag);
  run.result(demo.token_rounds, shared.looks_at_token);
  run.check(demo.went_on, shared.steps_done == shared.steps);
  run.check(demo.ended, threads.all_ended());
  run.print("no thread is left but", threading::current_thread_name());
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::thread_endings
