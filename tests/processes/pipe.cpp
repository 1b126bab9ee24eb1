// Python's multiprocessing.Pipe: row M08 of docs/semantics.md.
#include "weft/multiprocessing/connection.h"

#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "weft/errors.h"
#include "weft/multiprocessing/process.h"
#include "weft/multiprocessing/value.h"
#include "weft/multiprocessing/wait.h"
#include "weft/runtime/park.h"
#include "weft/threading/thread.h"

namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using weft::BrokenPipeError;
using weft::EOFError;
using weft::OSError;
using weft::threading::Thread;
namespace mp = weft::multiprocessing;
using mp::Bytes;
using mp::Connection;
using mp::Entry;
using mp::Pipe;
using mp::Process;

Bytes pattern(std::size_t size) {
  Bytes bytes(size);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<std::byte>(i * 7 + i / 251);
  return bytes;
}

const Entry echo("pipe.echo", [](Connection connection) {
  try {
    for (;;) connection.send_bytes(connection.recv_bytes());
  } catch (const EOFError&) {
  }
});
const Entry send_one("pipe.send_one",
                     [](Connection connection, int value) { connection.send(value); });
const Entry hold_open("pipe.hold_open", [](Connection connection) {
  connection.send(1);
  weft::runtime::sleep_for(1h);
});
const Entry send_for_ever("pipe.send_for_ever", [](Connection connection, std::uint32_t size) {
  for (;;) connection.send_bytes(pattern(size));
});

TEST(PipeSemantics, M08_IsDuplexByDefault) {
  auto [a, b] = Pipe();
  a.send("there"s);
  b.send(std::vector<int>{1, 2, 3});
  EXPECT_EQ(b.recv<std::string>(), "there");
  EXPECT_EQ(a.recv<std::vector<int>>(), (std::vector<int>{1, 2, 3}));
  EXPECT_TRUE(a.readable());
  EXPECT_TRUE(a.writable());
}

TEST(PipeSemantics, M08_OneWayTheFirstReceivesAndTheSecondSends) {
  auto [in, out] = Pipe(false);
  out.send(7);
  EXPECT_EQ(in.recv<int>(), 7);
  EXPECT_FALSE(in.writable());
  EXPECT_FALSE(out.readable());
  EXPECT_THROW(in.send(1), OSError);
  EXPECT_THROW(out.recv<int>(), OSError);
  EXPECT_THROW(out.poll(), OSError);
}

