#include "demos/kit/demo.h"

#include <algorithm>
#include <deque>
#include <numeric>
#include <set>
#include <vector>

#include "demos/kit/random.h"
#include "demos/kit/time.h"
#include "weft/errors.h"
#include "weft/futures/as_completed.h"
#include "weft/futures/thread_pool_executor.h"

namespace weft::demos::map_as_completed {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "map-as-completed",
              .topic = "pools",
              .title = {"Executor: map and as_completed", "执行器：map 与 as_completed"},
              .summary = {
                  "The same tasks in a pool, and two ways to collect what they return: in the "
                  "order in which they were given, or in the order in which they are done.",
                  "同样的任务交给线程池，收取结果有两种方式：按提交的顺序，或按完成的顺序。"}}) {}

  Choice way =
      choice("way",
             {{"both", {"Both, one after the other", "先后都用"}},
              {"map", {"map", "map"}},
              {"as_completed", {"as_completed", "as_completed"}}},
             "both", {"Way to collect", "收取方式"},
             {"map: in the order of the tasks. as_completed: in the order in which they end.",
              "map：按任务的顺序。as_completed：按完成的顺序。"});
  Integer tasks = integer("tasks", {1, 200}, 12, {"Tasks", "任务数"},
                          {"How many tasks are submitted, all at once.", "一次性提交多少个任务。"},
                          {"tasks", "个"});
  Integer workers = counts_threads(
      integer("workers", {1, 32}, 4, {"Workers", "工作线程"},
              {"The most threads that the pool may start.", "线程池最多启动多少个线程。"},
              {"threads", "个"}));
  Real cost_ms = real("cost_ms", {0, 1000}, 80, {"Cost of a task", "单个任务的用时"},
                      {"What a task takes.", "一个任务所需的时间。"}, {"ms", "毫秒"});
  Real spread = real("spread", {0, 100}, 90, {"Spread of the cost", "用时的浮动"},
                     {"How far the costs of single tasks lie from that, at random.",
                      "各个任务的用时随机偏离上面数值的幅度。"},
                     {"%", "%"});
  Integer failing = integer(
      "failing", {0, 200}, 0, {"Failing task", "失败的任务"},
      {"The number of a task that throws. 0 means none.", "第几个任务会抛出异常。0 表示没有。"});
  Real timeout_ms = real("timeout_ms", {0, 60'000}, 0, {"Timeout", "超时"},
                         {"How long to wait for all the results. 0 means for ever.",
                          "最多等所有结果多久。0 表示一直等。"},
                         {"ms", "毫秒"});
  Integer seed = random_seed();

  Result delay_map_ms =
      result("delay_map_ms",
             {"map: a finished result waits, on average", "map：结果完成后平均等多久才被取走"},
             {"ms", "毫秒"});
  Result delay_as_completed_ms = result("delay_as_completed_ms",
                                        {"as_completed: a finished result waits, on average",
                                         "as_completed：结果完成后平均等多久才被取走"},
                                        {"ms", "毫秒"});

  Check input_order =
      check("input_order", {"map kept the order of the tasks", "map 保持了任务的顺序"});
  Check each_once = check("each_once", {"as_completed gave no future twice, and none was missing",
                                        "as_completed 给出的 future 不重不漏"});

  Table<5> order = table("order", {"The results as they came", "结果到手的次序"},
                         {{{"Way", "方式"}},
                          {{"Place", "次序"}},
                          {{"Task", "任务"}},
                          {{"In hand after", "到手时刻"}, {"ms", "毫秒"}},
                          {{"Had been finished for", "此前已完成"}, {"ms", "毫秒"}}});
} demo;

using futures::Future;
using futures::ThreadPoolExecutor;

/// The same tasks for both ways: task n takes its time and squares n.
class Tasks {
 public:
  explicit Tasks(const Params& params) : failing_(params[demo.failing]) {
    Random random(static_cast<std::uint64_t>(params[demo.seed]));
    for (std::size_t i = 0; i < params.count(demo.tasks); ++i) {
      cost_ms_.push_back(random.spread(params[demo.cost_ms], params[demo.spread]));
    }
    finished_.resize(cost_ms_.size());
  }

  std::int64_t square(std::int64_t number) {
    do_ms("square", cost_ms_[place(number)]);
    finished_[place(number)] = runtime::Clock::now();
    if (number == failing_) throw ValueError("task " + to_text(number) + " can't be done");
    return number * number;
  }

