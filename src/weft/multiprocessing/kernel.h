#pragma once

#include <cstdint>
#include <optional>

#include "weft/platform/process.h"
#include "weft/platform/shared.h"

/// The kernel: a thread of the first process, which alone starts and signals processes, gives out the
/// shared memory, and cleans up behind processes that have ended, however they ended. Nothing that it
/// keeps account of can be left half done by a process that is killed, because no other changes it.
///
/// Whoever wants something of it writes that into the slot of its process and waits for the answer.
namespace weft::multiprocessing {

/// Makes sure that the shared memory and the kernel are there; in a child they always are. Called by
/// whatever makes processes or shared objects. Throws RuntimeError if they are not to be had.
void open_kernel();

enum class Request : std::uint32_t {
  none = 0,
  new_object = 1,   ///< kind, bytes, roles → index
  new_process = 2,  ///< → slot
  launch_room = 3,  ///< slot, bytes → where to write what it is to do
};

/// Asks and blocks for the answer, some 10 µs, whether the run is being stopped or not. Nothing if
/// there is no room for it. Throws RuntimeError if the kernel cannot be reached, as the program has closed
/// descriptors that are not its own.
std::optional<std::uint32_t> ask_kernel(Request request, std::uint32_t first = 0,
                                        std::uint32_t second = 0, std::uint32_t third = 0);

/// Shared memory in use, in bytes. In the first process only.
std::uint32_t shared_bytes_used() noexcept;

}  // namespace weft::multiprocessing
