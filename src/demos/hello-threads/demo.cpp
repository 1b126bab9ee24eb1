#include "demos/kit/demo.h"

#include <deque>
#include <string>

#include "demos/kit/random.h"
#include "demos/kit/time.h"
#include "weft/threading/guard.h"
#include "weft/threading/lock.h"
#include "weft/threading/thread.h"

namespace weft::demos::hello_threads {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "hello-threads",
              .topic = "basics",
              .title = {"Hello, threads", "你好，线程"},
              .summary = {
                  "Several threads greet at the same time. In which order they do so is decided "
                  "anew in every run; join() waits for them in the order that the program says.",
                  "几个线程同时打招呼。谁先谁后，每次运行都可能不同；而 join() "
                  "按程序写的顺序依次等待它们。"}}) {}

  Integer threads = counts_threads(integer("threads", {1, 32}, 4, {"Threads", "线程数"},
                                           {"How many threads are started.", "启动多少个线程。"},
                                           {"threads", "个"}));
  Integer greetings =
      integer("greetings", {1, 100}, 3, {"Greetings", "问候次数"},
              {"How often each thread says hello.", "每个线程打几次招呼。"}, {"times", "次"});
  Real pause_ms =
      real("pause_ms", {0, 1000}, 20, {"Pause", "间隔"},
           {"How long a thread sleeps after each greeting, on average: each time between "
            "nothing and "
            "twice as long, at random.",
            "每次打完招呼后平均休眠多久：每一次都在零到两倍之间随机取值。"},
           {"ms", "毫秒"});
  Choice joining =
      choice("joining",
             {{"all", {"Start all, then join all", "全部启动，再逐个 join"}},
              {"each", {"Join each before the next", "启动一个，join 一个"}}},
             "all", {"When to join", "何时 join"},
             {"Who joins each thread before starting the next lets only one run at a time.",
              "如果启动一个就 join 一个，同一时刻就只有一个线程在运行。"});

  Result elapsed_ms = result("elapsed_ms", {"Time", "用时"}, {"ms", "毫秒"});
  Result finish = result("finish", {"Order in which they finished", "线程结束的先后顺序"});

  Check ended = check("ended", {"Every thread had ended when its join() returned",
                                "每次 join() 返回时，对应的线程都已结束"});
} demo;

/// In which order the threads came to their end.
class Finish {
 public:
  void passed_by(std::int64_t number) {
    const threading::Guard guard(lock_);
    order_ += (order_.empty() ? "" : " ") + to_text(number);
  }

  /// Once all have ended.
  const std::string& order() const { return order_; }

 private:
  threading::Lock lock_{"finish"};
  std::string order_;  // guarded by lock_
};

/// Unlike those of other demos, these differ from run to run: that is what there is to see.
Random unseeded_random(std::int64_t number) {
  const auto now = static_cast<std::uint64_t>(runtime::Clock::now().time_since_epoch().count());
  return Random(now + static_cast<std::uint64_t>(number));
}

void greet(std::int64_t number, const Params& params, Run& run, Finish& finish) {
  const std::int64_t greetings = params[demo.greetings];
  Random random = unseeded_random(number);
  for (std::int64_t i = 1; i <= greetings; ++i) {
    run.print("hello from", threading::current_thread_name() + ",", i, "of", greetings);
    wait_ms("pause", random.spread(params[demo.pause_ms], 100));
  }
  finish.passed_by(number);
}

void run(const Params& params, Run& run) {
  const std::int64_t count = params[demo.threads];
  const bool join_each = params[demo.joining] == "each";
  Finish finish;
  std::deque<threading::Thread> threads;
  bool ended = true;

  const auto join = [&](threading::Thread& thread) {
    thread.join();
    ended = ended && !thread.is_alive();
    run.print(threading::current_thread_name(), "joined", thread.name());
  };

  const runtime::Time start = runtime::Clock::now();
  for (std::int64_t i = 1; i <= count; ++i) {
    threads.emplace_back([i, &params, &run, &finish] { greet(i, params, run, finish); },
                         "greeter-" + to_text(i));
    run.print(threading::current_thread_name(), "starts", threads.back().name());
    threads.back().start();
    if (join_each) join(threads.back());
  }
  if (!join_each) {
    for (auto& thread : threads) join(thread);
  }

  run.result(demo.elapsed_ms, milliseconds_since(start));
  run.result(demo.finish, finish.order());
  run.check(demo.ended, ended);
  run.print("all", count, "threads have ended");
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::hello_threads
