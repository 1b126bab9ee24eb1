// Items a second through the queue, against the textbook's (a std::mutex and two condition
// variables) and moodycamel's, if it is there; then with busy threads beside, and recorded.
#include "weft/queue/queue.h"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <limits>
#include <mutex>
#include <numeric>
#include <vector>

#include "crowd.h"
#include "measure.h"
#include "recorded.h"
#include "weft/queue/simple_queue.h"
#include "weft/threading/thread.h"

#if __has_include(<concurrentqueue/blockingconcurrentqueue.h>)
#include <concurrentqueue/blockingconcurrentqueue.h>
#define WEFT_HAS_MOODYCAMEL
#endif

namespace {

using namespace weft;
using Item = std::int64_t;
constexpr Item kEnd = -1;
using Clock = std::chrono::steady_clock;
constexpr int kRounds = 5;
constexpr std::chrono::milliseconds kTime{100};
constexpr Item kMost = 2'000'000;  // of an unbounded queue, which may have to hold them all
constexpr Item kNoEnd = std::numeric_limits<Item>::max();

/// The peer of a bounded queue.
class MutexQueue {
 public:
  explicit MutexQueue(std::size_t capacity) : capacity_(capacity) {}

  void put(Item item) {
    std::unique_lock lock(mutex_);
    not_full_.wait(lock, [&] { return capacity_ == 0 || items_.size() < capacity_; });
    items_.push_back(item);
    lock.unlock();
    not_empty_.notify_one();
  }

  Item get() {
    std::unique_lock lock(mutex_);
    not_empty_.wait(lock, [&] { return !items_.empty(); });
    const Item item = items_.front();
    items_.pop_front();
    lock.unlock();
    not_full_.notify_one();
    return item;
  }

 private:
  const std::size_t capacity_;
  std::mutex mutex_;
  std::condition_variable not_empty_;
  std::condition_variable not_full_;
  std::deque<Item> items_;
};

#ifdef WEFT_HAS_MOODYCAMEL
/// The peer of an unbounded queue.
class Moodycamel {
 public:
  explicit Moodycamel(std::size_t) {}
  void put(Item item) { items_.enqueue(item); }
  Item get() {
    Item item;
    items_.wait_dequeue(item);
    return item;
  }

 private:
  moodycamel::BlockingConcurrentQueue<Item> items_;
};
using UnboundedPeer = Moodycamel;
constexpr const char* kUnboundedPeer = "moodycamel";
#else
using UnboundedPeer = MutexQueue;
constexpr const char* kUnboundedPeer = "mutex queue (no moodycamel here)";
#endif

struct Result {
  double millions_a_second;
  double evenness;  // of the items that the consumers got
};

/// `pairs` producers hand items to as many consumers, for some time: long enough for each to have had
/// its turns on the processors, so that it tells how evenly these were shared out. An unbounded
/// queue, which may have to hold them all, gets so many at most.
template <class Queue, class Threads>
Result exchange(int pairs, std::size_t capacity) {
  Queue queue(capacity);
  const Item share = (capacity == 0 ? kMost : kNoEnd) / pairs;
  std::vector<std::int64_t> got(static_cast<std::size_t>(pairs));
  std::atomic<int> producing{pairs};
  Threads crowd;
  for (std::int64_t& mine : got) {
    crowd.add([&] {
      const auto end = Clock::now() + kTime;
      for (Item item = 0; item < share; ++item) {
        if (item % 64 == 0 && Clock::now() >= end) break;
        queue.put(item);
      }
      if (--producing == 0) {
        for (int i = 0; i < pairs; ++i) queue.put(kEnd);
      }
    });
    crowd.add([&] {
      std::int64_t count = 0;
      while (queue.get() != kEnd) ++count;
      mine = count;
    });
  }
  const double elapsed = crowd.run();
  const auto total = std::accumulate(got.begin(), got.end(), std::int64_t{0});
  return {static_cast<double>(total) / elapsed, bench::evenness(got)};
}

template <class Ours, class Peer>
void compare(const char* peer, int pairs, std::size_t capacity) {
  std::vector<double> ours;
  std::vector<double> theirs;
  std::vector<double> ratios;
  std::vector<double> our_evenness;
  std::vector<double> their_evenness;
  for (int round = 0; round < kRounds; ++round) {
    const Result our = exchange<Ours, bench::Crowd>(pairs, capacity);
    const Result their = exchange<Peer, bench::Crowd>(pairs, capacity);
    ours.push_back(our.millions_a_second);
    theirs.push_back(their.millions_a_second);
    ratios.push_back(ours.back() / theirs.back());
    our_evenness.push_back(our.evenness);
    their_evenness.push_back(their.evenness);
  }
  char size[32] = "unbounded";
  if (capacity != 0) std::snprintf(size, sizeof size, "capacity %zu", capacity);
  std::printf("%dp%dc, %-13s: %7.3f M items/s, %s %7.3f, ratio %.2f", pairs, pairs, size,
              bench::median(ours), peer, bench::median(theirs), bench::median(ratios));
  if (pairs > 1) {
    std::printf("; least/most got %.2f, peer %.2f", bench::median(our_evenness),
                bench::median(their_evenness));
  }
  std::printf("\n");
  std::fflush(stdout);
}

void compare_all() {
  using Ours = queue::Queue<Item>;
  compare<Ours, MutexQueue>("mutex queue", 1, 1);
  compare<Ours, MutexQueue>("mutex queue", 1, 16);
  compare<Ours, MutexQueue>("mutex queue", 1, 1024);
  compare<Ours, MutexQueue>("mutex queue", 4, 16);
  compare<Ours, MutexQueue>("mutex queue", 4, 1024);
  compare<Ours, UnboundedPeer>(kUnboundedPeer, 1, 0);
  compare<Ours, UnboundedPeer>(kUnboundedPeer, 4, 0);
}

using SessionCrowd = bench::CrowdOf<threading::Thread>;

void measure_recorded(int pairs, std::size_t capacity) {
  using Ours = queue::Queue<Item>;
  std::vector<double> plain;
  std::vector<double> recorded;
  std::vector<double> ratios;
  for (int round = 0; round < kRounds; ++round) {
    plain.push_back(exchange<Ours, SessionCrowd>(pairs, capacity).millions_a_second);
    const bench::Recorded recording;
    recorded.push_back(exchange<Ours, SessionCrowd>(pairs, capacity).millions_a_second);
    ratios.push_back(recorded.back() / plain.back());
  }
  std::printf("%dp%dc, capacity %4zu, recorded: %7.3f M items/s, not recorded %7.3f, ratio %.2f\n",
              pairs, pairs, capacity, bench::median(recorded), bench::median(plain),
              bench::median(ratios));
  std::fflush(stdout);
}

}  // namespace

int main() {
  compare_all();
  measure_recorded(1, 1);
  measure_recorded(1, 16);
  measure_recorded(1, 1024);
  measure_recorded(4, 16);
  std::printf("with two busy threads beside:\n");
  const bench::Load load(2);
  compare_all();
}
