#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

/// The operating system's wait and wake on an address: Linux's futex, or WebAssembly's
/// `memory.atomic.wait32`.
///
/// `std::atomic::wait` is no substitute: libc++ implements it under Emscripten by polling with
/// backoff, which takes milliseconds to wake.
namespace weft::platform {

/// Blocks while `word == expected`, until woken or until `timeout` has passed (none: no limit). The
/// comparison and the start of the sleep are one atomic step. Returns false on timeout. Wake-ups
/// may be spurious.
bool futex_wait(const std::atomic<std::uint32_t>& word, std::uint32_t expected,
                std::optional<std::chrono::nanoseconds> timeout = std::nullopt) noexcept;

/// Wakes at most `count` threads blocked on `word`. Only the address is used: the memory may have
/// been freed already, and a thread that waits on a later object there then wakes spuriously.
void futex_wake(const std::atomic<std::uint32_t>& word, std::uint32_t count) noexcept;

inline constexpr std::uint32_t kAllWaiters = 0x7fffffff;

}  // namespace weft::platform
