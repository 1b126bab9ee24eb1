#pragma once

#include <cstdint>

// In library.js. Posts an event to the machine, through the worker that hosts this process:
// `ready`; `spawn` and `signal` for start_process and signal_process; `exit` with a status.
// Asynchronous.
extern "C" void weft_host_event(const char* name, std::uint32_t slot, std::int32_t value);

namespace weft::platform {

/// Makes this process the one with that slot of the process table and that number. To be called
/// once, before any access to the shared memory.
void become_child(std::uint32_t slot, std::uint32_t number) noexcept;

namespace shared {

/// Attaches the machine's memory, as `create` does.
void attach() noexcept;
/// Sets the slot in which this process's Access objects are counted, while it has that number.
void set_slot(std::uint32_t slot, std::uint32_t number) noexcept;

}  // namespace shared
}  // namespace weft::platform
