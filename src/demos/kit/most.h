#pragma once

#include <atomic>
#include <cstdint>

namespace weft::demos {

/// The largest number that any thread has reported.
class Most {
 public:
  void report(std::int64_t number) noexcept {
    std::int64_t most = most_.load();
    while (most < number && !most_.compare_exchange_weak(most, number)) {
    }
  }
  std::int64_t value() const noexcept { return most_.load(); }

 private:
  std::atomic<std::int64_t> most_{0};
};

/// How many threads are in some place at once.
class AtOnce {
 public:
  void enter() noexcept { most_.report(now_.fetch_add(1) + 1); }
  void leave() noexcept { now_.fetch_sub(1); }
  std::int64_t most() const noexcept { return most_.value(); }

 private:
  std::atomic<std::int64_t> now_{0};
  Most most_;
};

}  // namespace weft::demos
