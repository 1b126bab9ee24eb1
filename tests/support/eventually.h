#pragma once

#include <chrono>
#include <thread>

namespace weft::test {

/// Longer than anything here takes unless it hangs.
inline constexpr std::chrono::seconds kLongEnough{20};

/// Looks again and again until `predicate()` holds. Returns false after `kLongEnough`.
template <class Predicate>
bool eventually(Predicate predicate) {
  const auto deadline = std::chrono::steady_clock::now() + kLongEnough;
  while (!predicate()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::microseconds(50));
  }
  return true;
}

/// How long `action()` took, for bounds from below: a wait must not end too early.
template <class Action>
std::chrono::nanoseconds time_of(Action action) {
  const auto start = std::chrono::steady_clock::now();
  action();
  return std::chrono::steady_clock::now() - start;
}

}  // namespace weft::test
