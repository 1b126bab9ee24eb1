#include "demos/kit/demo.h"

#include <atomic>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "demos/kit/child_run.h"
#include "demos/kit/time.h"
#include "weft/multiprocessing/pool.h"
#include "weft/multiprocessing/process_ref.h"
#include "weft/multiprocessing/semaphore.h"

namespace weft::demos::process_pool {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "process-pool",
              .topic = "processes",
              .title = {"Process pool: N at once", "进程池：同时 N 个"},
              .summary = {
                  "Five jobs, three worker processes. Three jobs begin at once, the others wait "
                  "until a worker is free; the processes are started once and used again.",
                  "五个任务，三个工作进程。三个任务同时开始，其余的等到有空闲的工作进程为止；进程只"
                  "启动一次，反复使用。"}}) {}

  Integer workers =
      integer("workers", {1, 8}, 3, {"Workers", "工作进程"},
              {"How many processes the pool has.", "进程池有多少个进程。"}, {"processes", "个"});
  Integer jobs = integer("jobs", {1, 200}, 5, {"Jobs", "任务数"},
                         {"How many jobs are submitted, all at once.", "一次性提交多少个任务。"},
                         {"jobs", "个"});
  Real job_ms =
      real("job_ms", {0, 2000}, 200, {"Time of a job", "任务用时"},
           {"How long a worker takes for a job.", "工作进程完成一个任务要多久。"}, {"ms", "毫秒"});
  Integer maxtasksperchild = integer(
      "maxtasksperchild", {0, 100}, 0, {"Jobs in a worker's life", "每个工作进程的任务上限"},
      {"A worker that has done so many is replaced by a new process; 0: never.",
       "做完这么多任务的工作进程会被新进程取代；0 表示不取代。"},
      {"jobs", "个"});

  Result start_ms =
      result("start_ms", {"Time to start the pool", "启动进程池用时"}, {"ms", "毫秒"});
  Result elapsed_ms =
      result("elapsed_ms", {"Time for all jobs", "完成全部任务用时"}, {"ms", "毫秒"});
  Result workers_used = result("workers_used", {"Processes that did a job", "做过任务的进程数"});

  Check callbacks =
      check("callbacks", {"Each job's callback was called", "每个任务的回调都被调用了"});
  Check workers_check = check("workers", {"No more processes than workers have done them",
                                          "做这些任务的进程不多于工作进程数"});

  Table<2> jobs_table =
      table("jobs", {"Who did what", "谁做了什么"}, {{{"Job", "任务"}}, {{"Worker", "工作进程"}}});
} demo;

using multiprocessing::AsyncResult;
using multiprocessing::Pool;
using multiprocessing::Semaphore;

/// The first thing that a worker does.
const multiprocessing::Entry arrive("process-pool.arrive",
                                    [](Semaphore arrived) { arrived.release(); });

/// Returns who did it.
const multiprocessing::Entry job("process-pool.job", [](std::int64_t number, double job_ms) {
  Run& run = child_run();
  run.print("job", number, "begins");
  do_ms("job", job_ms);
  run.print("job", number, "is done");
  return multiprocessing::current_process().name();
});

void run(const Params& params, Run& run) {
  const std::int64_t workers = params[demo.workers];
  const std::int64_t jobs = params[demo.jobs];
  const std::int64_t most = params[demo.maxtasksperchild];
  run.print(jobs, "jobs,", workers, "workers");

  const runtime::Time start = runtime::Clock::now();
  std::atomic<std::uint32_t> told{0};
  Semaphore arrived(0, "arrived");
  Pool::Options options{.initializer = multiprocessing::initialize_with(arrive, arrived)};
  if (most > 0) options.maxtasksperchild = static_cast<std::int32_t>(most);
  Pool pool(static_cast<std::int32_t>(workers), std::move(options));
  // Else the first worker that is there would take the jobs of those that are still on their way.
  for (std::int64_t i = 0; i < workers; ++i) arrived.acquire();
  run.print("all", workers, "workers are there");
  run.result(demo.start_ms, milliseconds_since(start));

  const runtime::Time submitted = runtime::Clock::now();
  std::vector<AsyncResult<std::string>> results;
  for (std::int64_t number = 1; number <= jobs; ++number) {
    multiprocessing::Callbacks<std::string> callbacks;
    callbacks.callback = [&](const std::string&) {
      run.progress(told.fetch_add(1) + 1, static_cast<std::uint32_t>(jobs));
    };
    results.push_back(pool.apply_async(std::move(callbacks), job, number, params[demo.job_ms]));
  }
  run.print("all jobs are submitted");
  pool.close();
  pool.join();

  run.result(demo.elapsed_ms, milliseconds_since(submitted));
  std::set<std::string> names;
  for (std::int64_t number = 1; number <= jobs; ++number) {
    const std::string worker = results[static_cast<std::size_t>(number - 1)].get();
    names.insert(worker);
    run.row(demo.jobs_table, number, worker);
  }
  run.result(demo.workers_used, names.size());
  run.check(demo.callbacks, told.load() == static_cast<std::uint32_t>(jobs));
  if (most == 0) run.check(demo.workers_check, names.size() <= static_cast<std::size_t>(workers));
  run.print("all", jobs, "jobs are done");
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::process_pool
