#include "demos/kit/demo.h"

#include <atomic>
#include <deque>
#include <vector>

#include "demos/bounded-buffer/slots.h"
#include "demos/kit/items.h"
#include "weft/threading/condition.h"
#include "weft/threading/guard.h"
#include "weft/threading/lock.h"
#include "weft/threading/thread.h"

namespace weft::demos::bounded_buffer {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "bounded-buffer",
              .topic = "coordination",
              .title = {"Condition: a bounded buffer", "条件变量：有界缓冲区"},
              .summary = {
                  "A queue built by hand from a lock and conditions, right, and with the mistakes "
                  "that everybody makes once.",
                  "用锁和条件变量亲手搭一个有界队列：有正确的写法，也有人人都会犯一次的错误。"}}) {}

  Choice way = choice("way",
                      {{"right", {"Right: two conditions", "正确：两个条件变量"}},
                       {"notify_all", {"Right: one, notify_all()", "正确：一个，notify_all()"}},
                       {"if", {"Mistake: if instead of while", "错误：用 if 代替 while"}},
                       {"one_notify", {"Mistake: one, notify()", "错误：一个，notify()"}},
                       {"no_notify", {"Mistake: take forgets to notify", "错误：取走后忘了通知"}}},
                      "right", {"The buffer", "缓冲区的写法"},
                      {"How it waits and notifies. A mistake need not show in every run.",
                       "如何等待、如何通知。错误不一定每次运行都会暴露。"});
  Integer producers = counts_threads(
      integer("producers", {1, 16}, 2, {"Producers", "生产者"},
              {"Threads that put items into the buffer.", "向缓冲区放入数据项的线程。"},
              {"threads", "个"}));
  Integer consumers = counts_threads(
      integer("consumers", {1, 16}, 3, {"Consumers", "消费者"},
              {"Threads that take items out of the buffer.", "从缓冲区取出数据项的线程。"},
              {"threads", "个"}));
  Integer capacity = integer("capacity", {1, 64}, 2, {"Capacity", "容量"},
                             {"When so many items are in the buffer, put waits.",
                              "缓冲区里有这么多数据项时，put 就要等待。"},
                             {"items", "个"});
  Integer items = integer(
      "items", {1, 100'000}, 300, {"Items", "数据项总数"},
      {"How many items the producers make in all.", "所有生产者一共生产多少个。"}, {"items", "个"});
  Real produce_ms =
      real("produce_ms", {0, 1000}, 5, {"Time to produce", "生产一个数据项的时间"},
           {"What a producer takes for one item.", "一个生产者生产一个数据项所需的时间。"},
           {"ms", "毫秒"});
  Real consume_ms =
      real("consume_ms", {0, 1000}, 8, {"Time to consume", "消费一个数据项的时间"},
           {"What a consumer takes for one item.", "一个消费者消费一个数据项所需的时间。"},
           {"ms", "毫秒"});
  Real spread = real(
      "spread", {0, 100}, 60, {"Spread of the times", "时间的浮动"},
      {"How far single times lie from those, at random.", "每一次的时间随机偏离上面数值的幅度。"},
      {"%", "%"});
  Integer seed = random_seed();

  Result elapsed_ms = result("elapsed_ms", {"Time", "用时"}, {"ms", "毫秒"});
  Result sleeps = result("sleeps", {"Times a thread went to sleep", "线程睡下的次数"});
  Result wakes_in_vain = result("wakes_in_vain", {"Wakes in vain", "白白醒来的次数"});
  Result lost = result("lost", {"Items lost", "丢失的数据项"});
  Result repeated = result("repeated", {"Items that came more than once", "重复出现的数据项"});

  Check exactly_once =
      check("exactly_once", {"Every item arrived exactly once ({lost} lost, {repeated} repeated)",
                             "每个数据项恰好到达一次（丢失 {lost} 个，重复 {repeated} 个）"});
} demo;

using threading::Condition;
using threading::Guard;

/// How the buffer waits and notifies: rightly, or with one of the mistakes that everybody makes once.
struct Way {
  bool two_conditions = true;  // else one, on which producers and consumers wait together
  bool notifies_everybody = false;
  bool looks_again = true;  // else a thread that was woken takes it for granted that it may go on
  bool take_notifies = true;
};

Way way_of(const std::string& name) {
  if (name == "notify_all") return {.two_conditions = false, .notifies_everybody = true};
  if (name == "if") return {.looks_again = false};
  if (name == "one_notify") return {.two_conditions = false};
  if (name == "no_notify") return {.take_notifies = false};
  return {};
}

/// What queue.Queue does, by hand: put waits while the buffer is full, take while it is empty.
class BoundedBuffer {
 public:
  BoundedBuffer(std::int64_t capacity, Way way)
      : way_(way),
        slots_(capacity),
        room_(way.two_conditions ? not_full_ : changed_),
        items_(way.two_conditions ? not_empty_ : changed_) {}

