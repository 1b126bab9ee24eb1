#include "demos/kit/demo.h"

#include <algorithm>
#include <deque>

#include "demos/kit/time.h"
#include "weft/shared.h"
#include "weft/threading/guard.h"
#include "weft/threading/lock.h"
#include "weft/threading/thread.h"

namespace weft::demos::locked_update {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "locked-update",
              .topic = "races",
              .title = {"Two million locked updates", "加锁更新两百万次"},
              .summary = {
                  "Ten threads update one score 200,000 times each. Every point that is added is "
                  "taken away again, so the score must come back to where it was, if no update "
                  "gets lost.",
                  "十个线程各把同一个分数更新 20 "
                  "万次。加上去的分都会减回来，所以只要没有更新丢失，分数最后必定回到起点。"}}) {}

  Choice locking = choice("locking",
                          {{"none", {"None", "不加锁"}},
                           {"update", {"Each update", "每次更新加锁"}},
                           {"batch", {"Each thousand rounds", "每一千轮加一次锁"}}},
                          "update", {"Locking", "加锁方式"},
                          {"How long a thread holds the lock: not at all, for one update, or for a "
                           "thousand rounds at once.",
                           "线程每次持有锁多久：完全不用锁、一次更新，或者一口气一千轮。"});
  Integer threads = counts_threads(
      integer("threads", {1, 32}, 10, {"Threads", "线程数"},
              {"How many update the score at the same time.", "同时更新分数的线程数。"},
              {"threads", "个"}));
  Integer rounds =
      integer("rounds", {1, 1'000'000}, 100'000, {"Rounds", "轮数"},
              {"In each, a thread adds some points and takes them away again: two updates.",
               "每一轮里，线程加上几分再减掉：更新两次。"},
              {"times", "轮"});
  Integer points =
      integer("points", {1, 100}, 5, {"Points", "每次的分数"},
              {"How many are added and taken away.", "每次加上、再减掉多少分。"}, {"points", "分"});
  Integer score =
      integer("score", {-1'000'000, 1'000'000}, 100, {"Score at the start", "初始分数"},
              {"What it must be at the end, too.", "结束时也必须是这个值。"}, {"points", "分"});

  Result score_result = result("score", {"Score at the end", "最后的分数"}, {"points", "分"});
  Result off = result("off", {"Off by", "相差"}, {"points", "分"});
  Result updates = result("updates", {"Updates", "更新次数"});
  Result rate = result("rate", {"Updates a second", "每秒更新次数"});
  Result elapsed_ms = result("elapsed_ms", {"Time", "用时"}, {"ms", "毫秒"});

  Check back = check("back", {"After {updates} updates the score is back at {score}",
                              "更新 {updates} 次之后，分数回到了 {score}"});
} demo;

// How many rounds a thread does under one acquire() if it locks coarsely.
constexpr std::int64_t kBatch = 1000;

/// What the threads share. Millions of updates, which nobody could look at one by one: neither the
/// score nor its lock is recorded.
struct Game {
  Shared<std::int64_t> score;
  threading::Lock lock{{.name = "score lock", .recorded = Recorded::no}};

  explicit Game(std::int64_t start) : score(start, {.name = "score", .recorded = Recorded::no}) {}
};

/// Two updates, the second of which takes back what the first has added.
void play(Game& game, std::int64_t points) {
  game.score += points;
  game.score -= points;
}

void play_with_lock(Game& game, std::int64_t points) {
  {
    const threading::Guard guard(game.lock);
    game.score += points;
  }
  const threading::Guard guard(game.lock);
  game.score -= points;
}

void play_rounds(Game& game, const std::string& locking, std::int64_t rounds, std::int64_t points) {
  if (locking == "batch") {
    const threading::Guard guard(game.lock);
    for (std::int64_t i = 0; i < rounds; ++i) play(game, points);
  } else if (locking == "update") {
    for (std::int64_t i = 0; i < rounds; ++i) play_with_lock(game, points);
  } else {
    for (std::int64_t i = 0; i < rounds; ++i) play(game, points);
  }
}

/// How far all of them have come together.
class Progress {
 public:
  Progress(Run& run, std::int64_t total) : run_(run), total_(total) {}

  void add(std::int64_t rounds) {
    const threading::Guard guard(lock_);
    done_ += rounds;
    // A hundred steps show progress well enough.
    const std::int64_t percent = 100 * done_ / total_;
    if (percent == percent_) return;
    percent_ = percent;
    run_.progress(static_cast<std::uint32_t>(percent), 100);
  }

 private:
  Run& run_;
  const std::int64_t total_;
  threading::Lock lock_{{.name = "progress", .recorded = Recorded::no}};
  std::int64_t done_ = 0;     // guarded by lock_
  std::int64_t percent_ = 0;  // guarded by lock_
};

void run(const Params& params, Run& run) {
  const std::int64_t count = params[demo.threads];
  const std::int64_t rounds = params[demo.rounds];
  const std::int64_t start_score = params[demo.score];
  const std::int64_t points = params[demo.points];
  const std::string& locking = params[demo.locking];
  run.print("the score is", start_score);
  run.print(count, "threads add and take away", points, "points,", rounds, "times each");

  // Else its threads would seem to share nothing.
  if (locking != "none") run.mark("score lock: not recorded");
  Game game(start_score);
  Progress progress(run, count * rounds);
  std::deque<threading::Thread> threads;
  const runtime::Time start = runtime::Clock::now();
  for (std::int64_t i = 1; i <= count; ++i) {
    threads.emplace_back(
        [&] {
          for (std::int64_t done = 0; done < rounds; done += kBatch) {
            const std::int64_t batch = std::min(kBatch, rounds - done);
            play_rounds(game, locking, batch, points);
            progress.add(batch);
          }
        },
        "player-" + to_text(i));
    threads.back().start();
  }
  for (auto& thread : threads) thread.join();
  const double elapsed = milliseconds_since(start);

  const std::int64_t score = game.score;
  run.result(demo.score_result, score);
  run.result(demo.off, score - start_score);
  run.result(demo.updates, 2 * count * rounds);
  run.result(demo.rate, static_cast<double>(2 * count * rounds) / elapsed * 1000);
  run.result(demo.elapsed_ms, elapsed);
  if (locking == "none") {
    run.print("without a lock, nobody can say what the score is now");
  } else {
    run.check(demo.back, score == start_score);
    run.print("the score is", score, "again");
  }
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::locked_update
