#pragma once

#include <cstdint>

namespace weft::platform {

/// The body of a spin loop, some 25 to 50 ns: x86's PAUSE, Arm's YIELD. WebAssembly has no such
/// instruction; an empty loop takes as long there.
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

/// Prefetches the cache line at `memory`. The address may be null or dangling: the content is not
/// used. WebAssembly has no such instruction; there it is a load whose value is dropped, which is
/// safe as every address of its memory can be read.
inline void prefetch(const void* memory) noexcept {
#ifdef __EMSCRIPTEN__
  asm volatile("local.get %0\n\ti32.load8_u 0\n\tdrop" : : "r"(memory));
#else
  __builtin_prefetch(memory);
#endif
}

/// The number of threads that can run in parallel; at least 1.
std::uint32_t cpu_count() noexcept;

}  // namespace weft::platform
