// Throughput of the thread pool with tiny tasks: submitted and their results taken; posted; from one
// thread and from four; then with busy threads beside, and recorded. In each round every pool has its
// turn; the ratio is to the one that was the best in that round.
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <thread>
#include <vector>

#include "crowd.h"
#include "measure.h"
#include "pool_peers.h"
#include "recorded.h"

namespace {

using namespace weft;

constexpr int kRounds = 5;
constexpr int kProducers = 4;

auto job(long i) {
  return [i] { return i + 1; };
}

double rate(long tasks, std::chrono::steady_clock::time_point start) {
  const std::chrono::duration<double, std::micro> elapsed =
      std::chrono::steady_clock::now() - start;
  return static_cast<double>(tasks) / elapsed.count();
}

// Each of these: millions of tasks a second.

/// All submitted and then all results taken.
struct Submit {
  template <class Pool>
  static double run(Pool& pool, long tasks) {
    const auto start = std::chrono::steady_clock::now();
    std::vector<decltype(pool.submit(job(0)))> futures;
    futures.reserve(static_cast<std::size_t>(tasks));
    for (long i = 0; i < tasks; ++i) futures.push_back(pool.submit(job(i)));
    for (auto& future : futures) bench::keep(Pool::get(future));
    return rate(tasks, start);
  }
};

/// Tasks that nobody gets a result of.
struct Post {
  template <class Pool>
  static double run(Pool& pool, long tasks) {
    std::atomic<long> ran{0};
    const auto start = std::chrono::steady_clock::now();
    for (long i = 0; i < tasks; ++i) {
      pool.post([&ran] { ran.fetch_add(1, std::memory_order_relaxed); });
    }
    while (ran.load(std::memory_order_relaxed) != tasks) std::this_thread::yield();
    return rate(tasks, start);
  }
};

/// As Submit, but by several threads at once, each of which takes its own results.
struct SubmitOfMany {
  template <class Pool>
  static double run(Pool& pool, long tasks) {
    bench::Crowd crowd;
    for (int i = 0; i < kProducers; ++i) {
      crowd.add([&] { Submit::run(pool, tasks / kProducers); });
    }
    return static_cast<double>(tasks) / crowd.run();
  }
};

struct PostOfMany {
  template <class Pool>
  static double run(Pool& pool, long tasks) {
    std::atomic<long> ran{0};
    bench::Crowd crowd;
    for (int i = 0; i < kProducers; ++i) {
      crowd.add([&] {
        for (long n = 0; n < tasks / kProducers; ++n) {
          pool.post([&ran] { ran.fetch_add(1, std::memory_order_relaxed); });
        }
        while (ran.load(std::memory_order_relaxed) != tasks) std::this_thread::yield();
      });
    }
    return static_cast<double>(tasks) / crowd.run();
  }
};

struct Rates {
  const char* name;
  std::vector<double> all;
};

template <class Kind, class Pool>
Rates measure(int workers, long tasks) {
  Pool pool(workers);
  Kind::run(pool, tasks / 10);
  Rates rates{Pool::kName, {}};
  for (int round = 0; round < kRounds; ++round) rates.all.push_back(Kind::run(pool, tasks));
  return rates;
}

template <class Kind, class... Others>
void compare(const char* what, int workers, long tasks, bench::Peers<Others...>) {
  const Rates ours = measure<Kind, bench::Weft>(workers, tasks);
  const std::vector<Rates> peers{measure<Kind, Others>(workers, tasks)...};
  std::vector<double> ratios;
  for (int round = 0; round < kRounds; ++round) {
    double best = 0;
    for (const Rates& peer : peers)
      best = std::max(best, peer.all[static_cast<std::size_t>(round)]);
    ratios.push_back(ours.all[static_cast<std::size_t>(round)] / best);
  }
  std::printf("%s, %d workers: %6.2f M tasks/s", what, workers, bench::median(ours.all));
  for (const Rates& peer : peers) std::printf(", %s %.2f", peer.name, bench::median(peer.all));
  std::printf("; ratio to the best %.1f\n", bench::median(ratios));
  std::fflush(stdout);
}

void compare_all(long tasks) {
  for (const int workers : {1, 2, 4}) {
    compare<Submit>("submit", workers, tasks, bench::AllPeers{});
    compare<Post>("post", workers, tasks, bench::AllPeers{});
  }
  compare<SubmitOfMany>("submit by 4 threads", 2, tasks, bench::AllPeers{});
  compare<PostOfMany>("post by 4 threads", 2, tasks, bench::AllPeers{});
}

/// The pool alone, within a session that is recorded or not.
template <class Kind>
void compare_recorded(const char* what, int workers, long tasks) {
  const Rates plain = measure<Kind, bench::Weft>(workers, tasks);
  const auto recording = std::make_unique<bench::Recorded>();
  const Rates recorded = measure<Kind, bench::Weft>(workers, tasks);
  std::printf("%s, %d workers, recorded: %6.2f M tasks/s, not recorded %.2f, ratio %.2f\n", what,
              workers, bench::median(recorded.all), bench::median(plain.all),
              bench::median(recorded.all) / bench::median(plain.all));
  std::fflush(stdout);
}

/// Of the tasks of several threads that submit and wait for half a second: how evenly they were
/// served.
double evenness_of_submitters() {
  futures::ThreadPoolExecutor pool(2);
  std::vector<std::int64_t> done(kProducers);
  std::atomic<bool> over{false};
  bench::Crowd crowd;
  for (std::int64_t& mine : done) {
    crowd.add([&] {
      std::int64_t count = 0;
      for (; !over.load(std::memory_order_relaxed); ++count) pool.submit(job(1)).result();
      mine = count;
    });
  }
  crowd.add([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    over.store(true);
  });
  crowd.run();
  return bench::evenness(done);
}

void measure_fairness() {
  std::vector<double> rounds(10);
  for (double& round : rounds) round = evenness_of_submitters();
  std::ranges::sort(rounds);
  std::printf(
      "submit and wait, 4 threads, 2 workers: least/most done %.2f, median of 10 half-seconds, "
      "the least %.2f\n",
      rounds[rounds.size() / 2], rounds.front());
  std::fflush(stdout);
}

}  // namespace

int main() {
  constexpr long kTasks = 100'000;
  compare_all(kTasks);
  measure_fairness();
  compare_recorded<Submit>("submit", 1, kTasks);
  compare_recorded<Submit>("submit", 2, kTasks);
  compare_recorded<Post>("post", 2, kTasks);
  std::printf("with two busy threads beside:\n");
  const bench::Load load(2);
  compare_all(kTasks / 5);
  measure_fairness();
}
