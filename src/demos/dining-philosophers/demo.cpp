#include "demos/kit/demo.h"

#include <algorithm>
#include <deque>
#include <vector>

#include "demos/dining-philosophers/fairness.h"
#include "demos/dining-philosophers/table.h"
#include "demos/kit/time.h"
#include "weft/threading/thread.h"

namespace weft::demos::dining_philosophers {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "dining-philosophers",
              .topic = "deadlocks",
              .title = {"Dining philosophers", "哲学家就餐"},
              .summary = {"Philosophers at a round table think, get hungry, and need both the fork "
                          "to their left and the one to their right to eat. How they take them "
                          "decides whether they starve, and how long they wait.",
                          "哲学家围坐在圆桌旁，时而思考，时而饥饿，要拿到左右两把叉子才能吃饭。怎样"
                          "拿叉子，决定了他们会不会饿死、要等多久。"}}) {}

  Choice strategy =
      choice("strategy",
             {{"naive", {"Left, then right", "先左后右"}},
              {"ordered", {"Smaller number first", "先拿编号小的"}},
              {"waiter", {"Ask the waiter", "先问服务员"}},
              {"timeout", {"Put down and try again", "放下再试"}}},
             "ordered", {"Strategy", "策略"},
             {"How the forks are taken. Waiter: lets all but one philosopher reach for forks. "
              "Try again: who waits too long for the right fork puts the left one down.",
              "怎样拿叉子。服务员：最多允许少一个的人同时去拿叉子。"
              "放下再试：等右边的叉子太久，就把左边的放下。"});
  Integer philosophers = counts_threads(
      integer("philosophers", {2, 32}, 5, {"Philosophers", "哲学家"},
              {"As many forks as philosophers lie on the table.", "桌上的叉子和哲学家一样多。"},
              {"threads", "位"}));
  Integer meals = integer(
      "meals", {1, 10'000}, 200, {"Portions", "饭的份数"},
      {"How many are in the pot, for all of them together.", "锅里一共有多少份饭，大家共享。"},
      {"portions", "份"});
  Real think_ms = real("think_ms", {0, 1000}, 4, {"Time to think", "思考的时间"},
                       {"How long a philosopher thinks before getting hungry, give or take a half.",
                        "饿之前思考多久，上下浮动一半。"},
                       {"ms", "毫秒"});
  Real eat_ms =
      real("eat_ms", {0, 1000}, 6, {"Time to eat", "吃饭的时间"},
           {"How long a meal takes, give or take a half.", "吃一份饭要多久，上下浮动一半。"},
           {"ms", "毫秒"});
  Real timeout_ms =
      only_when(strategy, "timeout",
                real("timeout_ms", {0, 1000}, 5, {"Patience", "耐心"},
                     {"How long a philosopher waits for the right fork, and how long, on "
                      "average, before the next attempt.",
                      "等右边的叉子最多等多久，以及平均隔多久再试。"},
                     {"ms", "毫秒"}));
  Boolean meet =
      only_when(strategy, "naive",
                boolean("meet", false, {"Reach at the same time", "同时伸手"},
                        {"At the first meal all take their left fork before anybody reaches "
                         "for the right one: a deadlock for sure. Without it luck decides.",
                         "第一餐时，大家都拿到左边的叉子之后才去拿右边的：必定死锁。"
                         "关掉之后全凭运气。"}));
  Integer seed = random_seed();

  Result meals_per_second = result("meals_per_second", {"Meals a second", "每秒吃掉的份数"});
  Result longest_hunger_ms =
      result("longest_hunger_ms", {"Longest hunger", "最长的一次饥饿"}, {"ms", "毫秒"});
  Result fairness =
      result("fairness", {"Fairness (1 = all ate the same)", "公平指数（1 = 大家吃得一样多）"});
  Result retries = result("retries", {"Forks put down again", "放下叉子的次数"});
  Result elapsed_ms = result("elapsed_ms", {"Time", "用时"}, {"ms", "毫秒"});

  Check all_eaten = check("all_eaten", {"All {meals} portions were eaten", "{meals} 份饭全部吃完"});

  demos::Table<4> philosophers_table =
      table("philosophers", {"Philosophers", "哲学家"},
            {{{"Name", "名字"}},
             {{"Meals", "吃的份数"}},
             {{"Hungry in all", "饥饿总时长"}, {"ms", "毫秒"}},
             {{"Longest hunger", "最长的一次饥饿"}, {"ms", "毫秒"}}});
} demo;

