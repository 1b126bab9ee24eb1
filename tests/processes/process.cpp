// Python's multiprocessing.Process: rows M01 to M07 and M22 of docs/semantics.md.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "weft/errors.h"
#include "weft/multiprocessing/connection.h"
#include "weft/multiprocessing/process.h"
#include "weft/multiprocessing/queue.h"
#include "weft/runtime/park.h"
#include "weft/threading/guard.h"
#include "weft/threading/lock.h"
#include "weft/threading/thread.h"

namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using weft::AssertionError;
using weft::RuntimeError;
using weft::ValueError;
namespace mp = weft::multiprocessing;
using mp::Process;
using Options = mp::Process::Options;

struct Point {
  int x = 0;
  double y = 0;
};

void serialise(mp::Archive& archive, Point& point) { archive(point.x, point.y); }

const mp::Entry nothing("process.nothing", [] {});
const mp::Entry exit_with("process.exit_with", [](int code) { throw weft::SystemExit{code}; });
const mp::Entry os_exit_with("process.os_exit_with", [](int code) { mp::os_exit(code); });
const mp::Entry fail("process.fail", [] { throw ValueError("on purpose"); });
const mp::Entry spin("process.spin", [] {
  volatile bool forever = true;
  while (forever) {
  }
});
const mp::Entry sleep_for("process.sleep_for", [](std::chrono::milliseconds duration) {
  weft::runtime::sleep_for(duration);
});

/// Runs it to its end.
template <class... Given>
int exit_code_of(Given&&... given) {
  Process process(std::forward<Given>(given)...);
  process.start();
  process.join();
  return process.exitcode().value();
}

TEST(ProcessSemantics, M01_ExitCodeIsNoneBeforeAndWhileItRuns) {
  Process process(spin);
  EXPECT_EQ(process.exitcode(), std::nullopt);
  EXPECT_FALSE(process.is_alive());
  EXPECT_EQ(process.pid(), std::nullopt);
  process.start();
  EXPECT_EQ(process.exitcode(), std::nullopt);
  EXPECT_TRUE(process.is_alive());
  EXPECT_NE(process.pid().value(), 0U);
  process.kill();
  process.join();
  EXPECT_FALSE(process.is_alive());
}

TEST(ProcessSemantics, M01_ReturningIsZero) { EXPECT_EQ(exit_code_of(nothing), 0); }

TEST(ProcessSemantics, M01_AnUncaughtExceptionIsOne) { EXPECT_EQ(exit_code_of(fail), 1); }

TEST(ProcessSemantics, M01_SystemExitIsItsCode) {
  EXPECT_EQ(exit_code_of(exit_with, 0), 0);
  EXPECT_EQ(exit_code_of(exit_with, 7), 7);
  EXPECT_EQ(exit_code_of(exit_with, 300), 44);  // the low 8 bits, as with Python
}

TEST(ProcessSemantics, M01_OsExitIsItsCode) { EXPECT_EQ(exit_code_of(os_exit_with, 9), 9); }

const mp::Entry os_exit_from_a_thread("process.os_exit_from_a_thread", [] {
  weft::threading::Thread thread([] { mp::os_exit(11); });
  thread.start();
  thread.join();
});

TEST(ProcessSemantics, M01_OsExitFromAnotherThreadEndsTheProcess) {
  EXPECT_EQ(exit_code_of(os_exit_from_a_thread), 11);
}

const mp::Entry crash("process.crash", [] { std::abort(); });

TEST(ProcessSemantics, M01_ACrashIsMinusItsSignal) { EXPECT_EQ(exit_code_of(crash), -6); }

// Names that are given by default count on, whatever runs before.
const mp::Entry name_of_a_child("process.name_of_a_child", [](const std::string& own) {
  if (mp::current_process().name() != own) throw weft::SystemExit{2};
  const Process child(nothing);
  throw weft::SystemExit{child.name() == own + ":1" ? 0 : 3};
});

TEST(ProcessSemantics, M01_DefaultNamesAreCounted) {
  const Process first(nothing);
  const Process second(nothing);
  const std::string prefix = "Process-";
  ASSERT_TRUE(first.name().starts_with(prefix));
  EXPECT_EQ(std::stoi(second.name().substr(prefix.size())),
            std::stoi(first.name().substr(prefix.size())) + 1);
}

