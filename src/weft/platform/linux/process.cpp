#include "weft/platform/process.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "weft/platform/linux/descriptor.h"
#include "weft/platform/linux/shared_memory.h"
#include "weft/platform/process_table.h"

namespace weft::platform {
namespace {

namespace table = process_table;

// A child executes this program with this argument: its slot and the descriptors that it inherits.
constexpr char kArgument[] = "--weft-process=";

/// A socket pair: what the supervisor polls, together with the pidfds of the processes. Every
/// process inherits the end for writing. A socket has an identity (fstat), unlike an eventfd: if
/// the program has closed the descriptor, nothing must be written to the file that has its number
/// now.
struct Events {
  int read = -1;  // in the first process
  int write = -1;
  FileIdentity read_identity;
  FileIdentity write_identity;
};

int inherited_events = -1;

Events open_events() noexcept {
  Events events;
  if (inherited_events >= 0) {
    events.write = inherited_events;
  } else if (int ends[2];
             socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) == 0) {
    events.read = not_standard(ends[0]);
    events.write = not_standard(ends[1]);
  }
  events.read_identity = FileIdentity(events.read);
  events.write_identity = FileIdentity(events.write);
  return events;
}

const Events& events() noexcept {
  static const Events opened = open_events();
  return opened;
}

/// The children, as the system knows them; accessed by the supervisor's thread only.
struct Running {
  pid_t number = 0;
  // The process's pidfd, readable once it has ended; -1: none, or the program has closed it.
  int descriptor = -1;
  FileIdentity identity;  // of the descriptor
  int signal = 0;         // the last that was sent to it
};
std::array<Running, table::kSlots> running;

// The supervisor is not woken when the program closes its descriptors: it notices within this time,
constexpr int kMaxPollTimeout = 1000;  // in milliseconds
// and from then on polls at this interval.
constexpr int kDegradedPollTimeout = 5;

std::string content_of(const char* path) noexcept {
  std::string content;
  const int file = not_standard(open(path, O_RDONLY | O_CLOEXEC));
  if (file < 0) return content;
  std::array<char, 4096> part{};
  for (ssize_t count = 0; (count = read(file, part.data(), part.size())) != 0;) {
    if (count > 0) {
      content.append(part.data(), static_cast<std::size_t>(count));
    } else if (errno != EINTR) {
      break;
    }
  }
  close(file);
  return content;
}

std::vector<std::string> own_arguments() {
  const std::string all = content_of("/proc/self/cmdline");
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
    give_up("it inherited no shared memory");
  }
  fcntl(memory, F_SETFD, FD_CLOEXEC);
  fcntl(inherited_events, F_SETFD, FD_CLOEXEC);
  events();  // opened before the program can close the descriptor
  // A child must not outlive the supervisor, which reaps it.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const auto first = shared::load(table::slot_at(0) + table::slot::kProcessId);
  if (static_cast<std::uint32_t>(getppid()) != first) give_up("the first process is gone");
  // The supervisor may store it only later, when others have seen already that this process runs.
  shared::store(table::slot_at(slot) + table::slot::kProcessId,
                static_cast<std::uint32_t>(getpid()));
  return slot;
}

// Before main(), which finds the memory attached.
const std::optional<std::uint32_t> inherited_slot = take_inheritance();

void set_state(std::uint32_t slot, table::State state) noexcept {
  shared::store(table::slot_at(slot) + table::slot::kState, state);
  shared::wake(table::slot_at(slot) + table::slot::kState, 0x7fffffff);
}

void publish_failure(std::uint32_t slot, const char* what, int error) noexcept {
  const std::string text = std::string(what) + ": " + std::strerror(error);
  const auto length = std::min<std::size_t>(text.size(), table::slot::kMaxFailureText);
  const shared::Offset at = table::slot_at(slot);
  shared::write(at + table::slot::kFailureText, text.data(), length);
  shared::store(at + table::slot::kFailure, static_cast<std::uint32_t>(length));
  set_state(slot, table::kFailed);
}

