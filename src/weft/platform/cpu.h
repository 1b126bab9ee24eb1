#pragma once

#include <cstdint>

namespace weft::platform {

/// Tells the processor that this is a spin loop. WebAssembly has no such instruction.
inline void cpu_pause() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

/// How many threads can run at the same moment; at least 1.
std::uint32_t cpu_count() noexcept;

}  // namespace weft::platform
