// Tasks that spawn tasks: a tree like that of the calls of fib(27), each call a task that spawns its
// two and waits for nothing.
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <thread>
#include <vector>

#include "crowd.h"
#include "measure.h"
#include "pool_peers.h"

#ifdef WEFT_BENCH_TBB
#include <tbb/global_control.h>
#include <tbb/task_arena.h>
#include <tbb/task_group.h>
#endif

namespace {

using namespace weft;

constexpr int kRounds = 5;

/// How many calls fib(n) makes.
std::int64_t calls(int n) { return n < 2 ? 1 : 1 + calls(n - 1) + calls(n - 2); }

/// Counts the leaves, of which there are fib(n + 1).
template <class Pool>
struct Tree {
  Pool& pool;
  std::atomic<std::int64_t> leaves_left;

  void grow(int n) {
    if (n < 2) {
      leaves_left.fetch_sub(1, std::memory_order_relaxed);
      return;
    }
    pool.post([this, n] { grow(n - 1); });
    pool.post([this, n] { grow(n - 2); });
  }
};

#ifdef WEFT_BENCH_TBB
class Tbb {
 public:
  static constexpr const char* kName = "TBB";
  explicit Tbb(int workers)
      : limit_(tbb::global_control::max_allowed_parallelism, static_cast<std::size_t>(workers) + 1),
        arena_(workers + 1, 1) {}
  ~Tbb() { group_.wait(); }
  template <class F>
  void post(F function) {
    if (tbb::this_task_arena::current_thread_index() == tbb::task_arena::not_initialized) {
      arena_.execute([&] { group_.run(std::move(function)); });
    } else {
      group_.run(std::move(function));
    }
  }

 private:
  tbb::global_control limit_;
  tbb::task_arena arena_;
  tbb::task_group group_;
};
#endif

/// Millions of tasks a second.
template <class Pool>
double grow_tree(Pool& pool, int n) {
  const std::int64_t tasks = calls(n);
  Tree<Pool> tree{pool, {(tasks + 1) / 2}};
  const auto start = std::chrono::steady_clock::now();
  pool.post([&] { tree.grow(n); });
  while (tree.leaves_left.load() != 0) std::this_thread::sleep_for(std::chrono::microseconds(50));
  const std::chrono::duration<double, std::micro> elapsed =
      std::chrono::steady_clock::now() - start;
  return static_cast<double>(tasks) / elapsed.count();
}

template <class Pool>
std::vector<double> measure(int workers, int n) {
  Pool pool(workers);
  grow_tree(pool, n / 2);
  std::vector<double> rates;
  for (int round = 0; round < kRounds; ++round) rates.push_back(grow_tree(pool, n));
  return rates;
}

template <class Pool>
void compare_with(int workers, int n, double ours) {
  const double theirs = bench::median(measure<Pool>(workers, n));
  std::printf(", %s %.2f (ratio %.2f)", Pool::kName, theirs, ours / theirs);
}

void compare(int workers, int n) {
  const double ours = bench::median(measure<bench::Weft>(workers, n));
  std::printf("spawn like fib(%d), %d workers: %6.2f M tasks/s", n, workers, ours);
#ifdef WEFT_BENCH_TASKFLOW
  compare_with<bench::Taskflow>(workers, n, ours);
#endif
#ifdef WEFT_BENCH_TBB
  compare_with<Tbb>(workers, n, ours);
#endif
  compare_with<bench::MutexPool>(workers, n, ours);
  std::printf("\n");
  std::fflush(stdout);
}

void compare_all(int n) {
  for (const int workers : {1, 2, 4}) compare(workers, n);
}

}  // namespace

int main() {
  compare_all(25);
  std::printf("with two busy threads beside:\n");
  const bench::Load load(2);
  compare_all(21);
}
