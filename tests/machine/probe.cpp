// What the tests of the machine run in its processes: a run's first process that starts, signals and
// waits for others with nothing but the platform, and the others. The arguments of `probe`:
//   how      what the children do, see child()
//   count    how many, of which `at_once` run at the same time, with a `pause` (ms) before each such round
//   signal   what each is sent once it runs; 0: none
//   stay     do not wait for their end, and never end
// Prints a line `child <number> <state> <exit code> <failure>` each, and `ms <start to end> <signal to end>`.
#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "playground/process/entry_point.h"
#include "weft/platform/clock.h"
#include "weft/platform/process.h"
#include "weft/platform/process_table.h"
#include "weft/platform/shared.h"
#include "weft/platform/thread.h"

namespace weft::playground {
namespace {

namespace shared = platform::shared;
namespace table = platform::process_table;
using table::slot_at;

constexpr shared::Offset kHow = table::slot::kPrivate;
constexpr shared::Offset kCounter = table::kEnd;
constexpr shared::Offset kNobodyWakes = table::kEnd + 4;

enum How : std::uint32_t {
  returns,
  exits,
  exits_on_thread,
  traps,
  throws,
  spins,
  sleeps,
  counts,
  scribbles,
  kinds
};
const std::array<const char*, kinds> names = {"returns", "exits",  "exits_on_thread",
                                              "traps",   "throws", "spins",
                                              "sleeps",  "counts", "scribbles"};

std::uint32_t field(std::uint32_t slot, shared::Offset offset) {
  return shared::load(slot_at(slot) + offset);
}

[[noreturn]] void sleep_for_ever() {
  for (;;) shared::wait(kNobodyWakes, 0);
}

void sleep(std::chrono::milliseconds duration) { shared::wait(kNobodyWakes, 0, duration); }

void on_thread(void (*run)(void*) noexcept) {
  platform::start_thread({run, [](void*) noexcept {}, nullptr});
}

/// Writes all over what the heap gives of the process's own memory, which has 64 MB.
int scribble() {
  std::vector<std::vector<char>> all;
  for (int i = 0; i < 40; ++i) all.emplace_back(1'000'000, 'x');
  return static_cast<int>(all.size());
}

int child(const EntryPoint::Arguments&) {
  const std::uint32_t slot = *platform::own_slot();
  shared::store(slot_at(slot) + table::slot::kState, table::kRunning);
  shared::wake(slot_at(slot) + table::slot::kState, 1);
  switch (field(slot, kHow)) {
    case exits: platform::exit_process(9);
    case exits_on_thread:
      on_thread([](void*) noexcept { platform::exit_process(-11); });
      sleep_for_ever();
    case traps: __builtin_trap();
    case throws: throw 1;
    case spins: {
      volatile bool goes_on = true;
      while (goes_on) {
      }
      break;
    }
    case sleeps: sleep_for_ever();
    case counts:
      on_thread([](void*) noexcept {
        for (;;) {
          const shared::Access access;
          shared::store(kCounter, shared::load(kCounter) + 1);
        }
      });
      sleep_for_ever();
    case scribbles: return scribble();
  }
  return 7;
}

void start(std::uint32_t slot, std::uint32_t how) {
  const auto number = shared::fetch_add(table::header::kNextNumber, 1) + 2;
  const shared::Offset at = slot_at(slot);
  shared::store(at + table::slot::kNumber, number);
  shared::store(at + table::slot::kKilled, 0);
  shared::store(at + kHow, how);
  shared::store(at + table::slot::kState, table::kStarting);
  platform::start_process(slot);
}

template <class Condition>
void wait_until(std::uint32_t slot, Condition holds) {
  const shared::Offset state = slot_at(slot) + table::slot::kState;
  for (std::uint32_t now = shared::load(state); !holds(now); now = shared::load(state)) {
    shared::wait(state, now);
  }
}

double milliseconds_since(std::chrono::nanoseconds start) {
  return std::chrono::duration<double, std::milli>(platform::clock_now() - start).count();
}

struct Plan {
  std::uint32_t how;
  int signal;
};

void end(std::uint32_t slot, const Plan& plan, std::chrono::nanoseconds started) {
  auto signalled = started;
  if (plan.signal != 0) {
    wait_until(slot, [](std::uint32_t state) { return state >= table::kRunning; });
    if (plan.how == counts) {
      while (shared::load(kCounter) == 0) shared::wait(kCounter, 0, std::chrono::milliseconds(1));
    }
    signalled = platform::clock_now();
    platform::signal_process(slot, plan.signal);
  }
  wait_until(slot, [](std::uint32_t state) { return state >= table::kEnded; });
  const double from_start = milliseconds_since(started);
  const double from_signal = milliseconds_since(signalled);
  std::string text(field(slot, table::slot::kFailure), ' ');
  shared::read(text.data(), slot_at(slot) + table::slot::kFailureText, text.size());
  std::printf("child %u %u %d %s\n", field(slot, table::slot::kNumber),
              field(slot, table::slot::kState),
              static_cast<int>(field(slot, table::slot::kExitCode)), text.c_str());
  std::printf("ms %.2f %.2f\n", from_start, from_signal);
}

int probe(const EntryPoint::Arguments& arguments) {
  shared::create(1 << 20);
  Plan plan{kinds, 0};
  int count = 1;
  int at_once = 1;
  std::chrono::milliseconds pause{0};
  bool stay = false;
  for (const std::string& argument : arguments) {
    const std::size_t equals = argument.find('=');
    const std::string name = argument.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : argument.substr(equals + 1);
    if (name == "signal") plan.signal = std::stoi(value);
    if (name == "count") count = std::stoi(value);
    if (name == "at_once") at_once = std::stoi(value);
    if (name == "pause") pause = std::chrono::milliseconds(std::stoi(value));
    if (name == "stay") stay = value == "true";
    for (std::uint32_t how = 0; how < kinds && name == "how"; ++how) {
      if (value == names[how]) plan.how = how;
    }
  }
  for (int done = 0; done < count; done += at_once) {
    sleep(pause);
    std::vector<std::chrono::nanoseconds> started;
    for (int i = 1; i <= at_once; ++i) {
      started.push_back(platform::clock_now());
      start(static_cast<std::uint32_t>(i), plan.how);
    }
    if (stay) break;
    for (int i = 1; i <= at_once; ++i) {
      end(static_cast<std::uint32_t>(i), plan, started[static_cast<std::size_t>(i - 1)]);
    }
  }
  if (plan.how == counts) {
    // What is ended changes nothing any more.
    const std::uint32_t counted = shared::load(kCounter);
    sleep(std::chrono::milliseconds(300));
    std::puts(shared::load(kCounter) == counted ? "it counts no more" : "it counts on");
  }
  if (stay) {
    for (int i = 1; i <= at_once; ++i) {
      wait_until(static_cast<std::uint32_t>(i),
                 [](std::uint32_t state) { return state >= table::kRunning; });
    }
    std::puts("running");
    sleep_for_ever();
  }
  return 0;
}

const EntryPoint entries[] = {{"probe", probe}, {"child", child}};

}  // namespace
}  // namespace weft::playground