TEST(ProcessSemantics, M01_TheDefaultNameOfAGrandchildTellsItsPlaceInTheTree) {
  // The own name is that which it is told, "Process-N", so the child's is "Process-N:1".
  Process probe(nothing);
  const int next = std::stoi(probe.name().substr(8)) + 1;
  EXPECT_EQ(exit_code_of(name_of_a_child, "Process-" + std::to_string(next)), 0);
}

const mp::Entry name_is("process.name_is", [](const std::string& name) {
  throw weft::SystemExit{mp::current_process().name() == name ? 0 : 1};
});

TEST(ProcessSemantics, M01_TheNameIsWhatItIsGiven) {
  EXPECT_EQ(exit_code_of(Options{.name = "reader"}, name_is, "reader"), 0);
  Process process(name_is, "writer");
  process.set_name("writer");
  process.start();
  process.join();
  EXPECT_EQ(process.exitcode(), 0);
}

const mp::Entry daemon_is("process.daemon_is", [](bool daemon) {
  throw weft::SystemExit{mp::current_process().daemon() == daemon ? 0 : 1};
});

const mp::Entry passes_daemon_on("process.passes_daemon_on", [](bool daemon) {
  const bool right = Process(nothing).daemon() == daemon &&
                     Process(Options{.daemon = !daemon}, nothing).daemon() == !daemon;
  throw weft::SystemExit{right ? 0 : 1};
});

TEST(ProcessSemantics, M01_DaemonIsWhatItIsGivenElseInherited) {
  EXPECT_FALSE(Process(nothing).daemon());
  for (const bool daemon : {false, true}) {
    EXPECT_EQ(exit_code_of(Options{.daemon = daemon}, passes_daemon_on, daemon), 0);
  }
  EXPECT_EQ(exit_code_of(daemon_is, false), 0);
  EXPECT_EQ(exit_code_of(Options{.daemon = true}, daemon_is, true), 0);
  Process process(nothing);
  process.set_daemon(true);
  EXPECT_TRUE(process.daemon());
  process.start();
  EXPECT_THROW(process.set_daemon(false), AssertionError);
  process.join();
}

const mp::Entry takes_everything("process.takes_everything",
                                 [](int number, double real, bool truth, const std::string& text,
                                    const mp::Bytes& bytes, const std::vector<std::string>& texts,
                                    const std::map<std::string, int>& map, std::optional<int> some,
                                    std::optional<int> none,
                                    const std::variant<int, std::string>& either, Point point) {
                                   const bool right =
                                       number == -7 && real == 0.5 && truth && text == "h\0llo"s &&
                                       bytes == mp::Bytes{std::byte{1}, std::byte{255}} &&
                                       texts == std::vector<std::string>{"a", "", "c"} &&
                                       map == std::map<std::string, int>{{"one", 1}, {"two", 2}} &&
                                       some == 5 && !none &&
                                       std::get<std::string>(either) == "this" && point.x == 3 &&
                                       point.y == 4.5;
                                   throw weft::SystemExit{right ? 0 : 1};
                                 });

TEST(ProcessSemantics, ArgumentsArriveAsTheyWere) {
  EXPECT_EQ(
      exit_code_of(takes_everything, -7, 0.5, true, "h\0llo"s,
                   mp::Bytes{std::byte{1}, std::byte{255}}, std::vector<std::string>{"a", "", "c"},
                   std::map<std::string, int>{{"one", 1}, {"two", 2}}, 5, std::nullopt,
                   std::variant<int, std::string>("this"), Point{3, 4.5}),
      0);
}

// What does not fit is told when compiling.
template <class... Given>
constexpr bool can_be_made = std::is_constructible_v<Process, Given...>;
static_assert(can_be_made<decltype(exit_with), int>);
static_assert(!can_be_made<decltype(exit_with)>);
static_assert(!can_be_made<decltype(exit_with), int, int>);
static_assert(!can_be_made<decltype(exit_with), std::string>);
static_assert(!mp::Sendable<void*> && !mp::Sendable<weft::threading::Thread>);