  void put(std::int64_t item) {
    const Guard guard(lock_);
    await(room_, [&] { return slots_.count() < slots_.capacity(); });
    slots_.put(item);
    notify(items_);
  }

  std::int64_t take() {
    const Guard guard(lock_);
    await(items_, [&] { return slots_.count() > 0; });
    const std::int64_t item = slots_.take();
    if (way_.take_notifies) notify(room_);
    return item;
  }

  /// How often a thread went to sleep, and how often it was woken for nothing.
  std::int64_t sleeps() const { return sleeps_; }
  std::int64_t wakes_in_vain() const { return in_vain_; }

 private:
  template <class Ready>
  void await(Condition& condition, Ready ready, runtime::Where where = runtime::Where::current()) {
    std::int64_t looked_in_vain = 0;
    const auto look = [&] { return ready() || (++looked_in_vain, false); };
    if (way_.looks_again) {
      condition.wait_for(look, {}, where);  // while (!look()) condition.wait();
    } else if (!look()) {
      condition.wait({}, where);
    }
    sleeps_ += looked_in_vain;
    if (looked_in_vain > 1) in_vain_ += looked_in_vain - 1;
  }

  void notify(Condition& condition) {
    if (way_.notifies_everybody) {
      condition.notify_all();
    } else {
      condition.notify();
    }
  }

  const Way way_;
  threading::Lock lock_{"buffer"};
  Slots slots_;  // guarded by lock_, as are the two counts
  std::int64_t sleeps_ = 0;
  std::int64_t in_vain_ = 0;
  Condition not_full_{lock_, "not full"};
  Condition not_empty_{lock_, "not empty"};
  Condition changed_{lock_, "changed"};
  Condition& room_;
  Condition& items_;
};

/// What the threads share.
struct Shared {
  Run& run;
  BoundedBuffer buffer;
  const std::int64_t total;
  std::atomic<std::int64_t> claimed{0};  // consumers agree beforehand who takes how many

  bool prints() const { return total <= kMostItemsPrinted; }
};

void produce(Shared& shared, Pace pace, std::int64_t first, std::int64_t step) {
  for (std::int64_t item = first; item < shared.total; item += step) {
    pace.take_one();
    shared.buffer.put(item);
    if (shared.prints()) shared.run.print("produced", item);
  }
}

/// Returns what it took.
std::vector<std::int64_t> consume(Shared& shared, Pace pace) {
  std::vector<std::int64_t> took;
  while (shared.claimed.fetch_add(1) < shared.total) {
    const std::int64_t item = shared.buffer.take();
    pace.take_one();
    took.push_back(item);
    if (shared.prints()) shared.run.print("consumed", item);
  }
  return took;
}

void report(const std::vector<std::vector<std::int64_t>>& taken, std::int64_t total, Run& run) {
  Arrivals arrivals(total);
  for (const auto& items : taken) {
    for (const std::int64_t item : items) {
      if (item != Slots::kNothing) arrivals.add(item);
    }
  }
  const bool once = arrivals.each_exactly_once();
  run.result(demo.lost, arrivals.lost());
  run.result(demo.repeated, arrivals.repeated());
  run.check(demo.exactly_once, once);
  if (once) {
    run.print("every item arrived exactly once");
  } else {
    run.print(arrivals.lost(), "items were lost,", arrivals.repeated(), "came more than once");
  }
}

void run(const Params& params, Run& run) {
  const std::int64_t producers = params[demo.producers];
  const std::int64_t consumers = params[demo.consumers];
  const std::int64_t total = params[demo.items];
  Shared shared{run, BoundedBuffer(params[demo.capacity], way_of(params[demo.way])), total};
  run.print(total, "items,", producers, "producers,", consumers, "consumers, room for",
            params[demo.capacity]);

  std::vector<std::vector<std::int64_t>> taken(static_cast<std::size_t>(consumers));
  std::deque<threading::Thread> threads;
  const Paces paces{.produce_ms = params[demo.produce_ms],
                    .consume_ms = params[demo.consume_ms],
                    .spread_percent = params[demo.spread],
                    .seed = params[demo.seed]};
  const runtime::Time start = runtime::Clock::now();
  for (std::int64_t i = 0; i < consumers; ++i) {
    threads.emplace_back([&shared, &mine = taken[static_cast<std::size_t>(i)],
                          pace = paces.of_consumer(i)] { mine = consume(shared, pace); },
                         "consumer-" + to_text(i + 1));
    threads.back().start();
  }
  for (std::int64_t i = 0; i < producers; ++i) {
    threads.emplace_back([&shared, pace = paces.of_producer(i), i,
                          producers] { produce(shared, pace, i, producers); },
                         "producer-" + to_text(i + 1));
    threads.back().start();
  }
  for (auto& thread : threads) thread.join();

  run.result(demo.elapsed_ms, milliseconds_since(start));
  run.result(demo.sleeps, shared.buffer.sleeps());
  run.result(demo.wakes_in_vain, shared.buffer.wakes_in_vain());
  report(taken, total, run);
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::bounded_buffer
