#pragma once

#include <cstdint>

namespace weft::demos {

/// SplitMix64: small, good enough, and the same in every language.
class Random {
 public:
  explicit Random(std::uint64_t seed) noexcept : state_(seed) {}

  std::uint64_t next() noexcept {
    std::uint64_t z = (state_ += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

  /// From 0 to below 1.
  double uniform() noexcept { return static_cast<double>(next() >> 11) * 0x1.0p-53; }

  /// `mean`, give or take `percent` of it.
  double spread(double mean, double percent) noexcept {
    return mean * (1 + percent / 100 * (2 * uniform() - 1));
  }

 private:
  std::uint64_t state_;
};

}  // namespace weft::demos
