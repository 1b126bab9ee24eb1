#pragma once

#include <cstdint>

#include "weft/platform/shared.h"

/// Which of the run's processes the calling one is.
namespace weft::multiprocessing {

/// 0 is the first process's.
std::uint32_t own_slot() noexcept;

/// The place of the calling process's slot in the shared memory, which must be there.
platform::shared::Offset own_place() noexcept;

/// The process's number in its run: 1 for the first. No other process has it or had it: it tells, in a
/// word of the shared memory, who holds something.
std::uint32_t own_number() noexcept;

}  // namespace weft::multiprocessing
