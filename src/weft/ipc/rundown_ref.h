#pragma once

#include <atomic>
#include <cstdint>

namespace weft::ipc {

/// A rundown reference count: protects a resource that may be closed while calls use it. The last
/// user, or close(), must release it, exactly once.
class RundownRef {
 public:
  /// Begins a use. Returns false if it is closed. end() must follow in either case.
  bool begin() noexcept { return (word_.fetch_add(kUse) & kClosed) == 0; }
  /// Ends a use. Returns true to exactly one caller after close(), which must release the resource.
  bool end() noexcept { return is_released(word_.fetch_sub(kUse) - kUse); }

  /// Forbids further uses. Returns true if none is in progress: the caller must release the
  /// resource.
  bool close() noexcept { return is_released(word_.fetch_or(kClosed) | kClosed); }
  bool closed() const noexcept { return (word_.load(std::memory_order_relaxed) & kClosed) != 0; }

 private:
  static constexpr std::uint32_t kClosed = 1;
  static constexpr std::uint32_t kReleased = 2;
  static constexpr std::uint32_t kUse = 4;

  bool is_released(std::uint32_t now) noexcept {
    return now == kClosed && word_.compare_exchange_strong(now, kClosed | kReleased);
  }

  std::atomic<std::uint32_t> word_{0};
};

}  // namespace weft::ipc
