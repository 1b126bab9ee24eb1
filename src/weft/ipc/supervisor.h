#pragma once

#include <cstdint>
#include <optional>

#include "weft/platform/process.h"
#include "weft/platform/shared.h"

/// The supervisor: a thread of the first process. It alone starts, signals and reaps
/// processes, allocates the shared memory, and performs owner-death recovery for processes that
/// have ended in any way. Its bookkeeping is private to it, so a process that is killed at any
/// instruction cannot leave it inconsistent.
///
/// A client writes its request into its process's slot, notifies the supervisor and blocks for the
/// reply.
namespace weft::ipc {

/// Creates the shared memory and starts the supervisor unless that has been done; in a child both
/// exist. To be called before processes or shared objects are created. Throws RuntimeError if the
/// shared memory is unavailable.
void open_supervisor();

enum class Request : std::uint32_t {
  none = 0,
  new_object = 1,   ///< kind, bytes, roles → index
  new_process = 2,  ///< → slot
  launch_room = 3,  ///< slot, bytes → offset for the launch record
};

/// Sends the request and blocks for the reply, some 10 µs; not stoppable. Returns nullopt if a
/// table or the memory is full. Throws RuntimeError if the supervisor cannot be notified, because
/// the program has closed descriptors that it did not open.
std::optional<std::uint32_t> ask_supervisor(Request request, std::uint32_t first = 0,
                                            std::uint32_t second = 0, std::uint32_t third = 0);

/// Bytes of shared memory allocated from the heap. In the first process only.
std::uint32_t shared_bytes_used() noexcept;

}  // namespace weft::ipc
