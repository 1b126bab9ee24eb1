#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>

/// The operating system's wait and wake: a Linux futex, or WebAssembly's `memory.atomic.wait32`.
///
/// `std::atomic::wait` is no substitute: under Emscripten libc++ polls there with back-off, which
/// takes milliseconds to wake.
namespace weft::platform {

/// Sleeps while `word == expected`, until woken or until `timeout` has passed (none: for ever).
/// Returns false if the time ran out. May return true for no reason: callers look again.
bool futex_wait(const std::atomic<std::uint32_t>& word, std::uint32_t expected,
                std::optional<std::chrono::nanoseconds> timeout = std::nullopt) noexcept;

/// Wakes at most `count` threads that sleep on `word`. Only the address matters: the word may be
/// gone already, in which case a stranger may wake for no reason.
void futex_wake(const std::atomic<std::uint32_t>& word, std::uint32_t count) noexcept;

inline constexpr std::uint32_t kEverybody = 0x7fffffff;

}  // namespace weft::platform
