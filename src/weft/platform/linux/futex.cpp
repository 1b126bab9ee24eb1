#include "weft/platform/futex.h"

#include <cerrno>
#include <ctime>

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace weft::platform {
namespace {

long futex(const std::atomic<std::uint32_t>& word, int operation, std::uint32_t value,
           const timespec* timeout) noexcept {
  return syscall(SYS_futex, &word, operation, value, timeout, nullptr, 0);
}

}  // namespace

bool futex_wait(const std::atomic<std::uint32_t>& word, std::uint32_t expected,
                std::optional<std::chrono::nanoseconds> timeout) noexcept {
  if (!timeout) {
    futex(word, FUTEX_WAIT_PRIVATE, expected, nullptr);
    return true;
  }
  if (timeout->count() <= 0) return word.load(std::memory_order_relaxed) != expected;
  constexpr std::int64_t kSecond = 1'000'000'000;
  const timespec relative{static_cast<std::time_t>(timeout->count() / kSecond),
                          static_cast<long>(timeout->count() % kSecond)};
  return futex(word, FUTEX_WAIT_PRIVATE, expected, &relative) == 0 || errno != ETIMEDOUT;
}

void futex_wake(const std::atomic<std::uint32_t>& word, std::uint32_t count) noexcept {
  futex(word, FUTEX_WAKE_PRIVATE, count, nullptr);
}

}  // namespace weft::platform
