#pragma once

#include <atomic>
#include <cstdint>

#include "weft/platform/backoff.h"
#include "weft/platform/critical_section.h"
#include "weft/platform/futex.h"
#include "weft/platform/thread_annotations.h"

namespace weft::platform {

/// The internal lock of a primitive, held for a few instructions. It is not a scheduling point: the
/// owner must not park, call user code or yield the processor. Held by a LockGuard or
/// a UniqueLock.
///
/// Spins with backoff, then blocks on a futex: mutex 3 of Drepper, "Futexes Are Tricky".
class WEFT_CAPABILITY("mutex") Mutex {
 public:
  void lock() noexcept WEFT_ACQUIRE() {
    if (!try_acquire()) lock_contended();
    enter_critical_section();
  }

  bool try_lock() noexcept WEFT_TRY_ACQUIRE(true) {
    const bool taken = try_acquire();
    if (taken) enter_critical_section();
    return taken;
  }

  void unlock() noexcept WEFT_RELEASE() {
    leave_critical_section();
    if (state_.exchange(kFree, std::memory_order_release) == kContended) futex_wake(state_, 1);
  }

 private:
  // kContended: held, and there may be a waiter blocked on the futex.
  static constexpr std::uint32_t kFree = 0;
  static constexpr std::uint32_t kHeld = 1;
  static constexpr std::uint32_t kContended = 2;

  bool try_acquire() noexcept {
    std::uint32_t expected = kFree;
    return state_.compare_exchange_strong(expected, kHeld, std::memory_order_acquire,
                                          std::memory_order_relaxed);
  }

  void lock_contended() noexcept {
    const auto attempt = [this] {
      return state_.load(std::memory_order_relaxed) == kFree && try_acquire();
    };
    if (try_with_backoff(attempt)) return;
    while (state_.exchange(kContended, std::memory_order_acquire) != kFree) {
      futex_wait(state_, kContended);
    }
  }

  std::atomic<std::uint32_t> state_{kFree};
};

/// std::lock_guard for a Mutex, with the annotations that libstdc++'s lacks.
class [[nodiscard]] WEFT_SCOPED_CAPABILITY LockGuard {
 public:
  explicit LockGuard(Mutex& mutex) noexcept WEFT_ACQUIRE(mutex) : mutex_(mutex) { mutex_.lock(); }
  ~LockGuard() WEFT_RELEASE() { mutex_.unlock(); }
  LockGuard(const LockGuard&) = delete;
  LockGuard& operator=(const LockGuard&) = delete;

 private:
  Mutex& mutex_;
};

/// As LockGuard, but the mutex can be released before the end of the scope, once.
class [[nodiscard]] WEFT_SCOPED_CAPABILITY UniqueLock {
 public:
  explicit UniqueLock(Mutex& mutex) noexcept WEFT_ACQUIRE(mutex) : mutex_(&mutex) { mutex.lock(); }
  ~UniqueLock() WEFT_RELEASE() {
    if (mutex_ != nullptr) mutex_->unlock();
  }
  UniqueLock(const UniqueLock&) = delete;
  UniqueLock& operator=(const UniqueLock&) = delete;

  void unlock() noexcept WEFT_RELEASE() {
    mutex_->unlock();
    mutex_ = nullptr;
  }

 private:
  Mutex* mutex_;  // null once released
};

}  // namespace weft::platform
