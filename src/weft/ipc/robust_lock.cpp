#include "weft/ipc/robust_lock.h"

#include "weft/ipc/self.h"
#include "weft/ipc/wait_queue.h"
#include "weft/platform/cpu.h"

namespace weft::ipc::robust_lock {
namespace {

namespace shared = platform::shared;

constexpr int kSpins = 100;

struct Acquisition : WaitQueue::Waiter {
  WaitQueue::Decision decide(std::uint32_t owner) const noexcept {
    return owner == 0 ? WaitQueue::Decision::change(own_number())
                      : WaitQueue::Decision::wait(owner);
  }
};

bool try_acquire_with_access(Offset word) noexcept {
  const shared::Access access;
  return try_acquire(word);
}

}  // namespace

bool try_acquire(Offset word) noexcept {
  return shared::compare_exchange(word, 0, own_number()) == 0;
}

bool acquire(Offset word, const runtime::Deadline& deadline, runtime::Waiting waiting,
             runtime::Stoppable stoppable) {
  if (try_acquire_with_access(word)) return true;
  if (platform::cpu_count() > 1) {
    for (int i = 0; i < kSpins; ++i) {
      if (shared::load(word) == 0 && try_acquire_with_access(word)) return true;
      platform::cpu_pause();
    }
  }
  Acquisition acquisition;
  return WaitQueue(word).wait(acquisition, deadline, waiting, stoppable) == WaitQueue::Waited::done;
}

void release(Offset word) noexcept {
  const WaitQueue queue(word);
  queue.wake(queue.exchange(0), 1);
}

bool is_held_by(Offset word, std::uint32_t number) noexcept {
  return WaitQueue(word).value() == number;
}

void recover_from_owner_death(Offset word, std::uint32_t number) noexcept {
  const WaitQueue queue(word);
  queue.update([number](std::uint32_t owner) -> std::optional<std::uint32_t> {
    if (owner != number) return std::nullopt;
    return 0;
  });
  queue.recover();
}

Guard::Guard(Offset word, runtime::Waiting waiting) noexcept : word_(word) {
  acquire(word, std::nullopt, waiting, runtime::Stoppable::no);
}

Guard::~Guard() {
  const shared::Access access;
  release(word_);
}

}  // namespace weft::ipc::robust_lock
