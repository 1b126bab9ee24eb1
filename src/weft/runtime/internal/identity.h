#pragma once

#include <cstdint>

namespace weft::runtime {

/// An id of the calling thread, whether Weft started it or not, that is unique in this process and
/// never reused. Never 0. It identifies owners; it is not displayed.
std::uint64_t identity() noexcept;

/// Gives the caller a new identity: a pooled system thread is about to run another thread.
void forget_identity() noexcept;

}  // namespace weft::runtime
