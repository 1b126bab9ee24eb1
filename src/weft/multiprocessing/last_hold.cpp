#include "weft/multiprocessing/last_hold.h"

#include <array>
#include <numeric>

#include "weft/multiprocessing/layout.h"
#include "weft/platform/shared.h"

namespace weft::multiprocessing {

bool is_last(const Hold& hold) noexcept {
  std::array<std::uint32_t, layout::object::kHolders> holds;
  platform::shared::read(holds.data(), layout::hold_at(hold.ref().index, hold.role(), 0),
                         sizeof holds);
  return std::accumulate(holds.begin(), holds.end(), 0u) == 1;
}

}  // namespace weft::multiprocessing
