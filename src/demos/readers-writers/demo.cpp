#include "demos/kit/demo.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <deque>

#include "demos/kit/most.h"
#include "demos/kit/random.h"
#include "demos/kit/time.h"
#include "weft/threading/guard.h"
#include "weft/threading/lock.h"
#include "weft/threading/read_write_lock.h"
#include "weft/threading/thread.h"

namespace weft::demos::readers_writers {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "readers-writers",
              .topic = "locks",
              .title = {"Readers and writers", "读者与写者"},
              .summary = {"Those who only read don't disturb each other. A read–write lock lets "
                          "them in together, and writers one by one.",
                          "只读不写的线程互不妨碍。读写锁让读者一起进去，写者则一次只进一个。"}}) {}

  Choice lock = choice("lock",
                       {{"both", {"Both, one after the other", "先后都用"}},
                        {"lock", {"One Lock for all", "大家共用一把 Lock"}},
                        {"read_write", {"ReadWriteLock", "ReadWriteLock"}}},
                       "both", {"Lock", "锁"}, {"What guards the table.", "用什么来保护这张表。"});
  Integer readers = counts_threads(integer(
      "readers", {1, 32}, 6, {"Readers", "读者"},
      {"Threads that only look at the table.", "只看表、不改表的线程。"}, {"threads", "个"}));
  Integer writers = counts_threads(integer("writers", {1, 16}, 2, {"Writers", "写者"},
                                           {"Threads that change the table.", "修改表的线程。"},
                                           {"threads", "个"}));
  Integer reads = integer("reads", {1, 1000}, 20, {"Reads", "读取次数"},
                          {"How often each reader reads.", "每个读者读多少次。"}, {"times", "次"});
  Integer writes =
      integer("writes", {1, 1000}, 8, {"Writes", "写入次数"},
              {"How often each writer writes.", "每个写者写多少次。"}, {"times", "次"});
  Real read_ms =
      real("read_ms", {0, 1000}, 4, {"Time to read", "读取用时"},
           {"How long a reader holds the lock.", "读者每次持有锁多久。"}, {"ms", "毫秒"});
  Real write_ms =
      real("write_ms", {0, 1000}, 6, {"Time to write", "写入用时"},
           {"How long a writer holds the lock. Half of the table is written before, half "
            "after it.",
            "写者每次持有锁多久：开始时写完表的一半，结束时再写另一半。"},
           {"ms", "毫秒"});
  Real pause_ms =
      real("pause_ms", {0, 1000}, 10, {"Pause", "间歇"},
           {"What each thread does without the lock in between: at random from none to twice "
            "as long.",
            "两次之间每个线程不需要锁的时间，在零到两倍之间随机。"},
           {"ms", "毫秒"});
  Integer seed = random_seed();

  Result speed_up = result(
      "speed_up", {"Reads/s, ReadWriteLock against Lock", "每秒读取次数：ReadWriteLock 是 Lock 的"},
      {"×", "倍"});
  Result torn_reads = result("torn_reads", {"Reads that saw half a write", "读到写了一半的次数"});

  Check whole = check("whole", {"No reader ever saw half a write ({torn_reads} did)",
                                "没有读者看到写了一半的表（{torn_reads} 次看到）"});

  demos::Table<6> locks = table("locks", {"The locks compared", "两种锁的比较"},
                                {{{"Lock", "锁"}},
                                 {{"Time", "用时"}, {"ms", "毫秒"}},
                                 {{"Reads", "读取"}, {"/s", "次/秒"}},
                                 {{"Writes", "写入"}, {"/s", "次/秒"}},
                                 {{"Longest wait of a writer", "写者最长等待"}, {"ms", "毫秒"}},
                                 {{"Most readers at once", "同时读取的最多读者数"}}});
} demo;

using threading::Guard;
using threading::ReadGuard;
using threading::WriteGuard;

/// Cells that are all equal, except while somebody writes them.
class Table {
 public:
  explicit Table(bool readers_together) : readers_together_(readers_together) {}

  /// Looks at every cell, which takes some time. Returns whether they were equal.
  bool read(double milliseconds) {
    const auto look = [&] {
      readers_.enter();
      const std::int64_t first = cells_.front();
      do_ms("read", milliseconds);
      const bool whole = std::ranges::all_of(cells_, [first](auto cell) { return cell == first; });
      readers_.leave();
      return whole;
    };
    if (readers_together_) {
      const ReadGuard guard(read_write_lock_);
      return look();
    }
    const Guard guard(lock_);
    return look();
  }

