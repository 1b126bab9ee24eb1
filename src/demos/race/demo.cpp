#include "demos/kit/demo.h"

#include <algorithm>
#include <deque>

#include "demos/kit/time.h"
#include "weft/runtime/park.h"
#include "weft/shared.h"
#include "weft/threading/barrier.h"
#include "weft/threading/guard.h"
#include "weft/threading/lock.h"
#include "weft/threading/thread.h"

namespace weft::demos::race {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "race",
              .topic = "races",
              .title = {"Race and lock", "竞态与锁"},
              .summary = {
                  "Several threads add 1 to the same counter. Each addition is a load and a store, "
                  "and what another thread stores in between is lost, unless a lock keeps it out.",
                  "几个线程给同一个计数器加 1。每次加 1 "
                  "都是先读再写，别的线程在这中间写入的值就丢了，除非用锁把它们挡在外面。"}}) {}

  Choice protection = choice(
      "protection", {{"none", {"None", "无"}}, {"lock", {"Lock", "锁"}}}, "none",
      {"Protection", "保护方式"},
      {"Lock: a thread holds a lock from its load to its store.", "锁：线程从读到写一直持有锁。"});
  Integer threads = counts_threads(
      integer("threads", {1, 16}, 4, {"Threads", "线程数"},
              {"How many add at the same time.", "同时做加法的线程数。"}, {"threads", "个"}));
  Integer increments =
      integer("increments", {1, 1'000'000}, 50'000, {"Increments", "累加次数"},
              {"How often each thread adds 1, in each repeat.", "每个线程在每一轮里加多少次 1。"},
              {"times", "次"});
  Integer repeats =
      integer("repeats", {1, 2000}, 200, {"Repeats", "轮数"},
              {"How often all of it is done, each time from 0.", "从 0 开始，整个过程重复多少轮。"},
              {"times", "轮"});

  Result expected = result("expected", {"Expected", "应得的结果"});
  Result smallest = result("smallest", {"Smallest outcome", "最小的结果"});
  Result wrong = result("wrong", {"Repeats with a wrong outcome", "结果出错的轮数"});
  Result lost = result("lost", {"Updates lost in all", "丢失的更新总数"});
  Result lost_share = result("lost_share", {"Updates lost", "丢失的比例"}, {"%", "%"});
  Result elapsed_ms = result("elapsed_ms", {"Time", "用时"}, {"ms", "毫秒"});

  Check exact = check("exact", {"The counter reached {expected} in each of {repeats} repeats",
                                "{repeats} 轮里，计数器每一轮都到达了 {expected}"});

  Sample final = sample("final", {"Final value of the counter", "计数器的最终值"});
} demo;

// Millions of operations, which nobody could look at one by one: neither is recorded.
struct Counter {
  Shared<std::int64_t> value{0, {.name = "counter", .recorded = Recorded::no}};
  threading::Lock lock{{.name = "lock", .recorded = Recorded::no}};
};

void increment(Counter& counter, std::int64_t times) {
  for (std::int64_t i = 0; i < times; ++i) counter.value += 1;
}

void increment_with_lock(Counter& counter, std::int64_t times) {
  for (std::int64_t i = 0; i < times; ++i) {
    const threading::Guard guard(counter.lock);
    counter.value += 1;
  }
}

/// What came out of all the repeats.
struct Outcome {
  std::int64_t wrong = 0;
  std::int64_t lost = 0;
  std::int64_t smallest;

  void add(std::int64_t final_value, std::int64_t expected) {
    wrong += final_value != expected;
    lost += expected - final_value;
    smallest = std::min(smallest, final_value);
  }
};

void run(const Params& params, Run& run) {
  const std::int64_t threads = params[demo.threads];
  const std::int64_t increments = params[demo.increments];
  const std::int64_t repeats = params[demo.repeats];
  const bool locks = params[demo.protection] == "lock";
  const std::int64_t expected = threads * increments;
  run.print(threads, "threads add 1", increments, "times each: the counter should reach", expected);

  // Else its threads would seem to share nothing.
  if (locks) run.mark("lock: not recorded");
  Counter counter;
  Outcome outcome{.smallest = expected};
  // All begin each repeat together, and with a counter of 0: else the first could be done before
  // the last has been started, and there would be no race.
  threading::Barrier start(static_cast<std::int32_t>(threads),
                           {.name = "start", .action = [&] { counter.value = 0; }});
  std::int64_t done = 0;
  const auto compare = [&] {
    run.sample(demo.final, counter.value.load());
    outcome.add(counter.value, expected);
    ++done;
    run.progress(static_cast<std::uint32_t>(done), static_cast<std::uint32_t>(repeats));
  };
  threading::Barrier finish(static_cast<std::int32_t>(threads),
                            {.name = "finish", .action = compare});

  const runtime::Time begin = runtime::Clock::now();
  std::deque<threading::Thread> running;
  for (std::int64_t i = 0; i < threads; ++i) {
    running.emplace_back(
        [&] {
          for (std::int64_t repeat = 0; repeat < repeats; ++repeat) {
            start.wait();
            if (locks) {
              increment_with_lock(counter, increments);
            } else {
              increment(counter, increments);
            }
            finish.wait();
          }
        },
        "adder-" + to_text(i + 1));
    running.back().start();
  }
  for (auto& thread : running) thread.join();

  run.result(demo.elapsed_ms, milliseconds_since(begin));
  run.result(demo.expected, expected);
  run.result(demo.smallest, outcome.smallest);
  run.result(demo.wrong, outcome.wrong);
  run.result(demo.lost, outcome.lost);
  run.result(demo.lost_share, 100 * static_cast<double>(outcome.lost) /
                                  (static_cast<double>(expected) * static_cast<double>(repeats)));
  if (locks) {
    run.check(demo.exact, outcome.wrong == 0);
    run.print("with the lock, no update was lost");
  } else {
    run.print("without a lock, nobody can say what comes out");
  }
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::race
