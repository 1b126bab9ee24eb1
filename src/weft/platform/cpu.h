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

/// Lets memory come that will be used soon, if it is not near yet. It may be anybody's by now, or null:
/// nothing is done with what is there. WebAssembly has no such instruction, but a load whose value nobody
/// waits for; all of its memory can be read.
inline void prefetch(const void* memory) noexcept {
#ifdef __EMSCRIPTEN__
  asm volatile("local.get %0\n\ti32.load8_u 0\n\tdrop" : : "r"(memory));
#else
  __builtin_prefetch(memory);
#endif
}

/// How many threads can run at the same moment; at least 1.
std::uint32_t cpu_count() noexcept;

}  // namespace weft::platform
