#include "weft/platform/shared.h"

#include <atomic>
#include <string>

#include "weft/errors.h"
#include "weft/platform/futex.h"
#include "weft/platform/process_table.h"
#include "weft/platform/thread.h"
#include "weft/platform/wasm/hosting.h"
#include "weft/platform/wasm/timed_wait.h"

// In shared_library.js.
extern "C" {
std::uint32_t weft_shared_size();
std::uint32_t weft_shared_load(std::uint32_t word);
void weft_shared_store(std::uint32_t word, std::uint32_t value);
std::uint32_t weft_shared_exchange(std::uint32_t word, std::uint32_t value);
std::uint32_t weft_shared_compare_exchange(std::uint32_t word, std::uint32_t expected,
                                           std::uint32_t desired);
std::uint32_t weft_shared_add(std::uint32_t word, std::uint32_t value);
std::uint32_t weft_shared_and(std::uint32_t word, std::uint32_t value);
std::uint32_t weft_shared_or(std::uint32_t word, std::uint32_t value);
void weft_shared_write(std::uint32_t to, const void* from, std::uint32_t bytes);
void weft_shared_read(void* to, std::uint32_t from, std::uint32_t bytes);
void weft_shared_clear(std::uint32_t from, std::uint32_t bytes);
std::uint32_t weft_shared_wait(std::uint32_t word, std::uint32_t expected, double milliseconds);
void weft_shared_wake(std::uint32_t word, std::uint32_t count, std::uint32_t dying);
std::uint32_t weft_shared_enter(std::uint32_t inside, std::uint32_t killed, std::uint32_t number,
                                std::uint32_t own);
void weft_shared_leave(std::uint32_t inside, std::uint32_t killed);
}

namespace weft::platform::shared {
namespace {

namespace slot = process_table::slot;

std::atomic<bool> is_attached{false};
std::atomic<Offset> own{process_table::slot_at(0)};
// 0: any number; the first process's slot is never reused.
std::atomic<std::uint32_t> own_number{0};
thread_local std::uint32_t depth = 0;

[[noreturn]] void sleep_indefinitely() noexcept {
  const std::atomic<std::uint32_t> never_woken{0};
  for (;;) futex_wait(never_woken, 0);
}

}  // namespace

void create(std::uint32_t bytes) {
  if (weft_shared_size() == 0) {
    throw RuntimeError("processes are unavailable: only the page and the tests' host provide them");
  }
  if (weft_shared_size() < bytes) {
    throw RuntimeError("out of shared memory: " + std::to_string(bytes) + " bytes are needed, " +
                       std::to_string(weft_shared_size()) + " are provided");
  }
  attach();
  // The worker that hosts this process, the main thread's, and the pooled ones.
  constexpr std::uint32_t kOwnWorkers = 2;
  fetch_add(process_table::header::kWorkers, kOwnWorkers + thread_count());
}

void attach() noexcept { is_attached.store(true, std::memory_order_release); }
void set_slot(std::uint32_t slot, std::uint32_t number) noexcept {
  own.store(process_table::slot_at(slot));
  own_number.store(number);
}

bool attached() noexcept { return is_attached.load(std::memory_order_acquire); }
std::uint32_t size() noexcept { return attached() ? weft_shared_size() : 0; }

std::uint32_t load(Offset word) noexcept { return weft_shared_load(word); }
void store(Offset word, std::uint32_t value) noexcept { weft_shared_store(word, value); }
std::uint32_t exchange(Offset word, std::uint32_t value) noexcept {
  return weft_shared_exchange(word, value);
}
std::uint32_t compare_exchange(Offset word, std::uint32_t expected,
                               std::uint32_t desired) noexcept {
  return weft_shared_compare_exchange(word, expected, desired);
}
std::uint32_t fetch_add(Offset word, std::uint32_t value) noexcept {
  return weft_shared_add(word, value);
}
std::uint32_t fetch_and(Offset word, std::uint32_t value) noexcept {
  return weft_shared_and(word, value);
}
std::uint32_t fetch_or(Offset word, std::uint32_t value) noexcept {
  return weft_shared_or(word, value);
}

void write(Offset to, const void* from, std::size_t bytes) noexcept {
  weft_shared_write(to, from, bytes);
}
void read(void* to, Offset from, std::size_t bytes) noexcept { weft_shared_read(to, from, bytes); }
void fill_with_zeros(Offset from, std::size_t bytes) noexcept { weft_shared_clear(from, bytes); }

bool wait(Offset word, std::uint32_t expected,
          std::optional<std::chrono::nanoseconds> timeout) noexcept {
  if (!timeout) return weft_shared_wait(word, expected, -1) != 0;
  if (timeout->count() <= 0) return load(word) != expected;
  return wait_until_timeout(*timeout, [&](std::chrono::nanoseconds limit) {
    return weft_shared_wait(word, expected, static_cast<double>(limit.count()) / 1e6) != 0;
  });
}

void wake(Offset word, std::uint32_t count) noexcept {
  weft_shared_wake(word, count, process_table::header::kDying);
}

Access::Access() noexcept {
  if (!attached() || depth++ != 0) return;
  const Offset at = own.load(std::memory_order_relaxed);
  if (weft_shared_enter(at + slot::kInside, at + slot::kKilled, at + slot::kNumber,
                        own_number.load(std::memory_order_relaxed)) != 0) {
    return;
  }
  weft_shared_leave(at + slot::kInside, at + slot::kKilled);
  sleep_indefinitely();
}

Access::~Access() {
  if (!attached() || --depth != 0) return;
  const Offset at = own.load(std::memory_order_relaxed);
  weft_shared_leave(at + slot::kInside, at + slot::kKilled);
}

}  // namespace weft::platform::shared
