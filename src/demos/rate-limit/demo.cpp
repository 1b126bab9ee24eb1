#include "demos/kit/demo.h"

#include <deque>
#include <vector>

#include "demos/kit/most.h"
#include "demos/kit/random.h"
#include "demos/kit/time.h"
#include "weft/threading/guard.h"
#include "weft/threading/semaphore.h"
#include "weft/threading/thread.h"

namespace weft::demos::rate_limit {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "rate-limit",
              .topic = "coordination",
              .title = {"Semaphore: a limit on requests", "信号量：限制并发请求"},
              .summary = {"Many clients ask a server that can't stand all of them at once. A "
                          "semaphore hands out so many permits and no more.",
                          "很多客户端要向一台服务器发请求，而它经不起所有人同时来。信号量只发这么多"
                          "张许可，多一张也没有。"}}) {}

  Integer clients = counts_threads(integer("clients", {1, 32}, 12, {"Clients", "客户端"},
                                           {"Threads that send requests.", "发送请求的线程。"},
                                           {"threads", "个"}));
  Integer requests = integer(
      "requests", {1, 200}, 4, {"Requests", "请求数"},
      {"How many each client sends, one after the other.", "每个客户端依次发送多少个请求。"},
      {"requests", "个"});
  Integer limit = integer("limit", {1, 32}, 8, {"Limit", "上限"},
                          {"The semaphore's value: how many requests may be under way at once.",
                           "信号量的初值：最多允许多少个请求同时进行。"},
                          {"requests", "个"});
  Boolean smaller =
      boolean("smaller", true, {"Smaller limits, too", "也试更小的上限"},
              {"Does the same with 1, 2, 4, … permits first.", "先用 1、2、4……张许可各做一遍。"});
  Real answer_ms = real(
      "answer_ms", {0, 1000}, 30, {"Time to answer", "应答用时"},
      {"What the server takes for one request.", "服务器处理一个请求所需的时间。"}, {"ms", "毫秒"});
  Real spread = real(
      "spread", {0, 100}, 50, {"Spread of the times", "时间的浮动"},
      {"How far single times lie from that, at random.", "每一次的时间随机偏离上面数值的幅度。"},
      {"%", "%"});
  Integer seed = random_seed();

  Result elapsed_ms = result("elapsed_ms", {"Time", "用时"}, {"ms", "毫秒"});
  Result most_at_once = result("most_at_once", {"Most requests at once", "同时进行的最多请求数"});

  Check limit_kept = check("limit_kept", {"There were never more requests at once than permits",
                                          "同时进行的请求从未超过许可数"});

  Sample waited_ms = sample("waited_ms", {"Wait for a permit", "等待许可的时间"}, {"ms", "毫秒"});

  Table<5> limits = table("limits", {"Limit against time", "上限与用时"},
                          {{{"Limit", "上限"}},
                           {{"Most at once", "同时最多"}},
                           {{"Time", "用时"}, {"ms", "毫秒"}},
                           {{"Requests", "请求"}, {"/s", "个/秒"}},
                           {{"Mean wait for a permit", "等待许可的平均时间"}, {"ms", "毫秒"}}});
} demo;

/// Somebody else's machine, which is slow to answer and counts who asks at the same time.
class Server {
 public:
  void answer(double milliseconds) {
    asking_.enter();
    wait_ms("answer", milliseconds);
    asking_.leave();
  }
  std::int64_t most_at_once() const { return asking_.most(); }

 private:
  AtOnce asking_;
};

/// What one client does: several requests, each with a permit.
void ask(Server& server, threading::Semaphore& permits, std::int64_t number, const Params& params,
         std::vector<double>& waited_ms) {
  Random random(static_cast<std::uint64_t>(params[demo.seed] + number * 1000));
  for (std::int64_t i = 0; i < params[demo.requests]; ++i) {
    const runtime::Time asked = runtime::Clock::now();
    const threading::Guard permit(permits);
    waited_ms.push_back(milliseconds_since(asked));
    server.answer(random.spread(params[demo.answer_ms], params[demo.spread]));
  }
}

struct Outcome {
  double elapsed_ms;
  std::int64_t most_at_once;
};

Outcome measure(std::int64_t limit, const Params& params, Run& run) {
  run.mark("limit " + to_text(limit));
  const std::int64_t clients = params[demo.clients];
  const std::int64_t requests = clients * params[demo.requests];
  Server server;
  threading::BoundedSemaphore permits(limit, "limit " + to_text(limit));
  std::vector<std::vector<double>> waited_ms(params.count(demo.clients));

  const runtime::Time start = runtime::Clock::now();
  std::deque<threading::Thread> threads;
  for (std::int64_t number = 1; number <= clients; ++number) {
    std::vector<double>& waited = waited_ms[static_cast<std::size_t>(number - 1)];
    threads.emplace_back(
        [&, number] {
          ask(server, permits, number, params, waited);
          run.print("limit", limit, "client", number, "has its answers");
        },
        "client-" + to_text(number));
    threads.back().start();
  }
  for (auto& thread : threads) thread.join();
  const double elapsed = milliseconds_since(start);

  double waited = 0;
  for (const auto& of_one : waited_ms) {
    for (const double milliseconds : of_one) {
      waited += milliseconds;
      if (limit == params[demo.limit]) run.sample(demo.waited_ms, milliseconds);
    }
  }
  run.row(demo.limits, limit, server.most_at_once(), to_text(elapsed, 0),
          to_text(static_cast<double>(requests) / elapsed * 1000, 1),
          to_text(waited / static_cast<double>(requests), 1));
  run.print("limit", limit, "all", requests, "requests answered");
  return {elapsed, server.most_at_once()};
}

/// 1, 2, 4, … and at last the limit itself.
std::vector<std::int64_t> limits_up_to(std::int64_t limit) {
  std::vector<std::int64_t> limits;
  for (std::int64_t each = 1; each < limit; each *= 2) limits.push_back(each);
  limits.push_back(limit);
  return limits;
}

void run(const Params& params, Run& run) {
  const std::int64_t limit = params[demo.limit];
  run.print(params[demo.clients], "clients,", params[demo.requests], "requests each");
  bool kept = true;
  Outcome last{};
  for (const std::int64_t each : params[demo.smaller] ? limits_up_to(limit) : std::vector{limit}) {
    last = measure(each, params, run);
    kept = kept && last.most_at_once <= each;
  }
  run.result(demo.elapsed_ms, last.elapsed_ms);
  run.result(demo.most_at_once, last.most_at_once);
  run.check(demo.limit_kept, kept);
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::rate_limit