const mp::Entry threads_inside("process.threads_inside", [](int count) {
  std::atomic<int> sum{0};
  weft::threading::Lock lock;
  {
    std::vector<weft::threading::Thread> threads;
    for (int i = 1; i <= count; ++i) {
      threads.emplace_back([&, i] {
        const weft::threading::Guard guard(lock);
        sum += i;
      });
      threads.back().start();
    }
  }
  throw weft::SystemExit{sum.load()};
});

TEST(ProcessSemantics, ThreadsInsideAProcessWorkAsInTheFirst) {
  EXPECT_EQ(exit_code_of(threads_inside, 8), 36);
}

const mp::Entry leaves_a_thread("process.leaves_a_thread", [](mp::Connection connection) {
  auto* const thread = new weft::threading::Thread([connection]() mutable {
    weft::runtime::sleep_for(20ms);
    connection.send(5);
  });
  thread->start();
});

TEST(ProcessSemantics, TheEndOfAProcessWaitsForItsThreads) {
  auto [here, there] = mp::Pipe();
  EXPECT_EQ(exit_code_of(leaves_a_thread, there), 0);
  EXPECT_EQ(here.recv<int>(), 5);
}

#ifndef __EMSCRIPTEN__
TEST(ProcessSemantics, M01_AnUncaughtExceptionIsReportedOnStandardErrorNatively) {
  testing::internal::CaptureStderr();
  EXPECT_EQ(exit_code_of(Options{.name = "unlucky"}, fail), 1);
  EXPECT_EQ(testing::internal::GetCapturedStderr(),
            "Exception in process unlucky: ValueError: on purpose\n");
}
#endif

TEST(ProcessSemantics, M02_TerminateIsMinus15AndKillMinus9) {
  Process terminated(spin);
  terminated.start();
  terminated.terminate();
  terminated.join();
  EXPECT_EQ(terminated.exitcode(), -15);
  Process killed(spin);
  killed.start();
  killed.kill();
  killed.join();
  EXPECT_EQ(killed.exitcode(), -9);
}

TEST(ProcessSemantics, M02_TerminateOfOneThatHasEndedDoesNothing) {
  Process process(nothing);
  process.start();
  process.join();
  process.terminate();
  process.kill();
  EXPECT_EQ(process.exitcode(), 0);
}

TEST(ProcessSemantics, M02_ASleepingProcessIsKilledToo) {
  Process process(sleep_for, 1h);
  process.start();
  process.kill();
  process.join();
  EXPECT_EQ(process.exitcode(), -9);
}

TEST(ProcessSemantics, M02_NothingIsStrongerThanKill) {
  Process process(spin);
  process.start();
  process.kill();
  process.terminate();
  process.join();
  EXPECT_EQ(process.exitcode(), -9);
}

TEST(ProcessSemantics, M02_ASentinelIsReadyOnceTheProcessHasEnded) {
  Process process(spin);
  process.start();
  const mp::Sentinel sentinel = process.sentinel();
  EXPECT_FALSE(sentinel.ready());
  EXPECT_TRUE(mp::wait({sentinel}, 5ms).empty());
  process.kill();
  EXPECT_EQ(mp::wait({sentinel}), std::vector<std::size_t>{0});
  EXPECT_TRUE(sentinel.ready());
}

#ifndef __EMSCRIPTEN__  // where the machine's own tests count what is left
// The system keeps nothing of a process that has ended, though nobody has joined it.
TEST(ProcessSemantics, M07_ThereAreNoZombies) {
  Process process(nothing);
  process.start();
  mp::wait({process.sentinel()});
  EXPECT_FALSE(std::filesystem::exists("/proc/" + std::to_string(process.pid().value())));
}
#endif

TEST(ProcessSemantics, M03_StartTwiceAndJoinBeforeStartAreAssertionErrors) {
  Process process(nothing);
  EXPECT_THROW(process.join(), AssertionError);
  EXPECT_THROW(process.terminate(), AssertionError);
  EXPECT_THROW(process.kill(), AssertionError);
  EXPECT_THROW(static_cast<void>(process.sentinel()), ValueError);
  process.start();
  EXPECT_THROW(process.start(), AssertionError);
  process.join();
  EXPECT_THROW(process.start(), AssertionError);
}

