#include "demos/kit/demo.h"

#include <algorithm>
#include <compare>
#include <deque>
#include <vector>

#include "demos/kit/random.h"
#include "demos/kit/time.h"
#include "weft/queue/priority_queue.h"
#include "weft/threading/thread.h"

namespace weft::demos::priority_workers {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "priority-workers",
              .topic = "queues",
              .title = {"Priority queue", "优先级队列"},
              .summary = {"Workers always take the most urgent job that waits, not the oldest.",
                          "工作线程总是先取最紧急的任务，而不是最早来的。"}}) {}

  Integer workers = counts_threads(integer(
      "workers", {1, 16}, 2, {"Workers", "工作线程"},
      {"Threads that take jobs out of the queue.", "从队列里取任务的线程。"}, {"threads", "个"}));
  Integer jobs = integer("jobs", {1, 500}, 30, {"Jobs", "任务数"},
                         {"How many jobs there are in all.", "一共有多少个任务。"}, {"jobs", "个"});
  Integer priorities = integer("priorities", {1, 9}, 3, {"Priorities", "优先级数"},
                               {"Each job gets one of them at random; 1 is the most urgent.",
                                "每个任务随机得到其中一级，1 最紧急。"});
  Choice arrival =
      choice("arrival",
             {{"before", {"All before the work begins", "开工之前全部到齐"}},
              {"during", {"One by one, during the work", "边干边来"}}},
             "before", {"Jobs arrive", "任务何时到来"},
             {"Before: workers find all jobs in the queue. During: a job that comes late can "
              "overtake others.",
              "之前：工作线程开始时，所有任务都已在队列里。边干边来：后来的任务可能插到前面。"});
  Real arrive_ms =
      only_when(arrival, "during",
                real("arrive_ms", {0, 1000}, 12, {"Time between arrivals", "到来的间隔"},
                     {"How long it takes until the next job comes.", "隔多久来下一个任务。"},
                     {"ms", "毫秒"}));
  Real job_ms =
      real("job_ms", {0, 1000}, 30, {"Time for a job", "任务用时"},
           {"What a worker takes for one job.", "完成一个任务所需的时间。"}, {"ms", "毫秒"});
  Real spread = real(
      "spread", {0, 100}, 50, {"Spread of the times", "时间的浮动"},
      {"How far single times lie from that, at random.", "每个任务的时间随机偏离上面数值的幅度。"},
      {"%", "%"});
  Integer seed = random_seed();

  Result elapsed_ms = result("elapsed_ms", {"Time", "用时"}, {"ms", "毫秒"});

  Check exactly_once = check("exactly_once", {"All {jobs} jobs were done, each exactly once",
                                              "{jobs} 个任务全部完成，每个恰好一次"});
  Check in_order =
      check("in_order", {"Every worker took its jobs by priority, and equals by number",
                         "每个工作线程都按优先级取任务，同级的按编号取"});

  Table<4> priorities_table = table("priorities", {"Waiting by priority", "各优先级的等待"},
                                    {{{"Priority", "优先级"}},
                                     {{"Jobs", "任务数"}},
                                     {{"Mean wait", "平均等待"}, {"ms", "毫秒"}},
                                     {{"Longest wait", "最长等待"}, {"ms", "毫秒"}}});
  Table<5> order = table("order", {"The order in which they were taken", "取走的次序"},
                         {{{"Place", "次序"}},
                          {{"Priority", "优先级"}},
                          {{"Job", "任务"}},
                          {{"Taken by", "取走者"}},
                          {{"Waited", "等待"}, {"ms", "毫秒"}}});
} demo;

/// The lowest first: by priority, and by number among those of the same priority. Without the
/// number, equals would come in any order.
struct Job {
  std::int64_t priority;
  std::int64_t number;
  auto operator<=>(const Job&) const = default;
};

/// What became of a job.
struct Taken {
  Job job;
  std::int64_t worker;
  runtime::Time at;
  double waited_ms;
};

/// What the threads share.
struct Shared {
  Run& run;
  queue::PriorityQueue<Job> jobs;
  const std::int64_t lowest_priority;  // sentinels have an even lower one
  std::vector<runtime::Time> put_at;   // of each job; written before it is put
  std::vector<double> cost_ms;
};

