#include "weft/runtime/process_end.h"

#include <atomic>
#include <cstdlib>

namespace weft::runtime {
namespace {

std::atomic<bool> ends{false};

}  // namespace

void watch_for_process_end() noexcept {
  [[maybe_unused]] static const int watched = std::atexit([] { ends.store(true); });
}

bool process_ends() noexcept { return ends.load(); }

}  // namespace weft::runtime
