#include "weft/runtime/internal/default_name.h"

#include <atomic>

#include "weft/runtime/internal/thread_state.h"

namespace weft::runtime {
namespace {

std::atomic<std::uint32_t> named_outside[kNamedKinds];

}  // namespace

std::uint32_t next_name_number(Named kind) noexcept {
  std::atomic<std::uint32_t>& named = session_thread != nullptr
                                          ? session_thread->session->named(kind)
                                          : named_outside[static_cast<std::size_t>(kind)];
  return named.fetch_add(1, std::memory_order_relaxed) + 1;
}

}  // namespace weft::runtime
