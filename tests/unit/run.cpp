#include "playground/run.h"

#include <algorithm>
#include <cstring>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "support/background.h"
#include "support/json.h"
#include "support/recording.h"
#include "support/well_formed.h"
#include "weft/runtime/point.h"

namespace weft::test {
namespace {

using playground::Assignment;
using playground::Status;
using trace::Kind;
using trace::Reason;
using Parameters = std::vector<Assignment>;

struct Outcome {
  Status status{};
  Entries entries;

  std::vector<std::string> console() const {
    // Lines have an order of their own.
    const Groups objects = by_object(entries);
    const auto lines = objects.find(trace::kConsoleObject);
    return lines == objects.end() ? kNone : payloads(lines->second, Kind::console);
  }
  std::vector<std::string> sorted_console() const {
    auto lines = console();
    std::ranges::sort(lines);
    return lines;
  }
  std::string result(const std::string& name) const {
    for (const std::string& text : payloads(entries, Kind::result)) {
      if (text.starts_with(name + "=")) return text.substr(name.size() + 1);
    }
    return "";
  }
};

Outcome run(const std::string& demo, const Parameters& parameters) {
  Recording recording;
  const Status status = playground::run(demo, parameters);
  return {status, recording.finish()};
}

void expect_good(const Outcome& outcome) {
  EXPECT_EQ(outcome.status, Status::ok);
  EXPECT_EQ(complaints(outcome.entries), kNone);
  const Entries main = by_thread(outcome.entries).at(1);
  EXPECT_EQ(main.at(1).kind, Kind::run_start);
  EXPECT_EQ(main.back().kind, Kind::run_end);
  EXPECT_EQ(main.back().detail, static_cast<std::uint32_t>(outcome.status));
  for (const Entry& check : of_kind(outcome.entries, Kind::check)) {
    EXPECT_EQ(check.detail, 1U) << check.payload;
  }
  EXPECT_TRUE(of_kind(outcome.entries, Kind::error).empty());
}

std::vector<std::string> bodies(const std::vector<std::string>& lines, const std::string& prefix) {
  std::vector<std::string> found;
  for (const std::string& line : lines) {
    if (line.starts_with(prefix)) found.push_back(line.substr(prefix.size()));
  }
  return found;
}

// -- producer-consumer

Parameters items(int producers, int consumers, int capacity, int count, const char* ending) {
  return {{"producers", std::to_string(producers)},
          {"consumers", std::to_string(consumers)},
          {"capacity", std::to_string(capacity)},
          {"items", std::to_string(count)},
          {"produce_ms", "0"},
          {"consume_ms", "0"},
          {"ending", ending}};
}

void expect_all_items_once(const Outcome& outcome, int count) {
  std::vector<std::string> expected;
  for (int i = 0; i < count; ++i) expected.push_back(std::to_string(i));
  std::ranges::sort(expected);
  for (const char* prefix : {"produced ", "consumed "}) {
    auto numbers = bodies(outcome.console(), prefix);
    std::ranges::sort(numbers);
    EXPECT_EQ(numbers, expected) << prefix;
  }
  EXPECT_EQ(outcome.result("consumed"), std::to_string(count));
  EXPECT_EQ(payloads(outcome.entries, Kind::check), std::vector<std::string>{"exactly_once"});
}

TEST(ProducerConsumer, EveryItemOnceWhateverTheNumbers) {
  for (const char* ending : {"sentinel", "shutdown"}) {
    for (const auto& [producers, consumers, capacity] :
         {std::tuple(1, 1, 1), std::tuple(3, 2, 2), std::tuple(1, 6, 0), std::tuple(6, 1, 4),
          std::tuple(16, 16, 1)}) {
      const Outcome outcome =
          run("producer-consumer", items(producers, consumers, capacity, 60, ending));
      SCOPED_TRACE(std::to_string(producers) + " " + std::to_string(consumers) + " " + ending);
      expect_good(outcome);
      expect_all_items_once(outcome, 60);
      EXPECT_EQ(by_thread(outcome.entries).size(),
                static_cast<std::size_t>(1 + producers + consumers));
    }
  }
}

TEST(ProducerConsumer, FewerItemsThanThreads) {
  for (const char* ending : {"sentinel", "shutdown"}) {
    const Outcome outcome = run("producer-consumer", items(5, 5, 3, 2, ending));
    expect_good(outcome);
    expect_all_items_once(outcome, 2);
  }
}

// The recording alone tells how deep the queue was, and it agrees with what each record says.
TEST(ProducerConsumer, DepthFollowsFromTheRecordsOrder) {
  constexpr int kCapacity = 3;
  constexpr int kItems = 200;
  const Outcome outcome = run("producer-consumer", items(3, 3, kCapacity, kItems, "sentinel"));
  expect_good(outcome);
  const Groups objects = by_object(outcome.entries);
  const Entry open = of_kind(outcome.entries, Kind::queue_open).at(0);
  EXPECT_EQ(open.argument, static_cast<std::uint64_t>(kCapacity));
  std::int64_t depth = 0;
  int puts = 0;
  for (const Entry& entry : objects.at(open.object)) {
    if (entry.kind == Kind::queue_put) {
      ++depth;
      ++puts;
    } else if (entry.kind == Kind::queue_get) {
      --depth;
    } else {
      continue;
    }
    ASSERT_EQ(static_cast<std::int64_t>(entry.argument), depth);
    ASSERT_GE(depth, 0);
    ASSERT_LE(depth, kCapacity);
  }
  EXPECT_EQ(puts, kItems + 3) << "a sentinel for each consumer";
  EXPECT_EQ(depth, 0);
}

std::set<std::string> who_was_blocked(const Outcome& outcome, Reason reason) {
  std::set<std::string> names;
  for (const auto& [number, records] : by_thread(outcome.entries)) {
    for (const Entry& entry : of_kind(records, Kind::blocked)) {
      if (entry.detail == static_cast<std::uint32_t>(reason)) names.insert(records[0].payload);
    }
  }
  return names;
}

TEST(ProducerConsumer, AFullQueueBlocksTheProducer) {
  Parameters parameters = items(1, 1, 1, 20, "shutdown");
  parameters.emplace_back("consume_ms", "3");
  const Outcome outcome = run("producer-consumer", parameters);
  expect_good(outcome);
  EXPECT_TRUE(who_was_blocked(outcome, Reason::queue_put).contains("producer-1"));
}

TEST(ProducerConsumer, AnEmptyQueueBlocksTheConsumers) {
  Parameters parameters = items(1, 2, 20, 20, "shutdown");
  run("producer-consumer",
      parameters);  // a first worker may take as long to start as all the items
  parameters.emplace_back("produce_ms", "10");
  const Outcome outcome = run("producer-consumer", parameters);
  expect_good(outcome);
  EXPECT_EQ(who_was_blocked(outcome, Reason::queue_get),
            (std::set<std::string>{"consumer-1", "consumer-2"}));
  EXPECT_TRUE(who_was_blocked(outcome, Reason::queue_put).empty());
}

TEST(ProducerConsumer, ProgressEndsAtTheTotal) {
  const Outcome outcome = run("producer-consumer", items(2, 2, 5, 250, "sentinel"));
  std::uint32_t most = 0;
  for (const Entry& entry : of_kind(outcome.entries, Kind::progress)) {
    EXPECT_EQ(entry.argument >> 32, 250U);
    most = std::max(most, static_cast<std::uint32_t>(entry.argument));
  }
  EXPECT_EQ(most, 250U);
}

TEST(ProducerConsumer, SaysTheSameForTheSameSeed) {
  Parameters parameters = items(3, 2, 4, 50, "sentinel");
  parameters.emplace_back("seed", "77");
  EXPECT_EQ(run("producer-consumer", parameters).sorted_console(),
            run("producer-consumer", parameters).sorted_console());
}

// -- thread-pool

Parameters tasks(int workers, int count, const char* work, const char* cost) {
  return {{"workers", std::to_string(workers)},
          {"tasks", std::to_string(count)},
          {"work", work},
          {"cost", cost},
          {"compare", "false"}};
}

/// The picture, put together from its tiles as the page does; -1 where there is none.
std::vector<int> picture(const Outcome& outcome) {
  const auto images = of_kind(outcome.entries, Kind::image);
  if (images.size() != 1) return {};
  const json::Value description = json::parse(images[0].payload);
  const auto width = static_cast<std::size_t>(description["width"].number());
  const auto height = static_cast<std::size_t>(description["height"].number());
  std::vector<int> pixels(width * height, -1);
  for (const Entry& tile : of_kind(outcome.entries, Kind::tile)) {
    std::uint16_t x_y_w_h[4];
    std::memcpy(x_y_w_h, tile.payload.data(), sizeof x_y_w_h);
    const auto [x, y, w, h] = x_y_w_h;
    EXPECT_EQ(tile.object, images[0].object);
    EXPECT_EQ(tile.payload.size(), sizeof x_y_w_h + std::size_t{w} * h);
    EXPECT_LE(x + w, static_cast<int>(width));
    EXPECT_LE(y + h, static_cast<int>(height));
    for (std::size_t i = 0; i < std::size_t{w} * h; ++i) {
      int& pixel = pixels.at((y + i / w) * width + x + i % w);
      EXPECT_EQ(pixel, -1) << "two tiles cover one pixel";
      pixel = static_cast<unsigned char>(tile.payload[sizeof x_y_w_h + i]);
    }
  }
  return pixels;
}

/// How many tasks ran at the same time at most.
int most_at_once(const Outcome& outcome) {
  std::vector<std::pair<std::uint64_t, int>> changes;
  for (const Entry& entry : outcome.entries) {
    if (entry.kind == Kind::task_start) changes.emplace_back(entry.time, 1);
    if (entry.kind == Kind::task_finish) changes.emplace_back(entry.time, -1);
  }
  std::ranges::sort(changes);
  int running = 0;
  int most = 0;
  for (const auto& [time, change] : changes) most = std::max(most, running += change);
  return most;
}

TEST(ThreadPool, TilesCoverThePictureExactlyOnce) {
  for (const int count : {1, 7, 24}) {
    const Outcome outcome = run("thread-pool", tasks(3, count, "compute", "1"));
    expect_good(outcome);
    EXPECT_EQ(of_kind(outcome.entries, Kind::tile).size(), static_cast<std::size_t>(count));
    const std::vector<int> pixels = picture(outcome);
    ASSERT_FALSE(pixels.empty());
    EXPECT_EQ(std::ranges::count(pixels, -1), 0);
    EXPECT_GT(std::set<int>(pixels.begin(), pixels.end()).size(), 10U) << "a blank picture";
  }
}

TEST(ThreadPool, ManyMoreTasksThanPixelsInARow) {
  const Outcome outcome = run("thread-pool", tasks(4, 1000, "compute", "1"));
  expect_good(outcome);
  EXPECT_EQ(std::ranges::count(picture(outcome), -1), 0);
}

TEST(ThreadPool, EveryTaskIsSubmittedStartedAndFinishedOnce) {
  constexpr int kTasks = 40;
  const Outcome outcome = run("thread-pool", tasks(4, kTasks, "wait", "1"));
  expect_good(outcome);
  for (const Kind kind : {Kind::task_submit, Kind::task_start, Kind::task_finish}) {
    std::set<std::uint32_t> futures;
    for (const Entry& entry : of_kind(outcome.entries, kind)) futures.insert(entry.object);
    EXPECT_EQ(futures.size(), static_cast<std::size_t>(kTasks));
    EXPECT_EQ(of_kind(outcome.entries, kind).size(), static_cast<std::size_t>(kTasks));
  }
  EXPECT_EQ(bodies(outcome.console(), "task ").size(), static_cast<std::size_t>(kTasks));
  EXPECT_EQ(outcome.console().back(), "all 40 tasks done");
}

TEST(ThreadPool, NeverMoreWorkersThanAsked) {
  for (const int workers : {1, 3, 8}) {
    const Outcome outcome = run("thread-pool", tasks(workers, 30, "wait", "2"));
    expect_good(outcome);
    EXPECT_LE(most_at_once(outcome), workers);
    EXPECT_LE(by_thread(outcome.entries).size(), static_cast<std::size_t>(1 + workers));
    EXPECT_EQ(of_kind(outcome.entries, Kind::executor_open).at(0).argument,
              static_cast<std::uint64_t>(workers));
  }
}

TEST(ThreadPool, NoMoreWorkersThanTasks) {
  const Outcome outcome = run("thread-pool", tasks(20, 2, "wait", "1"));
  expect_good(outcome);
  EXPECT_LE(by_thread(outcome.entries).size(), 3U);
}

TEST(ThreadPool, TheWorkDoesNotDependOnTheWorkers) {
  const auto compute = [](int workers, const char* seed) {
    Parameters parameters = tasks(workers, 12, "compute", "2");
    parameters.emplace_back("seed", seed);
    return run("thread-pool", parameters);
  };
  const Outcome alone = compute(1, "5");
  const Outcome together = compute(5, "5");
  EXPECT_NE(alone.result("iterations"), "");
  EXPECT_EQ(alone.result("iterations"), together.result("iterations"));
  EXPECT_EQ(picture(alone), picture(together));
  EXPECT_NE(compute(2, "6").result("iterations"), alone.result("iterations")) << "another seed";
}

TEST(ThreadPool, ComparesWithOneThread) {
  Parameters parameters = tasks(4, 8, "wait", "4");
  parameters.emplace_back("compare", "true");
  parameters.emplace_back("spread", "0");
  const Outcome outcome = run("thread-pool", parameters);
  expect_good(outcome);
  EXPECT_GE(std::stod(outcome.result("one_thread_ms")), 8 * 4);
  EXPECT_GE(std::stod(outcome.result("elapsed_ms")), 2 * 4);
  EXPECT_NEAR(std::stod(outcome.result("speed_up")),
              std::stod(outcome.result("one_thread_ms")) / std::stod(outcome.result("elapsed_ms")),
              0.001);
  // Both parts are named on the timeline.
  std::map<std::uint32_t, std::string> strings;
  for (const Entry& entry : of_kind(outcome.entries, Kind::string)) {
    strings[entry.detail] = entry.payload;
  }
  std::vector<std::string> marks;
  for (const Entry& entry : of_kind(outcome.entries, Kind::mark)) {
    marks.push_back(strings.at(entry.detail));
  }
  EXPECT_EQ(marks, (std::vector<std::string>{"one thread", "pool"}));
}

// -- every demo

TEST(Run, RecordsEveryParameterWithItsValue) {
  const Outcome outcome = run("thread-pool", tasks(2, 3, "wait", "0.5"));
  EXPECT_EQ(
      payloads(outcome.entries, Kind::parameter),
      (std::vector<std::string>{"compare=false", "cost=0.5", "gil=false", "seed=1", "spread=50",
                                "switch_interval=5", "tasks=3", "work=wait", "workers=2"}));
}

TEST(Run, ResultsAndChecksAreDeclaredOnes) {
  for (const Outcome& outcome : {run("thread-pool", tasks(2, 2, "compute", "1")),
                                 run("producer-consumer", items(1, 1, 1, 5, "shutdown"))}) {
    const bool is_pool = !of_kind(outcome.entries, Kind::executor_open).empty();
    const demos::Demo& demo = *demos::find(is_pool ? "thread-pool" : "producer-consumer");
    for (const std::string& text : payloads(outcome.entries, Kind::result)) {
      const std::string name = playground::parse_assignment(text).first;
      EXPECT_NE(std::ranges::find(demo.results, name, &demos::ResultEntry::name),
                demo.results.end())
          << name;
    }
    std::vector<std::string> declared;
    for (const auto& check : demo.checks) declared.emplace_back(check.name);
    EXPECT_EQ(payloads(outcome.entries, Kind::check), declared);
  }
}

void expect_refused(const Outcome& outcome, const std::string& error) {
  EXPECT_EQ(outcome.status, Status::bad_parameters);
  EXPECT_EQ(static_cast<int>(outcome.status), 2);
  EXPECT_EQ(complaints(outcome.entries), kNone);
  EXPECT_EQ(payloads(outcome.entries, Kind::error), std::vector<std::string>{error});
  EXPECT_EQ(of_kind(outcome.entries, Kind::run_end).at(0).detail, 2U);
  EXPECT_TRUE(outcome.console().empty()) << "the demo ran all the same";
}

TEST(Run, BadParametersAreAnErrorRecordAndStatus2) {
  expect_refused(run("thread-pool", {{"workers", "0"}}),
                 "parameter 'workers': got '0', takes a whole number from 1 to 32");
  expect_refused(
      run("producer-consumer", {{"speed", "1"}}),
      "'producer-consumer' has no parameter 'speed': it takes producers, consumers, "
      "capacity, items, produce_ms, consume_ms, spread, ending, seed, gil, switch_interval");
  expect_refused(run("no-such-demo", {}), "there is no demo 'no-such-demo'");
}

// Demos of this program's own, to see how a run can end.
struct TestDemo : demos::Demo {
  explicit TestDemo(const char* id_)
      : Demo({.id = id_,
              .topic = "tests",
              .title = {"A test", "测试"},
              .summary = {"A test", "测试"}}) {}
};

struct Failing : TestDemo {
  using TestDemo::TestDemo;
  demos::Check holds = check("holds", {"Holds", "成立"});
  demos::Check does_not_hold = check("does_not_hold", {"Does not hold", "不成立"});
} failing("test-failing");

void fail(const demos::Params&, demos::Run& out) {
  out.check(failing.holds, true);
  out.check(failing.does_not_hold, false);
}
void crash(const demos::Params&, demos::Run&) { throw std::out_of_range("nowhere"); }
void compute_for_ever(const demos::Params&, demos::Run& out) {
  out.print("computing");
  for (;;) runtime::checkpoint();
}

std::atomic<bool> nobody_runs_any_more{false};
void keep_the_gil(const demos::Params&, demos::Run& out) {
  threading::Thread(
      [] {
        while (!nobody_runs_any_more) {
        }
      },
      threading::Thread::Options{.name = "hermit", .daemon = true})
      .start();
  for (;;) out.print("goes on");
}

TestDemo crashing("test-crashing");
TestDemo computing("test-computing");
TestDemo keeping_the_gil("test-keeping-the-gil");
const demos::Registered registered[] = {
    {failing, fail},
    {crashing, crash},
    {computing, compute_for_ever},
    {keeping_the_gil, keep_the_gil},
};

TEST(Run, ACheckThatDoesNotHoldIsStatus1) {
  const Outcome outcome = run("test-failing", {});
  EXPECT_EQ(outcome.status, Status::failed);
  EXPECT_EQ(static_cast<int>(outcome.status), 1);
  const auto checks = of_kind(outcome.entries, Kind::check);
  ASSERT_EQ(checks.size(), 2U);
  EXPECT_EQ(checks[0].detail, 1U);
  EXPECT_EQ(checks[1].detail, 0U);
  EXPECT_EQ(of_kind(outcome.entries, Kind::run_end).at(0).detail, 1U);
}

TEST(Run, AnUncaughtExceptionIsStatus1AndAnErrorRecord) {
  const Outcome outcome = run("test-crashing", {});
  EXPECT_EQ(outcome.status, Status::failed);
  EXPECT_EQ(payloads(outcome.entries, Kind::error),
            std::vector<std::string>{"Exception in thread MainThread: std::out_of_range: nowhere"});
  EXPECT_EQ(of_kind(outcome.entries, Kind::run_end).at(0).detail, 1U);
}

TEST(Run, ADaemonThatKeepsTheGilIsStatus1AndAnErrorRecord) {
  Recording recording;
  const Status status = playground::run("test-keeping-the-gil", {{"gil", "true"}});
  EXPECT_EQ(recording.session().live_threads(), 2U) << "somebody has to leave it behind";
  nobody_runs_any_more = true;
  const Entries entries = recording.finish();
  EXPECT_EQ(status, Status::failed);
  EXPECT_EQ(
      payloads(entries, Kind::error),
      std::vector<std::string>{"the daemon hermit has kept the GIL for 5 s without coming to a "
                               "point: the run ends"});
  EXPECT_EQ(of_kind(entries, Kind::run_end).at(0).detail, 1U);
}

/// Stops the run once so many lines are on its console.
Outcome run_and_stop(const std::string& demo, const Parameters& parameters, std::size_t lines) {
  std::atomic<Recording*> shared{nullptr};
  std::atomic<bool> seen{false};
  threading::Thread stopper([&] {
    seen = eventually([&] {
      const Recording* recording = shared.load();
      return recording != nullptr && recording->count([](const Entry& entry) {
        return entry.kind == Kind::console;
      }) >= lines;
    });
    shared.load()->stop();
  });
  stopper.start();
  Outcome outcome;
  Recording recording;
  shared = &recording;
  outcome.status = playground::run(demo, parameters);
  outcome.entries = recording.finish();
  stopper.join();
  EXPECT_TRUE(seen);
  return outcome;
}

void expect_stopped(const Outcome& outcome) {
  EXPECT_EQ(outcome.status, Status::stopped);
  EXPECT_EQ(static_cast<int>(outcome.status), 130);
  EXPECT_EQ(complaints(outcome.entries), kNone);
  EXPECT_EQ(of_kind(outcome.entries, Kind::run_end).at(0).detail, 130U);
  EXPECT_TRUE(of_kind(outcome.entries, Kind::error).empty());
}

Parameters with(Parameters parameters, const Parameters& more) {
  parameters.insert(parameters.end(), more.begin(), more.end());
  return parameters;
}

TEST(StopRun, WhileProducersAndConsumersWork) {
  expect_stopped(run_and_stop(
      "producer-consumer",
      with(items(4, 4, 2, 500, "sentinel"), {{"produce_ms", "1000"}, {"consume_ms", "1000"}}), 2));
}

TEST(StopRun, WhileProducersAreBlocked) {
  expect_stopped(run_and_stop("producer-consumer",
                              with(items(6, 1, 1, 400, "shutdown"), {{"consume_ms", "1000"}}), 3));
}

TEST(StopRun, WhileConsumersAreBlocked) {
  expect_stopped(run_and_stop("producer-consumer",
                              with(items(1, 6, 1, 400, "shutdown"), {{"produce_ms", "1000"}}), 1));
}

TEST(StopRun, WhileItemsRush) {
  expect_stopped(run_and_stop("producer-consumer", items(3, 3, 2, 1'000'000, "sentinel"), 1));
}

TEST(StopRun, WhileAPoolWaits) {
  expect_stopped(run_and_stop("thread-pool", tasks(4, 500, "wait", "1000"), 2));
}

TEST(StopRun, WhileAPoolComputes) {
  expect_stopped(run_and_stop("thread-pool", tasks(4, 500, "compute", "200"), 2));
}

TEST(StopRun, WhileItMeasuresOneThread) {
  expect_stopped(
      run_and_stop("thread-pool", with(tasks(4, 10, "compute", "1000"), {{"compare", "true"}}), 1));
}

TEST(StopRun, WhileOnlyTheMainThreadComputes) {
  expect_stopped(run_and_stop("test-computing", {}, 1));
}

}  // namespace
}  // namespace weft::test