  /// Adds one to half of the cells and, some time later, to the other half.
  void write(double milliseconds) {
    const runtime::Time asked = runtime::Clock::now();
    const auto change = [&] {
      wait_us_.report(static_cast<std::int64_t>(milliseconds_since(asked) * 1000));
      const auto middle = cells_.begin() + cells_.size() / 2;
      std::for_each(cells_.begin(), middle, [](auto& cell) { ++cell; });
      do_ms("write", milliseconds);
      std::for_each(middle, cells_.end(), [](auto& cell) { ++cell; });
    };
    if (readers_together_) {
      const WriteGuard guard(read_write_lock_);
      change();
    } else {
      const Guard guard(lock_);
      change();
    }
  }

  std::int64_t times_written() const { return cells_.front(); }
  std::int64_t most_readers_at_once() const { return readers_.most(); }
  double longest_wait_of_a_writer_ms() const {
    return static_cast<double>(wait_us_.value()) / 1000;
  }

 private:
  const bool readers_together_;
  threading::Lock lock_{"table"};
  threading::ReadWriteLock read_write_lock_{"table"};
  std::array<std::int64_t, 8> cells_{};  // guarded by one of the two
  AtOnce readers_;
  Most wait_us_;
};

/// What the threads share.
struct Shared {
  Run& run;
  const Params& params;
  Table table;
  std::atomic<std::int64_t> torn_reads{0};  // those that saw half a write

  Random random(std::int64_t thread) const {
    return Random(static_cast<std::uint64_t>(params[demo.seed] + thread * 1000));
  }
};

void read_often(Shared& shared, std::int64_t number) {
  Random random = shared.random(number);
  for (std::int64_t i = 0; i < shared.params[demo.reads]; ++i) {
    wait_ms("pause", random.spread(shared.params[demo.pause_ms], 100));
    if (!shared.table.read(shared.params[demo.read_ms])) shared.torn_reads.fetch_add(1);
  }
  shared.run.print("reader", number, "has read", shared.params[demo.reads], "times");
}

void write_often(Shared& shared, std::int64_t number) {
  Random random = shared.random(-number);
  for (std::int64_t i = 0; i < shared.params[demo.writes]; ++i) {
    wait_ms("pause", random.spread(shared.params[demo.pause_ms], 100));
    shared.table.write(shared.params[demo.write_ms]);
  }
  shared.run.print("writer", number, "has written", shared.params[demo.writes], "times");
}

/// What came out with one kind of lock.
struct Outcome {
  double reads_per_second;
  std::int64_t torn_reads;
};

Outcome measure(bool readers_together, const Params& params, Run& run) {
  const char* lock = readers_together ? "ReadWriteLock" : "Lock";
  run.mark(lock);
  const std::int64_t readers = params[demo.readers];
  const std::int64_t writers = params[demo.writers];
  Shared shared{run, params, Table(readers_together)};

  const runtime::Time start = runtime::Clock::now();
  std::deque<threading::Thread> threads;
  for (std::int64_t i = 1; i <= readers; ++i) {
    threads.emplace_back([&shared, i] { read_often(shared, i); }, "reader-" + to_text(i));
    threads.back().start();
  }
  for (std::int64_t i = 1; i <= writers; ++i) {
    threads.emplace_back([&shared, i] { write_often(shared, i); }, "writer-" + to_text(i));
    threads.back().start();
  }
  for (auto& thread : threads) thread.join();
  const double elapsed = milliseconds_since(start);

  const auto each_second = [elapsed](std::int64_t count) {
    return static_cast<double>(count) / elapsed * 1000;
  };
  const Outcome outcome{each_second(readers * params[demo.reads]), shared.torn_reads.load()};
  run.row(demo.locks, lock, to_text(elapsed, 0), to_text(outcome.reads_per_second, 0),
          to_text(each_second(writers * params[demo.writes]), 0),
          to_text(shared.table.longest_wait_of_a_writer_ms(), 1),
          shared.table.most_readers_at_once());
  run.print("with a", lock, "the table was written", shared.table.times_written(), "times;",
            outcome.torn_reads, "reads saw half a write");
  return outcome;
}

void run(const Params& params, Run& run) {
  const std::string& lock = params[demo.lock];
  run.print(params[demo.readers], "readers,", params[demo.writers], "writers");
  std::int64_t torn_reads = 0;
  double with_lock = 0;
  if (lock != "read_write") {
    const Outcome outcome = measure(false, params, run);
    with_lock = outcome.reads_per_second;
    torn_reads += outcome.torn_reads;
  }
  if (lock != "lock") {
    const Outcome outcome = measure(true, params, run);
    if (with_lock > 0) run.result(demo.speed_up, outcome.reads_per_second / with_lock);
    torn_reads += outcome.torn_reads;
  }
  run.result(demo.torn_reads, torn_reads);
  run.check(demo.whole, torn_reads == 0);
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::readers_writers
