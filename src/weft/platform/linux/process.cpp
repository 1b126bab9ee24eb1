#include "weft/platform/process.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "weft/platform/linux/shared_memory.h"
#include "weft/platform/process_table.h"

namespace weft::platform {
namespace {

namespace table = process_table;

// A child is this program with this argument: the slot and the descriptors that it inherits.
constexpr char kArgument[] = "--weft-process=";

int inherited_events = -1;

// An eventfd: what the kernel sleeps on, together with the ends of processes.
int events() noexcept {
  static const int descriptor =
      inherited_events >= 0 ? inherited_events : eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return descriptor;
}

/// Of the kernel's thread: what the system knows the children by.
struct Running {
  pid_t number = 0;
  int descriptor = -1;  // readable once it has ended
};
std::array<Running, table::kSlots> running;

std::vector<std::string> own_arguments() {
  std::ifstream file("/proc/self/cmdline", std::ios::binary);
  const std::string all(std::istreambuf_iterator<char>(file), {});
  std::vector<std::string> arguments;
  for (std::size_t start = 0; start < all.size();) {
    const std::size_t end = std::min(all.find('\0', start), all.size());
    arguments.push_back(all.substr(start, end - start));
    start = end + 1;
  }
  return arguments;
}

[[noreturn]] void give_up(const char* why) {
  std::fprintf(stderr, "weft: this process cannot be the child of another: %s\n", why);
  std::_Exit(1);
}

std::optional<std::uint32_t> take_inheritance() {
  const std::vector<std::string> arguments = own_arguments();
  if (arguments.size() != 2 || !arguments[1].starts_with(kArgument)) return std::nullopt;
  unsigned slot = 0;
  int memory = -1;
  if (std::sscanf(arguments[1].c_str() + std::strlen(kArgument), "%u,%d,%d", &slot, &memory,
                  &inherited_events) != 3 ||
      slot == 0 || slot >= table::kSlots || !shared::attach(memory)) {
    give_up("there is no memory to share");
  }
  fcntl(memory, F_SETFD, FD_CLOEXEC);
  fcntl(inherited_events, F_SETFD, FD_CLOEXEC);
  // Nobody cleans up behind a child when the kernel is gone.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const auto first = shared::load(table::slot_at(0) + table::slot::kProcessId);
  if (static_cast<std::uint32_t>(getppid()) != first) give_up("the first process is gone");
  // The kernel may come to it only later, when others have seen that this process runs.
  shared::store(table::slot_at(slot) + table::slot::kProcessId,
                static_cast<std::uint32_t>(getpid()));
  return slot;
}

// Before main(): from here on the memory is there.
const std::optional<std::uint32_t> inherited_slot = take_inheritance();

void set_state(std::uint32_t slot, table::State state) noexcept {
  shared::store(table::slot_at(slot) + table::slot::kState, state);
  shared::wake(table::slot_at(slot) + table::slot::kState, 0x7fffffff);
}

void note_failure(std::uint32_t slot, const char* what, int error) noexcept {
  const std::string text = std::string(what) + ": " + std::strerror(error);
  const auto length = std::min<std::size_t>(text.size(), table::slot::kMostFailureText);
  const shared::Offset at = table::slot_at(slot);
  shared::write(at + table::slot::kFailureText, text.data(), length);
  shared::store(at + table::slot::kFailure, static_cast<std::uint32_t>(length));
  set_state(slot, table::kFailed);
}

int spawn(std::uint32_t slot, pid_t& number) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  // Onto itself: is passed on, though it is closed in all others that are started.
  for (const int descriptor : {shared::file(), events()}) {
    posix_spawn_file_actions_adddup2(&actions, descriptor, descriptor);
  }
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // The kernel's thread may have signals blocked; a child begins as any program does.
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  std::string name = program_invocation_name;
  std::string argument = kArgument + std::to_string(slot) + "," + std::to_string(shared::file()) +
                         "," + std::to_string(events());
  char* const arguments[] = {name.data(), argument.data(), nullptr};
  const int error =
      posix_spawn(&number, "/proc/self/exe", &actions, &attributes, arguments, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

void note_end(std::uint32_t slot, int status) noexcept {
  const int code = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
  const shared::Offset at = table::slot_at(slot);
  shared::store(at + table::slot::kExitCode, static_cast<std::uint32_t>(code));
  set_state(slot, table::kEnded);
  shared::fetch_add(table::header::kEvents, 1);
}

void look_after(std::uint32_t slot) noexcept {
  Running& child = running[slot];
  int status = 0;
  if (waitpid(child.number, &status, WNOHANG) != child.number) return;
  close(child.descriptor);
  child = {};
  note_end(slot, status);
}

}  // namespace

void start_process(std::uint32_t slot) noexcept {
  pid_t number = 0;
  if (const int error = spawn(slot, number); error != 0) {
    note_failure(slot, "posix_spawn", error);
    return;
  }
  const int descriptor = static_cast<int>(syscall(SYS_pidfd_open, number, 0));
  if (descriptor < 0) {
    const int error = errno;
    kill(number, SIGKILL);
    waitpid(number, nullptr, 0);
    note_failure(slot, "pidfd_open", error);
    return;
  }
  running[slot] = {number, descriptor};
  const shared::Offset at = table::slot_at(slot);
  shared::store(at + table::slot::kProcessId, static_cast<std::uint32_t>(number));
  // It may be running by now.
  shared::compare_exchange(at + table::slot::kState, table::kStarting, table::kAccepted);
  shared::wake(at + table::slot::kState, 0x7fffffff);
}

void signal_process(std::uint32_t slot, int signal) noexcept {
  if (running[slot].number != 0) kill(running[slot].number, signal);
}

void wait_for_events(std::uint32_t seen) noexcept {
  if (shared::load(table::header::kEvents) != seen) return;
  std::array<pollfd, table::kSlots + 1> sources{};
  std::array<std::uint32_t, table::kSlots + 1> slots{};
  sources[0] = {events(), POLLIN, 0};
  nfds_t count = 1;
  for (std::uint32_t slot = 0; slot < table::kSlots; ++slot) {
    if (running[slot].number == 0) continue;
    sources[count] = {running[slot].descriptor, POLLIN, 0};
    slots[count++] = slot;
  }
  poll(sources.data(), count, -1);
  if (sources[0].revents != 0) {
    eventfd_t how_many = 0;
    eventfd_read(events(), &how_many);
  }
  for (nfds_t i = 1; i < count; ++i) {
    if (sources[i].revents != 0) look_after(slots[i]);
  }
}

void announce_to_kernel() noexcept {
  shared::fetch_add(table::header::kEvents, 1);
  eventfd_write(events(), 1);
}

std::optional<std::uint32_t> own_slot() noexcept { return inherited_slot; }

std::uint32_t process_id() noexcept { return static_cast<std::uint32_t>(getpid()); }

ProcessMemory process_memory() noexcept {
  ProcessMemory memory;
  std::ifstream file("/proc/self/statm");
  file >> memory.size >> memory.used;
  const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  memory.size *= page;
  memory.used *= page;
  return memory;
}

void exit_process(int code) noexcept { std::_Exit(code); }

}  // namespace weft::platform
