// Programs that have habits of their own: what they do to signals, to children and to descriptors must not
// reach the processes that they start. Natively only; a page has none of these.
#ifndef __EMSCRIPTEN__

#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <string>
#include <vector>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "weft/errors.h"
#include "weft/multiprocessing/event.h"
#include "weft/multiprocessing/lock.h"
#include "weft/multiprocessing/pool.h"
#include "weft/multiprocessing/process.h"
#include "weft/multiprocessing/queue.h"
#include "weft/platform/sanitizers.h"
#include "weft/runtime/park.h"

namespace {

using namespace std::chrono_literals;
using weft::RuntimeError;
namespace mp = weft::multiprocessing;
using mp::Entry;
using mp::Event;
using mp::Pool;
using mp::Process;
using mp::Queue;

const Entry exit_with("hosts.exit_with", [](int code) { throw weft::SystemExit{code}; });
const Entry os_exit_with("hosts.os_exit_with", [](int code) { mp::os_exit(code); });
const Entry hang("hosts.hang", [] { weft::runtime::sleep_for(1h); });
const Entry wait_for("hosts.wait_for", [](Event event) { event.wait(); });
/// Sends which of the standard streams are open.
const Entry standard_streams("hosts.standard_streams", [](Queue<std::vector<int>> queue) {
  std::vector<int> open;
  for (int i = 0; i < 3; ++i) {
    if (fcntl(i, F_GETFD) != -1) open.push_back(i);
  }
  queue.put(open);
});

/// Does something else at a signal for the length of a scope.
class Disposition {
 public:
  Disposition(int signal, void (*handler)(int))
      : signal_(signal), before_(std::signal(signal, handler)) {}
  ~Disposition() { std::signal(signal_, before_); }
  Disposition(const Disposition&) = delete;
  Disposition& operator=(const Disposition&) = delete;

