#include "demos/kit/demo.h"

#include <algorithm>
#include <deque>

#include "demos/kit/time.h"
#include "weft/multiprocessing/barrier.h"
#include "weft/multiprocessing/process.h"
#include "weft/multiprocessing/value.h"
#include "weft/runtime/point.h"
#include "weft/threading/guard.h"

namespace weft::demos::shared_value {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "shared-value",
              .topic = "processes",
              .title = {"Shared value", "共享的值"},
              .summary = {
                  "Several processes add 1 to one value in memory that they share. What holds for "
                  "threads holds here as well: without the lock, additions are lost.",
                  "几个进程给同一个值加 "
                  "1，它位于它们共用的一块内存里。线程的道理在这里同样成立：不加锁，就会丢失更新"
                  "。"}}) {}

  Choice protection =
      choice("protection", {{"none", {"None", "无"}}, {"lock", {"Its lock", "它的锁"}}}, "none",
             {"Protection", "保护方式"},
             {"Its lock: each process holds the value's own lock while it reads, adds and "
              "writes.",
              "它的锁：每个进程在读出、相加、写回期间，都持有这个值自带的锁。"});
  Integer processes =
      integer("processes", {1, 8}, 2, {"Processes", "进程数"},
              {"How many processes add.", "有多少个进程在累加。"}, {"processes", "个"});
  Integer increments =
      integer("increments", {1, 20'000}, 2000, {"Increments", "累加次数"},
              {"How often each of them adds 1 in a repeat.", "每一轮里每个进程加多少次 1。"},
              {"times", "次"});
  Integer repeats =
      integer("repeats", {1, 200}, 20, {"Repeats", "轮数"},
              {"How often all that is done.", "以上整个过程做多少轮。"}, {"times", "轮"});

  Result elapsed_ms = result("elapsed_ms", {"Time", "用时"}, {"ms", "毫秒"});
  Result expected = result("expected", {"Expected value", "应得的值"});
  Result smallest = result("smallest", {"Smallest outcome", "最小的结果"});
  Result wrong = result("wrong", {"Repeats that went wrong", "出错的轮数"});

  Check exact = check("exact", {"With the lock, the value is exact in every repeat",
                                "加锁时，每一轮的值都分毫不差"});

  Sample final = sample("final", {"Value at the end of a repeat", "每一轮结束时的值"});
} demo;

using multiprocessing::Barrier;
using multiprocessing::Process;
using Counter = multiprocessing::Value<std::int64_t>;

void add_one(Counter& counter) { counter.set(counter.get() + 1); }

const multiprocessing::Entry add("shared-value.add",
                                 [](Counter counter, Barrier barrier, std::int64_t increments,
                                    std::int64_t repeats, bool locks) {
                                   for (std::int64_t repeat = 0; repeat < repeats; ++repeat) {
                                     barrier.wait();  // all begin together
                                     for (std::int64_t i = 0; i < increments; ++i) {
                                       if (locks) {
                                         const threading::Guard guard(counter.get_lock());
                                         add_one(counter);
                                       } else {
                                         add_one(counter);
                                       }
                                     }
                                     runtime::checkpoint();
                                     barrier.wait();  // all are done
                                     barrier.wait();  // the main process has looked
                                   }
                                 });

void run(const Params& params, Run& run) {
  const std::int64_t count = params[demo.processes];
  const std::int64_t increments = params[demo.increments];
  const std::int64_t repeats = params[demo.repeats];
  const bool locks = params[demo.protection] == "lock";
  const std::int64_t expected = count * increments;
  run.print(count, "processes add 1", increments, "times each: the value should reach", expected);

  Counter counter = locks ? Counter(0, "counter")
                          : Counter(0, {.name = "counter", .lock = multiprocessing::Lockless()});
  Barrier barrier(static_cast<std::int32_t>(count) + 1);
  std::deque<Process> processes;
  for (std::int64_t i = 1; i <= count; ++i) {
    processes.emplace_back(Process::Options{.name = "adder-" + to_text(i)}, add, counter, barrier,
                           increments, repeats, locks);
    processes.back().start();
  }

  const runtime::Time start = runtime::Clock::now();
  std::int64_t wrong = 0;
  std::int64_t smallest = expected;
  for (std::int64_t repeat = 1; repeat <= repeats; ++repeat) {
    barrier.wait();
    barrier.wait();
    const std::int64_t reached = counter.get();
    counter.set(0);
    wrong += reached != expected;
    smallest = std::min(smallest, reached);
    run.sample(demo.final, reached);
    run.progress(static_cast<std::uint32_t>(repeat), static_cast<std::uint32_t>(repeats));
    barrier.wait();
  }
  run.result(demo.elapsed_ms, milliseconds_since(start));
  for (Process& process : processes) process.join();

  run.result(demo.expected, expected);
  run.result(demo.smallest, smallest);
  run.result(demo.wrong, wrong);
  if (locks) {
    run.check(demo.exact, wrong == 0);
    run.print("with its lock, no update was lost");
  } else {
    run.print("without its lock, nobody can say what comes out");
  }
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::shared_value