TEST(ProcessSemantics, M03_AMovedFromProcessCannotBeStarted) {
  Process process(exit_with, 7);
  Process other(std::move(process));
  EXPECT_THROW(process.start(), RuntimeError);  // NOLINT: moved from
  EXPECT_FALSE(process.is_alive());
  EXPECT_THROW(process.join(), AssertionError);
  process = std::move(other);
  EXPECT_THROW(other.start(), RuntimeError);  // NOLINT: moved from
  process.start();
  other = std::move(process);
  EXPECT_THROW(process.start(), RuntimeError);  // NOLINT: moved from
  other.join();
  EXPECT_EQ(other.exitcode(), 7);
}

using Function = void (*)();
const mp::Entry<Function> without_function("process.without_function", nullptr);
const mp::Entry<std::function<int(int)>> without_result("process.without_result", {});

TEST(ProcessSemantics, M01_WithoutAFunctionThereIsNothingToDo) {
  EXPECT_EQ(exit_code_of(without_function), 0);
  EXPECT_EQ(exit_code_of(without_result, 3), 0);
  without_function();
  EXPECT_THROW(without_result(3), RuntimeError);
}

TEST(ProcessSemantics, M03_JoinWithATimeoutReturnsWithoutTelling) {
  Process process(spin);
  process.start();
  const auto begin = std::chrono::steady_clock::now();
  process.join(30ms);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 29ms);
  EXPECT_TRUE(process.is_alive());
  process.join(-1s);
  process.join(0s);
  EXPECT_TRUE(process.is_alive());
  process.kill();
  process.join(1h);
  EXPECT_FALSE(process.is_alive());
  process.join();
  process.join();
}

TEST(ProcessSemantics, M03_SeveralThreadsJoinOne) {
  Process process(sleep_for, 20ms);
  process.start();
  std::vector<weft::threading::Thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&process] {
      process.join();
      EXPECT_EQ(process.exitcode(), 0);
    });
    threads.back().start();
  }
}

TEST(ProcessSemantics, M04_CloseWhileItRunsIsAValueError) {
  Process process(spin);
  process.start();
  EXPECT_THROW(process.close(), ValueError);
  process.kill();
  process.join();
  process.close();
}

TEST(ProcessSemantics, M04_AfterCloseEveryAccessIsAValueError) {
  Process process(nothing);
  process.start();
  process.join();
  process.close();
  EXPECT_THROW(process.join(), ValueError);
  EXPECT_THROW(process.start(), ValueError);
  EXPECT_THROW(process.terminate(), ValueError);
  EXPECT_THROW(process.kill(), ValueError);
  EXPECT_THROW(static_cast<void>(process.is_alive()), ValueError);
  EXPECT_THROW(static_cast<void>(process.exitcode()), ValueError);
  EXPECT_THROW(static_cast<void>(process.pid()), ValueError);
  EXPECT_THROW(static_cast<void>(process.sentinel()), ValueError);
  process.close();
}

const mp::Entry has_child("process.has_child", [] {
  Process child(nothing);
  try {
    child.start();
  } catch (const AssertionError&) {
    throw weft::SystemExit{77};
  }
  child.join();
});

TEST(ProcessSemantics, M05_ADaemonMayNotHaveChildren) {
  EXPECT_EQ(exit_code_of(Options{.daemon = true}, has_child), 77);
  EXPECT_EQ(exit_code_of(has_child), 0);
}

/// A tree of processes, each of which tells its place.
void grow(mp::Queue<std::vector<int>> places, std::vector<int> place);
const mp::Entry branch("process.branch", grow);

void grow(mp::Queue<std::vector<int>> places, std::vector<int> place) {
  places.put(place);
  if (place.size() == 2) return;
  for (int i = 0; i < 2; ++i) {
    std::vector<int> next = place;
    next.push_back(i);
    Process child(branch, places, next);
    child.start();
    child.join();
  }
}

TEST(ProcessSemantics, M05_ProcessesStartProcesses) {
  mp::Queue<std::vector<int>> places;
  EXPECT_EQ(exit_code_of(branch, places, std::vector<int>()), 0);
  const std::vector<std::vector<int>> all{{}, {0}, {0, 0}, {0, 1}, {1}, {1, 0}, {1, 1}};
  for (const auto& place : all) EXPECT_EQ(places.get(), place);
  EXPECT_TRUE(places.empty());
}

int global = 1;

