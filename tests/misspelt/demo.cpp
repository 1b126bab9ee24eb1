// A demo that compiles. The tests misspell the names in its body, one at a time: CMakeLists.txt.
#include "demos/kit/demo.h"

#ifndef PARAMETER
#define PARAMETER workers
#endif
#ifndef RESULT
#define RESULT elapsed_ms
#endif
#ifndef CHECK
#define CHECK all_done
#endif
#ifndef SAMPLE
#define SAMPLE wait_ms
#endif
#ifndef TABLE
#define TABLE shares
#endif
#ifndef CELLS
#define CELLS "worker-1", workers
#endif

namespace weft::demos::misspelt {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "misspelt",
              .topic = "tests",
              .title = {"Misspelt", "拼错的名字"},
              .summary = {"Names.", "名字。"}}) {}

  Integer workers =
      integer("workers", {1, 32}, 4, {"Workers", "工作线程"}, {"How many.", "多少个。"});

  Result elapsed_ms = result("elapsed_ms", {"Time", "用时"}, {"ms", "毫秒"});

  Check all_done = check("all_done", {"All was done", "全部完成"});

  Sample wait_ms = sample("wait_ms", {"Wait", "等待"}, {"ms", "毫秒"});

  Table<2> shares =
      table("shares", {"Shares", "份额"}, {{{"Worker", "工作线程"}}, {{"Share", "份额"}}});
} demo;

void run(const Params& params, Run& run) {
  const std::int64_t workers = params[demo.PARAMETER];
  run.result(demo.RESULT, workers);
  run.check(demo.CHECK, workers > 0);
  run.sample(demo.SAMPLE, workers);
  run.row(demo.TABLE, CELLS);
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::misspelt
