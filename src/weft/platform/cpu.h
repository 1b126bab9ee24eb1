#pragma once

#include <cstdint>

namespace weft::platform {

/// One turn of a spin loop, some 25 to 50 ns: tells the processor, or does nothing for as long in
/// WebAssembly, which has no such instruction.
inline void cpu_pause() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#elif defined(__EMSCRIPTEN__)
  for (volatile int i = 0; i < 20; i = i + 1) {
  }
#endif
}

/// How many threads can run at the same moment; at least 1.
std::uint32_t cpu_count() noexcept;

}  // namespace weft::platform
