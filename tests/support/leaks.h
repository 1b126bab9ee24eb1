#pragma once

#include <cstddef>

#include <gtest/gtest.h>

#include "support/heap.h"
#include "support/scale.h"

namespace weft::test {

/// Runs `cycle` ten thousand times. In WebAssembly the heap's size tells whether something is left of them. Natively
/// LeakSanitizer does, which sees what is left of a single one; sanitizers so run fewer.
template <class Cycle>
void expect_no_leak(Cycle cycle) {
#ifdef __EMSCRIPTEN__
  const int cycles = 10'000;
#else
  const int cycles = rounds(10'000);
#endif
  // Less than one byte a cycle: what caches keep does not grow with the number of cycles.
  const std::size_t noise = static_cast<std::size_t>(cycles) / 2;
  // What is made once, and what caches keep: each thread up to 124 tasks of a size.
  for (int i = 0; i < 500; ++i) cycle();
  const std::size_t before = heap_in_use();
  for (int i = 0; i < cycles; ++i) cycle();
  EXPECT_LE(heap_in_use(), before + noise);
}

}  // namespace weft::test
