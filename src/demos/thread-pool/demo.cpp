#include "demos/kit/demo.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "demos/kit/mandelbrot.h"
#include "demos/kit/random.h"
#include "demos/kit/time.h"
#include "weft/futures/thread_pool_executor.h"

namespace weft::demos::thread_pool {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "thread-pool",
              .topic = "pools",
              .title = {"Thread pool", "线程池"},
              .summary = {
                  "A fixed number of threads works through a longer list of tasks. More tasks than "
                  "threads means that tasks wait in the queue, not that more threads are started.",
                  "固定数量的线程依次处理一长串任务。任务比线程多时，多出来的任务在队列里等待，而不"
                  "会启动更多线程。"}}) {}

  Integer workers = counts_threads(
      integer("workers", {1, 32}, 4, {"Workers", "工作线程"},
              {"The most threads that the pool may start.", "线程池最多启动多少个线程。"},
              {"threads", "个"}));
  Integer tasks = integer("tasks", {1, 1000}, 24, {"Tasks", "任务数"},
                          {"How many tasks are submitted, all at once.", "一次性提交多少个任务。"},
                          {"tasks", "个"});
  Choice work = choice("work", {{"compute", {"Compute", "计算"}}, {"wait", {"Wait", "等待"}}},
                       "compute", {"Kind of work", "任务类型"},
                       {"Compute: each task renders a tile of the Mandelbrot set. Wait: each task "
                        "sleeps, as if it waited for a server.",
                        "计算：每个任务绘制曼德博集合的一块。等待：每个任务休眠一段时间，"
                        "就像在等服务器的答复。"});
  Real cost = real("cost", {0, 1000}, 20, {"Cost of a task", "单个任务的开销"},
                   {"Compute: samples for each pixel, at least one. Wait: milliseconds.",
                    "计算：每个像素的采样次数，至少一次。等待：毫秒数。"},
                   {"passes or ms", "次 / 毫秒"});
  Real spread = real("spread", {0, 100}, 50, {"Spread of the cost", "开销的浮动"},
                     {"How far the costs of single tasks lie from that, at random.",
                      "各个任务的开销随机偏离上面数值的幅度。"},
                     {"%", "%"});
  Boolean compare = boolean("compare", true, {"Compare with one thread", "与单线程比较"},
                            {"Does all tasks on one thread first, to tell the speed-up.",
                             "先用一个线程做完所有任务，以便算出加速比。"});
  Integer seed = random_seed();

  Result elapsed_ms = result("elapsed_ms", {"Time with the pool", "线程池用时"}, {"ms", "毫秒"});
  Result one_thread_ms =
      result("one_thread_ms", {"Time on one thread", "单线程用时"}, {"ms", "毫秒"});
  Result speed_up = result("speed_up", {"Speed-up", "加速比"}, {"×", "×"});
  Result iterations = result("iterations", {"Iterations computed", "计算的迭代总数"});
} demo;

/// What one task is to do: render its tile in so many passes, or wait for so many milliseconds.
struct Task {
  std::uint32_t number;
  double cost;
  Run::Rectangle tile;
};

std::uint32_t passes(const Task& task) {
  return static_cast<std::uint32_t>(std::max(1.0, std::round(task.cost)));
}

std::vector<Task> make_tasks(const Params& params) {
  const auto count = static_cast<std::uint32_t>(params.count(demo.tasks));
  const std::vector<Run::Rectangle> tiles = cut_into_tiles(count);
  Random random(static_cast<std::uint64_t>(params[demo.seed]));
  std::vector<Task> tasks;
  for (std::uint32_t i = 0; i < count; ++i) {
    tasks.push_back({i + 1, random.spread(params[demo.cost], params[demo.spread]), tiles[i]});
  }
  return tasks;
}

/// How long the same tasks take one after the other on this thread.
double measure_one_thread(const std::vector<Task>& tasks, bool compute, Run& run) {
  run.mark("one thread");
  const runtime::Time start = runtime::Clock::now();
  for (const Task& task : tasks) {
    if (compute) {
      render(task.tile, passes(task));
    } else {
      wait_ms("server", task.cost);
    }
  }
  const double elapsed = milliseconds_since(start);
  run.result(demo.one_thread_ms, elapsed);
  return elapsed;
}

void run(const Params& params, Run& run) {
  const bool compute = params[demo.work] == "compute";
  const std::vector<Task> tasks = make_tasks(params);
  const auto total = static_cast<std::uint32_t>(tasks.size());
  run.print(total, "tasks,", params[demo.workers], "workers");

  double one_thread = 0;
  if (params[demo.compare]) one_thread = measure_one_thread(tasks, compute, run);

  run.mark("pool");
  const std::uint32_t image = compute ? run.image("mandelbrot", kWidth, kHeight) : 0;
  const auto work = [&run, compute, image](const Task& task) -> std::int64_t {
    if (!compute) {
      wait_ms("server", task.cost);
      run.print("task", task.number, "waited");
      return 0;
    }
    const Rendered rendered = render(task.tile, passes(task));
    run.tile(image, task.tile, rendered.pixels);
    run.print("task", task.number, "computed", rendered.iterations, "iterations");
    return rendered.iterations;
  };

  const runtime::Time start = runtime::Clock::now();
  std::int64_t iterations = 0;
  {
    futures::ThreadPoolExecutor pool(params[demo.workers], "worker");
    std::uint32_t done = 0;
    for (const std::int64_t result : pool.map(work, tasks)) {
      iterations += result;
      run.progress(++done, total);
    }
  }
  const double elapsed = milliseconds_since(start);

  run.result(demo.elapsed_ms, elapsed);
  if (one_thread > 0) run.result(demo.speed_up, one_thread / elapsed);
  if (compute) run.result(demo.iterations, iterations);
  run.print("all", total, "tasks done");
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::thread_pool