// One that goes one way has half the memory.
TEST(PipeSemantics, M08_NothingBesideAPipeIsTouched) {
  std::vector<std::pair<Connection, Connection>> pipes;
  std::vector<mp::Array<int>> beside;
  for (int i = 0; i < 20; ++i) {
    pipes.push_back(Pipe(i % 2 == 0));
    beside.emplace_back(16'000);
    beside.back().set(0, 0);
  }
  for (auto& [first, second] : pipes) {
    mp::from_bytes<Connection>(mp::to_bytes(second)).send(1);
    EXPECT_EQ(mp::from_bytes<Connection>(mp::to_bytes(first)).recv<int>(), 1);
  }
  pipes.clear();
  for (const auto& array : beside) {
    ASSERT_TRUE(array.get_all() == std::vector<int>(16'000)) << "another object";
  }
}

TEST(PipeSemantics, M08_ReceiveAfterTheOtherEndIsClosedGetsWhatIsLeftAndThenEof) {
  auto [a, b] = Pipe();
  b.send(1);
  b.close();
  EXPECT_TRUE(a.poll());
  EXPECT_EQ(a.recv<int>(), 1);
  EXPECT_TRUE(a.poll());
  EXPECT_THROW(a.recv<int>(), EOFError);
}

TEST(PipeSemantics, M08_SendAfterTheOtherEndIsClosedIsABrokenPipe) {
  auto [a, b] = Pipe();
  b.close();
  EXPECT_THROW(a.send(1), BrokenPipeError);
}

TEST(PipeSemantics, M08_AClosedConnectionIsAnOsError) {
  auto [a, b] = Pipe();
  a.close();
  a.close();
  EXPECT_TRUE(a.closed());
  EXPECT_THROW(a.send(1), OSError);
  EXPECT_THROW(a.recv<int>(), OSError);
  EXPECT_THROW(a.poll(), OSError);
  EXPECT_THROW(Connection().send(1), OSError);
}

TEST(PipeSemantics, M08_CloseEndsTheWaitsOfItsProcess) {
  auto [a, b] = Pipe();
  std::vector<Thread> threads;
  threads.emplace_back([end = a]() mutable { EXPECT_THROW(end.recv<int>(), OSError); });
  threads.emplace_back([end = a]() mutable { EXPECT_THROW(end.poll(std::nullopt), OSError); });
  threads.emplace_back(
      [end = a]() mutable { EXPECT_THROW(end.send_bytes(pattern(200'000)), OSError); });
  for (Thread& thread : threads) thread.start();
  weft::runtime::sleep_for(5ms);
  a.close();
  threads.clear();
  // Half a message was there, and the rest will not come.
  EXPECT_THROW(b.recv_bytes(), EOFError);
}

TEST(PipeSemantics, M08_ConnectionsAndProcessesAreWaitedForTogether) {
  auto [a, b] = Pipe();
  auto [c, d] = Pipe();
  Process process(echo, d);
  process.start();
  d.close();
  EXPECT_TRUE(mp::wait({a, process.sentinel()}, 0s).empty());
  EXPECT_TRUE(mp::wait({a, process.sentinel()}, -1s).empty());
  const auto before = std::chrono::steady_clock::now();
  EXPECT_TRUE(mp::wait({a, process.sentinel()}, 20ms).empty());
  EXPECT_GE(std::chrono::steady_clock::now() - before, 19ms);
  // One that is too large for the pipe, too: it has begun.
  for (const std::size_t size : {std::size_t{5}, std::size_t{1'000'000}}) {
    Thread sender([end = b, size]() mutable {
      weft::runtime::sleep_for(5ms);
      end.send_bytes(pattern(size));
    });
    sender.start();
    EXPECT_EQ(mp::wait({process.sentinel(), a}), std::vector<std::size_t>{1});
    EXPECT_EQ(a.recv_bytes().size(), size);
  }
  c.close();
  EXPECT_EQ(mp::wait({a, process.sentinel()}), std::vector<std::size_t>{1});
  b.close();
  EXPECT_EQ(mp::wait({a, process.sentinel()}), (std::vector<std::size_t>{0, 1}));
  a.close();
  EXPECT_THROW(mp::wait({a}), OSError);
}

TEST(PipeSemantics, M08_PollLooksOrWaits) {
  auto [a, b] = Pipe();
  EXPECT_FALSE(a.poll());
  const auto before = std::chrono::steady_clock::now();
  EXPECT_FALSE(a.poll(20ms));
  EXPECT_GE(std::chrono::steady_clock::now() - before, 19ms);
  b.send(1);
  EXPECT_TRUE(a.poll());
  EXPECT_TRUE(a.poll(std::nullopt));
  EXPECT_EQ(a.recv<int>(), 1);
}

TEST(PipeSemantics, M08_ABlockedPollSeesWhatComes) {
  auto [a, b] = Pipe();
  Thread sender([end = b]() mutable {
    weft::runtime::sleep_for(20ms);
    end.send(1);
  });
  sender.start();
  EXPECT_TRUE(a.poll(std::nullopt));
  sender.join();
}

TEST(PipeSemantics, M08_MessagesOfAnySizeArriveWhole) {
  auto [a, b] = Pipe();
  Process process(echo, b);
  process.start();
  b.close();
  for (const std::size_t size : {0U, 1U, 8U, 100U, 119U, 120U, 121U, 511U, 512U, 513U, 16'376U,
                                 16'377U, 65'536U, 100'000U, 5'000'000U}) {
    const Bytes sent = pattern(size);
    a.send_bytes(sent);
    ASSERT_TRUE(a.recv_bytes() == sent) << size;
  }
  a.close();
  process.join();
  EXPECT_EQ(process.exitcode(), 0);
}

TEST(PipeSemantics, M08_ValuesOfAllKindsCross) {
  auto [a, b] = Pipe();
  const std::tuple<int, double, std::map<std::string, std::vector<int>>, std::optional<bool>> sent{
      -5, 0.5, {{"one", {1}}, {"none", {}}}, true};
  a.send(sent);
  EXPECT_EQ((b.recv<std::remove_const_t<decltype(sent)>>()), sent);
}

TEST(PipeSemantics, M08_WhatIsNoSuchValueIsASerialiseError) {
  auto [a, b] = Pipe();
  a.send(1);
  EXPECT_THROW(b.recv<std::string>(), mp::SerialiseError);
  a.send("too much"s);
  EXPECT_THROW(b.recv<int>(), mp::SerialiseError);
  a.send(3);
  EXPECT_EQ(b.recv<int>(), 3);
}

TEST(PipeSemantics, M08_MaxlengthRefusesALongerMessage) {
  auto [a, b] = Pipe();
  for (const std::size_t size : {std::size_t{100}, std::size_t{200'000}}) {
    Thread sender([end = a, size]() mutable {
      end.send_bytes(pattern(size));
      end.send_bytes(pattern(3));
    });
    sender.start();
    EXPECT_THROW(b.recv_bytes(99), OSError);
    EXPECT_EQ(b.recv_bytes(3).size(), 3u);
    sender.join();
  }
}

TEST(PipeSemantics, M08_ReceivingIntoABufferThatIsTooShortGivesTheMessage) {
  auto [a, b] = Pipe();
  Bytes buffer(10);
  a.send_bytes(pattern(10));
  EXPECT_EQ(b.recv_bytes_into(buffer), 10u);
  EXPECT_EQ(buffer, pattern(10));
  a.send_bytes(pattern(11));
  try {
    b.recv_bytes_into(buffer);
    FAIL();
  } catch (const mp::BufferTooShort& error) {
    EXPECT_EQ(error.message, pattern(11));
  }
}

TEST(PipeSemantics, M08_TheEndOfAProcessClosesItsEnd) {
  auto [a, b] = Pipe();
  Process process(send_one, b, 5);
  process.start();
  b.close();
  EXPECT_EQ(a.recv<int>(), 5);
  EXPECT_THROW(a.recv<int>(), EOFError);
  process.join();
}

TEST(PipeSemantics, M08_TheEndStaysOpenWhileAnyProcessHasIt) {
  auto [a, b] = Pipe();
  Process process(hold_open, b);
  process.start();
  EXPECT_EQ(a.recv<int>(), 1);
  EXPECT_FALSE(a.poll(10ms));
  process.kill();
  process.join();
  EXPECT_FALSE(a.poll(10ms));  // this process has it still
  b.close();
  EXPECT_THROW(a.recv<int>(), EOFError);
}

TEST(PipeSemantics, M08_AKilledProcessEndsTheWaitOfTheOther) {
  auto [a, b] = Pipe();
  Process process(hold_open, b);
  process.start();
  b.close();
  EXPECT_EQ(a.recv<int>(), 1);
  Thread killer([&process] {
    weft::runtime::sleep_for(20ms);
    process.kill();
  });
  killer.start();
  EXPECT_THROW(a.recv<int>(), EOFError);
  killer.join();
  process.join();
}

TEST(PipeSemantics, M08_AMessageThatWasHalfSentIsNeverSeen) {
  auto [a, b] = Pipe();
  constexpr std::uint32_t kSize = 3'000'000;  // many times what the pipe has room for
  Process process(send_for_ever, b, kSize);
  process.start();
  EXPECT_TRUE(a.recv_bytes() == pattern(kSize));
  EXPECT_TRUE(a.poll(std::nullopt));  // the next one has begun
  process.kill();
  process.join();
  b.send_bytes(pattern(5));
  EXPECT_EQ(a.recv_bytes(), pattern(5));
}

TEST(PipeSemantics, M08_AConnectionCanBeSentThroughAConnection) {
  auto [a, b] = Pipe();
  auto [c, d] = Pipe();
  a.send(d);
  d.close();
  Connection received = b.recv<Connection>();
  received.send(42);
  EXPECT_EQ(c.recv<int>(), 42);
  received.close();
  EXPECT_THROW(c.recv<int>(), EOFError);
}

}  // namespace