 private:
  const int signal_;
  void (*const before_)(int);
};

template <class... Given>
int exit_code_of(Given&&... given) {
  Process process(std::forward<Given>(given)...);
  process.start();
  process.join();
  return process.exitcode().value();
}

int killed_exit_code(void (Process::*end)()) {
  Process process(hang);
  process.start();
  (process.*end)();
  process.join();
  return process.exitcode().value();
}

// The system keeps no ends of children then.
TEST(ProcessHosts, SigchldMayBeIgnored) {
  const Disposition ignored(SIGCHLD, SIG_IGN);
  EXPECT_EQ(exit_code_of(exit_with, 0), 0);
  EXPECT_EQ(exit_code_of(exit_with, 7), 7);
  EXPECT_EQ(exit_code_of(os_exit_with, 9), 9);
  EXPECT_EQ(killed_exit_code(&Process::terminate), -15);
  EXPECT_EQ(killed_exit_code(&Process::kill), -9);
}

TEST(ProcessHosts, SigchldMayBeIgnoredByWhoUsesPools) {
  const Disposition ignored(SIGCHLD, SIG_IGN);
  Pool pool(2, {.maxtasksperchild = 1});
  for (int i = 0; i < 6; ++i) EXPECT_THROW(pool.apply(exit_with, i), weft::SystemExit);
  pool.close();
  pool.join();
}

// As servers do that have children of their own.
TEST(ProcessHosts, TheProgramMayCleanUpAfterAllItsChildren) {
  for (int i = 0; i < 40; ++i) {
    Process process(exit_with, i);
    process.start();
    int status = 0;
    // Its end is told to one of the two.
    while (::wait(&status) < 0 && errno == EINTR) {
    }
    process.join();
    ASSERT_EQ(process.exitcode(), i);
  }
  Process process(hang);
  process.start();
  process.kill();
  ::wait(nullptr);
  process.join();
  EXPECT_EQ(process.exitcode(), -9);
  process.kill();  // whoever has its number now
}

TEST(ProcessHosts, SigtermMayBeIgnored) {
  const Disposition ignored(SIGTERM, SIG_IGN);
  EXPECT_EQ(killed_exit_code(&Process::terminate), -15);
  Pool pool(2);
  const auto running = pool.apply_async(hang);
  pool.terminate();
  pool.join();
  EXPECT_THROW(running.get(), RuntimeError);
}

#if GTEST_HAS_DEATH_TEST
/// Ends a program of its own with a status that tells what went wrong.
void expect(bool holds, int status) {
  if (!holds) _exit(status);
}

class ProcessHostsDescriptors : public testing::Test {
 protected:
  // In a program of its own that has not started any processes yet.
  void SetUp() override { GTEST_FLAG_SET(death_test_style, "threadsafe"); }
};

// By the system call itself: to ThreadSanitizer the close() of a descriptor that another thread uses is a race,
// and here it is one on purpose.
void close_all_from(int first) {
  for (int i = first; i < 256; ++i) syscall(SYS_close, i);
}

TEST_F(ProcessHostsDescriptors, TheStandardStreamsMayBeClosed) {
  const auto run = [] {
    for (int i = 0; i < 3; ++i) ::close(i);
    for (int i = 0; i < 5; ++i) {
      Queue<std::vector<int>> queue;
      Process process(standard_streams, queue);
      process.start();
      const std::string text(1000, 'x');
      for (int stream = 0; stream < 3; ++stream) {
        expect(::write(stream, text.data(), text.size()) < 0, 1);
        expect(fcntl(stream, F_GETFD) == -1, 2);
      }
      expect(queue.get().empty(), 3);
      process.join();
      expect(process.exitcode() == 0, 4);
    }
    _exit(0);
  };
  EXPECT_EXIT(run(), testing::ExitedWithCode(0), "");
}

TEST_F(ProcessHostsDescriptors, ClosingDescriptorsOfOthersIsToldAndNothingHangs) {
  const auto run = [] {
    Event event;
    Process before(wait_for, event);
    before.start();
    Process victim(hang);
    victim.start();
    close_all_from(3);
    // What comes to lie where they were belongs to somebody else.
    std::array<int, 8> files{};
    for (int& file : files) file = memfd_create("somebody else's", 0);
    try {
      Process after(hang);
      after.start();
      expect(false, 1);
    } catch (const RuntimeError& error) {
      expect(std::string(error.what()).find("descriptors") != std::string::npos, 2);
    }
    try {
      mp::Lock().acquire();
      expect(false, 3);
    } catch (const RuntimeError&) {
    }
    victim.kill();
    victim.join();
    expect(victim.exitcode() == -9, 4);
    event.set();
    before.join();
    expect(before.exitcode() == 0, 5);
    for (const int file : files) expect(lseek(file, 0, SEEK_END) == 0, 6);
    _exit(0);
  };
  EXPECT_EXIT(run(), testing::ExitedWithCode(0), "");
}

const Entry close_and_share("hosts.close_and_share", [] {
  close_all_from(3);
  try {
    mp::Lock().acquire();
  } catch (const RuntimeError&) {
    throw weft::SystemExit{77};
  }
});

TEST(ProcessHosts, AChildThatClosesDescriptorsOfOthersIsTold) {
  EXPECT_EQ(exit_code_of(close_and_share), 77);
}

// One that has all the descriptors it may have is told so.
TEST_F(ProcessHostsDescriptors, WithoutAnyMoreDescriptorsProcessesAreRefused) {
  if (WEFT_ASAN) {
    GTEST_SKIP()
        << "UBSan opens a pipe to see whether an address is valid, and takes each for invalid then";
  }
  const auto run = [] {
    while (::dup(2) >= 0) {
    }
    try {
      Process process(hang);
      process.start();
      expect(false, 1);
    } catch (const RuntimeError&) {
    }
    _exit(0);
  };
  EXPECT_EXIT(run(), testing::ExitedWithCode(0), "");
}
#endif

}  // namespace

#endif
