#include "weft/multiprocessing/internal/memory_record.h"

#include <algorithm>
#include <cstdint>

#include "weft/platform/process.h"
#include "weft/runtime/point.h"

namespace weft::multiprocessing {

void record_memory() noexcept {
  if (!runtime::traced()) return;
  const platform::ProcessMemory memory = platform::process_memory();
  constexpr std::uint64_t kMost = 0xffff'ffff;
  runtime::record_unordered(trace::Kind::process_memory,
                            std::min(memory.used, kMost) | std::min(memory.size, kMost) << 32);
}

}  // namespace weft::multiprocessing