const mp::Entry change_global("process.change_global", [](std::vector<int> argument) {
  const bool fresh = global == 1;
  global = 2;
  argument[0] = 99;
  throw weft::SystemExit{fresh ? 0 : 1};
});

TEST(ProcessSemantics, M06_MemoryIsTheProcessesOwn) {
  const std::vector<int> argument{1};
  EXPECT_EQ(exit_code_of(change_global, argument), 0);
  EXPECT_EQ(exit_code_of(change_global, argument), 0);
  EXPECT_EQ(global, 1);
  EXPECT_EQ(argument[0], 1);
}

// A process that ends waits for its children.
const mp::Entry parent_of_a_sleeper("process.parent_of_a_sleeper", [](bool daemon) {
  // Moved to where no destructor waits for it.
  auto* const child =
      new Process(Options{.daemon = daemon}, sleep_for, daemon ? 3'600'000ms : 30ms);
  child->start();
});

TEST(ProcessSemantics, M07_TheEndJoinsChildrenThatAreNoDaemons) {
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(exit_code_of(parent_of_a_sleeper, false), 0);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 29ms);
}

TEST(ProcessSemantics, M07_TheEndTerminatesDaemons) {
  EXPECT_EQ(exit_code_of(parent_of_a_sleeper, true), 0);
}

using Place = std::pair<std::uint32_t, std::uint32_t>;

const mp::Entry parent_that_is_killed("process.parent_that_is_killed", [](mp::Connection connection,
                                                                          bool daemon) {
  Process child(Options{.daemon = daemon}, sleep_for, daemon ? 3'600'000ms : 50ms);
  child.start();
  connection.send(Place(child.sentinel().slot, child.sentinel().number));
  weft::runtime::sleep_for(1h);
});

mp::Sentinel child_of_a_killed_parent(bool daemon) {
  auto [here, there] = mp::Pipe();
  Process parent(parent_that_is_killed, there, daemon);
  parent.start();
  const auto [slot, number] = here.recv<Place>();
  parent.kill();
  parent.join();
  EXPECT_EQ(parent.exitcode(), -9);
  return {slot, number};
}

TEST(ProcessSemantics, M07_AKilledParentTakesItsDaemonsAlong) {
  const mp::Sentinel daemon = child_of_a_killed_parent(true);
  EXPECT_EQ(mp::wait({daemon}), std::vector<std::size_t>{0});
}

TEST(ProcessSemantics, M07_AnOrphanGoesOnAndLeavesNothingBehind) {
  const mp::Sentinel orphan = child_of_a_killed_parent(false);
  EXPECT_EQ(mp::wait({orphan}), std::vector<std::size_t>{0});
}

TEST(ProcessSemantics, M22_ActiveChildrenJoinsThoseThatHaveEnded) {
  Process process(sleep_for, 1h);
  process.start();
  const auto among = [&] {
    const auto active = mp::active_children();
    return std::ranges::count(active, process.ref());
  };
  EXPECT_EQ(among(), 1);
  process.kill();
  mp::wait({process.sentinel()});
  EXPECT_EQ(among(), 0);
  EXPECT_EQ(process.exitcode(), -9);
}

TEST(ProcessSemantics, M22_TheFirstIsMainProcess) {
  EXPECT_EQ(mp::current_process().name(), "MainProcess");
  EXPECT_EQ(mp::current_process().number(), 1U);
  EXPECT_TRUE(mp::current_process().is_alive());
  EXPECT_FALSE(mp::current_process().daemon());
  EXPECT_EQ(mp::parent_process(), std::nullopt);
  EXPECT_THROW(mp::current_process().join(), AssertionError);
  EXPECT_THROW(mp::current_process().terminate(), AssertionError);
}

const mp::Entry knows_its_parent("process.knows_its_parent", [](std::uint32_t pid) {
  const auto parent = mp::parent_process().value();
  const bool right = parent.name() == "MainProcess" && parent.pid() == pid &&
                     parent.number() == 1 && parent.is_alive() &&
                     mp::current_process().pid() != pid;
  throw weft::SystemExit{right ? 0 : 1};
});

TEST(ProcessSemantics, M22_AChildKnowsItsParent) {
  EXPECT_EQ(exit_code_of(knows_its_parent, mp::current_process().pid()), 0);
}

}  // namespace
