#include "demos/kit/demo.h"

#include <algorithm>
#include <numeric>
#include <vector>

#include "demos/kit/time.h"
#include "weft/multiprocessing/pool.h"
#include "weft/multiprocessing/semaphore.h"

namespace weft::demos::pool_map {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "pool-map",
              .topic = "processes",
              .title = {"Pool.map and the chunk size", "Pool.map 与分块大小"},
              .summary = {"A pool of processes squares numbers. Each message costs far more than a "
                          "multiplication, so it matters how many numbers go in one message: the "
                          "chunk size.",
                          "用进程池计算平方。发一条消息远比做一次乘法贵，所以一条消息里装多少个数，"
                          "即分块大小，至关重要。"}}) {}

  Integer workers =
      integer("workers", {1, 8}, 2, {"Workers", "工作进程"},
              {"How many processes the pool has.", "进程池有多少个进程。"}, {"processes", "个"});
  Integer numbers =
      integer("numbers", {1, 200'000}, 5000, {"Numbers", "数的个数"},
              {"1, 2, 3, … up to this number are squared.", "计算 1、2、3……直到这个数的平方。"});
  Integer chunksize =
      integer("chunksize", {0, 100'000}, 0, {"Chunk size", "分块大小"},
              {"How many numbers go to a worker at once; 0: tries 1, 10, 100 and 1000.",
               "一次交给工作进程多少个数；0 表示依次尝试 1、10、100 和 1000。"},
              {"numbers", "个"});

  Result fastest = result("fastest", {"Numbers a second, at best", "每秒计算的个数（最快时）"});

  Check squares = check(
      "squares", {"Each result stands where its number stood", "每个结果都在它的数原来的位置上"});

  Table<4> sizes = table("sizes", {"Chunk size against speed", "分块大小与速度"},
                         {{{"Chunk size", "分块大小"}},
                          {{"Tasks", "任务数"}},
                          {{"Time", "用时"}, {"ms", "毫秒"}},
                          {{"Numbers a second", "每秒个数"}}});
} demo;

using multiprocessing::Pool;
using multiprocessing::Semaphore;
using Numbers = std::vector<std::int64_t>;

/// The first thing that a worker does.
const multiprocessing::Entry arrive("pool-map.arrive",
                                    [](Semaphore arrived) { arrived.release(); });

const multiprocessing::Entry square("pool-map.square", [](std::int64_t x) { return x * x; });

std::vector<std::int64_t> sizes_to_try(std::int64_t chosen, std::int64_t count) {
  if (chosen > 0) return {chosen};
  std::vector<std::int64_t> sizes;
  for (std::int64_t size = 1; size <= std::min<std::int64_t>(count, 1000); size *= 10) {
    sizes.push_back(size);
  }
  return sizes;
}

void run(const Params& params, Run& run) {
  const std::int64_t count = params[demo.numbers];
  Numbers numbers(static_cast<std::size_t>(count));
  std::iota(numbers.begin(), numbers.end(), 1);
  Numbers expected = numbers;
  for (std::int64_t& number : expected) number *= number;

  const std::int64_t workers = params[demo.workers];
  Semaphore arrived(0, "arrived");
  Pool pool(static_cast<std::int32_t>(workers),
            {.initializer = multiprocessing::initialize_with(arrive, arrived)});
  for (std::int64_t i = 0; i < workers; ++i) arrived.acquire();  // starting them is not measured

  const std::vector<std::int64_t> sizes = sizes_to_try(params[demo.chunksize], count);
  double fastest = 0;
  bool equal = true;
  for (const std::int64_t size : sizes) {
    run.mark("chunks of " + to_text(size));
    const runtime::Time start = runtime::Clock::now();
    const Numbers squares = pool.map(square, numbers, static_cast<std::size_t>(size));
    const double elapsed = milliseconds_since(start);
    const double rate = 1000 * static_cast<double>(count) / elapsed;
    fastest = std::max(fastest, rate);
    equal = equal && squares == expected;
    run.row(demo.sizes, size, (count + size - 1) / size, elapsed, rate);
    run.print("chunks of", size, "give",
              std::accumulate(squares.begin(), squares.end(), std::int64_t{0}));
  }
  run.result(demo.fastest, fastest);
  run.check(demo.squares, equal);
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::pool_map
