#include "weft/ipc/robust_lock.h"

#include "weft/ipc/self.h"
#include "weft/platform/cpu.h"
#include "weft/runtime/internal/park_shared.h"

namespace weft::ipc::robust_lock {
namespace {

namespace shared = platform::shared;

constexpr int kSpins = 100;

// One attempt of the slow path: acquires the lock and returns 0, or sets kContended and returns the
// word to park on.
std::uint32_t acquire_or_mark_contended(Offset word, std::uint32_t taken) noexcept {
  const shared::Access access;
  for (;;) {
    const std::uint32_t seen = shared::load(word);
    if (seen == 0) {
      if (shared::compare_exchange(word, 0, taken) == 0) return 0;
    } else if ((seen & kContended) != 0) {
      return seen;
    } else if (shared::compare_exchange(word, seen, seen | kContended) == seen) {
      return seen | kContended;
    }
  }
}

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
  bool in_time = true;
  for (;;) {
    // Acquires with kContended set: this thread cannot know whether others are parked.
    const std::uint32_t seen = acquire_or_mark_contended(word, own_number() | kContended);
    if (seen == 0) return true;
    if (!in_time) return false;
    try {
      in_time = runtime::park_shared(word, seen, deadline, waiting, stoppable);
    } catch (...) {
      // It may have consumed a wake-up: pass it on.
      runtime::wake_shared(word, 1);
      throw;
    }
  }
}

void release(Offset word) noexcept {
  if ((shared::exchange(word, 0) & kContended) != 0) runtime::wake_shared(word, 1);
}

bool is_held_by(Offset word, std::uint32_t number) noexcept {
  return (shared::load(word) & ~kContended) == number;
}

void recover_from_owner_death(Offset word, std::uint32_t number) noexcept {
  for (;;) {
    const std::uint32_t seen = shared::load(word);
    if ((seen & ~kContended) != number) break;
    if (shared::compare_exchange(word, seen, 0) == seen) break;
  }
  runtime::wake_shared(word);
}

Guard::Guard(Offset word, runtime::Waiting waiting) noexcept : word_(word) {
  acquire(word, std::nullopt, waiting, runtime::Stoppable::no);
}

Guard::~Guard() {
  const shared::Access access;
  release(word_);
}

}  // namespace weft::ipc::robust_lock
