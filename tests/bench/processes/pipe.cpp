// A pipe and a queue between two processes: round trips, and messages one after the other.
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <vector>

#include "weft/multiprocessing/child.h"
#include "weft/multiprocessing/connection.h"
#include "weft/multiprocessing/process.h"
#include "weft/multiprocessing/queue.h"

namespace {

using weft::EOFError;
using weft::multiprocessing::Connection;
using weft::multiprocessing::Entry;
using weft::multiprocessing::Pipe;
using weft::multiprocessing::Process;
using weft::multiprocessing::Queue;
using Bytes = std::vector<std::byte>;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kSmall = 64;
constexpr std::size_t kLarge = 1 << 20;

const Entry echo("echo", [](Connection connection) {
  try {
    std::array<std::byte, kSmall> message;
    for (;;) connection.send_bytes(std::span(message.data(), connection.recv_bytes_into(message)));
  } catch (const EOFError&) {
  }
});

/// Receives that many messages, then says so.
const Entry swallow("swallow", [](Connection connection, int messages) {
  Bytes message(kLarge);
  for (int i = 0; i < messages; ++i) connection.recv_bytes_into(message);
  connection.send_bytes(std::array<std::byte, 1>{});
});

/// Gets that many items, the first of which says that it runs.
const Entry swallow_items("swallow_items",
                          [](Queue<Bytes> queue, Connection connection, int items) {
                            for (int i = 0; i < items; ++i) queue.get();
                            connection.send_bytes(std::array<std::byte, 1>{});
                          });

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

void round_trips() {
  auto [here, there] = Pipe();
  Process process(echo, there);
  process.start();
  there.close();
  const Bytes message(kSmall);
  std::array<std::byte, kSmall> answer;
  std::vector<double> microseconds;
  for (int i = 0; i < 20'000; ++i) {
    const auto start = Clock::now();
    here.send_bytes(message);
    here.recv_bytes_into(answer);
    microseconds.push_back(seconds_since(start) * 1e6);
  }
  here.close();
  process.join();
  std::ranges::sort(microseconds);
  std::printf("pipe round trip, 64 bytes: median %.1f us, p99 %.1f us\n",
              microseconds[microseconds.size() / 2], microseconds[microseconds.size() * 99 / 100]);
}

void stream(const char* name, std::size_t bytes, int messages) {
  auto [here, there] = Pipe();
  Process process(swallow, there, messages);
  process.start();
  const Bytes message(bytes);
  here.send_bytes(message);  // it runs
  const auto start = Clock::now();
  for (int i = 1; i < messages; ++i) here.send_bytes(message);
  here.recv_bytes();
  const double seconds = seconds_since(start);
  process.join();
  std::printf("pipe, %s: %.0f thousand messages/s, %.2f GB/s\n", name, messages / seconds / 1e3,
              static_cast<double>(bytes) * messages / seconds / 1e9);
}

void queue(const char* name, std::uint32_t maxsize, int items) {
  Queue<Bytes> queue(maxsize);
  auto [here, there] = Pipe();
  Process process(swallow_items, queue, there, items);
  process.start();
  const Bytes item(kSmall);
  queue.put(item);
  const auto start = Clock::now();
  for (int i = 1; i < items; ++i) queue.put(item);
  here.recv_bytes();
  const double seconds = seconds_since(start);
  process.join();
  std::printf("queue, 64 bytes, %s: %.0f thousand items/s\n", name, items / seconds / 1e3);
}

}  // namespace

int main() {
  weft::multiprocessing::freeze_support();
  round_trips();
  stream("64 bytes", kSmall, 400'000);
  stream("1 MB", kLarge, 1'000);
  queue("no limit", 0, 200'000);
  queue("maxsize 100", 100, 200'000);
  return 0;  // in WebAssembly it is no main()
}
