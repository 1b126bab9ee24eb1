#pragma once

#include <cstdint>

// In library.js. Tells the machine, by the worker that hosts this process: `ready`; `spawn` and `signal`
// for start_process and signal_process; `exit` with a status. Does not wait.
extern "C" void weft_host_event(const char* name, std::uint32_t slot, std::int32_t value);

namespace weft::platform {

/// Makes this process the one of that slot of the process table, and of that number. Once, before it
/// does anything that is shared.
void become_child(std::uint32_t slot, std::uint32_t number) noexcept;

namespace shared {

/// Takes the machine's memory as this process's, as `create` does.
void attach() noexcept;
/// The slot that an Access of this process counts in, as long as it is of that process.
void set_slot(std::uint32_t slot, std::uint32_t number) noexcept;

}  // namespace shared
}  // namespace weft::platform
