// Queues and pipes whose readers, or writers, are gone: nobody waits for ever for what cannot come.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "support/eventually.h"
#include "support/leaves_nothing.h"
#include "support/scale.h"
#include "weft/errors.h"
#include "weft/multiprocessing/connection.h"
#include "weft/multiprocessing/event.h"
#include "weft/multiprocessing/process.h"
#include "weft/multiprocessing/queue.h"
#include "weft/multiprocessing/shared_memory.h"
#include "weft/runtime/park.h"
#include "weft/threading/thread.h"

namespace {

using namespace std::chrono_literals;
namespace mp = weft::multiprocessing;
using mp::Connection;
using mp::Entry;
using mp::Event;
using mp::JoinableQueue;
using mp::Pipe;
using mp::Process;
using mp::Queue;
using mp::SharedMemory;
using mp::SimpleQueue;
using weft::threading::Thread;

constexpr std::size_t kLarge = 1'000'000;  // many times what a queue has room for
// Takes long to put and to get; there are copies of it, and in WebAssembly a process has 64 MB.
#ifdef __EMSCRIPTEN__
constexpr std::size_t kHuge = 4'000'000;
#else
constexpr std::size_t kHuge = 64'000'000;
#endif

const Entry get_and_wait("readers.get_and_wait",
                         [](Queue<std::string> queue, Connection told, Event event) {
                           queue.get();
                           told.send(1);
                           event.wait();
                         });
const Entry put_and_end("readers.put_and_end", [](Queue<std::string> queue, Connection told) {
  queue.put(std::string(kLarge, 'x'));
  told.send(1);
});
const Entry join_feeder("readers.join_feeder", [](Queue<std::string> queue) {
  queue.put(std::string(kLarge, 'x'));
  queue.close();
  queue.join_thread();
});
const Entry get_one("readers.get_one", [](Queue<std::string> queue) {
  throw weft::SystemExit{queue.get().size() == kLarge ? 7 : 1};
});
const Entry put_large("readers.put_large", [](Queue<std::string> queue, std::size_t size) {
  queue.put(std::string(size, 'x'));
});
const Entry put_large_simply("readers.put_large_simply",
                             [](SimpleQueue<std::string> queue, std::size_t size) {
                               queue.put(std::string(size, 'x'));
                             });
const Entry send_one("readers.send_one",
                     [](Connection out, std::uint32_t number) { out.send(number); });
const Entry attach("readers.attach", [](const std::string& name) {
  SharedMemory memory = SharedMemory::attach(name);
  memory.store(0, memory.load(0) + 1);
  memory.close();
});

using QueueReaders = weft::test::LeavesNothing;

TEST_F(QueueReaders, ADestroyedQueueDoesNotWaitForAReaderThatWasKilled) {
  Event never;
  auto [told, tell] = Pipe(false);
  Queue<std::string> queue;
  Process reader(get_and_wait, queue, tell, never);
  reader.start();
  for (int i = 0; i < 100; ++i) queue.put(std::string(100'000, 'x'));
  EXPECT_EQ(told.recv<int>(), 1);
  reader.kill();
  reader.join();
  // The Process keeps its arguments, and so its handle goes first.
}

// The destructor waits already when the reader is killed.
TEST_F(QueueReaders, AReaderThatIsKilledEndsTheWaitOfADestroyedQueue) {
  Event never;
  auto [told, tell] = Pipe(false);
  std::optional<mp::ProcessRef> reader;
  std::atomic<bool> kills{false};
  Thread killer([&] {
    weft::runtime::sleep_for(10ms);
    kills = true;
    reader->kill();
  });
  {
    Queue<std::string> queue;
    {
      // A Process keeps its arguments; a daemon's may go while it runs.
      Process process(Process::Options{.daemon = true}, get_and_wait, queue, tell, never);
      process.start();
      reader = process.ref();
    }
    for (int i = 0; i < 100; ++i) queue.put(std::string(100'000, 'x'));
    EXPECT_EQ(told.recv<int>(), 1);
    killer.start();
  }
  EXPECT_TRUE(kills.load());  // the end of the process may not be told yet
  reader->join();
  EXPECT_FALSE(reader->is_alive());
}

TEST_F(QueueReaders, JoinThreadDoesNotWaitForAReaderThatWasKilled) {
  Event never;
  auto [told, tell] = Pipe(false);
  Queue<std::string> queue;
  Process reader(get_and_wait, queue, tell, never);
  reader.start();
  for (int i = 0; i < 100; ++i) queue.put(std::string(100'000, 'x'));
  EXPECT_EQ(told.recv<int>(), 1);
  reader.kill();
  reader.join();
  queue.close();
  queue.join_thread();
}

TEST_F(QueueReaders, WhatNobodyEverGotIsDropped) {
  Queue<std::string> queue;
  queue.put(std::string(kLarge, 'x'));
}

// Each of them could get what the other one sends, but neither will.
TEST_F(QueueReaders, WritersDoNotWaitForEachOther) {
  auto [told, tell] = Pipe(false);
  std::vector<Process> writers;
  std::vector<mp::ProcessRef> refs;
  {
    Queue<std::string> queue;
    // A Process keeps its arguments; a daemon's may go while it runs.
    for (int i = 0; i < 3; ++i) {
      writers.emplace_back(Process::Options{.daemon = true}, put_and_end, queue, tell).start();
    }
    for (int i = 0; i < 3; ++i) EXPECT_EQ(told.recv<int>(), 1);
    // This process could still get what they send.
    for (Process& writer : writers) refs.push_back(writer.ref());
    for (const mp::ProcessRef& writer : refs) EXPECT_TRUE(writer.is_alive());
    writers.clear();
  }
  for (const mp::ProcessRef& writer : refs) {
    writer.join();
    EXPECT_EQ(writer.exitcode(), 0);
  }
}

TEST_F(QueueReaders, JoinThreadWaitsForAReaderThatGets) {
  Queue<std::string> queue;
  Process reader(get_one, queue);
  Process writer(join_feeder, queue);
  reader.start();
  writer.start();
  reader.join();
  EXPECT_EQ(reader.exitcode(), 7);
  writer.join();
  EXPECT_EQ(writer.exitcode(), 0);
}

// What is on its way to another process is not lost when the one that put it lets go.
TEST_F(QueueReaders, ADestroyedQueueSendsWhatAnotherProcessGets) {
  std::optional<mp::ProcessRef> reader;
  {
    Queue<std::string> queue;
    Process process(Process::Options{.daemon = true}, get_one, queue);
    process.start();
    reader = process.ref();
    queue.put(std::string(kLarge, 'x'));
  }
  reader->join();
  EXPECT_EQ(reader->exitcode(), 7);
}

// cpython #87971, #85880: a writer is killed in the middle of an item.
TEST_F(QueueReaders, AnItemThatWasHalfPutIsNeverSeen) {
  constexpr std::size_t kSize = kHuge / 4;
  Queue<std::string> queue;
  SimpleQueue<std::string> simple;
  Process writer(put_large, queue, kSize);
  Process simple_writer(put_large_simply, simple, kSize);
  writer.start();
  simple_writer.start();
  // They have begun, and cannot end as nobody gets.
  ASSERT_TRUE(weft::test::eventually([&] { return !queue.empty() && !simple.empty(); }));
  writer.kill();
  simple_writer.kill();
  writer.join();
  simple_writer.join();
  queue.put("whole");
  simple.put("whole");
  EXPECT_EQ(queue.get(), "whole");
  EXPECT_EQ(simple.get(), "whole");
  EXPECT_TRUE(queue.empty());
  EXPECT_TRUE(simple.empty());
}

// … or while somebody is getting it.
TEST_F(QueueReaders, WhoGetsAnItemThatIsNeverFinishedGetsTheNext) {
  constexpr std::size_t kSize = kHuge;
  Queue<std::string> queue;
  Process writer(put_large, queue, kSize);
  writer.start();
  std::string got;
  std::atomic<bool> has_got{false};
  Thread getter([&] {
    got = queue.get();
    has_got = true;
  });
  getter.start();
  // It has begun, and may have ended already.
  ASSERT_TRUE(weft::test::eventually([&] { return has_got.load() || !queue.empty(); }));
  writer.kill();
  writer.join();
  queue.put("whole");
  getter.join();
  EXPECT_TRUE(got == "whole" || got.size() == kSize) << got.size();
  if (got != "whole") {
    EXPECT_EQ(queue.get(), "whole");
  }
}

// pypy #4957: many short processes send one object each down one pipe that is read slowly.
TEST_F(QueueReaders, ManyShortProcessesSendThroughOnePipe) {
  const auto count = static_cast<std::uint32_t>(weft::test::rounds(200));
  auto [in, out] = Pipe(false);
  std::set<std::uint32_t> received;
  Thread reader([&received, count, read_end = in]() mutable {
    for (std::uint32_t i = 0; i < count; ++i) {
      received.insert(read_end.recv<std::uint32_t>());
      weft::runtime::sleep_for(100us);
    }
  });
  reader.start();
  constexpr std::uint32_t kAtOnce = 20;
  for (std::uint32_t first = 0; first < count; first += kAtOnce) {
    std::vector<Process> senders;
    for (std::uint32_t i = first; i < std::min(first + kAtOnce, count); ++i) {
      senders.emplace_back(send_one, out, i).start();
    }
    for (Process& sender : senders) {
      sender.join();
      EXPECT_EQ(sender.exitcode(), 0);
    }
  }
  reader.join();
  EXPECT_EQ(received.size(), count);
}

// cpython #82300: who attaches to a segment and ends does not take it along.
TEST_F(QueueReaders, SharedMemoryStaysUntilItsOwnerUnlinksIt) {
  SharedMemory memory = SharedMemory::create(8);
  for (std::uint32_t i = 1; i <= 2; ++i) {
    Process process(attach, memory.name());
    process.start();
    process.join();
    EXPECT_EQ(process.exitcode(), 0);
    EXPECT_EQ(memory.load(0), i);
  }
  EXPECT_EQ(SharedMemory::attach(memory.name()).load(0), 2u);
  memory.unlink();
  EXPECT_THROW(SharedMemory::attach(memory.name()), weft::FileNotFoundError);
}

}  // namespace
