#pragma once

#include <cstdint>
#include <optional>

/// Processes, as the operating system knows them. One thread of a run's first process, the
/// supervisor (see ipc/supervisor.h), starts, signals and reaps them; other threads and processes
/// send it requests through the process table in the shared memory (see platform/process_table.h).
namespace weft::platform {

/// Starts the process of `slot`, whose parameters have been written to the table. Called by the
/// supervisor. If it cannot be started, its state becomes `failed`, at once or later.
///
/// Natively: executes this program again, with the shared memory inherited; the child dies with the
/// first process. In WebAssembly: the machine creates a worker, a memory and an instance.
void start_process(std::uint32_t slot) noexcept;

/// Sends `signal` to the process of `slot`, which ends it wherever it is. Called by the supervisor.
/// Its state becomes `ended` asynchronously.
void signal_process(std::uint32_t slot, int signal) noexcept;

/// Blocks the supervisor until there may be an event for it: `notify_supervisor` was called or a
/// process ended. `seen`: the table's event count when the supervisor last handled events; if it
/// has changed, the call returns at once, so no wake-up is lost (an eventcount).
void wait_for_events(std::uint32_t seen) noexcept;
/// Notifies the supervisor of a change of the table. Callable from any thread of any process.
/// Returns false if the supervisor cannot be woken, as the program has closed the library's
/// descriptor.
bool notify_supervisor() noexcept;

/// The slot of this process if it was started as a child; none in a program's first process.
std::optional<std::uint32_t> own_slot() noexcept;

/// The calling process's id, as the system knows it.
std::uint32_t process_id() noexcept;

/// The memory of the calling process, in bytes.
struct ProcessMemory {
  std::uint64_t used = 0;
  std::uint64_t size = 0;
};
ProcessMemory process_memory() noexcept;

/// Ends the calling process and its threads at once: nothing is unwound or waited for.
[[noreturn]] void exit_process(int code) noexcept;

}  // namespace weft::platform
