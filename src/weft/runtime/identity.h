#pragma once

#include <cstdint>

namespace weft::runtime {

/// A number for the calling thread that no other thread of this process has or had, whether Weft
/// started it or not. Never 0. For telling who owns something; nothing that people see.
std::uint64_t identity() noexcept;

/// From here on the caller is another thread: a worker of the system's is used again.
void forget_identity() noexcept;

}  // namespace weft::runtime