/// Returns what it took, in order.
std::vector<Taken> work(Shared& shared, std::int64_t worker) {
  std::vector<Taken> taken;
  for (;;) {
    const Job job = shared.jobs.get();
    if (job.priority > shared.lowest_priority) break;  // a sentinel
    const auto place = static_cast<std::size_t>(job.number - 1);
    taken.push_back({job, worker, runtime::Clock::now(), milliseconds_since(shared.put_at[place])});
    shared.run.print("job", job.number, "of priority", job.priority);
    do_ms("job", shared.cost_ms[place]);
    shared.jobs.task_done();
  }
  return taken;
}

void report_order(std::vector<Taken> taken, Run& run) {
  std::ranges::sort(taken, {}, [](const Taken& each) { return std::pair(each.at, each.job); });
  for (std::size_t i = 0; i < taken.size(); ++i) {
    run.row(demo.order, i + 1, taken[i].job.priority, taken[i].job.number,
            "worker-" + to_text(taken[i].worker), to_text(taken[i].waited_ms, 1));
  }
}

void report_priorities(const std::vector<Taken>& taken, std::int64_t lowest_priority, Run& run) {
  for (std::int64_t priority = 1; priority <= lowest_priority; ++priority) {
    std::int64_t jobs = 0;
    double sum = 0;
    double longest = 0;
    for (const Taken& each : taken) {
      if (each.job.priority != priority) continue;
      ++jobs;
      sum += each.waited_ms;
      longest = std::max(longest, each.waited_ms);
    }
    if (jobs == 0) continue;
    run.row(demo.priorities_table, priority, jobs, to_text(sum / static_cast<double>(jobs), 1),
            to_text(longest, 1));
  }
}

bool each_exactly_once(const std::vector<Taken>& taken, std::size_t jobs) {
  std::vector<int> times(jobs, 0);
  for (const Taken& each : taken) ++times[static_cast<std::size_t>(each.job.number - 1)];
  return std::ranges::all_of(times, [](int n) { return n == 1; });
}

void run(const Params& params, Run& run) {
  const std::int64_t workers = params[demo.workers];
  const std::int64_t jobs = params[demo.jobs];
  const std::int64_t priorities = params[demo.priorities];
  const bool all_before = params[demo.arrival] == "before";
  Random random(static_cast<std::uint64_t>(params[demo.seed]));
  Shared shared{run,
                queue::PriorityQueue<Job>(0, "jobs"),
                priorities,
                std::vector<runtime::Time>(params.count(demo.jobs)),
                {}};
  std::vector<Job> coming;
  for (std::int64_t number = 1; number <= jobs; ++number) {
    const double chance = random.uniform();
    coming.push_back(
        {1 + static_cast<std::int64_t>(chance * static_cast<double>(priorities)), number});
    shared.cost_ms.push_back(random.spread(params[demo.job_ms], params[demo.spread]));
  }
  run.print(jobs, "jobs,", priorities, "priorities,", workers, "workers");

  std::vector<std::vector<Taken>> taken(params.count(demo.workers));
  std::deque<threading::Thread> threads;
  const auto start_workers = [&] {
    for (std::int64_t worker = 1; worker <= workers; ++worker) {
      std::vector<Taken>& mine = taken[static_cast<std::size_t>(worker - 1)];
      threads.emplace_back([&shared, &mine, worker] { mine = work(shared, worker); },
                           "worker-" + to_text(worker));
      threads.back().start();
    }
  };

  const runtime::Time start = runtime::Clock::now();
  if (!all_before) start_workers();
  for (const Job& job : coming) {
    if (!all_before) wait_ms("next job", params[demo.arrive_ms]);
    shared.put_at[static_cast<std::size_t>(job.number - 1)] = runtime::Clock::now();
    shared.jobs.put(job);
  }
  if (all_before) start_workers();
  for (std::int64_t i = 1; i <= workers; ++i) shared.jobs.put({priorities + 1, jobs + i});
  for (auto& thread : threads) thread.join();

  run.result(demo.elapsed_ms, milliseconds_since(start));
  std::vector<Taken> all;
  for (const auto& of_one : taken) all.insert(all.end(), of_one.begin(), of_one.end());
  report_priorities(all, priorities, run);
  report_order(all, run);
  run.check(demo.exactly_once, each_exactly_once(all, params.count(demo.jobs)));
  if (all_before) {
    const bool in_order = std::ranges::all_of(
        taken, [](const auto& of_one) { return std::ranges::is_sorted(of_one, {}, &Taken::job); });
    run.check(demo.in_order, in_order);
  }
  run.print("all workers have gone home");
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::priority_workers
