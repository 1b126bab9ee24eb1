#pragma once

#include <cstdint>

#include "weft/platform/shared.h"

/// Identity of the calling process within its run.
namespace weft::ipc {

/// Its slot in the process table; the first process has slot 0.
std::uint32_t own_slot() noexcept;

/// Offset of its slot in the shared memory, which must be attached.
platform::shared::Offset own_slot_offset() noexcept;

/// Its number; the first process is 1. Unique in the run, so it identifies the owner in a lock
/// word.
std::uint32_t own_number() noexcept;

}  // namespace weft::ipc
