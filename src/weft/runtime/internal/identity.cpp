#include "weft/runtime/internal/identity.h"

#include <atomic>

namespace weft::runtime {
namespace {

std::atomic<std::uint64_t> next{1};
constinit thread_local std::uint64_t own = 0;

}  // namespace

std::uint64_t identity() noexcept {
  if (own == 0) own = next.fetch_add(1, std::memory_order_relaxed);
  return own;
}

void forget_identity() noexcept { own = 0; }

}  // namespace weft::runtime