int spawn(std::uint32_t slot, pid_t& number) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  // Duplicated onto itself: clears FD_CLOEXEC in this child only.
  for (const int descriptor : {shared::file(), events().write}) {
    posix_spawn_file_actions_adddup2(&actions, descriptor, descriptor);
  }
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // The supervisor's thread may have signals blocked; the child starts with an empty mask. It
  // inherits ignored signals, as after any exec, except for SIGTERM, which has to end it.
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  sigset_t defaults;
  sigemptyset(&defaults);
  sigaddset(&defaults, SIGTERM);
  posix_spawnattr_setsigdefault(&attributes, &defaults);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  std::string name = program_invocation_name;
  std::string argument = kArgument + std::to_string(slot) + "," + std::to_string(shared::file()) +
                         "," + std::to_string(events().write);
  char* const arguments[] = {name.data(), argument.data(), nullptr};
  const int error =
      posix_spawn(&number, "/proc/self/exe", &actions, &attributes, arguments, environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

// As Python's exitcode.
int exit_code_of(int status) noexcept {
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

/// The pidfd_info of <linux/pidfd.h>, whose header is older on many systems. Since Linux 6.15 it
/// has the status of a process that was reaped otherwise than by this library.
struct ExitInformation {
  std::uint64_t mask = 1 << 3;  // PIDFD_INFO_EXIT
  std::uint64_t cgroup = 0;
  std::array<std::uint32_t, 11> ids{};
  std::int32_t status = 0;
};
static_assert(sizeof(ExitInformation) == 64);

std::optional<int> exit_code_from(int descriptor) noexcept {
  constexpr int kTries = 100;
  constexpr timespec kPause{0, 100'000};
  constexpr std::uint64_t kExit = 1 << 3;
  // The pidfd becomes readable (POLLIN) when the process has ended, but the exit information is
  // available only once it has been reaped (POLLHUP).
  for (int i = 0; descriptor >= 0 && i < kTries; ++i) {
    ExitInformation information;
    if (ioctl(descriptor, _IOWR(0xff, 11, ExitInformation), &information) == 0 &&
        (information.mask & kExit) != 0) {
      return exit_code_of(information.status);
    }
    pollfd ended{descriptor, POLLIN, 0};
    if (poll(&ended, 1, 0) != 1 || (ended.revents & (POLLHUP | POLLNVAL)) != 0) break;
    nanosleep(&kPause, nullptr);
  }
  return std::nullopt;
}

// -1 if there is none, or the program has closed it.
int own_descriptor(std::uint32_t slot) noexcept {
  const Running& child = running[slot];
  return child.identity.is_of(child.descriptor) ? child.descriptor : -1;
}

void close_descriptor(std::uint32_t slot) noexcept {
  if (const int descriptor = own_descriptor(slot); descriptor >= 0) close(descriptor);
  running[slot].descriptor = -1;
}

// waitpid does not know the child: with SIGCHLD ignored the system keeps no exit status, and it
// gives each status once only, which may have been to the program that uses this library.
int exit_code_of_unknown(std::uint32_t slot) noexcept {
  const shared::Offset at = table::slot_at(slot);
  if (shared::load(at + table::slot::kKilled) != 0) {
    return static_cast<int>(shared::load(at + table::slot::kExitCode));
  }
  if (const auto code = exit_code_from(own_descriptor(slot))) return *code;
  constexpr int kUnknown = 255;  // as Python's multiprocessing does
  return running[slot].signal != 0 ? -running[slot].signal : kUnknown;
}

void publish_end(std::uint32_t slot, int code) noexcept {
  const shared::Offset at = table::slot_at(slot);
  close_descriptor(slot);
  running[slot] = {};
  shared::store(at + table::slot::kExitCode, static_cast<std::uint32_t>(code));
  set_state(slot, table::kEnded);
  shared::fetch_add(table::header::kEvents, 1);
}

// Reaps the process if it has ended, whatever its descriptor indicates.
void reap_if_ended(std::uint32_t slot) noexcept {
  const pid_t number = running[slot].number;
  int status = 0;
  pid_t found = 0;
  do {
    found = waitpid(number, &status, WNOHANG);
  } while (found < 0 && errno == EINTR);
  if (found == number) {
    publish_end(slot, exit_code_of(status));
  } else if (found < 0) {
    publish_end(slot, exit_code_of_unknown(slot));
  }
}

}  // namespace

void start_process(std::uint32_t slot) noexcept {
  if (!shared::file_is_open() || !events().write_identity.is_of(events().write)) {
    publish_failure(slot, "the program has closed the descriptors of multiprocessing", EBADF);
    return;
  }
  pid_t number = 0;
  if (const int error = spawn(slot, number); error != 0) {
    publish_failure(slot, "posix_spawn", error);
    return;
  }
  const int descriptor = not_standard(static_cast<int>(syscall(SYS_pidfd_open, number, 0)));
  // ESRCH: it has ended and was reaped, by the program or (SIGCHLD being ignored) by the system.
  if (descriptor < 0 && errno != ESRCH) {
    const int error = errno;
    kill(number, SIGKILL);
    waitpid(number, nullptr, 0);
    publish_failure(slot, "pidfd_open", error);
    return;
  }
  running[slot] = {number, descriptor, FileIdentity(descriptor), 0};
  const shared::Offset at = table::slot_at(slot);
  shared::store(at + table::slot::kProcessId, static_cast<std::uint32_t>(number));
  // Compare-and-exchange, as the process may have set `running` by now.
  shared::compare_exchange(at + table::slot::kState, table::kStarting, table::kAccepted);
  shared::wake(at + table::slot::kState, 0x7fffffff);
}

void signal_process(std::uint32_t slot, int signal) noexcept {
  Running& child = running[slot];
  if (child.number == 0) return;
  // The number may have been reused if the program or the system has reaped the child.
  siginfo_t state{};
  if (waitid(P_PID, static_cast<id_t>(child.number), &state, WEXITED | WNOHANG | WNOWAIT) != 0)
    return;
  child.signal = signal;
  kill(child.number, signal);
}

void wait_for_events(std::uint32_t seen) noexcept {
  if (shared::load(table::header::kEvents) != seen) return;
  std::array<pollfd, table::kSlots + 1> sources{};
  std::array<std::uint32_t, table::kSlots + 1> slots{};
  bool sees_all = events().read_identity.is_of(events().read);
  sources[0] = {sees_all ? events().read : -1, POLLIN, 0};
  nfds_t count = 1;
  for (std::uint32_t slot = 0; slot < table::kSlots; ++slot) {
    if (running[slot].number == 0) continue;
    sees_all = sees_all && running[slot].descriptor >= 0;
    sources[count] = {running[slot].descriptor, POLLIN, 0};
    slots[count++] = slot;
  }
  poll(sources.data(), count, sees_all ? kMaxPollTimeout : kDegradedPollTimeout);
  if (sources[0].revents != 0) {
    std::array<char, 256> many{};
    while (recv(sources[0].fd, many.data(), many.size(), MSG_DONTWAIT) ==
           static_cast<ssize_t>(many.size())) {
    }
  }
  for (nfds_t i = 1; i < count; ++i) {
    if (sees_all && sources[i].revents == 0) continue;
    reap_if_ended(slots[i]);
    // Readable though the process runs: the descriptor is no longer its pidfd.
    if (running[slots[i]].number != 0 && sources[i].revents != 0) close_descriptor(slots[i]);
  }
}

bool notify_supervisor() noexcept {
  shared::fetch_add(table::header::kEvents, 1);
  if (!events().write_identity.is_of(events().write)) return false;
  // EAGAIN: the socket's buffer is full, so the supervisor will wake anyway.
  const char any = 0;
  return send(events().write, &any, 1, MSG_NOSIGNAL | MSG_DONTWAIT) == 1 || errno == EAGAIN;
}

std::optional<std::uint32_t> own_slot() noexcept { return inherited_slot; }

std::uint32_t process_id() noexcept { return static_cast<std::uint32_t>(getpid()); }

ProcessMemory process_memory() noexcept {
  ProcessMemory memory;
  unsigned long long size = 0;
  unsigned long long used = 0;
  if (std::sscanf(content_of("/proc/self/statm").c_str(), "%llu %llu", &size, &used) != 2)
    return memory;
  const auto page = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  memory.size = size * page;
  memory.used = used * page;
  return memory;
}

void exit_process(int code) noexcept {
  if (inherited_slot) {
    const shared::Offset at = table::slot_at(*inherited_slot);
    shared::store(at + table::slot::kExitCode, static_cast<std::uint32_t>(code & 255));
    shared::store(at + table::slot::kKilled, 1);
  }
  std::_Exit(code);
}

}  // namespace weft::platform