  std::vector<std::int64_t> numbers() const {
    std::vector<std::int64_t> numbers(cost_ms_.size());
    std::iota(numbers.begin(), numbers.end(), 1);
    return numbers;
  }
  /// Of a task that has ended, as its future tells.
  runtime::Time finished(std::int64_t number) const { return finished_[place(number)]; }

 private:
  static std::size_t place(std::int64_t number) { return static_cast<std::size_t>(number - 1); }

  const std::int64_t failing_;
  std::vector<double> cost_ms_;
  std::vector<runtime::Time> finished_;
};

/// Notes what comes out of one way, and when.
class Harvest {
 public:
  Harvest(const char* way, const Tasks& tasks, Run& run) : way_(way), tasks_(tasks), run_(run) {
    run.mark(way);
  }

  void got(std::int64_t number, std::int64_t square) {
    run_.print(way_, "gives", number, "squared:", square);
    note(number);
  }
  void failed(std::int64_t number, const std::exception& error) {
    run_.print(way_, "says:", error.what());
    note(number);
  }
  void out_of_time() { run_.print(way_, "says: out of time"); }

  const std::vector<std::int64_t>& order() const { return order_; }

  /// How long a result that was there lay about before somebody had it, on average.
  double mean_delay_ms() const {
    return order_.empty() ? 0 : delay_ms_ / static_cast<double>(order_.size());
  }

 private:
  void note(std::int64_t number) {
    const double delay = milliseconds_since(tasks_.finished(number));
    order_.push_back(number);
    delay_ms_ += delay;
    run_.row(demo.order, way_, order_.size(), number, to_text(milliseconds_since(start_), 1),
             to_text(delay, 1));
  }

  const char* const way_;
  const Tasks& tasks_;
  Run& run_;
  const runtime::Time start_ = runtime::Clock::now();
  std::vector<std::int64_t> order_;
  double delay_ms_ = 0;
};

runtime::Timeout timeout_of(const Params& params) {
  const double timeout = params[demo.timeout_ms];
  if (timeout == 0) return std::nullopt;
  return milliseconds(timeout);
}

/// Results in the order of the tasks, whichever is done first. The first exception ends it.
void use_map(const Params& params, Run& run) {
  Tasks tasks(params);
  ThreadPoolExecutor pool(params[demo.workers], "map");
  Harvest harvest("map", tasks, run);
  std::int64_t number = 1;
  try {
    for (const std::int64_t square : pool.map([&](std::int64_t n) { return tasks.square(n); },
                                              tasks.numbers(), timeout_of(params))) {
      harvest.got(number++, square);
    }
  } catch (const ValueError& error) {
    harvest.failed(number, error);
  } catch (const TimeoutError&) {
    harvest.out_of_time();
  }
  run.result(demo.delay_map_ms, harvest.mean_delay_ms());
  run.check(demo.input_order, std::ranges::is_sorted(harvest.order()));
}

/// Results as they come; each exception is in its future.
void use_as_completed(const Params& params, Run& run) {
  Tasks tasks(params);
  ThreadPoolExecutor pool(params[demo.workers], "pool");
  Harvest harvest("as_completed", tasks, run);
  std::vector<Future<std::int64_t>> futures;
  for (const std::int64_t number : tasks.numbers()) {
    futures.push_back(pool.submit([&tasks, number] { return tasks.square(number); }));
  }
  bool in_time = true;
  try {
    for (const auto& future : futures::as_completed(futures, timeout_of(params))) {
      const std::int64_t number = std::ranges::find(futures, future) - futures.begin() + 1;
      try {
        harvest.got(number, future.result());
      } catch (const ValueError& error) {
        harvest.failed(number, error);
      }
    }
  } catch (const TimeoutError&) {
    in_time = false;
    harvest.out_of_time();
    pool.shutdown(false, true);
  }
  run.result(demo.delay_as_completed_ms, harvest.mean_delay_ms());
  const std::set<std::int64_t> different(harvest.order().begin(), harvest.order().end());
  run.check(demo.each_once, different.size() == harvest.order().size() &&
                                (different.size() == futures.size() || !in_time));
}

void run(const Params& params, Run& run) {
  run.print(params[demo.tasks], "tasks,", params[demo.workers], "workers");
  const std::string& way = params[demo.way];
  if (way != "as_completed") use_map(params, run);
  if (way != "map") use_as_completed(params, run);
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::map_as_completed
