#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <thread>
#include <vector>

#include "measure.h"

namespace weft::bench {

/// Threads that begin their work together: std::thread, or threading::Thread, which is part of the
/// session of who makes it.
template <class Thread>
class CrowdOf {
 public:
  /// Adds a thread that runs `body` as soon as `run` is called.
  template <class Body>
  void add(Body body) {
    threads_.emplace_back([this, body] {
      ready_.fetch_add(1);
      while (!go_.load()) std::this_thread::yield();
      body();
    });
    if constexpr (requires(Thread& thread) { thread.start(); }) threads_.back().start();
  }

  /// Microseconds from when all begin until all have ended.
  double run() {
    while (ready_.load() != threads_.size()) std::this_thread::yield();
    const auto start = std::chrono::steady_clock::now();
    go_.store(true);
    for (Thread& thread : threads_) thread.join();
    const std::chrono::duration<double, std::micro> elapsed =
        std::chrono::steady_clock::now() - start;
    return elapsed.count();
  }

 private:
  std::atomic<std::size_t> ready_{0};
  std::atomic<bool> go_{false};
  std::deque<Thread> threads_;
};
using Crowd = CrowdOf<std::thread>;

/// Threads that compute all along: what else goes on on a loaded machine.
class Load {
 public:
  explicit Load(int threads) {
    for (int i = 0; i < threads; ++i) {
      threads_.emplace_back([this] {
        for (std::uint64_t n = 0; !done_.load(std::memory_order_relaxed); ++n) keep(n);
      });
    }
  }
  ~Load() {
    done_.store(true);
    for (std::thread& thread : threads_) thread.join();
  }

 private:
  std::atomic<bool> done_{false};
  std::vector<std::thread> threads_;
};

/// How evenly something was shared out: what the one with the least got, of what the one with the
/// most got.
inline double evenness(const std::vector<std::int64_t>& shares) {
  const auto [least, most] = std::ranges::minmax(shares);
  return most == 0 ? 1 : static_cast<double>(least) / static_cast<double>(most);
}

}  // namespace weft::bench
