#include "demos/kit/demo.h"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "demos/kit/child_run.h"
#include "demos/kit/time.h"
#include "weft/errors.h"
#include "weft/multiprocessing/connection.h"
#include "weft/multiprocessing/process.h"

namespace weft::demos::pipe_ping_pong {
namespace {

struct Declaration : Demo {
  Declaration()
      : Demo({.id = "pipe-ping-pong",
              .topic = "processes",
              .title = {"Pipe ping-pong", "管道乒乓"},
              .summary = {
                  "A message goes to another process and comes back, again and again. How long a "
                  "round trip takes is measured each time and shown as a distribution.",
                  "一条消息发给另一个进程，再发回来，如此往复。每个来回的用时都测量下来，以分布图显"
                  "示。"}}) {}

  Integer rounds =
      integer("rounds", {1, 20'000}, 1000, {"Round trips", "来回次数"},
              {"How often the message goes to and fro.", "消息来回多少次。"}, {"times", "次"});
  Integer bytes = integer("bytes", {0, 1'000'000}, 64, {"Message", "消息大小"},
                          {"How large the message is.", "消息有多大。"}, {"bytes", "字节"});

  Result median_us =
      result("median_us", {"Median of a round trip", "来回用时的中位数"}, {"µs", "微秒"});
  Result messages_per_second = result("messages_per_second", {"Messages a second", "每秒消息数"});

  Check intact = check("intact", {"Every message came back as it was sent", "每条消息都原样返回"});

  Sample round_trip =
      sample("round_trip", {"Time of a round trip", "一个来回的用时"}, {"µs", "微秒"});
} demo;

using multiprocessing::Connection;
using multiprocessing::Process;

/// Sends back whatever comes, until the other end is closed.
const multiprocessing::Entry echo("pipe-ping-pong.echo", [](Connection connection) {
  std::int64_t answered = 0;
  try {
    for (;; ++answered) connection.send_bytes(connection.recv_bytes());
  } catch (const EOFError&) {
    child_run().print("echo: the other end was closed after", answered, "messages");
  }
});

/// The middle one of them, which need not be sorted.
double median(std::vector<double> numbers) {
  const auto middle = numbers.begin() + static_cast<std::ptrdiff_t>(numbers.size() / 2);
  std::ranges::nth_element(numbers, middle);
  return *middle;
}

void run(const Params& params, Run& run) {
  const std::int64_t rounds = params[demo.rounds];
  const std::int64_t size = params[demo.bytes];
  Connection::Bytes message(static_cast<std::size_t>(size));
  for (std::size_t i = 0; i < message.size(); ++i) message[i] = static_cast<std::byte>(i % 251);

  auto [here, there] = multiprocessing::Pipe(true, "pipe");
  Process process(Process::Options{.name = "echo"}, echo, there);
  process.start();
  there.close();  // else the child would never see that nobody has an end any more but itself

  std::vector<double> microseconds;
  bool intact = true;
  const runtime::Time begin = runtime::Clock::now();
  for (std::int64_t round = 1; round <= rounds; ++round) {
    const runtime::Time start = runtime::Clock::now();
    here.send_bytes(message);
    intact = here.recv_bytes() == message && intact;
    microseconds.push_back(1000 * milliseconds_since(start));
    run.sample(demo.round_trip, microseconds.back());
    run.progress(static_cast<std::uint32_t>(round), static_cast<std::uint32_t>(rounds));
  }
  const double elapsed = milliseconds_since(begin);
  here.close();
  process.join();

  run.result(demo.median_us, median(microseconds));
  run.result(demo.messages_per_second, 2000 * static_cast<double>(rounds) / elapsed);
  run.check(demo.intact, intact);
  run.print(rounds, "round trips of", size, "bytes each");
}

const Registered registered(demo, run);

}  // namespace
}  // namespace weft::demos::pipe_ping_pong
