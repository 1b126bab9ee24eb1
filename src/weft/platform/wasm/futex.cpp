#include "weft/platform/futex.h"

#include "weft/platform/wasm/timed_wait.h"

namespace weft::platform {
namespace {

constexpr int kTimedOut = 2;
constexpr std::chrono::nanoseconds kForever{-1};

// The built-in takes a plain pointer; the instruction is atomic.
int* address(const std::atomic<std::uint32_t>& word) noexcept {
  return reinterpret_cast<int*>(const_cast<std::atomic<std::uint32_t>*>(&word));
}

}  // namespace

bool futex_wait(const std::atomic<std::uint32_t>& word, std::uint32_t expected,
                std::optional<std::chrono::nanoseconds> timeout) noexcept {
  if (timeout && timeout->count() <= 0) return word.load(std::memory_order_relaxed) != expected;
  const auto wait = [&](std::chrono::nanoseconds limit) {
    return __builtin_wasm_memory_atomic_wait32(address(word), static_cast<int>(expected),
                                               limit.count()) != kTimedOut;
  };
  return timeout ? wait_until_timeout(*timeout, wait) : wait(kForever);
}

void futex_wake(const std::atomic<std::uint32_t>& word, std::uint32_t count) noexcept {
  __builtin_wasm_memory_atomic_notify(address(word), count);
}

}  // namespace weft::platform
