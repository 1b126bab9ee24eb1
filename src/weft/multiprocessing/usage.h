#pragma once

#include <atomic>
#include <cstdint>

namespace weft::multiprocessing {

/// Counts the calls that use something which may be closed at any time, so that it is given back by the
/// last of them.
class Usage {
 public:
  /// Before a use. False if it is closed; in either case `end` has to follow.
  bool begin() noexcept { return (word_.fetch_add(kUse) & kClosed) == 0; }
  /// After a use. True for one of those who call it: the caller is to give the thing back.
  bool end() noexcept { return given_back_by(word_.fetch_sub(kUse) - kUse); }

  /// No further use. True if there is none at the moment: the caller is to give the thing back.
  bool close() noexcept { return given_back_by(word_.fetch_or(kClosed) | kClosed); }
  bool closed() const noexcept { return (word_.load(std::memory_order_relaxed) & kClosed) != 0; }

 private:
  static constexpr std::uint32_t kClosed = 1;
  static constexpr std::uint32_t kGivenBack = 2;
  static constexpr std::uint32_t kUse = 4;

  bool given_back_by(std::uint32_t now) noexcept {
    return now == kClosed && word_.compare_exchange_strong(now, kClosed | kGivenBack);
  }

  std::atomic<std::uint32_t> word_{0};
};

}  // namespace weft::multiprocessing
