#include "weft/platform/process.h"

#include <atomic>

#include <emscripten/heap.h>
#include <unistd.h>

#include "weft/platform/futex.h"
#include "weft/platform/process_table.h"
#include "weft/platform/shared.h"
#include "weft/platform/wasm/hosting.h"

namespace weft::platform {
namespace {

namespace header = process_table::header;
namespace table_slot = process_table::slot;

constexpr std::uint32_t kFirst = 0;  // slot of a run's first process
std::atomic<std::uint32_t> own{kFirst};

std::uint32_t own_word(shared::Offset field) noexcept {
  return process_table::slot_at(own.load(std::memory_order_relaxed)) + field;
}

/// Publishes this process's end in the table, without waiting for the machine. Returns false if the
/// process is being killed at the same time: then the killer publishes it.
bool publish_exit(int code) noexcept {
  if (shared::compare_exchange(own_word(table_slot::kKilled), 0, 1) != 0) return false;
  // The machine decrements it some seconds after it has ended the threads of the process.
  shared::fetch_add(header::kDying, 1);
  const shared::Offset inside = own_word(table_slot::kInside);
  for (std::uint32_t n = shared::load(inside); n != 0; n = shared::load(inside)) {
    shared::wait(inside, n);
  }
  shared::store(own_word(table_slot::kExitCode), static_cast<std::uint32_t>(code));
  shared::store(own_word(table_slot::kState), process_table::kEnded);
  shared::wake(own_word(table_slot::kState), kAllWaiters);
  notify_supervisor();
  return true;
}

}  // namespace

void become_child(std::uint32_t slot, std::uint32_t number) noexcept {
  own.store(slot);
  shared::set_slot(slot, number);
  shared::attach();
}

void start_process(std::uint32_t slot) noexcept { weft_host_event("spawn", slot, 0); }

void signal_process(std::uint32_t slot, int signal) noexcept {
  weft_host_event("signal", slot, signal);
}

void wait_for_events(std::uint32_t seen) noexcept { shared::wait(header::kEvents, seen); }

bool notify_supervisor() noexcept {
  shared::fetch_add(header::kEvents, 1);
  shared::wake(header::kEvents, kAllWaiters);
  return true;
}

std::optional<std::uint32_t> own_slot() noexcept {
  const std::uint32_t slot = own.load(std::memory_order_relaxed);
  return slot == kFirst ? std::nullopt : std::optional(slot);
}

std::uint32_t process_id() noexcept {
  return own_slot() ? shared::load(own_word(table_slot::kNumber)) : 1;
}

ProcessMemory process_memory() noexcept {
  // Static data and stacks lie below the heap, whose end is the break.
  return {reinterpret_cast<std::uintptr_t>(sbrk(0)), emscripten_get_heap_size()};
}

void exit_process(int code) noexcept {
  if (!own_slot() || publish_exit(code)) weft_host_event("exit", 0, code);
  const std::atomic<std::uint32_t> never_woken{0};
  for (;;) futex_wait(never_woken, 0);
}

}  // namespace weft::platform