// Beyond this, a line for each meal would hide what there is to see.
constexpr std::int64_t kSteps = 100;

/// What one philosopher has gone through.
struct Philosopher {
  std::string name;
  Random random;
  std::int64_t meals = 0;
  double hunger_ms = 0;
  double longest_hunger_ms = 0;

  void was_hungry(double ms) {
    hunger_ms += ms;
    longest_hunger_ms = std::max(longest_hunger_ms, ms);
  }
};

void show_progress(std::int64_t eaten, std::int64_t total, Run& run) {
  if (eaten != total && eaten % std::max<std::int64_t>(1, total / kSteps) != 0) return;
  run.progress(static_cast<std::uint32_t>(eaten), static_cast<std::uint32_t>(total));
}

/// Thinks, gets hungry, takes the forks and eats, until the pot is empty.
void dine(Table& table, std::size_t seat, Philosopher& self, const Params& params, Run& run) {
  for (;;) {
    do_ms("think", self.random.spread(params[demo.think_ms], 50));
    const runtime::Time hungry = runtime::Clock::now();
    table.take_forks(seat, self.random);
    const double hunger_ms = milliseconds_since(hungry);
    if (!table.take_portion()) {
      table.put_forks_down(seat);
      return;
    }
    self.was_hungry(hunger_ms);
    ++self.meals;
    show_progress(table.eaten(), params[demo.meals], run);
    do_ms("eat", self.random.spread(params[demo.eat_ms], 50));
    table.put_forks_down(seat);
  }
}

std::vector<double> meals_of(const std::deque<Philosopher>& philosophers) {
  std::vector<double> meals;
  for (const Philosopher& one : philosophers) meals.push_back(static_cast<double>(one.meals));
  return meals;
}

void report(const std::deque<Philosopher>& philosophers, double elapsed_ms, Run& run) {
  double longest = 0;
  std::int64_t meals = 0;
  for (const Philosopher& one : philosophers) {
    run.row(demo.philosophers_table, one.name, one.meals, to_text(one.hunger_ms, 1),
            to_text(one.longest_hunger_ms, 1));
    longest = std::max(longest, one.longest_hunger_ms);
    meals += one.meals;
  }
  run.result(demo.meals_per_second, static_cast<double>(meals) / elapsed_ms * 1000);
  run.result(demo.longest_hunger_ms, longest);
  run.result(demo.fairness, fairness(meals_of(philosophers)));
  run.result(demo.elapsed_ms, elapsed_ms);
}

void run(const Params& params, Run& run) {
  const std::size_t count = params.count(demo.philosophers);
  const std::int64_t meals = params[demo.meals];
  run.print(count, "philosophers share", meals, "portions");

  Table table({.seats = params[demo.philosophers],
               .portions = meals,
               .strategy = params[demo.strategy],
               .timeout_ms = params[demo.timeout_ms],
               .meet = params[demo.meet]});
  std::deque<Philosopher> philosophers;
  for (std::size_t i = 0; i < count; ++i) {
    const auto seed = static_cast<std::uint64_t>(params[demo.seed]) * 1000 + i;
    philosophers.push_back({"philosopher-" + to_text(i + 1), Random(seed)});
  }

  const runtime::Time start = runtime::Clock::now();
  std::deque<threading::Thread> threads;
  for (std::size_t i = 0; i < count; ++i) {
    threads.emplace_back([&, i] { dine(table, i, philosophers[i], params, run); },
                         philosophers[i].name);
    threads.back().start();
  }
  for (auto& thread : threads) {
    thread.join();
    run.print(thread.name(), "leaves the table");
  }

  report(philosophers, milliseconds_since(start), run);
  run.result(demo.retries, table.retries());
  run.check(demo.all_eaten, table.eaten() == meals);
  run.print(table.eaten(), "portions were eaten");
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::dining_philosophers
