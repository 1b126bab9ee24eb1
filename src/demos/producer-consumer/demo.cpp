#include "demos/kit/demo.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <vector>

#include "demos/kit/items.h"
#include "weft/queue/queue.h"
#include "weft/threading/thread.h"

namespace weft::demos::producer_consumer {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "producer-consumer",
              .topic = "queues",
              .title = {"Producer–consumer", "生产者–消费者"},
              .summary = {"Some threads make items, others use them up, and a bounded queue "
                          "between them makes the faster side wait for the slower one.",
                          "一些线程生产，另一些线程消费，中间的有界队列让快的一方等慢的一方。"}}) {}

  Integer producers = counts_threads(integer(
      "producers", {1, 16}, 2, {"Producers", "生产者"},
      {"Threads that put items into the queue.", "向队列放入数据项的线程。"}, {"threads", "个"}));
  Integer consumers = counts_threads(
      integer("consumers", {1, 16}, 2, {"Consumers", "消费者"},
              {"Threads that take items out of the queue.", "从队列取出数据项的线程。"},
              {"threads", "个"}));
  Integer capacity = integer("capacity", {0, 10000}, 5, {"Capacity of the queue", "队列容量"},
                             {"When so many items wait, put() blocks. 0 means no limit.",
                              "队列里有这么多数据项时，put() 就会阻塞。0 表示不限。"},
                             {"items", "个"});
  Integer items = integer(
      "items", {1, 1'000'000}, 120, {"Items", "数据项总数"},
      {"How many items the producers make in all.", "所有生产者一共生产多少个。"}, {"items", "个"});
  Real produce_ms =
      real("produce_ms", {0, 1000}, 8, {"Time to produce", "生产一个数据项的时间"},
           {"What a producer takes for one item.", "一个生产者生产一个数据项所需的时间。"},
           {"ms", "毫秒"});
  Real consume_ms =
      real("consume_ms", {0, 1000}, 14, {"Time to consume", "消费一个数据项的时间"},
           {"What a consumer takes for one item.", "一个消费者消费一个数据项所需的时间。"},
           {"ms", "毫秒"});
  Real spread = real(
      "spread", {0, 100}, 60, {"Spread of the times", "时间的浮动"},
      {"How far single times lie from those, at random.", "每一次的时间随机偏离上面数值的幅度。"},
      {"%", "%"});
  Choice ending =
      choice("ending",
             {{"sentinel", {"Sentinel", "哨兵值"}},
              {"shutdown", {"Queue.shutdown()", "Queue.shutdown()"}}},
             "sentinel", {"How consumers learn the end", "消费者如何得知结束"},
             {"Sentinel: one special item for each consumer. Queue.shutdown(): get() throws "
              "ShutDown once the queue is empty.",
              "哨兵值：给每个消费者放一个特殊的数据项。Queue.shutdown()：队列取空后 get() "
              "抛出 ShutDown。"});
  Integer seed = random_seed();

  Result consumed = result("consumed", {"Items consumed", "消费的数据项"});
  Result elapsed_ms = result("elapsed_ms", {"Time", "用时"}, {"ms", "毫秒"});
  Result throughput = result("throughput", {"Throughput", "吞吐量"}, {"items/s", "个/秒"});

  Check exactly_once =
      check("exactly_once", {"{consumed} of {items} items arrived, each exactly once",
                             "{items} 个数据项到达了 {consumed} 个，每个恰好一次"});
} demo;

constexpr std::int64_t kSentinel = -1;

/// What the threads share.
struct Shared {
  Run& run;
  queue::Queue<std::int64_t> items;
  const std::int64_t total;
  std::atomic<std::int64_t> consumed{0};

  bool prints() const { return total <= kMostItemsPrinted; }

  void count_one() {
    const std::int64_t done = consumed.fetch_add(1) + 1;
    // A hundred steps show progress well enough.
    if (done == total || done % std::max<std::int64_t>(1, total / 100) == 0) {
      run.progress(static_cast<std::uint32_t>(done), static_cast<std::uint32_t>(total));
    }
  }
};

void produce(Shared& shared, Pace pace, std::int64_t first, std::int64_t step) {
  for (std::int64_t item = first; item < shared.total; item += step) {
    pace.take_one();
    shared.items.put(item);
    if (shared.prints()) shared.run.print("produced", item);
  }
}

/// Returns what it got.
std::vector<std::int64_t> consume(Shared& shared, Pace pace) {
  std::vector<std::int64_t> got;
  try {
    for (;;) {
      const std::int64_t item = shared.items.get();
      if (item == kSentinel) break;
      pace.take_one();
      got.push_back(item);
      if (shared.prints()) shared.run.print("consumed", item);
      shared.count_one();
    }
  } catch (const queue::ShutDown&) {
    // Nothing more will come.
  }
  return got;
}

void run(const Params& params, Run& run) {
  const std::int64_t producers = params[demo.producers];
  const std::int64_t consumers = params[demo.consumers];
  const std::int64_t total = params[demo.items];
  Shared shared{run, queue::Queue<std::int64_t>(params.count(demo.capacity), "items"), total};
  run.print(total, "items,", producers, "producers,", consumers, "consumers");

  std::vector<std::vector<std::int64_t>> got(static_cast<std::size_t>(consumers));
  std::deque<threading::Thread> producing;
  std::deque<threading::Thread> consuming;
  const Paces paces{.produce_ms = params[demo.produce_ms],
                    .consume_ms = params[demo.consume_ms],
                    .spread_percent = params[demo.spread],
                    .seed = params[demo.seed]};
  const runtime::Time start = runtime::Clock::now();
  for (std::int64_t i = 0; i < consumers; ++i) {
    consuming.emplace_back([&shared, &mine = got[static_cast<std::size_t>(i)],
                            pace = paces.of_consumer(i)] { mine = consume(shared, pace); },
                           "consumer-" + to_text(i + 1));
    consuming.back().start();
  }
  for (std::int64_t i = 0; i < producers; ++i) {
    producing.emplace_back([&shared, pace = paces.of_producer(i), i,
                            producers] { produce(shared, pace, i, producers); },
                           "producer-" + to_text(i + 1));
    producing.back().start();
  }

  for (auto& thread : producing) thread.join();
  run.print("all items produced");
  if (params[demo.ending] == "shutdown") {
    shared.items.shutdown();
  } else {
    for (std::int64_t i = 0; i < consumers; ++i) shared.items.put(kSentinel);
  }
  for (auto& thread : consuming) thread.join();
  const double elapsed = milliseconds_since(start);

  Arrivals arrivals(total);
  std::size_t count = 0;
  for (const auto& items : got) {
    count += items.size();
    for (const std::int64_t item : items) arrivals.add(item);
  }
  run.result(demo.consumed, count);
  run.result(demo.elapsed_ms, elapsed);
  run.result(demo.throughput, static_cast<double>(count) / elapsed * 1000);
  const bool once = arrivals.each_exactly_once();
  run.check(demo.exactly_once, once);
  run.print(once ? "every item arrived exactly once" : "items were lost or came twice");
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::producer_consumer
