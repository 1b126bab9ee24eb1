// Threads that never end by themselves, to be stopped.
#include "demos/kit/demo.h"

#include <chrono>
#include <deque>

#include "weft/queue/queue.h"
#include "weft/runtime/park.h"
#include "weft/runtime/point.h"
#include "weft/threading/thread.h"

namespace weft::demos::endless_loop {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "endless-loop",
              .topic = "laboratory",
              .title = {"Endless loop", "死循环"},
              .summary = {"Threads that never end by themselves.", "永远不会自己结束的线程。"},
              .hidden = true}) {}

  Integer threads = counts_threads(
      integer("threads", {1, 16}, 4, {"Threads", "线程数"}, {"How many.", "多少个。"}));
  Choice what = choice("what",
                       {{"points", {"Loop with points", "经过取消点的循环"}},
                        {"bare", {"Bare loop", "不经过取消点的循环"}},
                        {"wait", {"Wait for ever", "永远等待"}}},
                       "points", {"What they do", "做什么"},
                       {"A bare loop never looks at the stop word.", "裸循环从不查看停止标志。"});
} demo;

void compute_for_ever(bool with_points) {
  volatile std::uint64_t steps = 0;  // a loop without side effects may be optimised away
  for (;;) {
    steps = steps + 1;
    if (with_points) runtime::checkpoint();
  }
}

void run(const Params& params, Run& run) {
  const std::string& what = params[demo.what];
  queue::Queue<int> never_filled;
  std::deque<threading::Thread> threads;
  for (std::int64_t i = 0; i < params[demo.threads]; ++i) {
    threads.emplace_back([&] {
      if (what == "wait") {
        // Without a timeout it would be a deadlock, which ends at once.
        never_filled.get(true, std::chrono::hours(1000));
      } else {
        compute_for_ever(what == "points");
      }
    });
    threads.back().start();
  }
  run.print("running");
  for (auto& thread : threads) thread.join();
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::endless_loop
