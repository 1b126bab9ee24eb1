// What the trace tells of processes, and the end of a run that has some.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <string>
#include <vector>

#include "support/eventually.h"
#include "support/recording.h"
#include "weft/multiprocessing/barrier.h"
#include "weft/multiprocessing/condition.h"
#include "weft/multiprocessing/connection.h"
#include "weft/multiprocessing/event.h"
#include "weft/multiprocessing/internal/child_process.h"
#include "weft/multiprocessing/lock.h"
#include "weft/multiprocessing/process.h"
#include "weft/multiprocessing/queue.h"
#include "weft/multiprocessing/semaphore.h"
#include "weft/multiprocessing/value.h"
#include "weft/runtime/stopped.h"
#include "weft/threading/guard.h"
#include "weft/threading/thread.h"

namespace {

using namespace std::chrono_literals;
namespace mp = weft::multiprocessing;
using weft::Recorded;
using weft::test::Entry;
using weft::test::eventually;
using weft::test::Recording;
using weft::trace::Kind;

const mp::Entry nothing("records.nothing", [] {});
const mp::Entry take_from("records.take_from", [](mp::Queue<int> queue) { queue.get(); });
const mp::Entry spin("records.spin", [] {
  volatile bool forever = true;
  while (forever) {
  }
});

const mp::Entry os_exit_with("records.os_exit_with", [](int code) { mp::os_exit(code); });
const mp::Entry parent_of_a_daemon("records.parent_of_a_daemon", [](mp::Connection told) {
  mp::Process child(mp::Process::Options{.daemon = true}, spin);
  child.start();
  told.send(child.number().value());
  weft::runtime::sleep_for(1h);
});

TEST(ProcessRecords, TellOfTheStartTheSignalAndTheEnd) {
  Recording recording;
  std::uint32_t number = 0;
  {
    mp::Process process(mp::Process::Options{.name = "victim", .daemon = true}, spin);
    process.start();
    number = process.number().value();
    process.terminate();
    process.join();
  }
  const auto& entries = recording.finish();
  const auto find = [&entries](Kind kind) {
    const auto found = std::ranges::find(entries, kind, &Entry::kind);
    return found != entries.end() ? *found : Entry{};
  };
  const Entry start = find(Kind::process_start);
  const Entry signal = find(Kind::process_signal);
  const Entry end = find(Kind::process_end);
  EXPECT_EQ(start.argument, number | std::uint64_t{1} << 32);
  EXPECT_EQ(start.detail, 1U);  // a daemon
  EXPECT_EQ(start.sequence, 1U);
  EXPECT_GE(start.object, weft::trace::kFirstSharedObject);
  EXPECT_EQ(signal.argument, number);
  EXPECT_EQ(signal.detail, 15U);
  EXPECT_EQ(signal.sequence, 2U);
  EXPECT_EQ(end.argument, number);
  EXPECT_EQ(static_cast<std::int32_t>(end.detail), -15);
  EXPECT_EQ(end.sequence, 3U);
  EXPECT_EQ(end.object, start.object);
  const auto name = std::ranges::find(entries, Kind::object_name, &Entry::kind);
  ASSERT_NE(name, entries.end());
  EXPECT_EQ(name->payload, "victim");
  EXPECT_EQ(name->object, start.object);
}

// In whatever process it is used.
TEST(ProcessRecords, AnUnrecordedObjectHasNone) {
  Recording recording;
  mp::Lock lock({.name = "quiet lock", .recorded = Recorded::no});
  mp::RLock rlock({.name = "quiet rlock", .recorded = Recorded::no});
  mp::Condition condition({.name = "quiet condition", .recorded = Recorded::no});
  mp::Semaphore semaphore(1, {.name = "quiet semaphore", .recorded = Recorded::no});
  mp::Event event({.name = "quiet event", .recorded = Recorded::no});
  mp::Barrier barrier(1, {.name = "quiet barrier", .recorded = Recorded::no});
  mp::Value<int> value(1, {.name = "quiet value", .recorded = Recorded::no});
  mp::Queue<int> queue(2, {.name = "quiet queue", .recorded = Recorded::no});
  auto [here, there] = mp::Pipe(true, {.name = "quiet pipe", .recorded = Recorded::no});
  mp::Queue<int> loud(1, "loud");
  lock.acquire();
  lock.release();
  { const weft::threading::Guard guard(rlock); }
  {
    const weft::threading::Guard guard(condition);
    condition.notify();
  }
  semaphore.acquire();
  event.set();
  barrier.wait();
  value.set(value.get() + 1);
  queue.put(1);
  there.send(1);
  EXPECT_EQ(here.recv<int>(), 1);
  loud.put(1);
  // What a receiver gets is as unrecorded.
  std::vector<std::byte> sent = mp::to_bytes(semaphore);
  mp::from_bytes<mp::Semaphore>(sent).release();
  std::vector<std::string> names;
  for (const Entry& entry : recording.finish()) {
    if (entry.kind == Kind::object_name) names.push_back(entry.payload);
  }
  EXPECT_EQ(names, std::vector<std::string>{"loud"});
}

TEST(ProcessRecords, AQueueTellsItsSizeOnce) {
  Recording recording;
  mp::Queue<int> queue(3);
  queue.put(1);
  mp::Process process(take_from, queue);
  process.start();
  process.join();
  const auto& entries = recording.finish();
  const auto opened = std::ranges::find(entries, Kind::queue_open, &Entry::kind);
  ASSERT_NE(opened, entries.end());
  EXPECT_EQ(opened->argument, 3U);
  const auto put = std::ranges::find(entries, Kind::queue_put, &Entry::kind);
  ASSERT_NE(put, entries.end());
  EXPECT_EQ(put->object, opened->object);
  EXPECT_LT(opened->sequence, put->sequence);
  EXPECT_EQ(std::ranges::count(entries, Kind::queue_open, &Entry::kind), 1);
}

TEST(ProcessRecords, AJoinIsAWaitForTheProcess) {
  Recording recording;
  mp::Process process(nothing);
  process.start();
  process.join();
  const auto& entries = recording.finish();
  const auto start = std::ranges::find(entries, Kind::process_start, &Entry::kind);
  ASSERT_NE(start, entries.end());
  EXPECT_TRUE(std::ranges::any_of(entries, [&](const Entry& entry) {
    return entry.kind == Kind::blocked && entry.object == start->object &&
           entry.detail == static_cast<std::uint32_t>(weft::trace::Reason::process);
  }));
}

/// How many ends of that process are recorded by now, with that exit code.
std::size_t ends(const Recording& recording, std::uint32_t number, int exit_code) {
  return recording.count([&](const Entry& entry) {
    return entry.kind == Kind::process_end && entry.argument == number &&
           static_cast<std::int32_t>(entry.detail) == exit_code;
  });
}

// Nobody has asked for it.
TEST(ProcessRecords, TellOfAnEndWhenItHappens) {
  Recording recording;
  mp::Process killed(spin);
  mp::Process exited(os_exit_with, 9);
  killed.start();
  exited.start();
  const std::uint32_t first = killed.number().value();
  const std::uint32_t second = exited.number().value();
  killed.kill();
  EXPECT_TRUE(eventually([&] { return ends(recording, first, -9) == 1; }));
  EXPECT_TRUE(eventually([&] { return ends(recording, second, 9) == 1; }));
  killed.join();
  exited.join();
  recording.finish();
  EXPECT_EQ(ends(recording, first, -9), 1U);
  EXPECT_EQ(ends(recording, second, 9), 1U);
}

TEST(ProcessRecords, TellOfTheEndOfAnOrphan) {
  Recording recording;
  auto [here, there] = mp::Pipe(false);
  mp::Process parent(parent_of_a_daemon, there);
  parent.start();
  const auto child = here.recv<std::uint32_t>();
  parent.kill();
  EXPECT_TRUE(eventually([&] { return ends(recording, child, -15) == 1; }));
  parent.join();
}

// Between two sessions nothing is to be told, and nobody to tell it to.
TEST(ProcessRecords, OfASessionEndWithIt) {
  for (int i = 0; i < 3; ++i) {
    mp::Process untold(spin);
    {
      Recording recording;
      mp::Process process(spin);
      process.start();
      untold.start();
      process.kill();
      process.join();
      recording.finish();
      EXPECT_EQ(ends(recording, process.number().value(), -9), 1U);
    }
    untold.kill();
    untold.join();
    EXPECT_EQ(untold.exitcode(), -9);
  }
}

TEST(ProcessRecords, TellOfTheMemoryOfAProcessThatStartsOthers) {
  Recording recording;
  mp::Process process(nothing);
  process.start();
  process.join();
  const auto& entries = recording.finish();
  const auto memory = std::ranges::find(entries, Kind::process_memory, &Entry::kind);
  ASSERT_NE(memory, entries.end());
  const std::uint64_t used = memory->argument & 0xffff'ffff;
  EXPECT_GT(used, 100'000U);
  EXPECT_GE(memory->argument >> 32, used);
}

TEST(StoppedRun, LeavesAJoinAndTakesTheProcessesWithIt) {
  std::atomic<std::uint32_t> stop{0};
  weft::runtime::Session::Options options;
  options.stop = &stop;
  weft::runtime::Session session(options);
  mp::Process process(spin);
  process.start();
  weft::threading::Thread stopper([&] {
    weft::runtime::sleep_for(5ms);
    stop.store(1);
    // Until the main thread has seen it: it may be about to sleep.
    while (session.wake_parked() != 0) {
    }
  });
  stopper.start();
  EXPECT_THROW(process.join(), weft::runtime::Stopped);
  mp::stop_processes(10ms);
  EXPECT_EQ(process.exitcode(), -9);
}

TEST(StoppedRun, KillsTheProcessThatADestructorWaitsFor) {
  weft::runtime::Session session(weft::runtime::Session::Options{});
  {
    mp::Process process(spin);
    process.start();
    session.stop();
  }
  EXPECT_TRUE(mp::active_children().empty());
}

TEST(FinishChildren, TerminatesDaemonsAndJoinsTheOthers) {
  mp::Process daemon(mp::Process::Options{.daemon = true}, spin);
  mp::Process other(nothing);
  daemon.start();
  other.start();
  mp::finish_children();
  EXPECT_EQ(daemon.exitcode(), -15);
  EXPECT_EQ(other.exitcode(), 0);
}

}  // namespace
