// Throughput of the thread pool with tiny tasks, one thread submitting, against the textbook's pool
// and, where its header is found (CMake: WEFT_BENCH_PEERS), against BS::thread_pool.
#include "measure.h"

#include <atomic>
#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

#include "weft/futures/thread_pool_executor.h"

#if __has_include(<BS_thread_pool.hpp>)
#include <BS_thread_pool.hpp>
#define WEFT_BENCH_BS 1
#endif

namespace {

constexpr long kTasks = 100'000;
constexpr int kRounds = 5;

/// The peer: a std::mutex, a std::condition_variable, a std::packaged_task.
class MutexPool {
 public:
  explicit MutexPool(int workers) {
    for (int i = 0; i < workers; ++i) threads_.emplace_back([this] { work(); });
  }
  ~MutexPool() {
    {
      const std::lock_guard guard(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
    for (auto& thread : threads_) thread.join();
  }

  template <class F>
  void post(F function) {
    {
      const std::lock_guard guard(mutex_);
      tasks_.push(std::move(function));
    }
    changed_.notify_one();
  }
  template <class F>
  auto submit(F function) {
    using Result = std::invoke_result_t<F&>;
    auto task = std::make_shared<std::packaged_task<Result()>>(std::move(function));
    auto future = task->get_future();
    post([task] { (*task)(); });
    return future;
  }

 private:
  void work() {
    for (;;) {
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return closed_ || !tasks_.empty(); });
      if (tasks_.empty()) return;
      const std::function<void()> task = std::move(tasks_.front());
      tasks_.pop();
      lock.unlock();
      task();
    }
  }

  std::mutex mutex_;
  std::condition_variable changed_;
  std::queue<std::function<void()>> tasks_;
  bool closed_ = false;
  std::vector<std::thread> threads_;
};

/// Millions of tasks a second, all submitted and then all results taken.
template <class Submit, class Get>
double with_futures(Submit submit, Get get) {
  const auto start = std::chrono::steady_clock::now();
  std::vector<decltype(submit(0L))> futures;
  futures.reserve(kTasks);
  for (long i = 0; i < kTasks; ++i) futures.push_back(submit(i));
  for (auto& future : futures) weft::bench::keep(get(future));
  const std::chrono::duration<double, std::micro> elapsed =
      std::chrono::steady_clock::now() - start;
  return kTasks / elapsed.count();
}

/// … of tasks that nobody gets a result of.
template <class Post>
double without_futures(Post post) {
  std::atomic<long> ran{0};
  const auto start = std::chrono::steady_clock::now();
  for (long i = 0; i < kTasks; ++i) {
    post([&ran] { ran.fetch_add(1, std::memory_order_relaxed); });
  }
  while (ran.load(std::memory_order_relaxed) != kTasks) std::this_thread::yield();
  const std::chrono::duration<double, std::micro> elapsed =
      std::chrono::steady_clock::now() - start;
  return kTasks / elapsed.count();
}

template <class Ours, class Theirs>
void compare(const char* what, int workers, const char* peer, Ours ours, Theirs theirs) {
  std::vector<double> our_rates;
  std::vector<double> their_rates;
  std::vector<double> ratios;
  for (int round = 0; round < kRounds; ++round) {
    our_rates.push_back(ours());
    their_rates.push_back(theirs());
    ratios.push_back(our_rates.back() / their_rates.back());
  }
  std::printf("%s, %d workers: %6.2f M tasks/s, %s %6.2f, ratio %5.1f\n", what, workers,
              weft::bench::median(our_rates), peer, weft::bench::median(their_rates),
              weft::bench::median(ratios));
  std::fflush(stdout);
}

auto job(long i) {
  return [i] { return i + 1; };
}

void compare_all(int workers) {
  weft::futures::ThreadPoolExecutor pool(workers);
  const auto get = [](auto& future) { return future.get(); };
  const auto ours = [&] {
    return with_futures([&](long i) { return pool.submit(job(i)); },
                        [](auto& future) { return future.result(); });
  };
  const auto ours_posted = [&] {
    return without_futures([&](auto task) { pool.post(task); });
  };
  {
    MutexPool peer(workers);
    compare("submit", workers, "mutex pool", ours, [&] {
      return with_futures([&](long i) { return peer.submit(job(i)); }, get);
    });
    compare("post", workers, "mutex pool", ours_posted, [&] {
      return without_futures([&](auto task) { peer.post(task); });
    });
  }
#ifdef WEFT_BENCH_BS
  BS::thread_pool<> peer(static_cast<std::size_t>(workers));
  compare("submit", workers, "BS::thread_pool", ours, [&] {
    return with_futures([&](long i) { return peer.submit_task(job(i)); }, get);
  });
  compare("post", workers, "BS::thread_pool", ours_posted, [&] {
    return without_futures([&](auto task) { peer.detach_task(task); });
  });
#endif
}

}  // namespace

int main() {
  for (const int workers : {1, 2, 4}) compare_all(workers);
}
