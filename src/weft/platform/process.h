#pragma once

#include <cstdint>
#include <optional>

/// Processes, as the system knows them. They are started, signalled and cleaned up after by one thread
/// of the first process of a run, the kernel (see multiprocessing/kernel.h); what the others want they
/// write into the process table in the shared memory (see platform/process_table.h).
namespace weft::platform {

/// Starts the process of that slot of the table, in which everything that it is to do is written.
/// By the kernel. When it cannot be started, its state becomes `failed`, at once or soon.
///
/// Natively: runs this program again, with the shared memory; it dies when the first process does.
/// In WebAssembly: the machine makes a worker, a memory and an instance.
void start_process(std::uint32_t slot) noexcept;

/// Ends the process of that slot now, wherever it is. By the kernel. Its state becomes `ended` soon.
void signal_process(std::uint32_t slot, int signal) noexcept;

/// Blocks the kernel until there may be something new for it in the table, that is until
/// `announce_to_kernel`, or a process ended. `seen` is what the table's count of events was when it
/// last looked.
void wait_for_events(std::uint32_t seen) noexcept;
/// After a change of the table that the kernel has to see. By any thread of any process. Returns false
/// if the kernel cannot be woken from here, as the program has closed a descriptor that is not its own.
bool announce_to_kernel() noexcept;

/// The slot of this process if it was started as a child; nothing in a program's first process.
std::optional<std::uint32_t> own_slot() noexcept;

/// The system's number of the calling process.
std::uint32_t process_id() noexcept;

/// The memory of the calling process, in bytes.
struct ProcessMemory {
  std::uint64_t used = 0;
  std::uint64_t size = 0;
};
ProcessMemory process_memory() noexcept;

/// Ends the calling process now: nothing is unwound, nobody is waited for. Its threads end with it.
[[noreturn]] void exit_process(int code) noexcept;

}  // namespace weft::platform
