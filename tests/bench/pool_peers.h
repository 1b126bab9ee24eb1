#pragma once

// Thread pools to compare with: the textbook's, and those whose headers are found: Debian's
// libasio-dev, and folders that CMake's WEFT_BENCH_PEERS names.

#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <queue>
#include <thread>
#include <utility>
#include <vector>

#if __has_include(<BS_thread_pool.hpp>)
#include <BS_thread_pool.hpp>
#define WEFT_BENCH_BS
#endif
#if __has_include(<taskflow/taskflow.hpp>)
#include <taskflow/taskflow.hpp>
#define WEFT_BENCH_TASKFLOW
#endif
#if __has_include(<asio.hpp>)
#include <asio.hpp>
#define WEFT_BENCH_ASIO
#endif

#include "weft/futures/thread_pool_executor.h"

namespace weft::bench {

struct Weft {
  static constexpr const char* kName = "Weft";
  explicit Weft(int workers) : pool(workers) {}
  template <class F>
  auto submit(F function) {
    return pool.submit(std::move(function));
  }
  template <class F>
  void post(F function) {
    pool.post(std::move(function));
  }
  template <class Future>
  static auto get(Future& future) {
    return future.result();
  }
  futures::ThreadPoolExecutor pool;
};

struct WithStandardFutures {
  template <class Future>
  static auto get(Future& future) {
    return future.get();
  }
};

/// A std::mutex, a std::condition_variable, a std::packaged_task.
class MutexPool : public WithStandardFutures {
 public:
  static constexpr const char* kName = "mutex";
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

#ifdef WEFT_BENCH_BS
struct Bs : WithStandardFutures {
  static constexpr const char* kName = "BS";
  explicit Bs(int workers) : pool(static_cast<std::size_t>(workers)) {}
  template <class F>
  auto submit(F function) {
    return pool.submit_task(std::move(function));
  }
  template <class F>
  void post(F function) {
    pool.detach_task(std::move(function));
  }
  ::BS::thread_pool<> pool;
};
#endif

#ifdef WEFT_BENCH_TASKFLOW
struct Taskflow : WithStandardFutures {
  static constexpr const char* kName = "Taskflow";
  explicit Taskflow(int workers) : pool(static_cast<std::size_t>(workers)) {}
  template <class F>
  auto submit(F function) {
    return pool.async(std::move(function));
  }
  template <class F>
  void post(F function) {
    pool.silent_async(std::move(function));
  }
  tf::Executor pool;
};
#endif

#ifdef WEFT_BENCH_ASIO
struct Asio : WithStandardFutures {
  static constexpr const char* kName = "Asio";
  explicit Asio(int workers) : pool(static_cast<std::size_t>(workers)) {}
  ~Asio() { pool.join(); }
  template <class F>
  auto submit(F function) {
    return asio::post(pool, asio::use_future(std::move(function)));
  }
  template <class F>
  void post(F function) {
    asio::post(pool, std::move(function));
  }
  asio::thread_pool pool;
};
#endif

template <class... Pools>
struct Peers {};

using AllPeers = Peers<MutexPool
#ifdef WEFT_BENCH_BS
                       ,
                       Bs
#endif
#ifdef WEFT_BENCH_TASKFLOW
                       ,
                       Taskflow
#endif
#ifdef WEFT_BENCH_ASIO
                       ,
                       Asio
#endif
                       >;

}  // namespace weft::bench
