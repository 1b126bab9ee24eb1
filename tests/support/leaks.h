#pragma once

#include <cstddef>

#include <gtest/gtest.h>

#include "support/heap.h"

namespace weft::test {

/// Runs `cycle` ten thousand times. Natively LeakSanitizer tells what is left of them, in WebAssembly the
/// heap's size does.
template <class Cycle>
void expect_no_leak(Cycle cycle) {
  constexpr int kCycles = 10'000;
  // Less than one byte a cycle: what caches keep does not grow with the number of cycles.
  constexpr std::size_t kNoise = kCycles / 2;
  // What is made once, and what caches keep: each thread up to 124 tasks of a size.
  for (int i = 0; i < 500; ++i) cycle();
  const std::size_t before = heap_in_use();
  for (int i = 0; i < kCycles; ++i) cycle();
  EXPECT_LE(heap_in_use(), before + kNoise);
}

}  // namespace weft::test
