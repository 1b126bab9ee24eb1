#include "demos/kit/demo.h"

#include <algorithm>
#include <deque>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "demos/kit/time.h"
#include "demos/word-count/text.h"
#include "weft/multiprocessing/process.h"
#include "weft/multiprocessing/queue.h"
#include "weft/runtime/point.h"
#include "weft/threading/thread.h"

namespace weft::demos::word_count {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "word-count",
              .topic = "processes",
              .title = {"Word count", "统计词频"},
              .summary = {
                  "Which word comes how often? Each worker counts its part of the text (map), then "
                  "the counts are added up (reduce). First by threads, then by processes.",
                  "哪个词出现了多少次？每个工作者统计文本中自己的一份（map），再把各份相加（reduce"
                  "）。先用线程，再用进程。"}}) {}

  Integer workers = integer(
      "workers", {1, 8}, 2, {"Workers", "工作者"},
      {"How many threads, and then how many processes.", "用多少个线程，然后用多少个进程。"},
      {"workers", "个"});
  Integer copies = integer("copies", {1, 20'000}, 400, {"Copies of the text", "文本份数"},
                           {"How much there is to count: the text has 1,500 letters.",
                            "要统计多少：这篇文本约有 1500 个字母。"},
                           {"copies", "份"});
  Integer shown =
      integer("shown", {1, 100}, 8, {"Words shown", "显示的词数"},
              {"How many of the most frequent words are shown.", "显示多少个最常见的词。"},
              {"words", "个"});

  Result threads_ms = result("threads_ms", {"Time by threads", "线程用时"}, {"ms", "毫秒"});
  Result processes_ms = result("processes_ms", {"Time by processes", "进程用时"}, {"ms", "毫秒"});
  Result ratio =
      result("ratio", {"Threads take so many times as long", "线程用时是进程的"}, {"×", "倍"});

  Check equal = check("equal", {"Both ways give the same counts", "两种方式得到相同的结果"});

  Table<2> words = table("words", {"The most frequent words", "最常见的词"},
                         {{{"Word", "词"}}, {{"Times", "次数"}}});
} demo;

using multiprocessing::Process;
using Counts = std::map<std::string, std::int64_t>;
using Parts = multiprocessing::Queue<Counts>;

/// Map: the words of so many copies of the text. Words are of letters; capitals are small ones.
Counts count_words(std::int64_t copies) {
  Counts counts;
  for (std::int64_t copy = 0; copy < copies; ++copy) {
    runtime::checkpoint();
    std::string word;
    for (const char sign : kText) {
      const char small = sign >= 'A' && sign <= 'Z' ? static_cast<char>(sign - 'A' + 'a') : sign;
      if (small >= 'a' && small <= 'z') {
        word += small;
      } else if (!word.empty()) {
        ++counts[word];
        word.clear();
      }
    }
  }
  return counts;
}

/// Reduce: adds a part to the whole.
void add(Counts& total, const Counts& part) {
  for (const auto& [word, times] : part) total[word] += times;
}

/// How many copies each worker counts.
std::vector<std::int64_t> shares(std::int64_t copies, std::int64_t workers) {
  std::vector<std::int64_t> found;
  for (std::int64_t i = 0; i < workers; ++i) {
    found.push_back(copies * (i + 1) / workers - copies * i / workers);
  }
  return found;
}

Counts by_threads(std::int64_t copies, std::int64_t workers) {
  std::vector<Counts> parts(static_cast<std::size_t>(workers));
  std::deque<threading::Thread> threads;
  for (const std::int64_t share : shares(copies, workers)) {
    Counts& part = parts[threads.size()];
    threads.emplace_back([&part, share] { part = count_words(share); },
                         "counter-" + to_text(threads.size() + 1));
    threads.back().start();
  }
  for (auto& thread : threads) thread.join();
  Counts total;
  for (const Counts& part : parts) add(total, part);
  return total;
}

const multiprocessing::Entry work_in_process("word-count.work",
                                             [](std::int64_t share, Parts parts) {
                                               parts.put(count_words(share));
                                             });

Counts by_processes(std::int64_t copies, std::int64_t workers) {
  Parts parts(0, "parts");
  std::deque<Process> processes;
  for (const std::int64_t share : shares(copies, workers)) {
    processes.emplace_back(Process::Options{.name = "counter-" + to_text(processes.size() + 1)},
                           work_in_process, share, parts);
    processes.back().start();
  }
  Counts total;
  for (std::size_t i = 0; i < processes.size(); ++i) add(total, parts.get());
  for (Process& process : processes) process.join();
  return total;
}

void run(const Params& params, Run& run) {
  const std::int64_t copies = params[demo.copies];
  const std::int64_t workers = params[demo.workers];

  run.mark("threads");
  runtime::Time start = runtime::Clock::now();
  const Counts total = by_threads(copies, workers);
  const double threads_ms = milliseconds_since(start);

  run.mark("processes");
  start = runtime::Clock::now();
  const Counts again = by_processes(copies, workers);
  const double processes_ms = milliseconds_since(start);

  run.result(demo.threads_ms, threads_ms);
  run.result(demo.processes_ms, processes_ms);
  run.result(demo.ratio, threads_ms / processes_ms);
  run.check(demo.equal, total == again);

  std::int64_t words = 0;
  std::vector<std::pair<std::string, std::int64_t>> most(total.begin(), total.end());
  for (const auto& [word, times] : most) words += times;
  std::ranges::stable_sort(most, std::ranges::greater(),
                           [](const auto& pair) { return pair.second; });
  most.resize(std::min(most.size(), params.count(demo.shown)));
  run.print(words, "words,", total.size(), "different ones");
  for (const auto& [word, times] : most) {
    run.print(word, times);
    run.row(demo.words, word, times);
  }
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::word_count
