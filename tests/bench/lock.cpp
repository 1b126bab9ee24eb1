// Lock against std::mutex: alone, and with threads that all want it.
#include "weft/threading/lock.h"

#include <cstdint>
#include <mutex>
#include <vector>

#include "crowd.h"
#include "measure.h"

namespace {

using namespace weft;
using Clock = std::chrono::steady_clock;
constexpr int kRounds = 5;
constexpr std::chrono::milliseconds kTime{100};

void compare_uncontended() {
  constexpr int kCount = 1'000'000;
  const auto cost = [](auto& lock) {
    return bench::nanoseconds_each(kCount, [&](int count) {
      for (int i = 0; i < count; ++i) {
        lock.lock();
        bench::keep(i);
        lock.unlock();
      }
    });
  };
  threading::Lock ours;
  std::mutex theirs;
  std::vector<double> our_costs;
  std::vector<double> their_costs;
  std::vector<double> ratios;
  for (int round = 0; round < kRounds; ++round) {
    our_costs.push_back(cost(ours));
    their_costs.push_back(cost(theirs));
    ratios.push_back(their_costs.back() / our_costs.back());
  }
  std::printf("uncontended: %.1f ns, std::mutex %.1f ns, ratio %.2f\n", bench::median(our_costs),
              bench::median(their_costs), bench::median(ratios));
  std::fflush(stdout);
}

struct Result {
  double millions_a_second;
  double evenness;  // of the turns that the threads got
};

/// Threads that all take turns, for long enough for each to have had its turns on the processors.
template <class Lock>
Result take_turns(int threads) {
  Lock lock;
  std::int64_t taken = 0;  // guarded by lock
  std::vector<std::int64_t> turns(static_cast<std::size_t>(threads));
  bench::Crowd crowd;
  for (std::int64_t& mine : turns) {
    crowd.add([&] {
      const auto end = Clock::now() + kTime;
      std::int64_t count = 0;
      for (; count % 64 != 0 || Clock::now() < end; ++count) {
        const std::lock_guard guard(lock);
        ++taken;
      }
      mine = count;
    });
  }
  const double elapsed = crowd.run();
  return {static_cast<double>(taken) / elapsed, bench::evenness(turns)};
}

void compare(int threads) {
  std::vector<double> ours;
  std::vector<double> theirs;
  std::vector<double> ratios;
  std::vector<double> our_evenness;
  std::vector<double> their_evenness;
  for (int round = 0; round < kRounds; ++round) {
    const Result our = take_turns<threading::Lock>(threads);
    const Result their = take_turns<std::mutex>(threads);
    ours.push_back(our.millions_a_second);
    theirs.push_back(their.millions_a_second);
    ratios.push_back(ours.back() / theirs.back());
    our_evenness.push_back(our.evenness);
    their_evenness.push_back(their.evenness);
  }
  std::printf(
      "%d threads: %.1f M turns/s, std::mutex %.1f, ratio %.2f; "
      "least/most turns %.2f, peer %.2f\n",
      threads, bench::median(ours), bench::median(theirs), bench::median(ratios),
      bench::median(our_evenness), bench::median(their_evenness));
  std::fflush(stdout);
}

void compare_all() {
  compare_uncontended();
  compare(2);
  compare(4);
}

}  // namespace

int main() {
  compare_all();
  std::printf("with two busy threads beside:\n");
  const bench::Load load(2);
  compare_all();
}
