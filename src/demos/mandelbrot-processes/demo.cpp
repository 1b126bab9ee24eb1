#include "demos/kit/demo.h"

#include <deque>
#include <optional>
#include <vector>

#include "demos/kit/child_run.h"
#include "demos/kit/mandelbrot.h"
#include "demos/kit/time.h"
#include "weft/multiprocessing/barrier.h"
#include "weft/multiprocessing/process.h"
#include "weft/multiprocessing/queue.h"

namespace weft::demos::mandelbrot_processes {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "mandelbrot-processes",
              .topic = "processes",
              .title = {"Mandelbrot by processes", "多进程绘制曼德博集合"},
              .summary = {"Several processes draw one picture, tile by tile. Whoever is done takes "
                          "the next tile from a queue; the colours show who drew what.",
                          "几个进程一块一块地绘制同一幅图。谁画完了，就从队列里取下一块；颜色表示哪"
                          "一块是谁画的。"}}) {}

  Integer processes =
      integer("processes", {1, 8}, 4, {"Processes", "进程数"},
              {"How many processes draw.", "有多少个进程在绘制。"}, {"processes", "个"});
  Integer tiles =
      integer("tiles", {1, 200}, 24, {"Tiles", "分块数"},
              {"Into how many parts the picture is cut.", "把图分成多少块。"}, {"tiles", "块"});
  Integer passes = integer("passes", {1, 200}, 6, {"Samples a pixel", "每像素采样次数"},
                           {"The more, the more there is to compute.", "次数越多，计算量越大。"},
                           {"times", "次"});
  Choice sharing =
      choice("sharing",
             {{"queue", {"One queue for all", "共用一个队列"}},
              {"dealt", {"Dealt out beforehand", "事先分好"}}},
             "queue", {"Sharing the work", "分工方式"},
             {"One queue: whoever is done takes the next tile. Dealt out: each process gets "
              "its tiles at the start, as cards are dealt.",
              "共用一个队列：谁画完谁取下一块。事先分好：像发牌一样，"
              "一开始就给每个进程分好它的块。"});
  Boolean compare =
      boolean("compare", true, {"Compare with one process", "与单进程比较"},
              {"Draws the picture with the main process alone first.", "先由主进程独自画一遍。"});

  Result start_ms = result("start_ms", {"Time to start them", "启动进程用时"}, {"ms", "毫秒"});
  Result elapsed_ms =
      result("elapsed_ms", {"Time with the processes", "多进程用时"}, {"ms", "毫秒"});
  Result one_process_ms =
      result("one_process_ms", {"Time with one process", "单进程用时"}, {"ms", "毫秒"});
  Result speed_up = result("speed_up", {"Speed-up", "加速比"}, {"×", "×"});
  Result iterations = result("iterations", {"Iterations computed", "计算的迭代总数"});
} demo;

using multiprocessing::Barrier;
using multiprocessing::Process;

/// Numbers of tiles; nothing says that there are no more.
using Numbers = multiprocessing::Queue<std::optional<std::uint32_t>>;
using Iterations = multiprocessing::Queue<std::int64_t>;

const multiprocessing::Entry draw(
    "mandelbrot-processes.draw",
    [](Barrier all_there, Numbers numbers, Iterations results, std::uint32_t image,
       std::uint32_t tiles, std::uint32_t passes) {
      Run& run = child_run();
      const std::vector<Run::Rectangle> tile_of = cut_into_tiles(tiles);
      all_there.wait();
      while (const std::optional<std::uint32_t> number = numbers.get()) {
        const Rendered rendered = render(tile_of[*number], passes);
        run.tile(image, tile_of[*number], rendered.pixels);
        run.print("tile", *number + 1, "took", rendered.iterations, "iterations");
        results.put(rendered.iterations);
      }
    });

/// How long one process takes for the whole picture.
double measure_one_process(std::uint32_t tiles, std::uint32_t passes, Run& run) {
  run.mark("one process");
  const runtime::Time start = runtime::Clock::now();
  for (const Run::Rectangle& tile : cut_into_tiles(tiles)) render(tile, passes);
  const double elapsed = milliseconds_since(start);
  run.result(demo.one_process_ms, elapsed);
  return elapsed;
}

void run(const Params& params, Run& run) {
  const auto count = static_cast<std::uint32_t>(params.count(demo.processes));
  const auto tiles = static_cast<std::uint32_t>(params.count(demo.tiles));
  const auto passes = static_cast<std::uint32_t>(params.count(demo.passes));
  run.print(tiles, "tiles,", count, "processes");
  double one_process = 0;
  if (params[demo.compare]) one_process = measure_one_process(tiles, passes, run);

  run.mark("processes");
  const std::uint32_t image = run.image("mandelbrot", kWidth, kHeight);
  // One queue for all: who is done first takes the next. Or a queue each, dealt out beforehand.
  const bool shared = params[demo.sharing] == "queue";
  std::vector<Numbers> queues;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (shared && i > 0) {
      queues.push_back(queues.front());
    } else {
      queues.emplace_back(0, shared ? "tiles" : "tiles of painter-" + to_text(i + 1));
    }
  }
  Iterations results(0, "iterations");
  // Else the first painter would draw what is meant for those that are still on their way.
  Barrier all_there(static_cast<std::int32_t>(count) + 1, "all there");

  const runtime::Time asked = runtime::Clock::now();
  for (std::uint32_t number = 0; number < tiles; ++number) queues[number % count].put(number);
  for (Numbers& queue : queues) queue.put(std::nullopt);
  std::deque<Process> processes;
  for (std::uint32_t i = 0; i < count; ++i) {
    processes.emplace_back(Process::Options{.name = "painter-" + to_text(i + 1)}, draw, all_there,
                           queues[i], results, image, tiles, passes);
    processes.back().start();
  }
  all_there.wait();
  run.result(demo.start_ms, milliseconds_since(asked));

  const runtime::Time start = runtime::Clock::now();
  std::int64_t iterations = 0;
  for (std::uint32_t done = 1; done <= tiles; ++done) {
    iterations += results.get();
    run.progress(done, tiles);
  }
  const double elapsed = milliseconds_since(start);
  for (Process& process : processes) process.join();

  run.result(demo.elapsed_ms, elapsed);
  if (one_process > 0) run.result(demo.speed_up, one_process / elapsed);
  run.result(demo.iterations, iterations);
  run.print("all", tiles, "tiles took", iterations, "iterations");
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::mandelbrot_processes
