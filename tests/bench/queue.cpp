// Throughput of the bounded queue, against the textbook's: a std::mutex and two condition variables.
#include "measure.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <vector>

#include "weft/queue/queue.h"

namespace {

/// The peer.
class MutexQueue {
 public:
  explicit MutexQueue(std::size_t capacity) : capacity_(capacity) {}

  void put(long item) {
    std::unique_lock lock(mutex_);
    not_full_.wait(lock, [&] { return items_.size() < capacity_; });
    items_.push_back(item);
    lock.unlock();
    not_empty_.notify_one();
  }

  long get() {
    std::unique_lock lock(mutex_);
    not_empty_.wait(lock, [&] { return !items_.empty(); });
    const long item = items_.front();
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
  std::deque<long> items_;
};

/// Millions of items a second that `pairs` producers hand to as many consumers.
template <class Queue>
double millions_a_second(int pairs, std::size_t capacity, long total) {
  Queue queue(capacity);
  const long share = total / pairs;
  const auto start = std::chrono::steady_clock::now();
  {
    std::vector<std::thread> threads;
    for (int i = 0; i < pairs; ++i) {
      threads.emplace_back([&] {
        for (long item = 0; item < share; ++item) queue.put(item);
      });
      threads.emplace_back([&] {
        for (long item = 0; item < share; ++item) weft::bench::keep(queue.get());
      });
    }
    for (auto& thread : threads) thread.join();
  }
  const std::chrono::duration<double, std::micro> elapsed =
      std::chrono::steady_clock::now() - start;
  return static_cast<double>(share * pairs) / elapsed.count();
}

void compare(int pairs, std::size_t capacity, long total) {
  std::vector<double> ours;
  std::vector<double> theirs;
  std::vector<double> ratios;
  for (int round = 0; round < 5; ++round) {
    ours.push_back(millions_a_second<weft::queue::Queue<long>>(pairs, capacity, total));
    theirs.push_back(millions_a_second<MutexQueue>(pairs, capacity, total));
    ratios.push_back(ours.back() / theirs.back());
  }
  std::printf("%dp%dc, capacity %4zu: %7.3f M items/s, mutex queue %7.3f, ratio %5.1f\n", pairs,
              pairs, capacity, weft::bench::median(ours), weft::bench::median(theirs),
              weft::bench::median(ratios));
  std::fflush(stdout);
}

}  // namespace

int main() {
  compare(1, 1, 20'000);
  compare(1, 16, 100'000);
  compare(1, 1024, 1'000'000);
  compare(4, 16, 100'000);
  compare(4, 1024, 400'000);
}
