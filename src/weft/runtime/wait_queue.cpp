#include "weft/runtime/wait_queue.h"

#include <cstdio>
#include <cstdlib>

#include "weft/platform/cpu.h"
#include "weft/platform/futex.h"
#include "weft/runtime/internal/process_end.h"
#include "weft/runtime/point.h"

namespace weft::runtime {

void WaitQueue::await_release(Waiter& waiter) noexcept {
  constexpr int kPauses = 1000;
  for (int i = 0; i < kPauses; ++i) {
    if (waiter.released()) return;
    platform::cpu_pause();
  }
  std::uint32_t spinning = kSpinning;
  waiter.state_.compare_exchange_strong(spinning, kParked, std::memory_order_acq_rel);
  while (!waiter.released()) platform::futex_wait(waiter.state_, kParked);
}

void WaitQueue::store_waker(Waiter& waiter, std::uint32_t sequence) noexcept {
  waiter.released_by_.store(trace::waker(session_thread->number, sequence),
                            std::memory_order_relaxed);
}

void WaitQueue::destroyed_with_waiters() noexcept {
  // At the process's end daemon threads may still be parked on what static destructors destroy;
  // they do not run again.
  if (process_ends()) return;
  constexpr const char* kText = "what a thread waits for was destroyed: the program ends";
  record_payload(trace::Kind::error, 0, 0, 0, kText);
  std::fprintf(stderr, "weft: %s\n", kText);
  std::abort();
}

}  // namespace weft::runtime
