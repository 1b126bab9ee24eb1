#include "demos/kit/demo.h"

#include <algorithm>
#include <deque>
#include <vector>

#include "demos/concurrency-parallelism/tasks.h"
#include "demos/kit/time.h"
#include "weft/threading/thread.h"

namespace weft::demos::concurrency_parallelism {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "concurrency-parallelism",
              .topic = "basics",
              .title = {"Concurrency is not parallelism", "并发不是并行"},
              .summary = {"The same tasks three times: one after another, interleaved on one "
                          "thread, and side by side on several. Concurrency is having several "
                          "things under way; parallelism is doing several at the same moment.",
                          "同样的任务做三遍：依次做、在一个线程上交错做、在多个线程上并排做。并发是"
                          "指同时有几件事在进行当中；并行是指同一时刻真的在做几件事。"}}) {}

  Integer tasks =
      integer("tasks", {1, 12}, 4, {"Tasks", "任务数"},
              {"They are called A, B, C and so on.", "依次叫作 A、B、C……"}, {"tasks", "个"});
  Integer chunks = integer("chunks", {1, 20}, 6, {"Chunks", "每个任务的段数"},
                           {"How many pieces each task is done in.", "每个任务分成多少段来做。"},
                           {"chunks", "段"});
  Choice work =
      choice("work", {{"compute", {"Compute", "计算"}}, {"wait", {"Wait", "等待"}}}, "compute",
             {"Kind of work", "任务类型"},
             {"Compute: a chunk counts prime numbers. Wait: a chunk waits, as if for a server's "
              "answer.",
              "计算：每一段数一批素数。等待：每一段等待一段时间，就像在等服务器的答复。"});
  Integer size = only_when(
      work, "compute",
      integer("size", {100, 1'000'000}, 100'000, {"Size of a chunk", "每段的大小"},
              {"How many numbers a chunk looks at.", "每一段检查多少个数。"}, {"numbers", "个数"}));
  Real chunk_ms = only_when(work, "wait",
                            real("chunk_ms", {0, 1000}, 10, {"Length of a chunk", "每段的时长"},
                                 {"How long a chunk waits.", "每一段等待多久。"}, {"ms", "毫秒"}));
  Integer threads = counts_threads(
      integer("threads", {1, 12}, 4, {"Threads side by side", "并排的线程数"},
              {"Used the third time. More than there are tasks would have nothing to do.",
               "第三遍使用的线程数。超过任务数的线程无事可做，不会启动。"},
              {"threads", "个"}));

  Result one_after_another_ms =
      result("one_after_another_ms", {"One after another", "依次做"}, {"ms", "毫秒"});
  Result interleaved_ms =
      result("interleaved_ms", {"Interleaved on one thread", "单线程交错"}, {"ms", "毫秒"});
  Result side_by_side_ms =
      result("side_by_side_ms", {"Side by side", "多线程并排"}, {"ms", "毫秒"});
  Result interleaved_speed_up =
      result("interleaved_speed_up", {"Speed-up interleaved", "交错的加速比"}, {"×", "×"});
  Result side_by_side_speed_up =
      result("side_by_side_speed_up", {"Speed-up side by side", "并排的加速比"}, {"×", "×"});
  Result order = result("order", {"Chunks side by side, in order", "并排时各段开始的顺序"});

  Check same_results = check(
      "same_results", {"All three ways found the same prime numbers", "三种做法数出的素数一样多"});
} demo;

using Tasks = std::vector<Task>;

void one_after_another(Work& work, Tasks& tasks) {
  for (Task& task : tasks) {
    for (std::uint32_t chunk = 0; chunk < work.chunks(); ++chunk) work.do_chunk(task, chunk);
  }
}

/// Concurrency: one thread, which has all tasks begun and goes from one to the next.
void interleaved(Work& work, Tasks& tasks) {
  for (std::uint32_t chunk = 0; chunk < work.chunks(); ++chunk) {
    for (Task& task : tasks) {
      if (work.computes()) {
        work.do_chunk(task, chunk);
      } else {
        // What an event loop does: it waits for whichever is due next while the others go on.
        Work::await(task);
        work.begin_waiting(task);
      }
    }
  }
  for (const Task& task : tasks) Work::await(task);
}

/// Parallelism: several threads, each with tasks of its own.
void side_by_side(Work& work, Tasks& tasks, std::size_t count) {
  std::deque<threading::Thread> threads;
  for (std::size_t i = 0; i < count; ++i) {
    threads.emplace_back(
        [&work, &tasks, i, count] {
          for (std::size_t mine = i; mine < tasks.size(); mine += count) {
            for (std::uint32_t chunk = 0; chunk < work.chunks(); ++chunk) {
              work.do_chunk(tasks[mine], chunk);
            }
          }
        },
        "worker-" + to_text(i + 1));
    threads.back().start();
  }
  for (auto& thread : threads) thread.join();
}

bool same_primes(const Tasks& one, const Tasks& other) {
  return std::ranges::equal(one, other, {}, &Task::primes, &Task::primes);
}

void run(const Params& params, Run& run) {
  Work work({.tasks = params[demo.tasks],
             .chunks = params[demo.chunks],
             .computes = params[demo.work] == "compute",
             .size = params[demo.size],
             .chunk_ms = params[demo.chunk_ms]},
            run);
  const std::size_t threads = std::min(params.count(demo.threads), params.count(demo.tasks));
  const auto measure = [&](const char* name, auto way) {
    run.mark(name);
    const runtime::Time start = runtime::Clock::now();
    way();
    return milliseconds_since(start);
  };

  Tasks first = work.tasks();
  const double alone = measure("one after another", [&] { one_after_another(work, first); });
  run.print("one after another:", work.take_order());
  run.result(demo.one_after_another_ms, alone);

  Tasks second = work.tasks();
  const double mixed = measure("interleaved", [&] { interleaved(work, second); });
  run.print("interleaved:", work.take_order());
  run.result(demo.interleaved_ms, mixed);

  Tasks third = work.tasks();
  const double parallel = measure("side by side", [&] { side_by_side(work, third, threads); });
  run.result(demo.side_by_side_ms, parallel);
  run.result(demo.order, work.take_order());

  run.result(demo.interleaved_speed_up, alone / mixed);
  run.result(demo.side_by_side_speed_up, alone / parallel);
  if (work.computes()) {
    for (const Task& task : third) {
      run.print("task", std::string(1, task.letter), "found", task.primes, "primes");
    }
    run.check(demo.same_results, same_primes(first, second) && same_primes(first, third));
  }
  run.print("every way did", first.size(), "tasks of", work.chunks(), "chunks");
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::concurrency_parallelism
