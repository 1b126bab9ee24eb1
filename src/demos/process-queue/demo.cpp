#include "demos/kit/demo.h"

#include <optional>

#include "demos/kit/child_run.h"
#include "demos/kit/time.h"
#include "weft/multiprocessing/process.h"
#include "weft/multiprocessing/queue.h"

namespace weft::demos::process_queue {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "process-queue",
              .topic = "processes",
              .title = {"Process queue", "进程队列"},
              .summary = {"One process puts items into a queue, another one gets them. They share "
                          "no memory: every item is packed, copied and unpacked.",
                          "一个进程往队列里放，另一个进程从队列里取。它们不共用内存：每个数据项都要"
                          "经过打包、复制、再拆开。"}}) {}

  Integer items = integer("items", {1, 2000}, 20, {"Items", "数据项"},
                          {"How many items go through the queue.", "有多少个数据项要经过队列。"},
                          {"items", "个"});
  Integer capacity = integer("capacity", {0, 1000}, 4, {"Capacity", "容量"},
                             {"How many items the queue holds at most; 0: any number.",
                              "队列最多容纳多少个数据项；0 表示不限。"},
                             {"items", "个"});
  Real produce_ms = real(
      "produce_ms", {0, 1000}, 2, {"Time to produce", "生产用时"},
      {"How long the producer takes for an item.", "生产者生产一个数据项要多久。"}, {"ms", "毫秒"});
  Real consume_ms = real(
      "consume_ms", {0, 1000}, 5, {"Time to consume", "消费用时"},
      {"How long the consumer takes for an item.", "消费者处理一个数据项要多久。"}, {"ms", "毫秒"});

  Result elapsed_ms = result("elapsed_ms", {"Time", "用时"}, {"ms", "毫秒"});

  Check sum = check("sum", {"The sum that came back is that of all items, each counted once",
                            "送回的总和等于所有数据项之和，每个恰好计一次"});
} demo;

using multiprocessing::Entry;
using multiprocessing::Process;

/// Nothing says that there is no more to come.
using Items = multiprocessing::Queue<std::optional<std::int64_t>>;
using Sums = multiprocessing::Queue<std::int64_t>;

const Entry produce("process-queue.produce", [](Items queue, std::int64_t items, double pause_ms) {
  Run& run = child_run();
  for (std::int64_t i = 1; i <= items; ++i) {
    do_ms("produce", pause_ms);
    queue.put(i);
    run.print("producer put", i);
  }
  queue.put(std::nullopt);
  run.print("producer is done");
});

const Entry consume("process-queue.consume", [](Items queue, Sums sums, double pause_ms) {
  Run& run = child_run();
  std::int64_t sum = 0;
  while (const std::optional<std::int64_t> item = queue.get()) {
    do_ms("consume", pause_ms);
    sum += *item;
    run.print("consumer got", *item);
  }
  sums.put(sum);
  run.print("consumer is done");
});

void run(const Params& params, Run& run) {
  const std::int64_t items = params[demo.items];
  Items queue(static_cast<std::uint32_t>(params[demo.capacity]), "items");
  Sums sums(0, "sums");
  const runtime::Time start = runtime::Clock::now();
  Process producer(Process::Options{.name = "producer"}, produce, queue, items,
                   params[demo.produce_ms]);
  Process consumer(Process::Options{.name = "consumer"}, consume, queue, sums,
                   params[demo.consume_ms]);
  producer.start();
  consumer.start();
  const std::int64_t sum = sums.get();
  producer.join();
  consumer.join();

  run.result(demo.elapsed_ms, milliseconds_since(start));
  run.check(demo.sum, sum == items * (items + 1) / 2);
  run.print("the sum of", items, "items is", sum);
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::process_queue
