#include "weft/runtime/wait_list.h"

#include <cstdio>
#include <cstdlib>

#include "weft/platform/cpu.h"
#include "weft/platform/futex.h"
#include "weft/runtime/point.h"
#include "weft/runtime/process_end.h"

namespace weft::runtime {

void WaitList::await_release(Waiter& waiter) noexcept {
  constexpr int kPauses = 1000;
  for (int i = 0; i < kPauses; ++i) {
    if (waiter.taken()) return;
    platform::cpu_pause();
  }
  std::uint32_t looking = kLooking;
  waiter.state_.compare_exchange_strong(looking, kAsleep, std::memory_order_acq_rel);
  while (!waiter.taken()) platform::futex_wait(waiter.state_, kAsleep);
}

void WaitList::sign(Waiter& waiter, std::uint32_t sequence) noexcept {
  waiter.taken_by_.store(trace::waker(plugged->number, sequence), std::memory_order_relaxed);
}

void WaitList::destroyed_while_waited_for() noexcept {
  // At the process's end daemon threads may still be parked on what static destructors destroy;
  // they do not run again.
  if (process_ends()) return;
  constexpr const char* kText = "what a thread waits for was destroyed: the program ends";
  note_payload(trace::Kind::error, 0, 0, 0, kText);
  std::fprintf(stderr, "weft: %s\n", kText);
  std::abort();
}

}  // namespace weft::runtime
